// `yes` and the like as a value: a boolean to many, false to the Orchestrator.
import { valueProblems } from '../template/values.ts';
import type { Rule } from './rule.ts';

export const booleanText: Rule = {
  code: 'boolean-text',
  severity: 'warning',
  check(template, report) {
    for (const problem of valueProblems(template)) {
      if (problem.kind === 'boolean-text') report({ at: problem.at, message: problem.message });
    }
  },
};
