// A section: a run of whole lines that is parsed on its own. Its nodes hold offsets from its start, so that they stay right
// when text above it grows or shrinks: only `place` changes then.
import type { Composed } from './gather.ts';
import type { Node } from './nodes.ts';

export interface Position {
  /** Zero-based. */
  readonly line: number;
  /** Zero-based, in UTF-16 units. */
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** What the sections of a file share. */
export interface Surroundings {
  /** The node of an anchor, wherever in the file it is. */
  anchor(name: string): Node | undefined;
  /** A section has been parsed. */
  parsed(section: Section): void;
}

const nowhere: Surroundings = { anchor: () => undefined, parsed: () => undefined };

export class Section {
  readonly text: string;
  /** Where the section starts in its file, at present. */
  readonly place: { readonly offset: number; readonly line: number };
  readonly surroundings: Surroundings;
  readonly #compose: (section: Section) => Composed;
  #composed: Composed | undefined;
  #lineStarts: readonly number[] | undefined;

  constructor(
    text: string,
    place: { readonly offset: number; readonly line: number },
    compose: (section: Section) => Composed,
    surroundings: Surroundings = nowhere,
  ) {
    this.text = text;
    this.place = place;
    this.surroundings = surroundings;
    this.#compose = compose;
  }

  get isParsed(): boolean {
    return this.#composed !== undefined;
  }

  /** Parsed at the first use, and kept. */
  get composed(): Composed {
    return this.#composed ?? this.take(this.#compose(this));
  }

  /** What has been parsed together with other sections. */
  take(composed: Composed): Composed {
    this.#composed = composed;
    this.surroundings.parsed(this);
    return composed;
  }

  /** By characters and lines. */
  move(offset: number, line: number): void {
    const place: { offset: number; line: number } = this.place;
    place.offset += offset;
    place.line += line;
  }

  position(offset: number): Position {
    const starts = this.#starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    // a line's end is one place, also where it is written as two characters
    const at = this.text[offset] === '\n' && this.text[offset - 1] === '\r' ? offset - 1 : offset;
    return { line: this.place.line + low, character: at - (starts[low] ?? 0) };
  }

  /** Where a position of the file is in the section; at the end of its line where the line is shorter. */
  offset({ line, character }: Position): number {
    const starts = this.#starts();
    const start = starts[line - this.place.line];
    return start === undefined
      ? this.text.length
      : Math.min(start + character, starts[line - this.place.line + 1] ?? this.text.length);
  }

  #starts(): readonly number[] {
    this.#lineStarts ??= lineStarts(this.text);
    return this.#lineStarts;
  }
}

export function rangeOf(span: { readonly section: Section; readonly start: number; readonly end: number }): Range {
  return { start: span.section.position(span.start), end: span.section.position(span.end) };
}

/** Lines end as LSP has it: with LF, CR LF, or CR alone. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  if (text.includes('\r')) {
    for (const end of text.matchAll(/\r\n?|\n/g)) starts.push(end.index + end[0].length);
    return starts;
  }
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
