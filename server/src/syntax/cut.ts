// Cuts a file at its natural seams, by a scan of its lines: the top-level keys, and the entries of the maps that grow long.
// Each run of lines becomes a section; how sections become a tree is in document.ts.
import { compose } from './compose.ts';
import type { Entry, Scalar } from './nodes.ts';
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

interface Line {
  readonly start: number;
  readonly end: number;
  /** Blanks before the first character. */
  readonly indent: number;
  /** Blank, or a comment. */
  readonly empty: boolean;
  /** The first character that is no blank. */
  readonly character: string | undefined;
}

export interface Lines {
  readonly text: string;
  readonly all: readonly Line[];
  /** How many lines the first document of the file has. */
  readonly end: number;
}

export function scan(text: string): Lines {
  const starts = lineStarts(text);
  const all = starts.map((start, index) => lineAt(text, start, starts[index + 1] ?? text.length));
  return { text, all, end: lastLine(text, all) };
}

function lineAt(text: string, start: number, end: number): Line {
  let at = start;
  while (at < end && text[at] === ' ') at++;
  const character = at < end ? text[at] : undefined;
  const empty = character === undefined || character === '\n' || character === '\r' || character === '#';
  return { start, end, indent: at - start, empty, character };
}

/** Where a second document begins, or the first one ends: at a `---` that is not the first thing, or at `...`. */
function lastLine(text: string, lines: readonly Line[]): number {
  let begun = false;
  for (const [index, line] of lines.entries()) {
    if (line.empty) continue;
    if (begun && isMarker(text, line)) return index;
    begun = true;
  }
  return lines.length;
}

function isMarker(text: string, { indent, start }: Line): boolean {
  return indent === 0 && /^(---|\.\.\.)(\s|$)/.test(text.slice(start, start + 4));
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
  const { text, all } = lines;
  const pieces: Piece[] = [];
  let first = from;
  while (first < to && (all[first]?.empty ?? true)) first++;
  // blank lines and comments before the first entry go with it
  for (let begin = from; first < to; begin = first) {
    let next = first + 1;
    while (next < to && !opensEntry(all[next], indent)) next++;
    pieces.push(piece(begin, first, next));
    first = next;
  }
  if (pieces.length === 0 && from < to) pieces.push(leaf(section(from, to), 0, undefined));
  return pieces;

  function section(begin: number, end: number): Section {
    const start = all[begin]?.start ?? text.length;
    return make(text.slice(start, all[end - 1]?.end ?? start), start, begin);
  }

  function piece(begin: number, at: number, end: number): Piece {
    const line = all[at];
    const header = line === undefined ? undefined : simpleKey(text, line.start + indent, line.end);
    const inner =
      header?.bare && cutInside[path]?.includes(header.name) ? childIndent(lines, at + 1, end, indent) : undefined;
    const lead = (line?.start ?? 0) - (all[begin]?.start ?? 0) + indent;
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
  const count = text.endsWith('\n') ? lines.all.length - 1 : lines.all.length;
  const filled = lines.all.slice(0, count).filter(({ empty }) => !empty);
  const [first] = filled;
  if (first === undefined || (!isFirst && first !== lines.all[0]) || !opensEntry(first, block.indent)) return undefined;
  const nested = block.path !== '';
  const strays = filled.some(
    line =>
      isMarker(text, line) ||
      (nested && (line.indent < block.indent || line.character === '\t' || isNoKey(line, block.indent))),
  );
  return strays ? undefined : cut(lines, 0, count, block.indent, block.path, make);
}

function opensEntry(line: Line | undefined, indent: number): boolean {
  if (line === undefined || line.empty || line.indent !== indent) return false;
  const { character } = line;
  return !(character === '-' || character === '}' || character === ']' || character === '\t');
}

/** The indentation of a block mapping's keys in lines [from, to), or undefined where the lines are not one. */
function childIndent({ all }: Lines, from: number, to: number, parent: number): number | undefined {
  let inner: number | undefined;
  for (let index = from; index < to; index++) {
    const line = all[index];
    if (line === undefined || line.empty) continue;
    inner ??= line.indent;
    if (inner <= parent || line.indent < inner || line.character === '\t' || isNoKey(line, inner)) return undefined;
  }
  return inner;
}

/** A list's item or a flow map where the keys of a block map stand. */
function isNoKey(line: Line, indent: number): boolean {
  return line.indent === indent && (line.character === '-' || line.character === '{');
}

/** A plain key at the start of a line that needs no parser: its name, and whether nothing but a comment follows the colon. */
function simpleKey(
  text: string,
  start: number,
  end: number,
): { readonly name: string; readonly bare: boolean } | undefined {
  const match = /^([A-Za-z_][\w.-]*):(?=\s|$)[ \t]*(#.*)?(.?)/.exec(text.slice(start, end).replace(/[\r\n]+$/, ''));
  return match === null ? undefined : { name: match[1] ?? '', bare: match[3] === '' };
}

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
      ? {
          kind: 'leaf',
          section,
          get entries() {
            return section.composed.entries;
          },
          get merging() {
            return section.composed.merges.length > 0;
          },
        }
      : { kind: 'leaf', section, entries: [lazyEntry(section, keyStart, name)], merging: false };
  leaves.set(section, made);
  return made;
}

/** An entry whose key is known from the line scan and whose value is parsed when it is first asked for. */
function lazyEntry(section: Section, start: number, name: string): Entry {
  const key = keyOf(section, start, name);
  return {
    section,
    key,
    start: key.start,
    get value() {
      return section.composed.entries[0]?.value;
    },
    get end() {
      return section.composed.entries[0]?.end ?? key.end;
    },
  };
}

export function newSection(text: string, offset: number, line: number, surroundings?: Surroundings): Section {
  return new Section(text, { offset, line }, compose, surroundings);
}
