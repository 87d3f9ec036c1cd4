// Node templates that require each other in a circle. The Orchestrator answers 500; nothing else can put them into an order either.
// Source: indigo-dc/orchestrator ToscaServiceImpl, its check for cycles.
import { text } from '../syntax/nodes.ts';
import { factsOf, summaryOf } from '../template/summary.ts';
import type { Rule } from './rule.ts';

export const dependencyLoop: Rule = {
  code: 'dependency-loop',
  severity: 'error',
  of: 'node',
  /** Finds nothing: what `whole` asks of each node is worked out while there is time between the parts. */
  check({ node, template }) {
    if (node !== undefined) factsOf(node, template);
  },
  whole(template, report) {
    const orchestrator = template.dialect === 'orchestrator';
    for (const loop of summaryOf(template).loops) {
      const circle = [...loop, loop[0]].join(' -> ');
      const end = orchestrator ? 'the Orchestrator answers HTTP 500.' : 'none of them can be the first to be created.';
      loop.forEach((name, index) => {
        const node = template.nodes.get(name);
        const next = template.nodes.get(loop[(index + 1) % loop.length] ?? '');
        if (node === undefined || next === undefined) return;
        const requirement = node.requirements.find(({ target }) => text(target) === next.name);
        report({
          at: requirement?.target ?? node.entry.key,
          severity: orchestrator ? 'error' : 'warning',
          message: `These node templates require each other in a circle: ${circle}; ${end}`,
          related: { at: { entry: next.entry, uri: template.uri }, message: `It leads to "${next.name}".` },
        });
      });
    }
  },
};
