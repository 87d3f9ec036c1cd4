// What was found in the entries of a map, from one state of a template to the next: after an edit only the entries are gone into that are
// others than before, or that rest on something that is.
import type { Entry } from '../syntax/nodes.ts';
import { mapNames, type Reads } from '../template/reads.ts';
import { type Changes, changesOf, type NamedParts, type Template } from '../template/template.ts';
import type { CodedFinding } from './check.ts';

export interface Checked {
  readonly reads: Reads;
  readonly findings: readonly CodedFinding[];
}

interface Remembered {
  generation: number;
  readonly entries: readonly Entry[];
  readonly checked: readonly (Checked | undefined)[];
  /** Indexes of those with findings, and of those that do not hold till the next time. */
  readonly found: ReadonlySet<number>;
  readonly passing: ReadonlySet<number>;
  /** Made when an edit is first followed up. */
  readers: Readers | undefined;
}

/** By map and name, the indexes of the entries that have read what is there; some may have read it only formerly. */
type Readers = Map<keyof NamedParts, Map<string, Set<number>>>;

export interface Memory {
  /** Indexes of the entries of which nothing is known any more. */
  toCheck(): Iterable<number>;
  /** `passing`: it does not hold till the next time. */
  note(index: number, checked: Checked, passing?: boolean): void;
  /** Remembers all that is known now, and gives those with findings. */
  keep(): readonly Checked[];
}

export function recall(template: Template, map: string, entries: readonly Entry[]): Memory {
  const changes = changesOf(template);
  const last = changes?.ledger.get(map) as Remembered | undefined;
  const isBefore = last?.generation === changes?.since && last?.entries.length === entries.length;
  const touched = isBefore && changes !== undefined ? touchedBy(last, changes) : undefined;
  const before = touched === undefined ? undefined : last;
  if (changes !== undefined && before?.entries === entries && touched?.size === 0) return unchanged(before, changes);
  const checked = before === undefined ? new Array<Checked | undefined>(entries.length) : [...before.checked];
  const found = new Set(before?.found);
  const passing = new Set<number>();
  const readers = before?.readers;
  return {
    *toCheck() {
      for (let index = 0; index < entries.length; index++)
        if (before === undefined || entries[index] !== before.entries[index] || touched?.has(index)) yield index;
    },
    note(index, result, isPassing = false) {
      checked[index] = result;
      if (result.findings.length > 0) found.add(index);
      else found.delete(index);
      if (isPassing) passing.add(index);
      if (readers !== undefined) noteReader(readers, index, result);
    },
    keep() {
      const { generation = -1, ledger } = changes ?? {};
      ledger?.set(map, { generation, entries, checked, found, passing, readers } satisfies Remembered);
      return findingsIn({ found, checked });
    },
  };
}

/** Of a map to which nothing has happened. */
const unchanged = (before: Remembered, { generation }: Changes): Memory => ({
  toCheck: () => [],
  note: () => undefined,
  keep() {
    before.generation = generation;
    return findingsIn(before);
  },
});

const findingsIn = ({ found, checked }: Pick<Remembered, 'found' | 'checked'>): readonly Checked[] =>
  [...found].flatMap(index => checked[index] ?? []);

/** The entries that rest on something that has changed; undefined where that may be all of them. */
function touchedBy(before: Remembered, { names }: Changes): ReadonlySet<number> | undefined {
  const touched = new Set(before.passing);
  for (const of of mapNames) {
    const changed = names[of];
    if (changed === undefined) return undefined;
    if (changed.size === 0) continue;
    before.readers ??= readersIn(before.checked);
    const all = before.readers.get(of);
    for (const key of changed) for (const index of all?.get(key) ?? []) touched.add(index);
  }
  return touched;
}

function readersIn(checked: readonly (Checked | undefined)[]): Readers {
  const readers: Readers = new Map();
  for (const [index, result] of checked.entries()) if (result !== undefined) noteReader(readers, index, result);
  return readers;
}

function noteReader(readers: Readers, index: number, { reads }: Checked): void {
  for (const of of mapNames) {
    for (const { key } of reads.parts[of] ?? []) {
      if (key === undefined) continue; // all names: they are the same, or everything is looked at again
      let all = readers.get(of);
      if (all === undefined) {
        all = new Map();
        readers.set(of, all);
      }
      const known = all.get(key);
      if (known === undefined) all.set(key, new Set([index]));
      else known.add(index);
    }
  }
}
