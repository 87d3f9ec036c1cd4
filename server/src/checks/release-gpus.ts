// GPUs on a release that has none. Sources: marathon changelog (1.3), INDIGO's GPU build of Chronos.

import { productName, takesGpus } from '../mesos/releases.ts';
import { entryNamed } from '../syntax/nodes.ts';

import type { Rule } from './rule.ts';

export const releaseGpus: Rule = {
  code: 'release-gpus',
  severity: 'warning',
  of: 'workload',
  check({ template, workload }, report) {
    const at = entryNamed(workload?.resources ?? [], 'num_gpus')?.value;
    if (workload === undefined || at === undefined || !workload.hasGpus) return;
    const { framework } = workload;
    if (takesGpus(framework, template.release)) return;
    report({ at, message: `${productName(framework, template.release)} knows nothing of GPUs.` });
  },
};
