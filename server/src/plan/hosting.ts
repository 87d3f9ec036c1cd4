// How the nodes of a template hang together: who hosts whom, who is whose parent, and in which order they are created.
// Sources: indigo-dc/orchestrator ToscaServiceImpl, AbstractMesosDeploymentService; alien4cloud for the choice of a capability.
import { text } from '../syntax/nodes.ts';
import type { NodeTemplate, RequirementAssignment, Template } from '../template/template.ts';

export interface Edge {
  readonly requirement: RequirementAssignment;
  readonly node: NodeTemplate;
  /** Name of the capability that the requirement leads to. */
  readonly capability: string | undefined;
}

/** Where the requirements of a node lead. */
export function targets(template: Template, node: NodeTemplate): readonly Edge[] {
  return node.requirements.flatMap(requirement => {
    const target = template.nodes.get(text(requirement.target) ?? '');
    return target === undefined
      ? []
      : [{ requirement, node: target, capability: capabilityOf(template, node, requirement, target) }];
  });
}

/** The capability written, by name or else by type; without one, by the type that the requirement asks for, else by its own name. */
function capabilityOf(
  { catalog }: Template,
  node: NodeTemplate,
  requirement: RequirementAssignment,
  target: NodeTemplate,
): string | undefined {
  const offered = [...(target.type?.capabilities.values() ?? [])];
  const ofType = (wanted: string) => offered.find(({ type }) => catalog.isA('capability', type, wanted))?.name;
  const written = text(requirement.capability);
  if (written !== undefined) return offered.find(({ name }) => name === written)?.name ?? ofType(written);
  const wanted = node.type?.requirements.get(requirement.name)?.capability;
  return (
    (wanted === undefined ? undefined : ofType(wanted)) ?? offered.find(({ name }) => name === requirement.name)?.name
  );
}

/** The nodes that host a node: the targets of requirements that lead to a capability named `host`. */
export function hosts(template: Template, node: NodeTemplate): readonly Edge[] {
  return targets(template, node).filter(({ capability }) => capability === 'host');
}

export function hostOf(template: Template, node: NodeTemplate): Edge | undefined {
  return hosts(template, node)[0];
}

export function parentsOf(template: Template, node: NodeTemplate): readonly Edge[] {
  return targets(template, node).filter(({ capability }) => capability === 'parent_job');
}

export type Order = { readonly nodes: readonly NodeTemplate[] } | { readonly loop: readonly NodeTemplate[] };

/** Targets before those that require them; otherwise as the template has them. */
export function inOrder(template: Template): Order {
  const done = new Set<NodeTemplate>();
  const ordered: NodeTemplate[] = [];
  for (const start of template.nodes.values()) {
    const loop = visit(start, []);
    if (loop !== undefined) return { loop };
  }
  return { nodes: ordered };

  function visit(node: NodeTemplate, path: readonly NodeTemplate[]): readonly NodeTemplate[] | undefined {
    if (done.has(node)) return undefined;
    const at = path.indexOf(node);
    if (at !== -1) return path.slice(at);
    for (const edge of targets(template, node)) {
      const loop = visit(edge.node, [...path, node]);
      if (loop !== undefined) return loop;
    }
    done.add(node);
    ordered.push(node);
    return undefined;
  }
}
