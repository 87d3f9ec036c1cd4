// What the arguments of get_property and get_attribute lead to: a node, one of its capabilities, or what stands at the end of a requirement.
import { entries, text } from '../syntax/nodes.ts';
import type { ResolvedType } from '../types/catalog.ts';
import type { NodeTemplate, TemplateView } from './template.ts';

/** Names that a type lets one ask for. */
export interface Names {
  /** As a diagnostic calls it. */
  readonly owner: string;
  readonly type: ResolvedType;
  readonly properties: Iterable<string>;
  readonly attributes: Iterable<string>;
  readonly capabilities: Iterable<string>;
  readonly requirements: Iterable<string>;
}

/**
 * Values that the Orchestrator fills at run time though the types do not declare them, by node type.
 * Source: indigo-dc/orchestrator, the run-time properties of Onedata and Marathon deployments.
 */
const runTime: Readonly<Record<string, readonly string[]>> = {
  'tosca.nodes.indigo.OnedataSpace': ['onezone', 'token', 'selected_provider'],
  'tosca.nodes.indigo.OnedataServiceSpace': ['onezone', 'token', 'selected_provider', 'space', 'path'],
};

export function namesOfNode(node: NodeTemplate): Names | undefined {
  const { type } = node;
  if (type === undefined || type.missingParent !== undefined) return undefined;
  return {
    owner: `node template "${node.name}"`,
    type,
    properties: type.properties.keys(),
    attributes: [...type.attributes.keys(), ...(runTime[type.name] ?? [])],
    capabilities: type.capabilities.keys(),
    requirements: type.requirements.keys(),
  };
}

/** What the second argument leads to when a third follows: a requirement's target and its capability first, then a capability of the node itself. */
export function namesBehind(template: TemplateView, node: NodeTemplate, second: string): readonly Names[] {
  const requirement = node.requirements.find(each => each.name === second);
  const target = template.nodes.get(text(requirement?.target) ?? '');
  const definition = node.type?.requirements.get(second);
  const offered = [...(target?.type?.capabilities.values() ?? [])];
  const behind = offered.find(
    ({ type }) => definition !== undefined && template.catalog.isA('capability', type, definition.capability),
  );
  return [
    ...(target === undefined ? [] : [namesOfNode(target)]),
    ofCapability(template, behind?.type, behind?.name),
    ofCapability(template, node.type?.capabilities.get(second)?.type, second),
  ].filter(names => names !== undefined);
}

function ofCapability(
  template: TemplateView,
  typeName: string | undefined,
  name: string | undefined,
): Names | undefined {
  const type = typeName === undefined ? undefined : template.catalog.find('capability', typeName);
  if (type === undefined || type.missingParent !== undefined) return undefined;
  return {
    owner: `capability "${name}"`,
    type,
    properties: type.properties.keys(),
    attributes: type.attributes.keys(),
    capabilities: [],
    requirements: [],
  };
}

/** The node that the first argument names; SELF is the one that the call stands in. Undefined where only the run time knows. */
export function entityOf(
  template: TemplateView,
  first: string,
  within: NodeTemplate | undefined,
): NodeTemplate | undefined {
  return first === 'SELF' ? within : template.nodes.get(first);
}

/** Whether a call stands in a relationship's own interface, where SELF is the relationship. */
export function hasRelationshipInterfaces(node: NodeTemplate): boolean {
  return node.requirements.some(({ relationship }) => entries(relationship).length > 0);
}
