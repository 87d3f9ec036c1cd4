// A value outside what its type allows.
import { validValues } from '../types/constraints.ts';
import { nearest, suggest } from './nearest.ts';
import type { Rule } from './rule.ts';

export const constraintViolation: Rule = {
  code: 'constraint-violation',
  severity: 'error',
  of: 'valueProblems',
  check({ valueProblems }, report) {
    for (const problem of valueProblems) {
      if (problem.kind !== 'constraint-violation') continue;
      const { at, message, constraint } = problem;
      const written = at.kind === 'scalar' && constraint.operator === 'valid_values' ? at.value : undefined;
      const { text, fixes } = suggest(
        at,
        written === undefined ? undefined : nearest(written, validValues(constraint)),
      );
      report({ at, message: message + text, fixes });
    }
  },
};
