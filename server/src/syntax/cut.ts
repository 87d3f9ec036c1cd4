// Cuts a file at its natural seams, by a scan of its lines: the top-level keys, and the entries of the maps that grow long.
// Each run of lines becomes a section; how sections become a tree is in document.ts.
import { compose } from './compose.ts';
import type { Entry, Node, Scalar } from './nodes.ts';
import { lineStarts, Section, type Surroundings } from './section.ts';

/** A map whose entries are sections of their own, below the section of its header line. The root has no header. */
export interface Block {
  readonly kind: 'block';
  readonly header: { readonly section: Section; readonly key: Scalar } | undefined;
  /** The key that it stands behind; empty for the root. */
  readonly path: string;
  /** Of its keys. */
  readonly indent: number;
  readonly pieces: readonly Piece[];
}

/** A run of lines that is parsed on its own; mostly one entry. */
export interface Leaf {
  readonly kind: 'leaf';
  readonly section: Section;
  readonly entries: readonly Entry[];
  /** Whether entries of other sections may be among them, by merge keys. */
  readonly merging: boolean;
}

export type Piece = Block | Leaf;

/** Maps whose entries are sections of their own, by the key that they stand behind. */
const cutInside: Readonly<Record<string, readonly string[]>> = {
  '': [
    'topology_template',
    'node_types',
    'capability_types',
    'data_types',
    'relationship_types',
    'artifact_types',
    'interface_types',
    'policy_types',
    'group_types',
  ],
  topology_template: ['inputs', 'node_templates', 'relationship_templates', 'outputs', 'groups', 'workflows'],
};

/** The lines of a text, by index: a hundred thousand of them must not be as many objects. */
export interface Lines {
  readonly text: string;
  /** How many lines there are; the last one may be empty. */
  readonly count: number;
  /** How many lines the first document of the file has. */
  readonly end: number;
  /** Where each line starts; one more says where the last one ends. */
  readonly starts: Int32Array;
  /** Blanks before the first character. */
  readonly indents: Int32Array;
  /** Code of the first character that is no blank; 0 for a line that is blank, or a comment. */
  readonly firsts: Uint16Array;
}

const codes = {
  tab: 0x09,
  lineFeed: 0x0a,
  carriageReturn: 0x0d,
  blank: 0x20,
  hash: 0x23,
  dash: 0x2d,
  closeBracket: 0x5d,
  openBrace: 0x7b,
  closeBrace: 0x7d,
} as const;

export function scan(text: string): Lines {
  const begins = lineStarts(text);
  const count = begins.length;
  const starts = new Int32Array(count + 1);
  const indents = new Int32Array(count);
  const firsts = new Uint16Array(count);
  starts[count] = text.length;
  for (let index = 0; index < count; index++) {
    const start = begins[index] ?? 0;
    const end = begins[index + 1] ?? text.length;
    let at = start;
    let code = text.charCodeAt(at);
    while (at < end && code === codes.blank) code = text.charCodeAt(++at);
    starts[index] = start;
    indents[index] = at - start;
    const empty = at >= end || code === codes.lineFeed || code === codes.carriageReturn || code === codes.hash;
    firsts[index] = empty ? 0 : code;
  }
  const lines = { text, count, end: count, starts, indents, firsts };
  lines.end = lastLine(lines);
  return lines;
}

const startOf = ({ starts }: Lines, index: number) => starts[index] ?? 0;
const indentOf = ({ indents }: Lines, index: number) => indents[index] ?? 0;
const firstOf = ({ firsts }: Lines, index: number) => firsts[index] ?? 0;
const isEmpty = (lines: Lines, index: number) => firstOf(lines, index) === 0;

/** Where a second document begins, or the first one ends: at a `---` that is not the first thing, or at `...`. */
function lastLine(lines: Lines): number {
  let begun = false;
  for (let index = 0; index < lines.count; index++) {
    if (isEmpty(lines, index)) continue;
    if (begun && isMarker(lines, index)) return index;
    begun = true;
  }
  return lines.count;
}

function isMarker(lines: Lines, index: number): boolean {
  if (indentOf(lines, index) !== 0) return false;
  const start = startOf(lines, index);
  return /^(---|\.\.\.)(\s|$)/.test(lines.text.slice(start, start + 4));
}

/** Makes or finds the section of a text; `line` counts from the start of the lines that are cut. */
export type MakeSection = (text: string, offset: number, line: number) => Section;

/** Cuts lines [from, to), which belong to a block with that indentation and path. Every line goes into some section. */
export function cut(
  lines: Lines,
  from: number,
  to: number,
  indent: number,
  path: string,
  make: MakeSection,
): readonly Piece[] {
  const { text } = lines;
  const pieces: Piece[] = [];
  let first = from;
  while (first < to && isEmpty(lines, first)) first++;
  // blank lines and comments before the first entry go with it
  for (let begin = from; first < to; begin = first) {
    let next = first + 1;
    while (next < to && !opensEntry(lines, next, indent)) next++;
    pieces.push(piece(begin, first, next));
    first = next;
  }
  if (pieces.length === 0 && from < to) pieces.push(leaf(section(from, to), 0, undefined));
  return pieces;

  function section(begin: number, end: number): Section {
    const start = startOf(lines, begin);
    return make(text.slice(start, startOf(lines, end)), start, begin);
  }

  function piece(begin: number, at: number, end: number): Piece {
    const header = simpleKey(text, startOf(lines, at) + indent);
    const inner =
      header?.bare && cutInside[path]?.includes(header.name) ? childIndent(lines, at + 1, end, indent) : undefined;
    const lead = startOf(lines, at) - startOf(lines, begin) + indent;
    if (header === undefined || inner === undefined) return leaf(section(begin, end), lead, header?.name);
    const own = section(begin, at + 1);
    return {
      kind: 'block',
      header: { section: own, key: keyOf(own, lead, header.name) },
      path: header.name,
      indent: inner,
      pieces: cut(lines, at + 1, end, inner, header.name, make),
    };
  }
}

/**
 * Cuts the new text of one leaf of a block, if it can be cut without a look at its neighbours; undefined where it cannot.
 * @param isFirst Whether the leaf is the first of its block, so that blank lines before it are its own.
 */
export function recut(text: string, block: Block, isFirst: boolean, make: MakeSection): readonly Piece[] | undefined {
  const lines = scan(text);
  // the text ends with a line end, behind which the scan sees one more line
  const count = text.endsWith('\n') ? lines.count - 1 : lines.count;
  let first: number | undefined;
  for (let index = 0; index < count; index++) {
    if (isEmpty(lines, index)) continue;
    first ??= index;
    if (isMarker(lines, index)) return undefined;
    const { path, indent } = block;
    if (path !== '' && (indentOf(lines, index) < indent || isNoKey(lines, index, indent))) return undefined;
  }
  if (first === undefined || (!isFirst && first !== 0) || !opensEntry(lines, first, block.indent)) return undefined;
  return cut(lines, 0, count, block.indent, block.path, make);
}

function opensEntry(lines: Lines, index: number, indent: number): boolean {
  const first = firstOf(lines, index);
  if (first === 0 || indentOf(lines, index) !== indent) return false;
  return !(first === codes.dash || first === codes.closeBrace || first === codes.closeBracket || first === codes.tab);
}

/** The indentation of a block mapping's keys in lines [from, to), or undefined where the lines are not one. */
function childIndent(lines: Lines, from: number, to: number, parent: number): number | undefined {
  let inner: number | undefined;
  for (let index = from; index < to; index++) {
    if (isEmpty(lines, index)) continue;
    inner ??= indentOf(lines, index);
    if (inner <= parent || indentOf(lines, index) < inner || isNoKey(lines, index, inner)) return undefined;
  }
  return inner;
}

/** A list's item or a flow map where the keys of a block map stand, or a line that begins with a tab. */
function isNoKey(lines: Lines, index: number, indent: number): boolean {
  const first = firstOf(lines, index);
  return (
    first === codes.tab || (indentOf(lines, index) === indent && (first === codes.dash || first === codes.openBrace))
  );
}

/** A plain key at the start of a line that needs no parser: its name, and whether nothing but a comment follows the colon. */
function simpleKey(text: string, start: number): { readonly name: string; readonly bare: boolean } | undefined {
  plainKey.lastIndex = start;
  const match = plainKey.exec(text);
  return match === null ? undefined : { name: match[1] ?? '', bare: match[2] === '' };
}

const plainKey = /([A-Za-z_][\w.-]*):(?=\s|$)[ \t]*(?:#[^\r\n]*)?([^\r\n]?)/y;

function keyOf(section: Section, start: number, name: string): Scalar {
  return { kind: 'scalar', value: name, style: 'plain', section, start, end: start + name.length };
}

/** Leaves by section: an entry stays the same object as long as its text stays the same. */
const leaves = new WeakMap<Section, Leaf>();

function leaf(section: Section, keyStart: number, name: string | undefined): Leaf {
  const known = leaves.get(section);
  if (known !== undefined) return known;
  const made: Leaf =
    name === undefined
      ? new ParsedLeaf(section)
      : { kind: 'leaf', section, entries: [new LazyEntry(keyOf(section, keyStart, name))], merging: false };
  leaves.set(section, made);
  return made;
}

/** One of which only the parser knows what is in it. */
class ParsedLeaf implements Leaf {
  readonly kind = 'leaf';
  readonly section: Section;

  constructor(section: Section) {
    this.section = section;
  }

  get entries(): readonly Entry[] {
    return this.section.composed.entries;
  }

  get merging(): boolean {
    return this.section.composed.merges.length > 0;
  }
}

/** An entry whose key is known from the line scan and whose value is parsed when it is first asked for. */
class LazyEntry implements Entry {
  readonly section: Section;
  readonly key: Scalar;
  readonly start: number;

  constructor(key: Scalar) {
    this.section = key.section;
    this.key = key;
    this.start = key.start;
  }

  get value(): Node | undefined {
    return this.section.composed.entries[0]?.value;
  }

  get end(): number {
    return this.section.composed.entries[0]?.end ?? this.key.end;
  }
}

export function newSection(text: string, offset: number, line: number, surroundings?: Surroundings): Section {
  return new Section(text, { offset, line }, compose, surroundings);
}
