// Text with mistakes in it -> nodes and problems, with the `yaml` package.
import { isAlias, isMap, isPair, isScalar, isSeq, type Pair, parseDocument, type Alias as YamlAlias } from 'yaml';
import { Composed, endWithoutBlanks, mappingOf, openGathering } from './gather.ts';
import type { Alias, Entry, Mapping, Node, Scalar, Span } from './nodes.ts';
import type { Section } from './section.ts';

const styles: Readonly<Record<string, Scalar['style']>> = {
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'block',
  BLOCK_FOLDED: 'block',
};

export function composeTolerant(section: Section): Composed {
  const gathering = openGathering();
  const { problems, anchors, aliases } = gathering;
  const last = Math.max(1, endOfContent(section.text));
  // what is missing at the end is shown at the last character, not in the blank lines and comments behind it
  const problem = (start: number, end: number, message: string) => {
    const from = Math.min(start, last - 1);
    problems.push({ section, start: from, end: Math.max(from + 1, Math.min(end, last)), message });
  };
  // to YAML, a CR alone ends a line too, but not to the library
  const document = parseDocument(section.text.replace(/\r(?!\n)/g, '\n'), {
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
      const entries = node.items.map(pair => convertPair(pair, fallback));
      const flow = node.flow === true;
      const mapping: Mapping = { kind: 'mapping', flow, entries, ...around(span(node, fallback), flow, entries) };
      return remember(mappingOf(mapping, gathering), node.anchor);
    }
    if (isSeq(node)) {
      const items = node.items.map(item =>
        isPair(item) ? onePairMapping(convertPair(item, fallback)) : convert(item, node.range?.[0] ?? fallback),
      );
      const flow = node.flow === true;
      return remember({ kind: 'sequence', flow, items, ...around(span(node, fallback), flow, items) }, node.anchor);
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
  const empty = contents === null || (isScalar(contents) && contents.value === '' && contents.type === 'PLAIN');
  return new Composed(empty ? undefined : convert(contents, 0), gathering);
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

/**
 * A collection holds all that is in it; without brackets it ends with what is last there, not behind the comments and blank lines that follow.
 * The library is off about both where a bracket is never closed, and where a map is an explicit key (`? a: b`).
 */
function around(span: Span, flow: boolean, within: readonly Span[]): Span {
  const own = trimmed(span);
  const [first, last] = [within[0], within.at(-1)];
  if (first === undefined || last === undefined) return own;
  const brackets = flow && /[[{]/.test(span.section.text[span.start] ?? '');
  return { ...span, start: Math.min(own.start, first.start), end: brackets ? Math.max(own.end, last.end) : last.end };
}

/** Without the blanks that follow. */
function trimmed<T extends { section: Section; start: number; end: number }>(span: T): T {
  const end = endWithoutBlanks(span.section.text, span.start, span.end);
  return end === span.end ? span : { ...span, end };
}

function sentence(code: string, message: string): string {
  if (code === 'TAB_AS_INDENT') return 'A tab is used as indentation; YAML allows blanks only.';
  const plain = (message.split('\n')[0] ?? message).trim();
  return /[.!?]$/.test(plain) ? plain : `${plain}.`;
}
