// Text without quotes that YAML reads as something else: a version as a number that loses its last zero (`1.10` becomes 1.1), a text as a
// number, a boolean or nothing. INDIGO's parser reads texts only, and loses nothing.
import { change, quoted } from './fix.ts';
import type { Rule } from './rule.ts';

export const unquotedText: Rule = {
  code: 'unquoted-text',
  severity: 'error',
  of: 'valueProblems',
  check({ valueProblems }, report) {
    for (const problem of valueProblems) {
      if (problem.kind !== 'unquoted-text') continue;
      const { at, message, refused } = problem;
      report({
        at,
        message,
        ...(!refused && { severity: 'warning' }),
        fixes: [change(at, quoted(at), 'Put it in quotes')],
      });
    }
  },
};
