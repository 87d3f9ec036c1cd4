// One section's text -> nodes, with the `yaml` package. Problems are collected, never thrown.
import { isAlias, isMap, isPair, isScalar, isSeq, type Pair, parseDocument, type Alias as YamlAlias } from 'yaml';
import { type Alias, type Entry, type Mapping, type Node, name, type Scalar, type SyntaxProblem } from './nodes.ts';
import type { Composed, Section } from './section.ts';

const styles: Readonly<Record<string, Scalar['style']>> = {
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'block',
  BLOCK_FOLDED: 'block',
};

/** In UTF-16 units. Far above any entry of a template; what is parsed in one go holds up everything else. */
const maxLength = 2_000_000;

/** Deeper than any template; beyond it the recursion of every reader would be at risk. */
const maxDepth = 200;

export function compose(section: Section): Composed {
  const problems: SyntaxProblem[] = [];
  const anchors = new Map<string, Node>();
  const aliases: Alias[] = [];
  const merges: Entry[] = [];
  const last = Math.max(1, endOfContent(section.text));
  // what is missing at the end is shown at the last character, not in the blank lines and comments behind it
  const problem = (start: number, end: number, message: string) => {
    const from = Math.min(start, last - 1);
    problems.push({ section, start: from, end: Math.max(from + 1, Math.min(end, last)), message });
  };

  const refusal =
    section.text.length > maxLength
      ? `This part of the file is longer than ${maxLength / 1e6} million characters, and is not read.`
      : tooDeep(section.text)
        ? `Lists or maps are nested more than ${maxDepth} deep: this part of the file is not read.`
        : undefined;
  if (refusal !== undefined) {
    problem(0, section.text.length, refusal);
    return { entries: [], other: undefined, problems, anchors, aliases, merges };
  }
  const document = parseDocument(section.text, {
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    keepSourceTokens: false,
  });
  for (const error of document.errors) problem(error.pos[0], error.pos[1], sentence(error.code, error.message));

  const span = (node: { range?: readonly [number, number, number] | null | undefined }, fallback: number) => {
    const [start, end] = node.range ?? [fallback, fallback];
    return { section, start, end };
  };
  const remember = <T extends Node>(node: T, anchor: string | undefined): T => {
    if (anchor !== undefined) anchors.set(anchor, node);
    return node;
  };
  const convert = (node: unknown, fallback: number): Node => {
    if (isAlias(node)) {
      const yaml: YamlAlias = node;
      const alias: Alias = { kind: 'alias', name: yaml.source, ...span(yaml, fallback) };
      aliases.push(alias);
      return alias;
    }
    if (isMap(node)) {
      const all = node.items.map(pair => convertPair(pair, fallback));
      const own = all.filter(entry => !isMergeKey(entry));
      const mapping: Mapping = {
        kind: 'mapping',
        flow: node.flow === true,
        entries: own,
        ...trimmed(span(node, fallback)),
      };
      const merging = all.filter(isMergeKey);
      merges.push(...merging);
      return remember<Mapping>(merging.length === 0 ? mapping : withMerges(mapping, merging), node.anchor);
    }
    if (isSeq(node)) {
      const items = node.items.map(item =>
        isPair(item) ? onePairMapping(convertPair(item, fallback)) : convert(item, node.range?.[0] ?? fallback),
      );
      return remember(
        { kind: 'sequence', flow: node.flow === true, items, ...trimmed(span(node, fallback)) },
        node.anchor,
      );
    }
    if (isScalar(node)) {
      const value = node.value === null || node.value === undefined ? '' : String(node.value);
      return remember(
        { kind: 'scalar', value, style: styles[node.type ?? ''] ?? 'plain', ...trimmed(span(node, fallback)) },
        node.anchor,
      );
    }
    return { kind: 'scalar', value: '', style: 'plain', section, start: fallback, end: fallback };
  };
  const convertPair = (pair: Pair, fallback: number): Entry => {
    const key = convert(pair.key, fallback);
    const written = pair.value === null || pair.value === undefined ? undefined : convert(pair.value, key.end);
    const value = written !== undefined && isNothing(written) ? undefined : written;
    return { section, key, value, start: key.start, end: value?.end ?? key.end };
  };

  const contents = document.contents;
  if (contents === null || (isScalar(contents) && contents.value === '' && contents.type === 'PLAIN')) {
    return { entries: [], other: undefined, problems, anchors, aliases, merges };
  }
  const root = convert(contents, 0);
  return {
    get entries() {
      return root.kind === 'mapping' ? root.entries : [];
    },
    other: root.kind === 'mapping' && !root.flow ? undefined : root,
    problems,
    anchors,
    aliases,
    merges,
  };
}

const isMergeKey = ({ key }: Entry) => key.kind === 'scalar' && key.style === 'plain' && key.value === '<<';

/** A mapping with what its merge keys bring in, looked up anew each time: the anchors may be in other sections. */
function withMerges(own: Mapping, merges: readonly Entry[]): Mapping {
  let within = false;
  return {
    ...own,
    get entries() {
      if (within) return own.entries; // it merges itself
      within = true;
      const known = new Set(own.entries.map(name));
      const merged = merges.flatMap(mergedEntries).filter(entry => !known.has(name(entry)) && known.add(name(entry)));
      within = false;
      return [...own.entries, ...merged];
    },
  };
}

function mergedEntries({ value }: Entry): readonly Entry[] {
  const sources = value?.kind === 'sequence' ? value.items : [value];
  return sources.flatMap(source => {
    const node = source?.kind === 'alias' ? source.section.anchors.find(source.name) : source;
    return node?.kind === 'mapping' ? node.entries.map((entry): Entry => ({ ...entry, merged: true })) : [];
  });
}

/** Where the last line ends that is neither blank nor a comment. */
function endOfContent(text: string): number {
  let end = text.trimEnd().length;
  for (let start = text.lastIndexOf('\n', end - 1) + 1; start > 0; start = text.lastIndexOf('\n', end - 1) + 1) {
    if (!/^\s*#/.test(text.slice(start, end))) break;
    end = text.slice(0, start).trimEnd().length;
  }
  return end;
}

function isNothing(node: Node): boolean {
  return node.kind === 'scalar' && node.style === 'plain' && node.value === '' && node.start === node.end;
}

/** `[ a: b ]`: a pair that stands as an item is a mapping of one entry. */
function onePairMapping(entry: Entry): Mapping {
  return { kind: 'mapping', flow: true, entries: [entry], section: entry.section, start: entry.start, end: entry.end };
}

/** Block nodes end where their last text ends, not after the blank lines that follow. */
function trimmed<T extends { section: Section; start: number; end: number }>(span: T): T {
  let end = span.end;
  while (end > span.start && /\s/.test(span.section.text[end - 1] ?? '')) end--;
  return end === span.end ? span : { ...span, end };
}

function tooDeep(text: string): boolean {
  let flow = 0;
  let dashes = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '[' || character === '{') flow++;
    else if (character === ']' || character === '}') flow--;
    else if (character === '\n') dashes = 0;
    else if (character === '-' && text[at + 1] === ' ') dashes++;
    if (flow > maxDepth || dashes > maxDepth) return true;
  }
  return false;
}

function sentence(code: string, message: string): string {
  if (code === 'TAB_AS_INDENT') return 'A tab is used as indentation; YAML allows blanks only.';
  const plain = (message.split('\n')[0] ?? message).trim();
  return /[.!?]$/.test(plain) ? plain : `${plain}.`;
}
