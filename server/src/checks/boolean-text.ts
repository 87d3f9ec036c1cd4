// `yes` and the like as a value: a boolean to many, false to the Orchestrator.
import { text } from '../syntax/nodes.ts';
import { change } from './fix.ts';
import type { Rule } from './rule.ts';

export const booleanText: Rule = {
  code: 'boolean-text',
  severity: 'warning',
  of: 'valueProblems',
  check({ valueProblems }, report) {
    for (const problem of valueProblems) {
      if (problem.kind !== 'boolean-text') continue;
      const { at, message } = problem;
      const meant = /^(yes|y|on|1)$/i.test(text(at) ?? '');
      // what was meant, and then what it is at present
      report({ at, message, ...(meant && { fixes: [change(at, 'true'), change(at, 'false')] }) });
    }
  },
};
