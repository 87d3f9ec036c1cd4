// What the first argument of get_property and get_attribute names: a node, a relationship, SELF and the like. And what such an entity holds.
import { get, text } from '../syntax/nodes.ts';
import type { ResolvedType } from '../types/catalog.ts';
import type { PropertyDefinition } from '../types/definitions.ts';
import type { NodeTemplate, RequirementAssignment, TemplateView } from './template.ts';

/** Something with properties and attributes: a node, a relationship, a capability. */
export interface Entity {
  /** As a diagnostic calls it. */
  readonly owner: string;
  readonly type: ResolvedType;
  readonly node: NodeTemplate | undefined;
  readonly properties: ReadonlyMap<string, PropertyDefinition>;
  readonly attributes: ReadonlyMap<string, PropertyDefinition>;
  /** Attributes that are there though no type declares them. */
  readonly runTime: readonly string[];
}

/** Where a call stands, as far as it decides what SELF and the like are. */
export interface Scope {
  readonly node: NodeTemplate | undefined;
  /** In a type declaration: that type. */
  readonly type: ResolvedType | undefined;
  /** In the properties or interfaces of a requirement's relationship. */
  readonly requirement: RequirementAssignment | undefined;
}

/**
 * Values that the Orchestrator fills at run time though the types do not declare them, by node type.
 * Source: indigo-dc/orchestrator, the run-time properties of Onedata and Marathon deployments.
 */
const runTime: Readonly<Record<string, readonly string[]>> = {
  'tosca.nodes.indigo.OnedataSpace': ['onezone', 'token', 'selected_provider'],
  'tosca.nodes.indigo.OnedataServiceSpace': ['onezone', 'token', 'selected_provider', 'space', 'path'],
};

export const specialNames: ReadonlySet<string> = new Set(['SELF', 'HOST', 'SOURCE', 'TARGET', 'R_TARGET']);

/** Undefined where nobody can say what it has. */
export function ofType(type: ResolvedType | undefined, owner: string, node?: NodeTemplate): Entity | undefined {
  if (type === undefined || type.missingParent !== undefined || type.circular) return undefined;
  const { properties, attributes } = type;
  return { owner, type, node, properties, attributes, runTime: runTime[type.name] ?? [] };
}

export const ofNode = (node: NodeTemplate | undefined): Entity | undefined =>
  node && ofType(node.type, `node template "${node.name}"`, node);

/** The entity that the first argument names; undefined where only the run time knows, or there is none. */
export function entityOf(template: TemplateView, first: string, scope: Scope): Entity | undefined {
  const { node, type, requirement } = scope;
  switch (first) {
    case 'SELF':
      if (requirement !== undefined) return ofType(relationshipType(template, node, requirement), 'the relationship');
      return node === undefined ? ofType(type, type?.name ?? '') : ofNode(node);
    case 'SOURCE':
      return requirement === undefined ? undefined : ofNode(node);
    case 'TARGET':
      return ofNode(template.nodes.get(text(requirement?.target) ?? ''));
    default: {
      const named = template.nodes.get(first);
      if (named !== undefined) return ofNode(named);
      const relationship = template.relationships.get(first);
      const wanted = text(get(relationship?.value, 'type'));
      return wanted === undefined
        ? undefined
        : ofType(template.catalog.find('relationship', wanted), `relationship template "${first}"`);
    }
  }
}

/** The nodes below, the nearest first; undefined where the chain leads out of what is known. */
export function hostsOf(template: TemplateView, node: NodeTemplate | undefined): readonly NodeTemplate[] | undefined {
  const hosts: NodeTemplate[] = [];
  for (let at = node; at !== undefined && !hosts.slice(0, -1).includes(at); ) {
    const host = at.requirements.find(each => isHosting(template, at, each));
    if (host === undefined) return at.type === undefined ? undefined : hosts;
    const next: NodeTemplate | undefined = template.nodes.get(text(host.target) ?? '');
    if (next === undefined) return undefined;
    hosts.push(next);
    at = next;
  }
  return hosts;
}

function isHosting(
  template: TemplateView,
  node: NodeTemplate | undefined,
  requirement: RequirementAssignment,
): boolean {
  const type = relationshipType(template, node, requirement);
  return requirement.name === 'host' || (type?.ancestry.includes('tosca.relationships.HostedOn') ?? false);
}

/** The type of a requirement's relationship: named in the assignment, by a relationship template, or by the node's type. */
export function relationshipType(
  template: TemplateView,
  node: NodeTemplate | undefined,
  { name: wanted, relationship }: Pick<RequirementAssignment, 'name' | 'relationship'>,
): ResolvedType | undefined {
  const named = text(relationship) ?? text(get(relationship, 'type'));
  const viaTemplate = text(get(template.relationships.get(named ?? '')?.value, 'type'));
  const type = viaTemplate ?? named ?? node?.type?.requirements.get(wanted)?.relationship;
  return type === undefined ? undefined : template.catalog.find('relationship', type);
}

/**
 * What the second argument leads to when a third follows: a requirement's target and its capability, then a capability of the entity itself.
 * Undefined where nobody can say.
 */
export function behind(template: TemplateView, entity: Entity, second: string): readonly Entity[] | undefined {
  const { node, type } = entity;
  const found: (Entity | undefined)[] = [];
  const definition = type.requirements.get(second);
  if (definition !== undefined) {
    const assigned = node?.requirements.find(each => each.name === second);
    const target = template.nodes.get(text(assigned?.target) ?? '');
    const targetType =
      target?.type ?? (definition.node === undefined ? undefined : template.catalog.find('node', definition.node));
    const own = target === undefined ? ofType(targetType, `a target of "${second}"`) : ofNode(target);
    if (target !== undefined && own === undefined) return undefined;
    found.push(own);
    const offered = [...(targetType?.capabilities.values() ?? [])].find(({ type: each }) =>
      template.catalog.isA('capability', each, definition.capability),
    );
    found.push(capability(template, offered?.type ?? definition.capability, offered?.name ?? second));
  }
  const own = type.capabilities.get(second);
  if (own !== undefined) {
    const refined = capability(template, own.type, second);
    found.push(refined && { ...refined, properties: new Map([...refined.properties, ...own.properties]) });
  }
  return found.some(each => each === undefined) && own !== undefined && found.length === 1
    ? undefined
    : found.filter(each => each !== undefined);
}

function capability(template: TemplateView, typeName: string, own: string): Entity | undefined {
  return ofType(template.catalog.find('capability', typeName), `capability "${own}"`);
}
