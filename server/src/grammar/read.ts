// Walks a file along the grammar: every construct that is there, with its keynames, in the order of the text.
import { type Entry, type Mapping, type Node, name, type Scalar } from '../syntax/nodes.ts';
import { type Construct, grammar, type Keyname, type Shape, type TypeKind, typeKeynames } from './keynames.ts';
import { isBefore, type Version } from './versions.ts';

/** What the grammar finds in a file or an entry, in the order of the text. */
export interface GrammarFacts {
  /** The constructs that are written as maps. */
  readonly constructs: { readonly construct: Construct; readonly node: Mapping; readonly path: Path }[];
  /** Keys of a construct that its grammar does not have, or (then `known`) not in this version. */
  readonly unknownKeynames: {
    readonly construct: Construct;
    readonly node: Mapping;
    readonly entry: Entry;
    readonly known: Keyname | undefined;
    readonly path: Path;
  }[];
  /** Something else than the grammar wants: `expected` ends a sentence ("a map"). */
  readonly wrongShapes: { readonly node: Node; readonly expected: string }[];
  /** Names of types where only a type may stand. */
  readonly types: { readonly kind: TypeKind; readonly node: Scalar; readonly path: Path }[];
}

/** The keys from the root of the file down to a node; a list item that is a pair counts as its key. */
export type Path = readonly string[];

/** Maps of names whose entries are read on their own, by `readEntry`; `read` leaves them out. */
export const entryMaps: readonly Path[] = [
  ...['inputs', 'node_templates', 'relationship_templates', 'outputs', 'groups', 'workflows'].map(key => [
    'topology_template',
    key,
  ]),
  ...Object.values(typeKeynames).map(key => [key]),
];

export const isEntryMap = (path: Path): boolean =>
  entryMaps.some(map => map.length === path.length && map.every((key, at) => key === path[at]));

/** The file without the entries of `entryMaps`. */
export function read(root: Mapping, version: Version): GrammarFacts {
  const { facts, construct } = walker(version);
  construct('service template', root, []);
  return facts;
}

/** One entry of one of `entryMaps`, at its path. */
export function readEntry(path: Path, node: Node | undefined, version: Version): GrammarFacts {
  const { facts, shape } = walker(version);
  const own = path.slice(0, -1).reduce<Shape | undefined>(below, { construct: 'service template' });
  if (typeof own === 'object' && 'mapOf' in own) shape(own.mapOf, node, path);
  return facts;
}

function below(shape: Shape | undefined, key: string): Shape | undefined {
  return typeof shape === 'object' && 'construct' in shape ? grammar[shape.construct].keynames[key]?.shape : undefined;
}

function walker(version: Version) {
  const facts: GrammarFacts = { constructs: [], unknownKeynames: [], wrongShapes: [], types: [] };
  return { facts, construct, shape };

  function wrong(node: Node, expected: string): void {
    facts.wrongShapes.push({ node, expected });
  }

  function construct(kind: Construct, node: Mapping, path: Path): void {
    facts.constructs.push({ construct: kind, node, path });
    const { keynames, others } = grammar[kind];
    for (const entry of node.entries) {
      const key = name(entry);
      const known = Object.hasOwn(keynames, key) ? keynames[key] : undefined;
      const inVersion = known !== undefined && isIn(known, version);
      if (inVersion) shape(known.shape, entry.value, [...path, key]);
      else if (others !== undefined) shape(others, entry.value, [...path, key]);
      else facts.unknownKeynames.push({ construct: kind, node, entry, known, path });
    }
  }

  function shape(expected: Shape, node: Node | undefined, path: Path): void {
    if (node === undefined || node.kind === 'alias' || expected === 'any') return;
    if (expected === 'text' || expected === 'boolean') {
      if (node.kind !== 'scalar') wrong(node, expected === 'text' ? 'a text' : '`true` or `false`');
      else if (expected === 'boolean' && !/^(true|false|yes|no|on|off|1|0)$/i.test(node.value))
        wrong(node, '`true` or `false`');
    } else if (expected === 'texts') {
      if (node.kind === 'mapping') wrong(node, 'a list');
    } else if (expected === 'values') {
      if (node.kind !== 'mapping') wrong(node, 'a map');
    } else if ('type' in expected) {
      if (node.kind === 'scalar') facts.types.push({ kind: expected.type, node, path });
      else wrong(node, 'the name of a type');
    } else if ('construct' in expected) {
      if (node.kind === 'mapping') construct(expected.construct, node, path);
      else if (node.kind === 'sequence' || expected.short !== true) wrong(node, 'a map');
    } else if ('mapOf' in expected) {
      if (node.kind !== 'mapping') wrong(node, 'a map');
      else if (!isEntryMap(path))
        for (const entry of node.entries) shape(expected.mapOf, entry.value, [...path, name(entry)]);
    } else if ('listOf' in expected) {
      if (node.kind !== 'sequence') wrong(node, 'a list: each item on a line of its own that begins with `- `');
      else for (const [index, item] of node.items.entries()) shape(expected.listOf, item, [...path, String(index)]);
    } else {
      pairs(expected.pairsOf, node, path);
    }
  }

  function pairs(expected: Shape, node: Node, path: Path): void {
    if (node.kind !== 'sequence') {
      wrong(node, 'a list: each item on a line of its own that begins with `- `');
      return;
    }
    for (const item of node.items) {
      const [entry, second] = item.kind === 'mapping' ? item.entries : [];
      if (entry === undefined) wrong(item, 'a map with one key');
      else {
        if (second !== undefined) wrong(second.key, 'one key in each item; begin a new item with `- `');
        shape(expected, entry.value, [...path, name(entry)]);
      }
    }
  }
}

export function isIn(keyname: Keyname, version: Version): boolean {
  return !(
    (keyname.since !== undefined && isBefore(version, keyname.since)) ||
    (keyname.until !== undefined && isBefore(keyname.until, version))
  );
}
