// A requirement that is assigned more often than its definition allows, or than the capability takes that it leads to. The production
// parser does not count.
import { entryNamed } from '../syntax/nodes.ts';
import { byName } from '../template/by-name.ts';
import { type Edge, targets } from '../template/hosting.ts';
import { summaryOf } from '../template/summary.ts';
import type { NodeTemplate, Template } from '../template/template.ts';
import { upperBound } from '../types/definitions.ts';
import type { Rule } from './rule.ts';

export const requirementCount: Rule = {
  code: 'requirement-count',
  severity: 'error',
  of: 'node',
  check({ node, template: { dialect } }, report) {
    if (node?.type === undefined || dialect !== 'strict') return;
    const counts = new Map<string, number>();
    for (const { name, entry } of node.requirements) {
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      const definition = node.type.requirements.get(name);
      if (definition === undefined || count !== definition.atMost + 1) continue;
      report({
        at: entry.key,
        message: `"${name}" may be there ${definition.atMost === 1 ? 'once' : `${definition.atMost} times`}: its definition says so.`,
        related: { at: definition, message: 'The requirement is declared here.' },
      });
    }
    for (const { name, atLeast, ...definition } of node.type.requirements.values()) {
      const count = counts.get(name) ?? 0;
      if (count > 0 && count < atLeast)
        report({
          at: node.entry.key,
          message: `"${name}" must be there at least ${atLeast} times, not ${count}.`,
          related: { at: definition, message: 'The requirement is declared here.' },
        });
    }
  },
  whole(template, report) {
    if (template.dialect !== 'strict') return;
    const limits = byName(template, 'nodes', 'limits of capabilities', undefined, limitsOf);
    for (const [name, ofNode] of limits) {
      const edges = edgesTo(template, name);
      for (const [capability, atMost] of ofNode) {
        for (const { requirement } of edges.filter(edge => edge.capability === capability).slice(atMost)) {
          const definition = template.nodes.get(name)?.type?.capabilities.get(capability);
          report({
            at: requirement.entry.key,
            message: `"${capability}" of "${name}" takes ${atMost === 1 ? 'one relationship' : `${atMost} relationships`} at most: this is one more.`,
            ...(definition && { related: { at: definition, message: 'The capability is declared here.' } }),
          });
        }
      }
    }
  },
};

/** By name of a capability, how many relationships it takes, where that is limited. */
function limitsOf(node: NodeTemplate): ReadonlyMap<string, number> | undefined {
  const limits = new Map<string, number>();
  for (const { name, atMost } of node.type?.capabilities.values() ?? []) {
    const limit = upperBound(entryNamed(node.capabilities, name)?.value, atMost);
    if (limit < Number.POSITIVE_INFINITY) limits.set(name, limit);
  }
  return limits.size === 0 ? undefined : limits;
}

/** The requirements that lead to a node, in the order of the text. */
function edgesTo(template: Template, name: string): readonly Edge[] {
  const offset = ({ requirement: { entry } }: Edge) => entry.section.place.offset + entry.start;
  return [...(summaryOf(template).requirers.get(name) ?? [])]
    .flatMap(requirer => template.nodes.get(requirer) ?? [])
    .flatMap(requirer => targets(template, requirer))
    .filter(edge => edge.node.name === name)
    .sort((one, other) => offset(one) - offset(other));
}
