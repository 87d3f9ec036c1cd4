// How the nodes of a template hang together: who hosts whom, who is whose parent, and in which order they are created.
// Sources: indigo-dc/orchestrator ToscaServiceImpl, AbstractMesosDeploymentService; alien4cloud for the choice of a capability.
import { text } from '../syntax/nodes.ts';
import type { NodeTemplate, RequirementAssignment, Template, TemplateView } from './template.ts';

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

/** Names of the nodes that a node requires, by node: a node template stays the same object as long as its text and type do. */
const required = new WeakMap<NodeTemplate, readonly string[]>();

function requiredBy(node: NodeTemplate): readonly string[] {
  let names = required.get(node);
  if (names === undefined) {
    names = node.requirements.flatMap(({ target }) => text(target) ?? []);
    required.set(node, names);
  }
  return names;
}

export interface Order {
  /** Targets before those that require them; otherwise as the template has them. With a loop, as far as that goes. */
  readonly nodes: readonly NodeTemplate[];
  /** The nodes of each circle that is found on the way. */
  readonly loops: readonly (readonly NodeTemplate[])[];
}

export function inOrder({ nodes }: Template): Order {
  const done = new Set<string>();
  const ordered: NodeTemplate[] = [];
  const loops: (readonly NodeTemplate[])[] = [];
  for (const start of nodes.values()) {
    if (done.has(start.name)) continue;
    const path: { readonly node: NodeTemplate; next: number }[] = [{ node: start, next: 0 }];
    const onPath = new Set([start.name]);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const wanted = requiredBy(top.node)[top.next++];
      if (wanted === undefined) {
        path.pop();
        onPath.delete(top.node.name);
        done.add(top.node.name);
        ordered.push(top.node);
      } else if (onPath.has(wanted)) {
        loops.push(path.slice(path.findIndex(({ node }) => node.name === wanted)).map(({ node }) => node));
      } else if (!done.has(wanted)) {
        const node = nodes.get(wanted);
        if (node === undefined) continue;
        path.push({ node, next: 0 });
        onPath.add(wanted);
      }
    }
  }
  return { nodes: ordered, loops };
}
