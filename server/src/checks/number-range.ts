// Numbers that Marathon and Chronos refuse, or take for something else; which, is in mesos/numbers.ts.

import { cpusProblem, memoryProblem, retriesProblem } from '../mesos/numbers.ts';
import type { Problem } from '../mesos/releases.ts';
import { entryNamed } from '../syntax/nodes.ts';
import { foreseenOf, numberOf } from '../template/literal.ts';
import { parseUnit } from '../types/units.ts';
import { told } from './foresee.ts';
import type { Rule } from './rule.ts';

export const numberRange: Rule = {
  code: 'number-range',
  severity: 'warning',
  of: 'workload',
  check({ template, node, workload }, report) {
    if (workload === undefined || node === undefined) return;
    const { framework, resources } = workload;
    const tell = (all: typeof resources, property: string, judge: (written: string) => Problem | undefined) => {
      const entry = entryNamed(all, property);
      const written = foreseenOf(all, property, template);
      const problem = written && judge(written.text);
      if (entry !== undefined && written !== undefined && problem !== undefined)
        report({ at: entry.value ?? entry.key, ...told(problem, written) });
    };
    tell(resources, 'num_cpus', written => {
      const cpus = numberOf(written);
      return cpus === undefined ? undefined : cpusProblem(framework, template.release, cpus);
    });
    tell(resources, 'mem_size', written => {
      const size = parseUnit('scalar-unit.size', written, 'orchestrator');
      return 'value' in size ? memoryProblem(framework, template.release, size.value / 1e6) : undefined;
    });
    if (framework !== 'Chronos') return;
    tell(node.properties, 'retries', written => {
      const retries = numberOf(written);
      return retries === undefined ? undefined : retriesProblem(retries);
    });
  },
};
