// A function whose result can never fit where it stands: a list where a text is expected.
import type { Rule } from './rule.ts';

export const wrongResult: Rule = {
  code: 'wrong-result',
  severity: 'error',
  of: 'valueProblems',
  check({ valueProblems, template: { dialect } }, report) {
    const production = dialect === 'orchestrator';
    for (const problem of valueProblems) {
      if (problem.kind !== 'wrong-result') continue;
      const later = production ? ' The Orchestrator finds that only when it deploys.' : '';
      report({ at: problem.at, severity: production ? 'warning' : 'error', message: problem.message + later });
    }
  },
};
