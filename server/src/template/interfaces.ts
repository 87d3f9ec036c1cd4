// The interfaces of a node or relationship type, the operations of each and their inputs, along the inheritance and the interface types;
// and where a template fills them in.
import { type Entry, entries, entryNamed, get, type Node, name, text } from '../syntax/nodes.ts';
import type { Catalog, ResolvedType } from '../types/catalog.ts';
import { type PropertyDefinition, readProperty } from '../types/definitions.ts';
import { relationshipType } from './entities.ts';
import type { Part } from './part.ts';

const keynames: ReadonlySet<string> = new Set([
  'type',
  'inputs',
  'description',
  'operations',
  'notifications',
  'metadata',
  'derived_from',
  'version',
]);

/** Interfaces that a definition may name without a `type`, as the profiles of the standard do. */
const normative: Readonly<Record<string, string>> = {
  Standard: 'tosca.interfaces.node.lifecycle.Standard',
  Configure: 'tosca.interfaces.relationship.Configure',
};

/** Undefined where the type has no such interface, `unknown` where nobody can say what is in it. */
export function operationsOf(
  catalog: Catalog,
  type: ResolvedType,
  wanted: string,
): ReadonlySet<string> | 'unknown' | undefined {
  const found = new Set<string>();
  let declared = false;
  let known = true;
  for (let at: ResolvedType | undefined = type; at !== undefined; at = at.parent) {
    if (at.missingParent !== undefined) known = false;
    const definition = entries(get(at.entry.value, 'interfaces')).find(each => name(each) === wanted);
    if (definition === undefined) continue;
    declared = true;
    for (const operation of operationNames(definition.value)) found.add(operation);
    const typeName = text(get(definition.value, 'type'));
    if (typeName !== undefined) known = addType(catalog, typeName, found) && known;
  }
  const implied = normative[wanted] ?? (catalog.find('interface', wanted) === undefined ? undefined : wanted);
  if (implied !== undefined) declared = addType(catalog, implied, found) || declared;
  if (!known) return 'unknown';
  return declared ? found : undefined;
}

const operationNames = (body: Node | undefined): readonly string[] => operationsIn(body).map(name);

function addType(catalog: Catalog, typeName: string, found: Set<string>): boolean {
  let type = catalog.find('interface', typeName);
  if (type === undefined) return false;
  for (; type !== undefined; type = type.parent) {
    for (const operation of operationNames(type.entry.value)) found.add(operation);
    if (type.missingParent !== undefined) return false;
  }
  return true;
}

/** What a template writes under `interfaces`, and the type that says what may be there. */
export interface FilledIn {
  readonly type: ResolvedType;
  readonly interfaces: readonly Entry[];
}

/** Of a node and of the relationships of its requirements, or of a relationship template; where the type is known. */
export function filledInterfaces({ node, template, entry, path }: Part): readonly FilledIn[] {
  const written = (type: ResolvedType | undefined, body: Node | undefined): readonly FilledIn[] => {
    const interfaces = entries(get(body, 'interfaces'));
    return type === undefined || interfaces.length === 0 ? [] : [{ type, interfaces }];
  };
  if (node !== undefined)
    return [
      ...written(node.type, node.entry.value),
      ...node.requirements.flatMap(each => written(relationshipType(template, node, each), each.relationship)),
    ];
  if (path[1] !== 'relationship_templates') return [];
  return written(template.catalog.find('relationship', text(get(entry?.value, 'type')) ?? ''), entry?.value);
}

/** The operations that stand in an interface, as definition or assignment: those of before 1.3 beside its keynames. */
export const operationsIn = (body: Node | undefined): readonly Entry[] => [
  ...entries(body).filter(each => !keynames.has(name(each))),
  ...entries(get(body, 'operations')),
  ...entries(get(body, 'notifications')),
];

/** The inputs that are declared for an operation, by name: the nearest declaration counts. */
export function operationInputs(
  catalog: Catalog,
  { type, interfaces }: FilledIn,
  wanted: string,
  operation: string,
): ReadonlyMap<string, PropertyDefinition> {
  const found = new Map<string, PropertyDefinition>();
  const take = (body: Node | undefined, uri: string) => {
    const own = get(entryNamed(operationsIn(body), operation)?.value, 'inputs');
    for (const input of [...entries(own), ...entries(get(body, 'inputs'))])
      if (text(get(input.value, 'type')) !== undefined && !found.has(name(input)))
        found.set(name(input), readProperty(input, uri));
  };
  let typeName = text(get(entryNamed(interfaces, wanted)?.value, 'type'));
  for (let at: ResolvedType | undefined = type; at !== undefined; at = at.parent) {
    const definition = entryNamed(entries(get(at.entry.value, 'interfaces')), wanted);
    take(definition?.value, at.uri);
    typeName ??= text(get(definition?.value, 'type'));
  }
  typeName ??= normative[wanted] ?? wanted;
  for (let at = catalog.find('interface', typeName); at !== undefined; at = at.parent) take(at.entry.value, at.uri);
  return found;
}

export function interfaceNames(type: ResolvedType): readonly string[] {
  return [...type.interfaces.keys()];
}
