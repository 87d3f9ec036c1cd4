// Which capability of its target a requirement gets, as the standard says and as INDIGO's production parser looks for it.
import { text } from '../syntax/nodes.ts';
import type { ResolvedType } from '../types/catalog.ts';
import type { CapabilityDefinition, RequirementDefinition } from '../types/definitions.ts';
import type { NodeTemplate, RequirementAssignment, TemplateView } from './template.ts';

export interface Match {
  readonly requirement: RequirementAssignment;
  readonly definition: RequirementDefinition;
  readonly target: NodeTemplate | undefined;
  readonly targetType: ResolvedType;
  /** Undefined where the target offers none that fits. */
  readonly capability: CapabilityDefinition | undefined;
}

/** Undefined where a part of it is not known, which other rules speak of. */
export function matchOf(
  template: TemplateView,
  node: NodeTemplate,
  requirement: RequirementAssignment,
): Match | undefined {
  const { catalog, dialect } = template;
  const definition = node.type?.requirements.get(requirement.name);
  const wanted = text(requirement.target);
  if (definition === undefined || wanted === undefined) return undefined;
  const target = template.nodes.get(wanted);
  const targetType = target === undefined ? catalog.find('node', wanted) : target.type;
  if (targetType === undefined || targetType.missingParent !== undefined || targetType.circular) return undefined;
  if (catalog.find('capability', definition.capability) === undefined) return undefined;
  const offered = [...targetType.capabilities.values()];
  const byType = (type: string) => offered.find(each => catalog.isA('capability', each.type, type));
  const named = text(requirement.capability);
  const capability =
    named === undefined
      ? (byType(definition.capability) ??
        (dialect === 'orchestrator' ? targetType.capabilities.get(requirement.name) : undefined))
      : (targetType.capabilities.get(named) ?? byType(named));
  return { requirement, definition, target, targetType, capability };
}
