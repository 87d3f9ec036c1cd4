// What the types want at a place below `properties`: a property of an owner, or a value of a schema. For completion and hover.

import type { TypeKind } from '../grammar/keynames.ts';
import { entries, entryOf, get, items, type Node, name, text, valueAt } from '../syntax/nodes.ts';
import { relationshipType, type Scope } from '../template/entities.ts';
import { operationInputs } from '../template/interfaces.ts';
import type { Template } from '../template/template.ts';
import { type Catalog, offeredCapability, type ResolvedType } from '../types/catalog.ts';
import type { PropertyDefinition, Schema } from '../types/definitions.ts';
import { builtIn } from '../types/scalars.ts';
import type { Step } from './locate.ts';

/** Something whose type says what may be in it. */
export interface Owner {
  readonly type: ResolvedType;
  readonly body: Node | undefined;
  /** Keys from there on. */
  readonly rest: readonly string[];
}

const owners: Readonly<Record<string, TypeKind>> = {
  node_templates: 'node',
  relationship_templates: 'relationship',
  groups: 'group',
  policies: 'policy',
};

/** The innermost node template, relationship, group or policy that a path of keys leads through, if its type is known. */
export function ownerAt(template: Template, root: Node, path: readonly string[]): Owner | undefined {
  const [topology, section = '', owner, ...rest] = path;
  if (topology !== 'topology_template' || owner === undefined) return undefined;
  const kind = Object.hasOwn(owners, section) ? owners[section] : undefined;
  if (kind === undefined) return undefined;
  const all = valueAt(root, topology, section);
  const body = get(all?.kind === 'sequence' ? all.items.find(item => entryOf(item, owner)) : all, owner);
  const [requirements, requirement, relationship, ...further] = rest;
  if (requirements === 'requirements' && requirement !== undefined && relationship === 'relationship') {
    const written = items(get(body, requirements)).map(item => valueAt(item, requirement, relationship));
    const inLong = written.find(each => each?.kind === 'mapping');
    const type = relationshipType(template, template.nodes.get(owner), { name: requirement, relationship: inLong });
    return type && { type, body: inLong, rest: further };
  }
  const type = template.catalog.find(kind, text(get(body, 'type')) ?? '');
  return type && { type, body, rest };
}

/** What SELF and the like are at a path. */
export function scopeAt(
  { nodes }: Template,
  [topology, section, owner = '', group, of, inside]: readonly string[],
): Scope {
  const node = topology === 'topology_template' && section === 'node_templates' ? nodes.get(owner) : undefined;
  const within = group === 'requirements' && inside === 'relationship';
  const requirement = within ? node?.requirements.find(each => each.name === of) : undefined;
  return { node, type: undefined, requirement };
}

/** The properties that may be set in the `properties` map at a path, or an operation's inputs in `inputs`; undefined where no type says. */
export function propertiesAt(
  template: Template,
  root: Node,
  path: readonly string[],
): ReadonlyMap<string, PropertyDefinition> | undefined {
  const { catalog } = template;
  const owner = ownerAt(template, root, path);
  if (owner === undefined) return undefined;
  const { type, body, rest } = owner;
  const [group, member = '', third, fourth = ''] = rest;
  if (group === 'interfaces' && rest.at(-1) === 'inputs' && third !== undefined) {
    const operation = third === 'operations' ? fourth : third;
    return operationInputs(catalog, { type, interfaces: entries(get(body, group)) }, member, operation);
  }
  if (rest.length === 1)
    return group === 'properties' ? type.properties : group === 'attributes' ? type.attributes : undefined;
  if (rest.length !== 3 || third !== 'properties') return undefined;
  if (group === 'capabilities') return offeredCapability(catalog, type, member)?.properties;
  if (group !== 'artifacts') return undefined;
  return catalog.find('artifact', text(valueAt(body, group, member, 'type')) ?? '')?.properties;
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
