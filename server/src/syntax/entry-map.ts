// A map of a template's entries by name, whose values are worked out when somebody first asks for one: a file of a hundred
// thousand lines is not resolved before it is read.
import { type Entry, name } from './nodes.ts';

/** Of two entries of one name the last counts, as in the parsers of the field. */
export class EntryMap<T> implements ReadonlyMap<string, T> {
  readonly all: readonly Entry[];
  /** In the order of the text; the same object as in the map before, as long as the names are the same. */
  readonly names: readonly string[];
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #make: (entry: Entry) => T;
  readonly #made = new Map<string, T>();

  constructor(all: readonly Entry[], make: (entry: Entry) => T, before?: EntryMap<T>) {
    this.all = all;
    this.#make = make;
    this.#entries = new Map(all.map(entry => [name(entry), entry]));
    const names = [...this.#entries.keys()];
    this.names = before !== undefined && sameItems(before.names, names) ? before.names : names;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): T | undefined {
    const made = this.#made.get(key);
    if (made !== undefined) return made;
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    const value = this.#make(entry);
    this.#made.set(key, value);
    return value;
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  keys(): MapIterator<string> {
    return this.#entries.keys();
  }

  *entries(): MapIterator<[string, T]> {
    for (const key of this.#entries.keys()) yield [key, this.get(key) as T];
  }

  *values(): MapIterator<T> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): MapIterator<[string, T]> {
    return this.entries();
  }

  forEach(visit: (value: T, key: string, map: ReadonlyMap<string, T>) => void): void {
    for (const [key, value] of this) visit(value, key, this);
  }
}

export function sameItems<T>(one: readonly T[], other: readonly T[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
