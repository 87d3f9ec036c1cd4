// A Chronos job with a schedule and a parent. Source: indigo-dc/orchestrator ChronosServiceImpl.
import { entryNamed } from '../syntax/nodes.ts';
import { parentsOf } from '../template/hosting.ts';

import { fix, removal } from './fix.ts';
import type { Rule } from './rule.ts';

export const scheduleAndParents: Rule = {
  code: 'schedule-and-parents',
  severity: 'error',
  of: 'workload',
  check({ template, node, workload }, report) {
    if (node === undefined || workload?.framework !== 'Chronos') return;
    const schedule = entryNamed(node.properties, 'schedule');
    const [parent] = parentsOf(template, node);
    if (schedule === undefined || parent === undefined) return;
    report({
      at: schedule.value ?? schedule.key,
      message: `"${node.name}" has a schedule and a parent job: the Orchestrator takes only one of them. A job with parents runs when they have succeeded.`,
      related: { at: { entry: parent.requirement.entry, uri: template.uri }, message: 'The parent is named here.' },
      fixes: [fix('Remove the schedule', removal(schedule))],
    });
  },
};
