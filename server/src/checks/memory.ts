// What was found in the entries of a map, from one state of a template to the next: after an edit only the entries are gone into that are
// others than before, or that rest on something that is.
import type { Entry } from '../syntax/nodes.ts';
import { mapNames, type Reads } from '../template/reads.ts';
import { type Changes, changesOf, type Template } from '../template/template.ts';
import type { CodedFinding } from './check.ts';

export interface Checked {
  readonly reads: Reads;
  readonly findings: readonly CodedFinding[];
}

interface Remembered {
  readonly generation: number;
  readonly entries: readonly Entry[];
  readonly checked: readonly (Checked | undefined)[];
  /** Indexes of those with findings, and of those that do not hold till the next time. */
  readonly found: ReadonlySet<number>;
  readonly passing: ReadonlySet<number>;
  /** By what they read, the indexes of those that did; some may have read it only formerly. */
  readonly readers: Map<string, Set<number>>;
}

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
  const before = last !== undefined && last.generation === changes?.since ? last : undefined;
  const touched = before && changes && touchedBy(before, changes);
  const usable = touched === undefined || before?.entries.length !== entries.length ? undefined : before;
  const checked = usable === undefined ? new Array<Checked | undefined>(entries.length) : [...usable.checked];
  const found = new Set(usable?.found);
  const passing = new Set<number>();
  const readers = usable?.readers ?? new Map<string, Set<number>>();
  return {
    *toCheck() {
      for (let index = 0; index < entries.length; index++) {
        if (usable === undefined || entries[index] !== usable.entries[index] || touched?.has(index)) yield index;
      }
    },
    note(index, result, isPassing = false) {
      checked[index] = result;
      if (result.findings.length > 0) found.add(index);
      else found.delete(index);
      if (isPassing) passing.add(index);
      for (const of of mapNames) {
        for (const { key = '*' } of result.reads.parts[of] ?? []) {
          const name = `${of} ${key}`;
          const all = readers.get(name);
          if (all === undefined) readers.set(name, new Set([index]));
          else all.add(index);
        }
      }
    },
    keep() {
      const { generation = -1, ledger } = changes ?? {};
      ledger?.set(map, { generation, entries, checked, found, passing, readers } satisfies Remembered);
      return [...found].flatMap(index => checked[index] ?? []);
    },
  };
}

/** The entries that rest on something that has changed; undefined where that may be all of them. */
function touchedBy({ passing, readers }: Remembered, { names }: Changes): ReadonlySet<number> | undefined {
  const touched = new Set(passing);
  for (const of of mapNames) {
    const changed = names[of];
    if (changed === undefined) return undefined;
    for (const key of changed) for (const index of readers.get(`${of} ${key}`) ?? []) touched.add(index);
  }
  return touched;
}
