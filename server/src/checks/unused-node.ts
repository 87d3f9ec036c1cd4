// A Docker run time on which nothing runs.
import { summaryOf } from '../template/summary.ts';
import { fix, removal } from './fix.ts';
import type { Rule } from './rule.ts';

export const unusedNode: Rule = {
  code: 'unused-node',
  severity: 'hint',
  whole(template, report) {
    if (template.dialect !== 'orchestrator') return;
    for (const name of summaryOf(template).idle) {
      const entry = template.nodes.get(name)?.entry;
      if (entry === undefined) continue;
      report({
        at: entry.key,
        message: `Nothing runs on "${name}": no requirement names it, and a run time alone does nothing.`,
        unnecessary: true,
        fixes: [fix(`Remove "${name}"`, removal(entry))],
      });
    }
  },
};
