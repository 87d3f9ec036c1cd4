// A version that YAML reads as a number, which loses its last zero: `1.10` becomes 1.1. INDIGO's parser reads texts, and loses nothing.
import { change, quoted } from './fix.ts';
import type { Rule } from './rule.ts';

export const unquotedVersion: Rule = {
  code: 'unquoted-version',
  severity: 'warning',
  check({ valueProblems }, report) {
    for (const problem of valueProblems) {
      if (problem.kind !== 'unquoted-version') continue;
      const { at, read } = problem;
      report({
        at,
        message: `YAML reads this as the number ${read}, so the version is ${read}: put it in quotes.`,
        fixes: [change(at, quoted(at), 'Put it in quotes')],
      });
    }
  },
};
