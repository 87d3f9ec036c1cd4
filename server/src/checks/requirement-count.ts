// A requirement that is assigned more often than its definition allows. The production parser does not count.
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
};
