// Every place of a template where properties get values, with the type that says which: nodes, capabilities, relationships, policies.
import { type Entry, entries, get, items, type Mapping, type Node, name, text, valueAt } from '../syntax/nodes.ts';
import { offeredCapability, type ResolvedType } from '../types/catalog.ts';
import type { PropertyDefinition } from '../types/definitions.ts';
import { relationshipType } from './entities.ts';
import type { NodeTemplate, TemplateView } from './template.ts';

export interface Assignment {
  /** What the properties belong to, as a diagnostic calls it. */
  readonly owner: string;
  readonly type: ResolvedType;
  readonly properties: ReadonlyMap<string, PropertyDefinition>;
  /** The map of values; undefined where the section is missing. */
  readonly values: Mapping | undefined;
  /** What holds that map, or would. */
  readonly body: Node | undefined;
  /** What a missing property is reported at. */
  readonly at: Node;
  readonly node: NodeTemplate | undefined;
}

export function nodeAssignments(template: TemplateView, node: NodeTemplate): readonly Assignment[] {
  const body = node.entry.value;
  const all: Assignment[] = [];
  if (node.type !== undefined) {
    all.push(assignment(template, `node template "${node.name}"`, node.type, body, node.entry, node));
    for (const capability of node.capabilities) {
      const offered = offeredCapability(template.catalog, node.type, name(capability));
      if (offered === undefined) continue;
      const owner = `capability "${name(capability)}"`;
      const { type, properties } = offered;
      all.push(assignment(template, owner, type, capability.value, capability, node, properties));
    }
  }
  for (const requirement of node.requirements) {
    const { relationship, entry } = requirement;
    const named = text(get(relationship, 'type'));
    // a relationship template has values of its own; production looks at a relationship only where the assignment names its type
    const byTemplate = template.relationships.has(text(relationship) ?? named ?? '');
    if (byTemplate || (named === undefined && template.dialect === 'orchestrator')) continue;
    const type = relationshipType(template, node, requirement);
    if (type !== undefined) all.push(assignment(template, 'relationship', type, relationship, entry, node));
  }
  return all;
}

export function groupAssignment(template: TemplateView, entry: Entry): readonly Assignment[] {
  const wanted = text(get(entry.value, 'type'));
  const type = wanted === undefined ? undefined : template.catalog.find('group', wanted);
  // production reads the members of a group and nothing else
  return type === undefined || template.dialect === 'orchestrator'
    ? []
    : [assignment(template, `group "${name(entry)}"`, type, entry.value, entry, undefined)];
}

function typeOf(template: TemplateView, written: Node | undefined): ResolvedType | undefined {
  const wanted = text(written);
  return wanted === undefined ? undefined : template.catalog.find('relationship', wanted);
}

export function relationshipAssignment(template: TemplateView, entry: Entry): readonly Assignment[] {
  const type = typeOf(template, get(entry.value, 'type'));
  return type === undefined
    ? []
    : [assignment(template, `relationship template "${name(entry)}"`, type, entry.value, entry, undefined)];
}

export function policyAssignments(template: TemplateView, root: Node): readonly Assignment[] {
  return items(valueAt(root, 'topology_template', 'policies'))
    .flatMap(entries)
    .flatMap(entry => {
      const wanted = text(get(entry.value, 'type'));
      const type = wanted === undefined ? undefined : template.catalog.find('policy', wanted);
      return type === undefined
        ? []
        : [assignment(template, `policy "${name(entry)}"`, type, entry.value, entry, undefined)];
    });
}

function assignment(
  template: TemplateView,
  owner: string,
  type: ResolvedType,
  body: Node | undefined,
  entry: Entry,
  node: NodeTemplate | undefined,
  properties = type.properties,
): Assignment {
  const written = get(body, 'properties');
  const values = written?.kind === 'alias' ? template.anchor(written.name) : written;
  return {
    owner,
    type,
    properties,
    values: values?.kind === 'mapping' ? values : undefined,
    body,
    at: entry.key,
    node,
  };
}
