// One section's text -> nodes, with the `yaml` package. Problems are collected, never thrown.
import { isAlias, isMap, isPair, isScalar, isSeq, type Pair, parseDocument, type Alias as YamlAlias } from 'yaml';
import type { Entry, Mapping, Node, Scalar, SyntaxProblem } from './nodes.ts';
import type { Composed, Section } from './section.ts';

const styles: Readonly<Record<string, Scalar['style']>> = {
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'block',
  BLOCK_FOLDED: 'block',
};

/** Deeper than any template; beyond it the recursion of every reader would be at risk. */
const maxDepth = 200;

export function compose(section: Section): Composed {
  const problems: SyntaxProblem[] = [];
  const anchors = new Map<string, Node>();
  let hasAlias = false;
  const last = Math.max(1, endOfContent(section.text));
  // what is missing at the end is shown at the last character, not in the blank lines and comments behind it
  const problem = (start: number, end: number, message: string) => {
    const from = Math.min(start, last - 1);
    problems.push({ section, start: from, end: Math.max(from + 1, Math.min(end, last)), message });
  };

  if (tooDeep(section.text)) {
    problem(0, section.text.length, `Lists or maps are nested more than ${maxDepth} deep.`);
    return { entries: [], other: undefined, problems, anchors, hasAlias };
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
      const alias: YamlAlias = node;
      hasAlias = true;
      return { kind: 'alias', name: alias.source, ...span(alias, fallback) };
    }
    if (isMap(node)) {
      return remember<Mapping>(
        {
          kind: 'mapping',
          flow: node.flow === true,
          entries: node.items.map(pair => convertPair(pair, fallback)),
          ...trimmed(span(node, fallback)),
        },
        node.anchor,
      );
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
    return { entries: [], other: undefined, problems, anchors, hasAlias };
  }
  const root = convert(contents, 0);
  return root.kind === 'mapping' && !root.flow
    ? { entries: root.entries, other: undefined, problems, anchors, hasAlias }
    : { entries: root.kind === 'mapping' ? root.entries : [], other: root, problems, anchors, hasAlias };
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
