// Placement constraints that the framework of the release refuses or drops; what it knows is in mesos/placement.ts.

import { clauseProblem } from '../mesos/placement.ts';
import { products } from '../mesos/releases.ts';
import { entryNamed } from '../syntax/nodes.ts';
import { followed, itemsOf, literal } from '../template/literal.ts';
import { change } from './fix.ts';
import type { Rule } from './rule.ts';

export const placementConstraint: Rule = {
  code: 'placement-constraint',
  severity: 'error',
  of: 'workload',
  check({ template, node, workload }, report) {
    if (workload === undefined || node === undefined) return;
    const seen = new Set<string>();
    for (const item of itemsOf(entryNamed(node.properties, 'constraints')?.value, template)) {
      const clause = followed(item, template);
      if (clause?.kind !== 'sequence') continue;
      const parts = clause.items.map(part => literal(part, template));
      const problem = clauseProblem(workload.framework, template.release, parts);
      const at = (problem?.part === undefined ? undefined : clause.items[problem.part]) ?? item;
      if (problem !== undefined) {
        const { message, severity, better } = problem;
        report({ at, message, severity, ...(better !== undefined && { fixes: [change(at, better)] }) });
      }
      const key = JSON.stringify(parts);
      if (workload.framework === 'Marathon' && !parts.includes(undefined) && seen.has(key)) {
        const refuses = products[template.release].marathon === '1.5.6';
        report({
          at: item,
          severity: refuses ? 'error' : 'warning',
          message: `This constraint is there twice${refuses ? ': Marathon refuses that' : ''}. Take one away.`,
        });
      }
      seen.add(key);
    }
  },
};
