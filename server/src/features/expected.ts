// What the types want at a place below `properties`: a property of an owner, or a value of a schema. For completion and hover.
import { entries, get, type Node, name, text, valueAt } from '../syntax/nodes.ts';
import { operationInputs } from '../template/interfaces.ts';
import { type Catalog, offeredCapability, type ResolvedType } from '../types/catalog.ts';
import type { PropertyDefinition, Schema } from '../types/definitions.ts';
import { builtIn } from '../types/scalars.ts';
import type { Step } from './locate.ts';

/** The type of the node template that a path of keys leads through. */
export function nodeTypeAt(root: Node, path: readonly string[], catalog: Catalog): ResolvedType | undefined {
  const [topology, section, node] = path;
  if (topology !== 'topology_template' || section !== 'node_templates' || node === undefined) return undefined;
  const wanted = text(valueAt(root, topology, section, node, 'type'));
  return wanted === undefined ? undefined : catalog.find('node', wanted);
}

/** The properties that may be set in the `properties` map at a path, or an operation's inputs in `inputs`; undefined where no type says. */
export function propertiesAt(
  root: Node,
  path: readonly string[],
  catalog: Catalog,
): ReadonlyMap<string, PropertyDefinition> | undefined {
  const nodeType = nodeTypeAt(root, path, catalog);
  if (path.at(-1) === 'inputs' && path[3] === 'interfaces' && nodeType !== undefined) {
    const interfaces = entries(valueAt(root, ...path.slice(0, 4)));
    const operation = path[5] === 'operations' ? path[6] : path[5];
    return operationInputs(catalog, { type: nodeType, interfaces }, path[4] ?? '', operation ?? '');
  }
  if (path.at(-1) !== 'properties') return undefined;
  if (nodeType !== undefined) {
    if (path.length === 4) return nodeType.properties;
    const [, , , group, member] = path;
    if (group === 'capabilities' && member !== undefined && path.length === 6) {
      return offeredCapability(catalog, nodeType, member)?.properties;
    }
  }
  const [topology, section, owner] = path;
  if (topology !== 'topology_template' || owner === undefined) return undefined;
  if (section === 'relationship_templates') {
    const wanted = text(valueAt(root, topology, section, owner, 'type'));
    return wanted === undefined ? undefined : catalog.find('relationship', wanted)?.properties;
  }
  if (section === 'policies') {
    const list = valueAt(root, topology, section);
    const policies = list?.kind === 'sequence' ? list.items.flatMap(entries) : [];
    const wanted = text(get(policies.find(entry => name(entry) === owner)?.value, 'type'));
    return wanted === undefined ? undefined : catalog.find('policy', wanted)?.properties;
  }
  return undefined;
}

export type Expected =
  /** The name of one of these is expected, or stands there. */
  | {
      readonly kind: 'property';
      readonly properties: ReadonlyMap<string, PropertyDefinition>;
      readonly definition: PropertyDefinition | undefined;
    }
  | { readonly kind: 'value'; readonly schema: Schema; readonly definition: PropertyDefinition | undefined };

/** Follows the steps below a `properties` map down along the types. */
export function expectedAt(
  properties: ReadonlyMap<string, PropertyDefinition>,
  steps: readonly Step[],
  catalog: Catalog,
): Expected | undefined {
  let current: Expected = { kind: 'property', properties, definition: undefined };
  for (const step of steps) {
    if (current.kind === 'value') {
      const into = members(current.schema, catalog);
      if (into !== undefined) current = { kind: 'property', properties: into, definition: undefined };
    }
    if ('item' in step) {
      if (current.kind !== 'value' || current.schema.entry === undefined) return undefined;
      current = { kind: 'value', schema: current.schema.entry, definition: undefined };
    } else if (current.kind === 'property') {
      const definition: PropertyDefinition | undefined = current.properties.get(name(step.entry));
      if (step.onKey) return { ...current, definition };
      if (definition === undefined) return undefined;
      current = { kind: 'value', schema: definition.schema, definition };
    } else {
      if (step.onKey || current.schema.type !== 'map' || current.schema.entry === undefined) return undefined;
      current = { kind: 'value', schema: current.schema.entry, definition: undefined };
    }
  }
  return current;
}

/** The properties of a complex data type. */
export function members(schema: Schema, catalog: Catalog): ReadonlyMap<string, PropertyDefinition> | undefined {
  if (Object.hasOwn(builtIn, schema.type)) return undefined;
  const type = catalog.find('data', schema.type);
  return type === undefined || type.primitive !== undefined ? undefined : type.properties;
}
