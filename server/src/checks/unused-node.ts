// A Docker run time on which nothing runs.
import { summaryOf } from '../template/summary.ts';
import { fix, removal } from './fix.ts';
import type { Rule } from './rule.ts';

export const unusedNode: Rule = {
  code: 'unused-node',
  severity: 'hint',
  whole(template, report) {
    if (template.dialect !== 'orchestrator') return;
    const { runtimes, required } = summaryOf(template);
    for (const node of runtimes) {
      if (required.has(node.name)) continue;
      report({
        at: node.entry.key,
        message: `Nothing runs on "${node.name}": no requirement names it, and a run time alone does nothing.`,
        unnecessary: true,
        fixes: [fix(`Remove "${node.name}"`, removal(node.entry))],
      });
    }
  },
};
