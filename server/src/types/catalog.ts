// All types that a template can name: found by name in its files, the nearest first, and resolved along their inheritance.
import { type TypeKind, typeKeynames } from '../grammar/keynames.ts';
import type { SyntaxDocument } from '../syntax/document.ts';
import { mayChange, sameItems } from '../syntax/entry-map.ts';
import { type Entry, entries, entryOf, get, items, name, text } from '../syntax/nodes.ts';
import { type Constraint, readConstraints } from './constraints.ts';
import {
  type ArtifactDefinition,
  type CapabilityDefinition,
  type PropertyDefinition,
  type RequirementDefinition,
  readArtifact,
  readCapability,
  readProperty,
  readRequirement,
  readSchema,
  type Schema,
  type Written,
} from './definitions.ts';
import { type Qualified, qualified } from './prefixes.ts';
import { builtIn } from './scalars.ts';

/** A file that declares types. */
export interface TypeFile {
  readonly uri: string;
  readonly document: SyntaxDocument;
  /** What the names of its types begin with where it is imported: `prefix:`, or one for each import on the way. */
  readonly prefix?: string;
}

/** A type with all that it inherits. A redefinition replaces the whole entry of the parent. */
export interface ResolvedType extends Written {
  readonly kind: TypeKind;
  readonly name: string;
  readonly parent: ResolvedType | undefined;
  /** Itself first, then its parents up to the root. */
  readonly ancestry: readonly string[];
  readonly description: string | undefined;
  readonly properties: ReadonlyMap<string, PropertyDefinition>;
  readonly attributes: ReadonlyMap<string, PropertyDefinition>;
  readonly capabilities: ReadonlyMap<string, CapabilityDefinition>;
  readonly requirements: ReadonlyMap<string, RequirementDefinition>;
  readonly artifacts: ReadonlyMap<string, ArtifactDefinition>;
  /** Interface name -> the entry that defines it. */
  readonly interfaces: ReadonlyMap<string, Written>;
  /** Data types: the built-in type that it is a kind of, if any; its own and inherited constraints; its entries. */
  readonly primitive: string | undefined;
  readonly constraints: readonly Constraint[];
  readonly entrySchema: Schema | undefined;
  readonly keySchema: Schema | undefined;
  /** A parent that is declared nowhere, or that derives from this type in turn: then nobody knows all that it has. */
  readonly missingParent: string | undefined;
  readonly circular: boolean;
}

export interface Catalog {
  /** Another one for each catalog. */
  readonly serial: number;
  /** False where an import could not be read or the version's types are not known: then an unknown name proves nothing. */
  readonly complete: boolean;
  /** The same object as in the catalog before, as long as the type and its parents are the same. */
  find(kind: TypeKind, name: string): ResolvedType | undefined;
  /** The same object as in the catalog before, as long as the names are the same. */
  names(kind: TypeKind): readonly string[];
  /** Whether `name` is `ancestor` or derives from it. */
  isA(kind: TypeKind, name: string, ancestor: string): boolean;
}

/** A declaration, with the prefix of the file that it is in. */
interface Declared extends Written {
  readonly prefix?: string;
}

/** What the next catalog of the same template can go on from. */
interface Known {
  readonly resolved: ReadonlyMap<TypeKind, ReadonlyMap<string, ResolvedType | undefined>>;
  readonly names: ReadonlyMap<TypeKind, readonly string[]>;
}

const knownOf = new WeakMap<Catalog, Known>();
let serials = 0;

/** `previous` is the catalog of the same template before an edit: what did not change is taken over. */
export function openCatalog(files: readonly TypeFile[], complete: boolean, previous?: Catalog): Catalog {
  const declared = new Map<TypeKind, Map<string, Declared>>();
  const resolved = new Map<TypeKind, Map<string, ResolvedType | undefined>>();
  const listed = new Map<TypeKind, readonly string[]>();
  const before = previous && knownOf.get(previous);

  const declaredOf = (kind: TypeKind) => {
    let all = declared.get(kind);
    if (all === undefined) {
      all = new Map();
      for (const { uri, document, prefix = '' } of files) {
        for (const entry of entries(get(document.root, typeKeynames[kind]))) {
          const called = prefix + name(entry);
          if (!all.has(called)) all.set(called, prefix === '' ? { entry, uri } : { entry, uri, prefix });
        }
      }
      declared.set(kind, all);
    }
    return all;
  };

  /** A name as the whole template knows it, that is written in a file with this prefix. */
  const qualify = (prefix: string | undefined, kind: TypeKind, wanted: string): string =>
    prefix !== undefined && declaredOf(kind).has(prefix + wanted) ? prefix + wanted : wanted;

  const parentNameOf = (kind: TypeKind, written: Declared | undefined): string | undefined => {
    const parent = text(get(written?.entry.value, 'derived_from'));
    return parent === undefined ? undefined : qualify(written?.prefix, kind, parent);
  };

  const derivesFromItself = (kind: TypeKind, wanted: string): boolean => {
    const seen = new Set<string>();
    let at: string | undefined = wanted;
    while (at !== undefined && !seen.has(at)) {
      seen.add(at);
      at = parentNameOf(kind, declaredOf(kind).get(at));
    }
    return at === wanted;
  };

  const find = (kind: TypeKind, wanted: string): ResolvedType | undefined => {
    let ofKind = resolved.get(kind);
    if (ofKind === undefined) {
      ofKind = new Map();
      resolved.set(kind, ofKind);
    }
    const already = ofKind.get(wanted);
    if (already !== undefined || ofKind.has(wanted)) return already;
    const written = declaredOf(kind).get(wanted);
    if (written === undefined) {
      ofKind.set(wanted, undefined);
      return undefined;
    }
    const parentName = parentNameOf(kind, written);
    const { prefix } = written;
    const builtInParent = kind === 'data' && parentName !== undefined && Object.hasOwn(builtIn, parentName);
    const circular = derivesFromItself(kind, wanted);
    const parent = parentName === undefined || builtInParent || circular ? undefined : find(kind, parentName);
    const known = before?.resolved.get(kind)?.get(wanted);
    const same = known !== undefined && isSame(known, written) && known.parent === parent;
    const type = same
      ? known
      : resolve(kind, wanted, written, parent, {
          primitive: builtInParent ? parentName : parent?.primitive,
          missing: parentName !== undefined && parent === undefined && !builtInParent ? parentName : undefined,
          circular,
          names: qualified(prefix === undefined ? undefined : (of, called) => qualify(prefix, of, called)),
        });
    ofKind.set(wanted, type);
    return type;
  };

  const names = (kind: TypeKind): readonly string[] => {
    const known = listed.get(kind);
    if (known !== undefined) return known;
    const old = before?.names.get(kind);
    const now = [...declaredOf(kind).keys()];
    const list = old !== undefined && sameItems(old, now) ? old : now;
    listed.set(kind, list);
    return list;
  };

  const catalog: Catalog = {
    serial: ++serials,
    complete,
    find,
    names,
    isA: (kind, wanted, ancestor) => wanted === ancestor || (find(kind, wanted)?.ancestry.includes(ancestor) ?? false),
  };
  knownOf.set(catalog, { resolved, names: listed });
  return catalog;
}

function isSame(known: Written, { entry, uri, prefix }: Declared): boolean {
  return known.entry === entry && known.uri === uri && prefix === undefined && !mayChange(entry);
}

/** A capability as a node type offers it: its type, with the properties that the node type refines. */
export function offeredCapability(
  catalog: Catalog,
  nodeType: ResolvedType | undefined,
  wanted: string,
): { readonly type: ResolvedType; readonly properties: ReadonlyMap<string, PropertyDefinition> } | undefined {
  const definition = nodeType?.capabilities.get(wanted);
  const type = definition === undefined ? undefined : catalog.find('capability', definition.type);
  if (definition === undefined || type === undefined) return undefined;
  if (definition.properties.size === 0) return { type, properties: type.properties };
  return { type, properties: new Map([...type.properties, ...definition.properties]) };
}

function resolve(
  kind: TypeKind,
  typeName: string,
  written: Written,
  parent: ResolvedType | undefined,
  base: {
    readonly primitive: string | undefined;
    readonly missing: string | undefined;
    readonly circular: boolean;
    readonly names: Qualified;
  },
): ResolvedType {
  const { entry, uri } = written;
  const { names } = base;
  const property = (each: Entry, place: string) => names.property(readProperty(each, place));
  const body = entry.value;
  const inherit = <T>(
    inherited: ReadonlyMap<string, T> | undefined,
    own: readonly Entry[],
    make: (entry: Entry, uri: string) => T,
  ) => new Map([...(inherited ?? []), ...own.map((each): [string, T] => [name(each), make(each, uri)])]);
  const entrySchema = get(body, 'entry_schema');
  const keySchema = get(body, 'key_schema');
  return {
    kind,
    name: typeName,
    entry,
    uri,
    parent,
    ancestry: [typeName, ...(parent?.ancestry ?? [])],
    description: text(get(body, 'description')) ?? parent?.description,
    properties: inherit(parent?.properties, entries(get(body, 'properties')), property),
    attributes: inherit(parent?.attributes, entries(get(body, 'attributes')), property),
    capabilities: inherit(parent?.capabilities, entries(get(body, 'capabilities')), (each, place) =>
      names.capability(readCapability(each, place)),
    ),
    requirements: inherit(parent?.requirements, items(get(body, 'requirements')).flatMap(entries), (each, place) =>
      names.requirement(readRequirement(each, place)),
    ),
    artifacts: inherit(parent?.artifacts, entries(get(body, 'artifacts')), (each, place) =>
      names.artifact(readArtifact(each, place)),
    ),
    interfaces: inherit(parent?.interfaces, entries(get(body, 'interfaces')), (each, place) => ({
      entry: each,
      uri: place,
    })),
    primitive: base.primitive,
    constraints: [...(parent?.constraints ?? []), ...readConstraints(entryOf(body, 'constraints')?.value)],
    entrySchema: entrySchema === undefined ? parent?.entrySchema : names.schema(readSchema(entrySchema)),
    keySchema: keySchema === undefined ? parent?.keySchema : names.schema(readSchema(keySchema)),
    missingParent: base.missing,
    circular: base.circular,
  };
}
