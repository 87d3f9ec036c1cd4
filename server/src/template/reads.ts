// What the rules read of a template beside the part that they look at, noted down while they do: their findings hold as long as each of
// these is still the same. So a rule may look wherever it wants, and after an edit only what the edit can have changed is looked at again.
import type { TypeKind } from '../grammar/keynames.ts';
import { EntryMap } from '../syntax/entry-map.ts';
import type { Catalog } from '../types/catalog.ts';
import { type Changes, changesOf, type NamedParts, type Template, type TemplateView } from './template.ts';

interface PartRead {
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
  /** Of the catalog: the catalog itself would keep a whole state of the template alive. */
  readonly catalog: { readonly serial: number; readonly complete: boolean };
  readonly parts: Partial<Record<keyof NamedParts, PartRead[]>>;
  readonly types: TypeRead[];
  /** Files that were asked for, by URI. */
  files: Map<string, boolean | undefined> | undefined;
  /** Of the last template for which they held. */
  generation: number;
  /** True once something was read that cannot be held against a later state. */
  passing: boolean;
}

export interface Watched {
  /** The template as the rules see it. */
  readonly template: TemplateView;
  /** From here on, what is read goes into a list of its own. */
  begin(): Reads;
}

export function watch(template: Template): Watched {
  const generation = changesOf(template)?.generation ?? 0;
  const { version, relative, dialect, release, catalog } = template;
  const context = { version, relative, dialect, release };
  const known = { serial: catalog.serial, complete: catalog.complete };
  const begin = (): Reads => ({
    template: context,
    catalog: known,
    parts: {},
    types: [],
    files: undefined,
    generation,
    passing: false,
  });
  let reads = begin();
  /** What has been noted since the beginning. */
  const noted = new Map<string, Set<string | undefined>>();
  const isFirst = (of: string, key: string | undefined): boolean => {
    let keys = noted.get(of);
    if (keys === undefined) {
      keys = new Set();
      noted.set(of, keys);
    }
    if (keys.has(key)) return false;
    keys.add(key);
    return true;
  };
  const note = (of: keyof NamedParts, key: string | undefined, value: unknown) => {
    if (!isFirst(of, key)) return;
    reads.parts[of] ??= [];
    reads.parts[of].push({ key, value });
  };
  const noteType = (kind: TypeKind, key: string | undefined, value: unknown) => {
    if (isFirst(kind, key)) reads.types.push({ kind, key, value });
  };
  const noteAll = () => {
    reads.passing = true;
  };
  const watchedMap = <T>(of: keyof NamedParts, map: ReadonlyMap<string, T>) =>
    new WatchedMap(map, (key, value) => note(of, key, value), noteAll);
  const find: Catalog['find'] = (kind, name) => {
    const type = catalog.find(kind, name);
    noteType(kind, name, type);
    return type;
  };
  const watchedCatalog: Catalog = {
    serial: catalog.serial,
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
      uri: template.uri,
      version,
      relative,
      dialect,
      release,
      catalog: watchedCatalog,
      imports: template.imports,
      anchor: template.anchor,
      fileExists(uri) {
        const exists = template.fileExists(uri);
        reads.files ??= new Map();
        reads.files.set(uri, exists);
        return exists;
      },
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
      for (const keys of noted.values()) keys.clear();
      return reads;
    },
  };
}

/** A map that tells what is read of it. */
class WatchedMap<T> implements ReadonlyMap<string, T> {
  readonly #map: ReadonlyMap<string, T>;
  readonly #note: (key: string | undefined, value: unknown) => void;
  readonly #noteAll: () => void;

  /** @param noteAll Told when all values are read. */
  constructor(
    map: ReadonlyMap<string, T>,
    note: (key: string | undefined, value: unknown) => void,
    noteAll: () => void,
  ) {
    this.#map = map;
    this.#note = note;
    this.#noteAll = noteAll;
  }

  get size(): number {
    this.#note(undefined, namesOf(this.#map));
    return this.#map.size;
  }

  get(key: string): T | undefined {
    const value = this.#map.get(key);
    this.#note(key, value);
    return value;
  }

  has(key: string): boolean {
    this.#note(key, this.#map.get(key));
    return this.#map.has(key);
  }

  keys(): MapIterator<string> {
    this.#note(undefined, namesOf(this.#map));
    return this.#map.keys();
  }

  values(): MapIterator<T> {
    this.#noteAll();
    return this.#map.values();
  }

  entries(): MapIterator<[string, T]> {
    this.#noteAll();
    return this.#map.entries();
  }

  [Symbol.iterator](): MapIterator<[string, T]> {
    return this.entries();
  }

  forEach(visit: (value: T, key: string, map: ReadonlyMap<string, T>) => void): void {
    this.#noteAll();
    this.#map.forEach(visit);
  }
}

/** Whether everything that was read would be read the same in this state of the template. */
export function holds(reads: Reads, template: Template): boolean {
  if (reads.passing) return false;
  const changes = changesOf(template);
  if (changes !== undefined && reads.generation === changes.generation) return true;
  const still =
    changes !== undefined && reads.generation === changes.since
      ? isUntouched(reads, changes)
      : isSameContext(reads, template) &&
        areSameParts(reads, template) &&
        areSameTypes(reads, template) &&
        areSameFiles(reads, template);
  if (still && changes !== undefined) reads.generation = changes.generation;
  return still;
}

/** Nothing that was read is among what has changed since they held last. */
function isUntouched({ parts }: Reads, { names }: Changes): boolean {
  for (const of of mapNames) {
    const changed = names[of];
    const read = parts[of];
    if (read === undefined || (changed !== undefined && changed.size === 0)) continue;
    if (changed === undefined || read.some(({ key }) => key !== undefined && changed.has(key))) return false;
  }
  return true;
}

/** Files come and go without an edit: whoever learns of it lets go of what was known of the template, and so this is asked. */
function areSameFiles({ files }: Reads, template: Template): boolean {
  for (const [uri, exists] of files ?? []) if (template.fileExists(uri) !== exists) return false;
  return true;
}

export const mapNames = ['inputs', 'nodes', 'outputs', 'relationships', 'groups', 'workflows', 'repositories'] as const;

function isSameContext(
  { template: { version, relative, dialect, release }, catalog }: Reads,
  template: Template,
): boolean {
  return (
    version === template.version &&
    relative === template.relative &&
    dialect === template.dialect &&
    release === template.release &&
    catalog.complete === template.catalog.complete
  );
}

function areSameParts({ parts }: Reads, template: Template): boolean {
  return mapNames.every(of =>
    (parts[of] ?? []).every(
      ({ key, value }) => value === (key === undefined ? namesOf(template[of]) : template[of].get(key)),
    ),
  );
}

function areSameTypes({ catalog, types }: Reads, template: Template): boolean {
  const now = template.catalog;
  return (
    catalog.serial === now.serial ||
    types.every(({ kind, key, value }) => value === (key === undefined ? now.names(kind) : now.find(kind, key)))
  );
}

function namesOf(map: ReadonlyMap<string, unknown>): unknown {
  return map instanceof EntryMap ? map.names : map;
}
