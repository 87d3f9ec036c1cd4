// What was found in the entries of a map, from one state of a template to the next: after an edit only the entries are gone into that are
// others than before, or that rest on something that is.
import type { Entry } from '../syntax/nodes.ts';
import { isUntouched, type Reads } from '../template/reads.ts';
import { changesOf, type Template } from '../template/template.ts';
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
  const isBefore = last?.generation === changes?.since && last?.entries.length === entries.length;
  const before = isBefore ? last : undefined;
  const checked = before === undefined ? new Array<Checked | undefined>(entries.length) : [...before.checked];
  const found = new Set(before?.found);
  const passing = new Set<number>();
  const isKnown = (index: number): boolean => {
    const reads = before?.checked[index]?.reads;
    if (before === undefined || changes === undefined || reads === undefined) return false;
    return entries[index] === before.entries[index] && !before.passing.has(index) && isUntouched(reads, changes);
  };
  return {
    *toCheck() {
      for (let index = 0; index < entries.length; index++) if (!isKnown(index)) yield index;
    },
    note(index, result, isPassing = false) {
      checked[index] = result;
      if (result.findings.length > 0) found.add(index);
      else found.delete(index);
      if (isPassing) passing.add(index);
    },
    keep() {
      const { generation = -1, ledger } = changes ?? {};
      ledger?.set(map, { generation, entries, checked, found, passing } satisfies Remembered);
      return [...found].flatMap(index => checked[index] ?? []);
    },
  };
}
