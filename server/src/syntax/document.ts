// A whole file as a tree over its sections. After an edit within one section, only that one is looked at again.

import { type Block, cut, type Leaf, type MakeSection, newSection, type Piece, recut, scan } from './cut.ts';
import { File } from './file.ts';
import type { Entry, Mapping, Node, SyntaxProblem } from './nodes.ts';
import { lineStarts, type Position, type Section } from './section.ts';

export interface SyntaxDocument {
  /** As it was given. */
  readonly source: string;
  /** Without a byte order mark: what offsets count in. */
  readonly text: string;
  readonly root: Mapping;
  /** In the order of the text. Asking for them parses every section. */
  readonly problems: readonly SyntaxProblem[];
  /** Its merge keys, in the order of the text. Asking for them parses every section. */
  readonly merges: readonly Entry[];
  readonly sections: readonly Section[];
  /** The node that `*name` stands for. */
  anchor(name: string): Node | undefined;
  offsetAt(position: Position): number;
  positionAt(offset: number): Position;
}

/** What the next parse can go on from. It passes on from document to document: only the newest one may use it. */
interface Seams {
  newest: SyntaxDocument | undefined;
  /** Without a byte order mark. */
  readonly text: string;
  readonly root: Block;
  /** All sections in the order of the text, each with the block that it is a leaf of; undefined for the line of a header. */
  readonly sections: readonly Section[];
  readonly owners: readonly (Block | undefined)[];
  /** The text behind the first document, if there is any. */
  readonly rest: string;
  readonly file: File;
}

const seamsOf = new WeakMap<SyntaxDocument, Seams>();

/** Parses a file. `previous` lends the sections whose text is still the same. */
export function parse(source: string, previous?: SyntaxDocument): SyntaxDocument {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  const before = previous === undefined ? undefined : seamsOf.get(previous);
  const usable = before?.newest === previous ? before : undefined;
  const seams = (usable && patch(text, usable)) ?? cutWhole(text, usable);
  const document = build(source, text, seams);
  if (usable !== undefined) usable.newest = undefined;
  seams.newest = document;
  seamsOf.set(document, seams);
  return document;
}

function cutWhole(text: string, before: Seams | undefined): Seams {
  const kept = new Map<string, Section[]>();
  for (const section of before?.sections ?? []) {
    const same = kept.get(section.text);
    if (same === undefined) kept.set(section.text, [section]);
    else same.push(section);
  }
  const file = before?.file ?? new File();
  const added: Section[] = [];
  const make: MakeSection = (own, offset, line) => {
    const reused = kept.get(own)?.shift();
    if (reused === undefined) {
      const section = newSection(before === undefined ? own : detached(own), offset, line, file);
      added.push(section);
      return section;
    }
    reused.move(offset - reused.place.offset, line - reused.place.line);
    return reused;
  };
  const lines = scan(text);
  const pieces = cut(lines, 0, lines.end, 0, '', make);
  const root: Block = { kind: 'block', header: undefined, path: '', indent: 0, pieces };
  const rest = text.slice(lines.starts[lines.end] ?? text.length);
  const flat = flatten(root);
  file.update(flat.sections, added, [...kept.values()].flat());
  return { newest: undefined, text, ...flat, root, rest, file };
}

function flatten(root: Block): Pick<Seams, 'sections' | 'owners'> {
  const sections: Section[] = [];
  const owners: (Block | undefined)[] = [];
  const visit = (block: Block) => {
    for (const piece of block.pieces) {
      if (piece.kind === 'leaf') {
        sections.push(piece.section);
        owners.push(block);
      } else {
        if (piece.header !== undefined) {
          sections.push(piece.header.section);
          owners.push(undefined);
        }
        visit(piece);
      }
    }
  };
  visit(root);
  return { sections, owners };
}

/** The new seams after a change within one leaf; undefined where more than that has changed. */
function patch(text: string, before: Seams): Seams | undefined {
  const { sections, owners, rest, file } = before;
  if (!text.endsWith(rest)) return undefined;
  const from = commonStart(before.text, text);
  const to = before.text.length - commonEnd(before.text, text, from);
  // what was put in between two sections belongs to the first of them
  const at = sectionAt(sections, to > from ? from : Math.max(0, from - 1));
  const old = sections[at];
  const owner = owners[at];
  const grown = text.length - before.text.length;
  if (old === undefined || owner === undefined || to > old.place.offset + old.text.length) return undefined;
  const { offset, line } = old.place;
  const window = text.slice(offset, offset + old.text.length + grown);
  // a section ends with its line, or with the file
  if (at < sections.length - 1 && !window.endsWith('\n')) return undefined;
  const isFirst = owner.pieces[0] !== undefined && sectionOf(owner.pieces[0]) === old;
  const pieces = recut(window, owner, isFirst, (own, at, below) =>
    newSection(detached(own), offset + at, line + below, file),
  );
  if (pieces === undefined) return undefined;

  const root = replace(before.root, owner, old, pieces);
  const flat = flatten(root);
  const lower = lineStarts(window).length - lineStarts(old.text).length;
  if (grown !== 0 || lower !== 0) {
    for (let index = at + 1; index < sections.length; index++) sections[index]?.move(grown, lower);
  }
  file.update(flat.sections, pieces.flatMap(sectionsIn), [old]);
  return { newest: undefined, text, ...flat, root, rest, file };
}

/** A text on its own: a slice would hold on to the whole text that it was cut out of, and there is one for each edit. */
function detached(text: string): string {
  const encoding = /[^\0-\xff]/.test(text) ? 'utf16le' : 'latin1';
  return Buffer.from(text, encoding).toString(encoding);
}

/** How many characters two texts have in common at the start. Whole stretches are compared at once. */
function commonStart(one: string, other: string): number {
  let same = 0;
  for (let most = Math.min(one.length, other.length); same < most; ) {
    const middle = (same + most + 1) >> 1;
    if (one.slice(same, middle) === other.slice(same, middle)) same = middle;
    else most = middle - 1;
  }
  return same;
}

/** How many they have in common at the end, without those at the start. */
function commonEnd(one: string, other: string, start: number): number {
  let same = 0;
  const tail = (text: string, from: number, to: number) => text.slice(text.length - to, text.length - from);
  for (let most = Math.min(one.length, other.length) - start; same < most; ) {
    const middle = (same + most + 1) >> 1;
    if (tail(one, same, middle) === tail(other, same, middle)) same = middle;
    else most = middle - 1;
  }
  return same;
}

/** Index of the last section that starts at an offset or before. */
function sectionAt(sections: readonly Section[], offset: number): number {
  let low = 0;
  let high = sections.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sections[middle]?.place.offset ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

const sectionOf = (piece: Piece): Section | undefined =>
  piece.kind === 'leaf' ? piece.section : piece.header?.section;

/** A block tree with one leaf of one block exchanged; what is beside the way down stays the same. */
function replace(block: Block, owner: Block, old: Section, by: readonly Piece[]): Block {
  if (block === owner) {
    const at = block.pieces.findIndex(piece => piece.kind === 'leaf' && piece.section === old);
    const leaf = block.pieces[at];
    const changed = withPieces(block, block.pieces.toSpliced(at, 1, ...by));
    const known = entriesOfBlock.get(block);
    if (known !== undefined && leaf?.kind === 'leaf') keepEntries(changed, known, leaf, by);
    return changed;
  }
  for (const [at, piece] of block.pieces.entries()) {
    const changed = piece.kind === 'block' ? replace(piece, owner, old, by) : piece;
    if (changed !== piece) return withPieces(block, block.pieces.with(at, changed));
  }
  return block;
}

const withPieces = ({ kind, header, path, indent }: Block, pieces: readonly Piece[]): Block => ({
  kind,
  header,
  path,
  indent,
  pieces,
});

function build(source: string, text: string, { root, sections, rest, file }: Seams): SyntaxDocument {
  const whole = newSection(text, 0, 0);
  let problems: readonly SyntaxProblem[] | undefined;
  const mapping: Mapping = {
    kind: 'mapping',
    flow: false,
    entries: entriesOf(root),
    section: whole,
    start: 0,
    end: text.length,
  };
  return {
    source,
    text,
    root: mapping,
    sections,
    get problems() {
      problems ??= [...file.problems(), ...secondDocument(text, rest)];
      return problems;
    },
    get merges() {
      return file.merges();
    },
    anchor: name => file.anchor(name),
    offsetAt: position => {
      const section = sections.findLast(({ place }) => place.line <= position.line) ?? whole;
      return section.place.offset + section.offset(position);
    },
    positionAt: offset => {
      const section = sections[sectionAt(sections, offset)] ?? whole;
      return section.position(offset - section.place.offset);
    },
  };
}

/** By block: one in which nothing has changed stays the same object. */
const entriesOfBlock = new WeakMap<Block, readonly Entry[]>();

/** The entries of a block in which others have come in the place of one leaf. */
function keepEntries(changed: Block, known: readonly Entry[], { entries: old }: Leaf, by: readonly Piece[]): void {
  const at = known.indexOf(old[0] as Entry);
  const leaves = by.flatMap(piece => (piece.kind === 'leaf' && !piece.merging ? [piece] : []));
  if (at === -1 || leaves.length < by.length) return;
  const entries = [...known.slice(0, at), ...leaves.flatMap(leaf => leaf.entries), ...known.slice(at + old.length)];
  entriesOfBlock.set(changed, entries);
}

function entriesOf(block: Block): readonly Entry[] {
  const known = entriesOfBlock.get(block);
  if (known !== undefined) return known;
  const entries: Entry[] = [];
  let lasting = true;
  for (const piece of block.pieces) {
    if (piece.kind === 'leaf') {
      entries.push(...piece.entries);
      // what merge keys bring in may change without the section
      if (piece.merging) lasting = false;
    } else if (piece.header === undefined) {
      entries.push(...entriesOf(piece));
    } else {
      const { section, key } = piece.header;
      const end = section.text.trimEnd().length;
      const value: Mapping = { kind: 'mapping', flow: false, entries: entriesOf(piece), section, start: key.end, end };
      entries.push({ section, key, value, start: key.start, end });
    }
  }
  if (lasting) entriesOfBlock.set(block, entries);
  return entries;
}

function sectionsIn(piece: Piece): readonly Section[] {
  if (piece.kind === 'leaf') return [piece.section];
  const own = piece.header === undefined ? [] : [piece.header.section];
  return [...own, ...piece.pieces.flatMap(sectionsIn)];
}

/** Only the first document of a file is TOSCA; it ends at the next `---` or `...`. */
function secondDocument(text: string, rest: string): readonly SyntaxProblem[] {
  if (rest === '' || /^\.\.\.\s*$/.test(rest)) return [];
  const offset = text.length - rest.length;
  const section = newSection(rest, offset, lineStarts(text.slice(0, offset)).length - 1);
  return [{ section, start: 0, end: 3, message: 'Only the first document of a file is read as TOSCA.' }];
}
