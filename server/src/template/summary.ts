// What rules about the whole template want to know of all its nodes, gathered in one pass for each state of it.
import { type Node, text } from '../syntax/nodes.ts';
import { dockerRuntimeType } from '../types/indigo.ts';
import { hostOf } from './hosting.ts';
import type { NodeTemplate, Template } from './template.ts';
import { type InputUses, inputUses } from './uses.ts';
import { type DeploymentKind, kindOf } from './workload.ts';

export interface Summary {
  /** Nodes of a kind that the Orchestrator deploys somewhere else than on machines of their own. */
  readonly kinds: readonly NodeTemplate[];
  /** The first of them, those that the parser renames last: it decides where all is deployed. */
  readonly deciding: NodeTemplate | undefined;
  readonly kind: DeploymentKind | undefined;
  readonly runtimes: readonly NodeTemplate[];
  /** Names that some requirement names. */
  readonly required: ReadonlySet<string>;
}

const summaries = new WeakMap<Template, Summary>();

export function summaryOf(template: Template): Summary {
  const before = summaries.get(template);
  if (before !== undefined) return before;
  const kinds: NodeTemplate[] = [];
  const runtimes: NodeTemplate[] = [];
  const required = new Set<string>();
  for (const node of template.nodes.values()) {
    if (kindOf(node) !== undefined) kinds.push(node);
    if (node.typeName === dockerRuntimeType) runtimes.push(node);
    for (const { target } of node.requirements) required.add(text(target) ?? '');
  }
  const deciding = kinds.find(({ name }) => /^\w+$/.test(name)) ?? kinds[0];
  const summary: Summary = { kinds, deciding, kind: deciding && kindOf(deciding), runtimes, required };
  summaries.set(template, summary);
  return summary;
}

/** Marathon apps and Chronos jobs by the name of the node that hosts them. */
export function hosted(template: Template): ReadonlyMap<string, readonly NodeTemplate[]> {
  const byHost = new Map<string, NodeTemplate[]>();
  for (const node of summaryOf(template).kinds) {
    const host = hostOf(template, node)?.node.name;
    if (host !== undefined) byHost.set(host, [...(byHost.get(host) ?? []), node]);
  }
  return byHost;
}

const uses = new WeakMap<Template, InputUses>();

/** All inputs that are used anywhere, with the places within lists and maps. */
export function usesOfInputs(template: Template): InputUses {
  const before = uses.get(template);
  if (before !== undefined) return before;
  const all = new Map<string, readonly Node[]>();
  for (const part of inputUses(template)) {
    for (const [name, inside] of part) {
      const known = all.get(name);
      if (known === undefined) all.set(name, inside);
      else if (inside.length > 0) all.set(name, [...known, ...inside]);
    }
  }
  uses.set(template, all);
  return all;
}
