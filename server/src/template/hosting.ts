// How the nodes of a template hang together: who hosts whom, who is whose parent, and in which order they are created.
// Sources: indigo-dc/orchestrator ToscaServiceImpl, AbstractMesosDeploymentService; alien4cloud for the choice of a capability.
import { text } from '../syntax/nodes.ts';
import type { NodeTemplate, RequirementAssignment, TemplateView } from './template.ts';

export interface Edge {
  readonly requirement: RequirementAssignment;
  readonly node: NodeTemplate;
  /** Name of the capability that the requirement leads to. */
  readonly capability: string | undefined;
}

/** Where the requirements of a node lead. */
export function targets(template: TemplateView, node: NodeTemplate): readonly Edge[] {
  return node.requirements.flatMap(requirement => {
    const target = template.nodes.get(text(requirement.target) ?? '');
    return target === undefined
      ? []
      : [{ requirement, node: target, capability: capabilityOf(template, node, requirement, target) }];
  });
}

/** The capability written, by name or else by type; without one, by the type that the requirement asks for, else by its own name. */
function capabilityOf(
  { catalog }: TemplateView,
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
export function hosts(template: TemplateView, node: NodeTemplate): readonly Edge[] {
  return targets(template, node).filter(({ capability }) => capability === 'host');
}

export function hostOf(template: TemplateView, node: NodeTemplate): Edge | undefined {
  return hosts(template, node)[0];
}

export function parentsOf(template: TemplateView, node: NodeTemplate): readonly Edge[] {
  return targets(template, node).filter(({ capability }) => capability === 'parent_job');
}

export interface Order {
  /** Names of targets before those that require them; otherwise as they are given. With a loop, as far as that goes. */
  readonly names: readonly string[];
  /** The names of circles that are found on the way, each name in one of them at most. */
  readonly loops: readonly (readonly string[])[];
}

/** Names in an order in which each comes after those that it requires. */
export function inOrder(nodes: ReadonlyMap<string, { readonly required: readonly string[] }>): Order {
  const done = new Set<string>();
  const loops: (readonly string[])[] = [];
  const looped = new Set<string>();
  for (const start of nodes.keys()) {
    if (done.has(start)) continue;
    const path: { readonly name: string; next: number }[] = [{ name: start, next: 0 }];
    const onPath = new Set([start]);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const wanted = nodes.get(top.name)?.required[top.next++];
      if (wanted === undefined) {
        path.pop();
        onPath.delete(top.name);
        done.add(top.name);
      } else if (onPath.has(wanted)) {
        if (looped.has(top.name) || looped.has(wanted)) continue;
        const loop = path.slice(path.findIndex(({ name }) => name === wanted)).map(({ name }) => name);
        if (loop.some(name => looped.has(name))) continue;
        loops.push(loop);
        for (const name of loop) looped.add(name);
      } else if (!done.has(wanted) && nodes.has(wanted)) {
        path.push({ name: wanted, next: 0 });
        onPath.add(wanted);
      }
    }
  }
  return { names: [...done], loops };
}
