// The rules about volume strings; what they hold is in mesos/volumes.ts.
import { readVolume, type VolumeProblem } from '../mesos/volumes.ts';
import { literal } from '../template/literal.ts';
import { resourceItems, workloadOf } from '../template/workload.ts';
import { change } from './fix.ts';
import type { Rule } from './rule.ts';

const rule = (code: VolumeProblem['code'], severity: Rule['severity']): Rule => ({
  code,
  severity,
  check({ template, node }, report) {
    const workload = workloadOf(template, node);
    if (workload === undefined) return;
    for (const item of resourceItems(workload, 'volumes', template)) {
      const written = literal(item, template);
      if (written === undefined) continue;
      for (const problem of readVolume(workload.framework, written).problems) {
        if (problem.code !== code) continue;
        const { message, better } = problem;
        const quote = item.kind === 'scalar' && item.style === 'single' ? "'" : '"';
        report({
          at: item,
          message,
          severity: problem.severity,
          ...(better !== undefined && { fixes: [change(item, `${quote}${better}${quote}`, `Change to "${better}"`)] }),
        });
      }
    }
  },
});

export const volumeGrammar = rule('volume-grammar', 'error');
export const volumeMode = rule('volume-mode', 'error');
export const volumeName = rule('volume-name', 'error');
export const volumePath = rule('volume-path', 'warning');
