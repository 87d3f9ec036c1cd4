// `yes` and the like as a value: a boolean to many, false to the Orchestrator.
import type { Rule } from './rule.ts';

export const booleanText: Rule = {
  code: 'boolean-text',
  severity: 'warning',
  check({ valueProblems }, report) {
    for (const problem of valueProblems) {
      if (problem.kind === 'boolean-text') report({ at: problem.at, message: problem.message });
    }
  },
};
