// A Docker run time on which nothing runs.
import { type Entry, type Node, name } from '../syntax/nodes.ts';
import { summaryOf } from '../template/summary.ts';
import { removal } from './fix.ts';
import type { Rule } from './rule.ts';

export const unusedNode: Rule = {
  code: 'unused-node',
  severity: 'hint',
  whole(template, report) {
    if (template.dialect !== 'orchestrator') return;
    for (const idle of summaryOf(template).idle) {
      const entry = template.nodes.get(idle)?.entry;
      if (entry === undefined) continue;
      report({
        at: entry.key,
        message: `Nothing runs on "${idle}": no requirement names it, and a run time alone does nothing.`,
        unnecessary: true,
        fixes: [
          {
            title: `Remove "${idle}"`,
            edits: ({ document, nodes }) => (nodes.size === 1 || isNamed(document.root, entry) ? [] : [removal(entry)]),
          },
        ],
      });
    }
  },
};

/** Whether its name stands anywhere else: it may be copied, or a function, a group or a policy may name it. */
function isNamed(root: Node, own: Entry): boolean {
  const named = name(own);
  const visit = (node: Node | undefined): boolean => {
    if (node?.kind === 'scalar') return node.value === named;
    if (node?.kind === 'sequence') return node.items.some(visit);
    return node?.kind === 'mapping' && node.entries.some(({ key, value }) => key !== own.key && visit(value));
  };
  return visit(root);
}
