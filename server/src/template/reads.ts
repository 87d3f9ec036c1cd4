// What the rules read of a template beside the part that they look at, noted down while they do: their findings hold as long as each of
// these is still the same. So a rule may look wherever it wants, and after an edit only what the edit can have changed is looked at again.
import type { TypeKind } from '../grammar/keynames.ts';
import { EntryMap } from '../syntax/entry-map.ts';
import type { Catalog } from '../types/catalog.ts';
import type { NamedParts, Template, TemplateView } from './template.ts';

interface PartRead {
  readonly of: keyof NamedParts;
  /** Undefined where all names were asked for. */
  readonly key: string | undefined;
  readonly value: unknown;
}

interface TypeRead {
  readonly kind: TypeKind;
  readonly key: string | undefined;
  readonly value: unknown;
}

export interface Reads {
  readonly template: Pick<TemplateView, 'version' | 'relative' | 'dialect' | 'release'>;
  readonly catalog: Catalog;
  readonly parts: PartRead[];
  readonly types: TypeRead[];
  /** True once something was read that cannot be held against a later state. */
  passing: boolean;
}

export interface Watched {
  /** The template as the rules see it. */
  readonly template: TemplateView;
  /** From here on, what is read goes into a list of its own. */
  begin(): Reads;
}

export function watch(template: TemplateView): Watched {
  const { version, relative, dialect, release, catalog } = template;
  const begin = (): Reads => ({
    template: { version, relative, dialect, release },
    catalog,
    parts: [],
    types: [],
    passing: false,
  });
  let reads = begin();
  const note = (of: keyof NamedParts, key: string | undefined, value: unknown) => {
    if (!reads.parts.some(read => read.of === of && read.key === key)) reads.parts.push({ of, key, value });
  };
  const noteType = (kind: TypeKind, key: string | undefined, value: unknown) => {
    if (!reads.types.some(read => read.kind === kind && read.key === key)) reads.types.push({ kind, key, value });
  };
  const watchedMap = <T>(of: keyof NamedParts, map: ReadonlyMap<string, T>): ReadonlyMap<string, T> => {
    const all = <R>(result: R): R => {
      reads.passing = true;
      return result;
    };
    return {
      get size() {
        note(of, undefined, namesOf(map));
        return map.size;
      },
      get(key) {
        const value = map.get(key);
        note(of, key, value);
        return value;
      },
      has(key) {
        note(of, key, map.get(key));
        return map.has(key);
      },
      keys() {
        note(of, undefined, namesOf(map));
        return map.keys();
      },
      values: () => all(map.values()),
      entries: () => all(map.entries()),
      forEach: visit => all(map.forEach(visit)),
      [Symbol.iterator]: () => all(map[Symbol.iterator]()),
    };
  };
  const find: Catalog['find'] = (kind, name) => {
    const type = catalog.find(kind, name);
    noteType(kind, name, type);
    return type;
  };
  const watchedCatalog: Catalog = {
    complete: catalog.complete,
    find,
    names(kind) {
      const names = catalog.names(kind);
      noteType(kind, undefined, names);
      return names;
    },
    isA: (kind, name, ancestor) => name === ancestor || (find(kind, name)?.ancestry.includes(ancestor) ?? false),
  };
  return {
    template: {
      ...template,
      catalog: watchedCatalog,
      inputs: watchedMap('inputs', template.inputs),
      nodes: watchedMap('nodes', template.nodes),
      outputs: watchedMap('outputs', template.outputs),
      relationships: watchedMap('relationships', template.relationships),
      groups: watchedMap('groups', template.groups),
      workflows: watchedMap('workflows', template.workflows),
      repositories: watchedMap('repositories', template.repositories),
    },
    begin() {
      reads = begin();
      return reads;
    },
  };
}

/** Whether everything that was read would be read the same in this state of the template. */
export function holds(reads: Reads, template: Template): boolean {
  const { version, relative, dialect, release } = reads.template;
  const { catalog } = template;
  return (
    !reads.passing &&
    version === template.version &&
    relative === template.relative &&
    dialect === template.dialect &&
    release === template.release &&
    reads.catalog.complete === catalog.complete &&
    reads.parts.every(
      ({ of, key, value }) => value === (key === undefined ? namesOf(template[of]) : template[of].get(key)),
    ) &&
    (reads.catalog === catalog ||
      reads.types.every(
        ({ kind, key, value }) => value === (key === undefined ? catalog.names(kind) : catalog.find(kind, key)),
      ))
  );
}

function namesOf(map: ReadonlyMap<string, unknown>): unknown {
  return map instanceof EntryMap ? map.names : map;
}
