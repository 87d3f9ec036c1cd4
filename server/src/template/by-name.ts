// What is worked out of each entry of a template's map, from one state of the template to the next: after an edit, only of those that changed.
import { changesOf, type NamedParts, type Template } from './template.ts';

type ValueOf<Key extends keyof NamedParts> = NamedParts[Key] extends ReadonlyMap<string, infer T> ? T : never;

interface Kept<T> {
  readonly generation: number;
  readonly basis: unknown;
  readonly results: Map<string, T>;
}

/**
 * By name, what `make` gives for an entry; nothing where it gives undefined. Not in the order of the text. It may rest on the entry and on
 * `basis` alone.
 */
export function byName<Key extends keyof NamedParts, T>(
  template: Template,
  of: Key,
  purpose: string,
  basis: unknown,
  make: (value: ValueOf<Key>) => T | undefined,
): ReadonlyMap<string, T> {
  const map = template[of] as ReadonlyMap<string, ValueOf<Key>>;
  const changes = changesOf(template);
  const kept = changes?.ledger.get(purpose) as Kept<T> | undefined;
  if (changes !== undefined && kept !== undefined && kept.generation === changes.generation && kept.basis === basis)
    return kept.results;
  const changed =
    kept !== undefined && kept.generation === changes?.since && kept.basis === basis ? changes.names[of] : undefined;
  const results = changed === undefined ? new Map<string, T>() : (kept?.results ?? new Map<string, T>());
  for (const name of changed ?? map.keys()) {
    const value = map.get(name);
    const result = value === undefined ? undefined : make(value);
    if (result === undefined) results.delete(name);
    else results.set(name, result);
  }
  if (changes !== undefined)
    changes.ledger.set(purpose, { generation: changes.generation, basis, results } satisfies Kept<T>);
  return results;
}
