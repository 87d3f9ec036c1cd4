// Numbers that Marathon and Chronos refuse, or take for something else; which, is in mesos/numbers.ts.
import { cpusProblem, memoryProblem, retriesProblem } from '../mesos/numbers.ts';
import type { Problem } from '../mesos/releases.ts';
import { entryNamed, literal, literalNumber } from '../template/literal.ts';
import { workloadOf } from '../template/workload.ts';
import { parseUnit } from '../types/units.ts';
import type { Rule } from './rule.ts';

export const numberRange: Rule = {
  code: 'number-range',
  severity: 'warning',
  check({ template, node }, report) {
    const workload = workloadOf(template, node);
    if (workload === undefined || node === undefined) return;
    const { framework, resources } = workload;
    const tell = (all: typeof resources, property: string, problem: Problem | undefined) => {
      const entry = entryNamed(all, property);
      if (entry !== undefined && problem !== undefined) report({ at: entry.value ?? entry.key, ...problem });
    };
    const cpus = literalNumber(resources, 'num_cpus', template);
    if (cpus !== undefined) tell(resources, 'num_cpus', cpusProblem(framework, template.release, cpus));
    const mem = literal(entryNamed(resources, 'mem_size')?.value, template);
    const size = parseUnit('scalar-unit.size', mem ?? '', 'orchestrator');
    if ('value' in size) tell(resources, 'mem_size', memoryProblem(framework, template.release, size.value / 1e6));
    const retries = framework === 'Chronos' ? literalNumber(node.properties, 'retries', template) : undefined;
    if (retries !== undefined) tell(node.properties, 'retries', retriesProblem(retries));
  },
};
