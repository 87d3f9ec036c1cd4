// Commands that are refused, or taken for something else; which, is in mesos/commands.ts.

import { commandProblem } from '../mesos/commands.ts';
import { entryNamed } from '../syntax/nodes.ts';
import { foreseenOf } from '../template/literal.ts';
import { told } from './foresee.ts';
import type { Rule } from './rule.ts';

export const commandText: Rule = {
  code: 'command-text',
  severity: 'error',
  of: 'workload',
  check({ template, node, workload }, report) {
    const entry = entryNamed(node?.properties ?? [], 'command');
    const written = foreseenOf(node?.properties ?? [], 'command', template);
    if (workload === undefined || entry === undefined || written === undefined) return;
    const problem = commandProblem(workload.framework, template.release, written.text);
    if (problem !== undefined) report({ at: entry.value ?? entry.key, ...told(problem, written) });
  },
};
