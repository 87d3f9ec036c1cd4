// A map of a template's entries by name, whose values are worked out when somebody first asks for one: a file of a hundred
// thousand lines is not resolved before it is read.
import { type Entry, name } from './nodes.ts';

/** Of two entries of one name the last counts, as in the parsers of the field. */
export class EntryMap<T> implements ReadonlyMap<string, T> {
  /** In the order of the text; the same object as in the map before, as long as the names are the same. */
  readonly names: readonly string[];
  /** Names whose values may be others than in the map before; undefined where the names are others, or there was none. */
  readonly changed: ReadonlySet<string> | undefined;
  readonly #all: readonly Entry[];
  readonly #entries: Map<string, Entry>;
  readonly #make: (entry: Entry) => T;
  readonly #made: Map<string, T>;
  /** Those made of entries that may change without their text. */
  readonly #passing = new Set<string>();

  /** `before` is the map before an edit: what was worked out of entries that are the same is taken over, and it is not to be used any more. */
  constructor(all: readonly Entry[], make: (entry: Entry) => T, before?: EntryMap<T>) {
    this.#all = all;
    this.#make = make;
    const changed = before && EntryMap.#changed(before, all);
    if (before !== undefined && changed !== undefined) {
      this.#entries = before.#entries;
      this.#made = before.#made;
      this.names = before.names;
      for (const entry of changed) {
        this.#entries.set(name(entry), entry);
        this.#made.delete(name(entry));
      }
    } else {
      this.#entries = new Map();
      for (const entry of all) this.#entries.set(name(entry), entry);
      this.#made = before === undefined ? new Map<string, T>() : before.#made;
      for (const key of this.#made.keys()) {
        if (this.#entries.get(key) !== before?.entry(key)) this.#made.delete(key);
      }
      const names = [...this.#entries.keys()];
      this.names = before !== undefined && sameItems(before.names, names) ? before.names : names;
    }
    const passing = before === undefined ? [] : [...before.#passing];
    for (const key of passing) this.#made.delete(key);
    this.changed = changed && new Set([...changed.map(name), ...passing]);
  }

  /** The entries that are others than before, where the names are the same; undefined where they are not. */
  static #changed<T>(before: EntryMap<T>, all: readonly Entry[]): readonly Entry[] | undefined {
    const old = before.#all;
    if (old.length !== all.length || before.#entries.size !== all.length) return undefined;
    const changed: Entry[] = [];
    for (let index = 0; index < all.length; index++) {
      const entry = all[index] as Entry;
      if (entry === old[index]) continue;
      if (name(entry) !== name(old[index] as Entry)) return undefined;
      changed.push(entry);
    }
    return changed;
  }

  /** What is written. */
  entry(key: string): Entry | undefined {
    return this.#entries.get(key);
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
    if (mayChange(entry)) this.#passing.add(key);
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

/** What an alias stands for may change without the entry. */
export const mayChange = ({ section }: Entry): boolean => section.composed.aliases.length > 0;

export function sameItems<T>(one: readonly T[], other: readonly T[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
