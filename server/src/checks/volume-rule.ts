// What the rules about volume strings have in common; what they know is in mesos/volumes.ts.
import { readVolume, type VolumeProblem } from '../mesos/volumes.ts';
import { foreseen } from '../template/literal.ts';
import { resourceItems } from '../template/workload.ts';
import { change } from './fix.ts';
import { told } from './foresee.ts';
import type { Rule } from './rule.ts';

export const volumeRule = (code: VolumeProblem['code'], severity: Rule['severity']): Rule => ({
  code,
  severity,
  of: 'workload',
  check({ template, workload }, report) {
    if (workload === undefined) return;
    for (const item of resourceItems(workload, 'volumes', template)) {
      const written = foreseen(item, template);
      if (written === undefined) continue;
      for (const problem of readVolume(workload.framework, written.text).problems) {
        if (problem.code !== code) continue;
        const better = written.byDefault ? undefined : problem.better;
        const quote = item.kind === 'scalar' && item.style === 'single' ? "'" : '"';
        report({
          at: item,
          ...told(problem, written),
          ...(better !== undefined && { fixes: [change(item, `${quote}${better}${quote}`, `Change to "${better}"`)] }),
        });
      }
    }
  },
});
