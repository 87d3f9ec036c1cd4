// Walks a file along the grammar: every construct that is there, with its keynames, in the order of the text.
import { type Mapping, type Node, name } from '../syntax/nodes.ts';
import { type GrammarFacts, openFacts, type Path, type WrongShape } from './facts.ts';
import { type Construct, grammar, type Keyname, type Shape, type TypeKind, typeKeynames } from './keynames.ts';
import { isBefore, type Version } from './versions.ts';

/** Maps of names whose entries are read on their own, by `readEntry`; `read` leaves them out. */
export const entryMaps: readonly Path[] = [
  ...['inputs', 'node_templates', 'relationship_templates', 'outputs', 'groups', 'workflows'].map(key => [
    'topology_template',
    key,
  ]),
  ...Object.values(typeKeynames).map(key => [key]),
];

const entryMapKeys = new Set(entryMaps.map(map => map.join('\n')));

export const isEntryMap = (path: Path): boolean => path.length <= 2 && entryMapKeys.has(path.join('\n'));

/** The file without the entries of `entryMaps`. */
export function read(root: Mapping, version: Version): GrammarFacts {
  const { facts, construct } = walker(version);
  construct('service template', root, []);
  return facts;
}

/** One entry of one of `entryMaps`, at its path. */
export function readEntry(path: Path, node: Node | undefined, version: Version): GrammarFacts {
  const { facts, shape } = walker(version);
  const own = entryShape(path);
  if (own !== undefined) shape(own, node, path, undefined);
  return facts;
}

/** What an entry of one of `entryMaps` is, at its path. */
export function entryShape(path: Path): Shape | undefined {
  const map = path.slice(0, -1).reduce<Shape | undefined>(below, { construct: 'service template' });
  return typeof map === 'object' && 'mapOf' in map ? map.mapOf : undefined;
}

function below(shape: Shape | undefined, key: string): Shape | undefined {
  return typeof shape === 'object' && 'construct' in shape ? grammar[shape.construct].keynames[key]?.shape : undefined;
}

const aList = 'a list, each item on a line of its own that begins with `- `,';
const booleans = /^(true|false|yes|no|on|off|1|0)$/i;

function walker(version: Version) {
  const facts = openFacts();
  return { facts, construct, shape };

  function wrong(node: Node, expected: string, mend?: WrongShape['mend']): void {
    facts.wrongShapes.push({ node, expected, ...(mend !== undefined && { mend }) });
  }

  function construct(kind: Construct, node: Mapping, path: Path): void {
    facts.constructs.push({ construct: kind, node, path });
    const { keynames, others } = grammar[kind];
    for (const entry of node.entries) {
      const key = name(entry);
      const known = Object.hasOwn(keynames, key) ? keynames[key] : undefined;
      if (known !== undefined && isIn(known, version)) {
        if (known.production === 'dropped') facts.dropped.push({ construct: kind, node, entry });
        if (entry.value === undefined && known.required !== true && saysMore(known.shape))
          facts.valueless.push({ node, entry });
        shape(known.shape, entry.value, [...path, key], node);
      } else if (others !== undefined) shape(others, entry.value, [...path, key], node);
      else facts.unknownKeynames.push({ construct: kind, node, entry, known, path });
    }
  }

  function shape(expected: Shape, node: Node | undefined, path: Path, holder: Mapping | undefined): void {
    if (node === undefined || node.kind === 'alias') return;
    if (typeof expected === 'string') simple(expected, node, path, holder);
    else if ('oneOf' in expected) word(expected.oneOf, node);
    else if ('type' in expected) typeName([expected.type], node, path);
    else if ('types' in expected) {
      if (node.kind === 'mapping') wrong(node, 'a list of names of types');
      else for (const item of node.kind === 'sequence' ? node.items : [node]) typeName(expected.types, item, path);
    } else if ('construct' in expected) {
      if (node.kind === 'mapping') construct(expected.construct, node, path);
      else if (node.kind === 'sequence' || expected.short !== true) wrong(node, 'a map');
      else {
        facts.shorts.push({ construct: expected.construct, node, path });
        if (expected.scalar !== undefined) shape(expected.scalar, node, path, holder);
      }
    } else if ('mapOf' in expected) {
      if (node.kind !== 'mapping') wrong(node, 'a map');
      else if (!isEntryMap(path))
        for (const entry of node.entries) shape(expected.mapOf, entry.value, [...path, name(entry)], node);
    } else if ('listOf' in expected) {
      if (node.kind === 'sequence')
        for (const [index, item] of node.items.entries())
          shape(expected.listOf, item, [...path, String(index)], holder);
      else if (expected.single === true) shape(expected.listOf, node, path, holder);
      else wrong(node, aList, 'item');
    } else if ('pairsOf' in expected) pairs(expected.pairsOf, node, path);
    else {
      const own = expected[node.kind];
      if (own === undefined) wrong(node, expected.expected);
      else shape(own, node, path, holder);
    }
  }

  function simple(expected: string & Shape, node: Node, path: Path, holder: Mapping | undefined): void {
    switch (expected) {
      case 'text':
        if (node.kind !== 'scalar') wrong(node, 'a text');
        return;
      case 'expression':
        if (node.kind === 'sequence') wrong(node, 'a text');
        return;
      case 'boolean':
        if (node.kind !== 'scalar' || !booleans.test(node.value))
          wrong(node, '`true` or `false`', { words: ['true', 'false'] });
        return;
      case 'integer':
        if (node.kind !== 'scalar' || !/^\d+$/.test(node.value)) wrong(node, 'a whole number');
        return;
      case 'texts':
        if (node.kind === 'mapping') wrong(node, 'a list of names');
        else if (node.kind === 'sequence')
          for (const item of node.items) if (item.kind !== 'scalar' && item.kind !== 'alias') wrong(item, 'a name');
        return;
      case 'values':
        if (node.kind !== 'mapping') wrong(node, 'a map');
        return;
      case 'occurrences':
        if (!isOccurrences(node)) wrong(node, 'a range such as `[0, UNBOUNDED]`, the lower number first,');
        return;
      case 'constraints':
        if (node.kind === 'scalar') wrong(node, 'a list of conditions such as `- greater_or_equal: 1`');
        else facts.constraints.push({ node, holder, path });
        return;
      case 'condition':
        condition(node, path);
    }
  }

  function word(words: readonly string[], node: Node): void {
    if (node.kind !== 'scalar' || !words.includes(node.value))
      wrong(node, `one of ${words.map(each => `\`${each}\``).join(', ')}`, { words });
  }

  function typeName(kinds: readonly TypeKind[], node: Node, path: Path): void {
    const [kind, ...others] = kinds;
    if (node.kind === 'scalar' && kind !== undefined) facts.types.push({ kind, others, node, path });
    else if (node.kind !== 'alias') wrong(node, 'the name of a type');
  }

  function pairs(expected: Shape, node: Node, path: Path): void {
    if (node.kind !== 'sequence') {
      wrong(node, aList, node.kind === 'mapping' ? 'items' : 'item');
      return;
    }
    for (const item of node.items) {
      if (item.kind === 'alias') continue;
      const [entry, second] = item.kind === 'mapping' ? item.entries : [];
      if (entry === undefined) wrong(item, 'a map with one key');
      else {
        if (second !== undefined) wrong(second.key, 'one key in each item; begin a new item with `- `');
        shape(expected, entry.value, [...path, name(entry)], undefined);
      }
    }
  }

  /** `- attribute: [clauses]`, or such lists under `and`, `or`, `not`, `assert`. */
  function condition(node: Node, path: Path): void {
    for (const clause of node.kind === 'sequence' ? node.items : [node]) {
      if (clause.kind === 'alias') continue;
      if (clause.kind !== 'mapping') wrong(clause, 'a condition such as `- state: [ { equal: started } ]`');
      else
        for (const entry of clause.entries) {
          const nested = ['and', 'or', 'not', 'assert'].includes(name(entry));
          if (entry.value !== undefined)
            shape(nested ? 'condition' : 'constraints', entry.value, [...path, name(entry)], undefined);
        }
    }
  }
}

/** Two whole numbers, the lower one first; the second may be UNBOUNDED. */
function isOccurrences(node: Node): boolean {
  const [low, high, more] = node.kind === 'sequence' ? node.items : [];
  if (low?.kind !== 'scalar' || high?.kind !== 'scalar' || more !== undefined) return false;
  if (!/^\d+$/.test(low.value)) return false;
  return /^unbounded$/i.test(high.value) || (/^\d+$/.test(high.value) && Number(low.value) <= Number(high.value));
}

/** Whether a shape is a single value, and not just any. */
function saysMore(shape: Shape): boolean {
  return typeof shape === 'string'
    ? shape === 'boolean' || shape === 'integer' || shape === 'occurrences'
    : 'type' in shape || 'oneOf' in shape;
}

export function isIn(keyname: Pick<Keyname, 'since' | 'until'>, version: Version): boolean {
  return !(
    (keyname.since !== undefined && isBefore(version, keyname.since)) ||
    (keyname.until !== undefined && isBefore(keyname.until, version))
  );
}
