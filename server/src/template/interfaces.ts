// The interfaces of a node or relationship type, and the operations of each, along the inheritance and the interface types.
import { entries, get, name, text } from '../syntax/nodes.ts';
import type { Catalog, ResolvedType } from '../types/catalog.ts';

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

function operationNames(body: Parameters<typeof entries>[0]): readonly string[] {
  const own = entries(body)
    .map(name)
    .filter(each => !keynames.has(each));
  return [...own, ...entries(get(body, 'operations')).map(name), ...entries(get(body, 'notifications')).map(name)];
}

function addType(catalog: Catalog, typeName: string, found: Set<string>): boolean {
  let type = catalog.find('interface', typeName);
  if (type === undefined) return false;
  for (; type !== undefined; type = type.parent) {
    for (const operation of operationNames(type.entry.value)) found.add(operation);
    if (type.missingParent !== undefined) return false;
  }
  return true;
}

export function interfaceNames(type: ResolvedType): readonly string[] {
  return [...type.interfaces.keys()];
}
