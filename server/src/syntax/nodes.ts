// The positioned tree that everything else reads. Who makes it: compose.ts and document.ts.
// Scalars are text: what a text means depends on the type that is expected where it stands.
import type { Section } from './section.ts';

/** Where a node stands: offsets in UTF-16 units from the start of its section, which knows its own place in the file. */
export interface Span {
  readonly section: Section;
  readonly start: number;
  readonly end: number;
}

export interface Scalar extends Span {
  readonly kind: 'scalar';
  /** Unquoted, unescaped and, where plain, trimmed. */
  readonly value: string;
  readonly style: 'plain' | 'single' | 'double' | 'block';
}

export interface Entry extends Span {
  readonly key: Node;
  /** `undefined` where nothing is written after the colon. */
  readonly value: Node | undefined;
  /** True for an entry that a merge key brought in; it stands where its anchor is. */
  readonly merged?: true;
}

export interface Mapping extends Span {
  readonly kind: 'mapping';
  readonly flow: boolean;
  /** With those that merge keys bring in, behind its own; without the merge keys. */
  readonly entries: readonly Entry[];
}

export interface Sequence extends Span {
  readonly kind: 'sequence';
  readonly flow: boolean;
  /** An item with nothing in it is an empty plain scalar. */
  readonly items: readonly Node[];
}

/** `*name`. What it stands for is found in the document, for the anchor may be in another section. */
export interface Alias extends Span {
  readonly kind: 'alias';
  readonly name: string;
}

export type Node = Scalar | Mapping | Sequence | Alias;

export interface SyntaxProblem extends Span {
  readonly message: string;
}

const none: readonly never[] = [];

/** The text of a scalar, else undefined. */
export function text(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' ? node.value : undefined;
}

/** The entries of a mapping; none for anything else. */
export function entries(node: Node | undefined): readonly Entry[] {
  return node?.kind === 'mapping' ? node.entries : none;
}

/** The items of a sequence; none for anything else. */
export function items(node: Node | undefined): readonly Node[] {
  return node?.kind === 'sequence' ? node.items : none;
}

/** The name of an entry: the text of its key. */
export function name(entry: Entry): string {
  return text(entry.key) ?? '';
}

/** The entry of that name; the last one where there are several, as the parsers of the field take it. */
export function entryNamed(all: readonly Entry[], wanted: string): Entry | undefined {
  for (let index = all.length - 1; index >= 0; index--) {
    const entry = all[index];
    if (entry !== undefined && name(entry) === wanted) return entry;
  }
  return undefined;
}

export const entryOf = (node: Node | undefined, key: string): Entry | undefined => entryNamed(entries(node), key);

export function get(node: Node | undefined, key: string): Node | undefined {
  return entryOf(node, key)?.value;
}

/** The value at a path of keys. */
export function valueAt(node: Node | undefined, ...path: readonly string[]): Node | undefined {
  return path.reduce(get, node);
}

/** A node as it is written. */
export function rawText(node: Node): string {
  return node.section.text.slice(node.start, node.end);
}
