// Every place of a template where properties get values, with the type that says which: nodes, capabilities, relationships, policies.
import { type Entry, entries, get, items, type Mapping, type Node, name, text, valueAt } from '../syntax/nodes.ts';
import { offeredCapability, type ResolvedType } from '../types/catalog.ts';
import type { PropertyDefinition } from '../types/definitions.ts';
import type { NodeTemplate, TemplateView } from './template.ts';

export interface Assignment {
  /** What the properties belong to, as a diagnostic calls it. */
  readonly owner: string;
  readonly type: ResolvedType;
  readonly properties: ReadonlyMap<string, PropertyDefinition>;
  /** The map of values; undefined where the section is missing. */
  readonly values: Mapping | undefined;
  /** What a missing property is reported at. */
  readonly at: Node;
  readonly node: NodeTemplate | undefined;
}

export function nodeAssignments(template: TemplateView, node: NodeTemplate): readonly Assignment[] {
  const body = node.entry.value;
  const all: Assignment[] = [];
  if (node.type !== undefined) {
    all.push(assignment(`node template "${node.name}"`, node.type, body, node.entry, node));
    for (const capability of node.capabilities) {
      const offered = offeredCapability(template.catalog, node.type, name(capability));
      if (offered === undefined) continue;
      const owner = `capability "${name(capability)}"`;
      all.push({
        ...assignment(owner, offered.type, capability.value, capability, node),
        properties: offered.properties,
      });
    }
  }
  for (const { relationship, entry } of node.requirements) {
    const type = typeOf(template, get(relationship, 'type'));
    if (relationship?.kind === 'mapping' && type !== undefined)
      all.push(assignment('relationship', type, relationship, entry, node));
  }
  return all;
}

function typeOf(template: TemplateView, written: Node | undefined): ResolvedType | undefined {
  const wanted = text(written);
  return wanted === undefined ? undefined : template.catalog.find('relationship', wanted);
}

export function relationshipAssignment(template: TemplateView, entry: Entry): readonly Assignment[] {
  const type = typeOf(template, get(entry.value, 'type'));
  return type === undefined
    ? []
    : [assignment(`relationship template "${name(entry)}"`, type, entry.value, entry, undefined)];
}

export function policyAssignments(template: TemplateView, root: Node): readonly Assignment[] {
  return items(valueAt(root, 'topology_template', 'policies'))
    .flatMap(entries)
    .flatMap(entry => {
      const wanted = text(get(entry.value, 'type'));
      const type = wanted === undefined ? undefined : template.catalog.find('policy', wanted);
      return type === undefined ? [] : [assignment(`policy "${name(entry)}"`, type, entry.value, entry, undefined)];
    });
}

function assignment(
  owner: string,
  type: ResolvedType,
  body: Node | undefined,
  entry: Entry,
  node: NodeTemplate | undefined,
): Assignment {
  const values = get(body, 'properties');
  return {
    owner,
    type,
    properties: type.properties,
    values: values?.kind === 'mapping' ? values : undefined,
    at: entry.key,
    node,
  };
}
