// Fixes: what a machine can do about a finding, as edits of the text that keep to its indentation and style.
import { type Entry, type Mapping, type Node, rawText, type Span } from '../syntax/nodes.ts';
import type { Template } from '../template/template.ts';

/** A stretch of text, and what takes its place. It may go on behind the end of its section. */
export interface Edit extends Span {
  readonly text: string;
}

export interface Fix {
  /** What it does, as a menu says it: `Change to "command"`. */
  readonly title: string;
  /** In the file of the template. Worked out when somebody asks, for they may lie in other parts of it. */
  readonly edits: (template: Template) => readonly Edit[];
}

export function fix(title: string, ...edits: readonly Edit[]): Fix {
  return { title, edits: () => edits };
}

export const replace = ({ section, start, end }: Span, text: string): Edit => ({ section, start, end, text });

export const change = (at: Span, text: string, title = `Change to "${text}"`): Fix => fix(title, replace(at, text));

/** Another name in the place of one, in the same quotes. */
export function rename(at: Span, name: string): Fix {
  const first = at.section.text.charAt(at.start);
  const quote = first === '"' || first === "'" ? first : '';
  return change(at, `${quote}${name}${quote}`, `Change to "${name}"`);
}

/** Where the line of an offset begins in the text of its section. */
const lineStart = ({ section, start }: Span) => section.text.lastIndexOf('\n', start - 1) + 1;

/** What stands before a span on its line. */
export const leadOf = (span: Span) => span.section.text.slice(lineStart(span), span.start);

/** Columns before a span on its line. */
export const column = (span: Span) => span.start - lineStart(span);

/** Takes an entry away: whole lines in block style, with its comma in flow style. */
export function removal(entry: Entry, within?: Mapping): Edit {
  const { section } = entry;
  const before = leadOf(entry);
  const siblings = within?.entries.filter(each => each.section === section && each.merged === entry.merged) ?? [];
  const index = siblings.findIndex(each => each.start === entry.start); // merged ones are made anew each time
  const next = index === -1 ? undefined : siblings[index + 1];
  if (within?.flow === true && index !== -1) {
    if (next !== undefined) return { section, start: entry.start, end: next.start, text: '' };
    const previous = siblings[index - 1];
    return { section, start: previous === undefined ? entry.start : endOf(previous), end: endOf(entry), text: '' };
  }
  const beginsItem = /^\s*- +$/.test(before);
  if (beginsItem && next !== undefined) return { section, start: entry.start, end: next.start, text: '' };
  if (beginsItem || /^\s*(\? +)?$/.test(before)) {
    const last = lastOf(entry);
    const end = lineEnd(last) + last.section.place.offset - section.place.offset;
    return { section, start: lineStart(entry), end, text: '' };
  }
  const end = endOf(entry);
  // without its siblings: with the comma behind it, or else before it
  const comma = /^\s*,\s*/.exec(section.text.slice(end))?.[0];
  if (comma !== undefined) return { section, start: entry.start, end: end + comma.length, text: '' };
  const lead = /,\s*$/.exec(section.text.slice(0, entry.start))?.[0] ?? '';
  return { section, start: entry.start - lead.length, end, text: '' };
}

/** Where an entry ends in flow style: behind its colon, where nothing follows that. */
function endOf({ section, key, value, end }: Entry): number {
  const colon = value === undefined ? /^\s*:/.exec(section.text.slice(key.end))?.[0] : undefined;
  return colon === undefined ? end : key.end + colon.length;
}

/** Takes an item of a list away, and the list with its key where it is the only one. */
export function removalOfItem(item: Node, entry: Entry, within?: Mapping): Edit {
  const list = entry.value?.kind === 'sequence' ? entry.value : undefined;
  const [first, second] = list?.items ?? [];
  if (list === undefined || first === undefined || second === undefined) return removal(entry, within);
  const { section } = item;
  if (!list.flow) {
    const end = section.text.indexOf('\n', Math.max(item.start, item.end - 1));
    const own = lineStart(item);
    const above = section.text.lastIndexOf('\n', own - 2) + 1;
    const dashless = leadOf(item).trim() === '';
    const start = dashless && /^\s*-\s*(#.*)?$/.test(section.text.slice(above, own)) ? above : own;
    return { section, start, end: end === -1 ? section.text.length : end + 1, text: '' };
  }
  const next = list.items[list.items.indexOf(item) + 1];
  if (next !== undefined) return { section, start: item.start, end: next.start, text: '' };
  return { section, start: list.items.at(-2)?.end ?? item.start, end: item.end, text: '' };
}

/**
 * Puts an entry at the end of a mapping. `lines` are of block style, each after the first with its own indentation from the mapping's;
 * in a flow mapping they must be one.
 */
export function addition(mapping: Mapping, lines: readonly string[]): Edit | undefined {
  const last = mapping.entries.findLast(entry => entry.merged !== true);
  if (mapping.flow) {
    const [line, more] = lines;
    if (line === undefined || more !== undefined) return undefined;
    const { section } = mapping;
    if (last === undefined) return replace(mapping, `{ ${line} }`);
    // a pair in a list, without braces
    if (section.text[mapping.start] !== '{') return replace(mapping, `{ ${rawText(mapping)}, ${line} }`);
    const at = endOf(last);
    // a colon and a comma without a blank between them are no end of a key to older parsers
    return { section, start: at, end: at, text: `${section.text[at - 1] === ':' ? ' ' : ''}, ${line}` };
  }
  if (last === undefined) return undefined;
  return below(last, column(last), lines);
}

/** Puts an entry under a key that has nothing behind it, or at the end of the mapping that it has. */
export function additionUnder(entry: Entry, lines: readonly string[]): Edit | undefined {
  if (entry.value?.kind === 'mapping') return addition(entry.value, lines);
  return entry.value === undefined ? below(entry, column(entry) + 2, lines) : undefined;
}

/** Lines above an entry, at its column; undefined where something else stands before it on its line. */
export function above(entry: Entry, lines: readonly string[]): Edit | undefined {
  const { section } = entry;
  const start = lineStart(entry);
  const indentation = leadOf(entry);
  if (/[^ ]/.test(indentation)) return undefined;
  return { section, start, end: start, text: lines.map(line => `${indentation}${line}\n`).join('') };
}

/** Lines below an entry, at a column. */
function below(entry: Entry, indent: number, lines: readonly string[]): Edit {
  const last = lastOf(entry);
  const { section } = last;
  const at = lineEnd(last);
  const written = lines.map(line => `${' '.repeat(indent)}${line}\n`).join('');
  const ends = section.text.endsWith('\n') || at < section.text.length;
  return { section, start: at, end: at, text: ends ? written : `\n${written.trimEnd()}` };
}

/** The entry that ends last within an entry: the entries of large maps are sections of their own. */
function lastOf(entry: Entry): Entry {
  const last = entry.value?.kind === 'mapping' ? entry.value.entries.findLast(each => each.merged !== true) : undefined;
  return last === undefined || last.section === entry.section ? entry : lastOf(last);
}

/** Where the line begins that follows an entry, or the end of its section. */
function lineEnd({ section, key, end }: Entry): number {
  const at = section.text.indexOf('\n', Math.max(end, key.end));
  return at === -1 ? section.text.length : at + 1;
}

/** Puts an entry under a key of a map, which is made where it is missing: `setIn(node, ['properties'], ['command: '])`. */
export function setIn(mapping: Mapping, path: readonly string[], lines: readonly string[]): Edit | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return addition(mapping, lines);
  const entry = mapping.entries.findLast(each => each.merged !== true && rawKey(each) === key);
  if (entry === undefined) return addition(mapping, mapping.flow ? [inFlow(path, lines)] : inBlock(path, lines));
  if (rest.length === 0) return additionUnder(entry, lines);
  return entry.value?.kind === 'mapping'
    ? setIn(entry.value, rest, lines)
    : entry.value === undefined
      ? additionUnder(entry, inBlock(rest, lines))
      : undefined;
}

const rawKey = ({ key }: Entry) => (key.kind === 'scalar' ? key.value : undefined);

function inBlock(path: readonly string[], lines: readonly string[]): readonly string[] {
  return [
    ...path.map((key, depth) => `${'  '.repeat(depth)}${key}:`),
    ...lines.map(line => `${'  '.repeat(path.length)}${line}`),
  ];
}

function inFlow(path: readonly string[], lines: readonly string[]): string {
  return path.reduceRight((inner, key) => `${key}: { ${inner} }`, lines.join(' '));
}

/** An entry as it is written, its further lines indented from its own column. */
export function linesOf(entry: Entry): readonly string[] {
  const written = entry.section.text.slice(entry.start, Math.max(entry.end, entry.key.end));
  const withColon = entry.value === undefined ? `${written}:` : written;
  const own = column(entry);
  return withColon
    .split('\n')
    .map((line, index) => (index === 0 ? line : line.slice(Math.min(own, line.search(/\S|$/)))));
}

/** What stands there, as a text in quotes. */
export const quoted = (node: Node): string => JSON.stringify(rawText(node));

/** A node as it can stand within brackets too, where a plain text may hold none, nor commas; a scalar on one line. */
export function flowText(node: Node): string {
  const written = rawText(node);
  const fits = node.kind !== 'scalar' || !(node.style === 'plain' ? /[[\]{},\n]/ : /\n/).test(written);
  return fits ? written : JSON.stringify(node.value);
}
