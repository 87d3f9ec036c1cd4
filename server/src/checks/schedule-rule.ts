// What the rules about Chronos schedules have in common; what they know is in mesos/schedules.ts.
import { type ScheduleProblem, scheduleProblems } from '../mesos/schedules.ts';
import { type Entry, entryNamed, type Node } from '../syntax/nodes.ts';
import { foreseenOf, literalNumber } from '../template/literal.ts';
import { type Fix, fix, replace, setIn } from './fix.ts';
import { told } from './foresee.ts';
import type { Rule } from './rule.ts';

export const scheduleRule = (code: ScheduleProblem['code'], severity: Rule['severity']): Rule => ({
  code,
  severity,
  of: 'workload',
  check({ template, node, workload }, report) {
    if (node === undefined || workload?.framework !== 'Chronos') return;
    const entry = entryNamed(node.properties, 'schedule');
    const written = foreseenOf(node.properties, 'schedule', template);
    if (entry === undefined || written === undefined) return;
    const retriesEntry = entryNamed(node.properties, 'retries');
    const retries =
      retriesEntry === undefined ? undefined : (literalNumber(node.properties, 'retries', template) ?? null);
    for (const problem of scheduleProblems(written.text, retries, template.release)) {
      if (problem.code !== code) continue;
      const mend = problem.ofRetries && withoutRetries(node.entry.value, retriesEntry);
      report({
        at: entry.value ?? entry.key,
        ...told(problem, written),
        ...(mend && { fixes: [mend] }),
      });
    }
  },
});

function withoutRetries(node: Node | undefined, retries: Entry | undefined): Fix | undefined {
  if (retries?.value !== undefined) return fix('Set retries to 0', replace(retries.value, '0'));
  const added = node?.kind === 'mapping' ? setIn(node, ['properties'], ['retries: 0']) : undefined;
  return added && fix('Add "retries: 0"', added);
}
