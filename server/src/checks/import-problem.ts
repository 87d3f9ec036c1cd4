// An import that leads nowhere, or to where this program does not go.
import type { Rule } from './rule.ts';

export const importProblem: Rule = {
  code: 'import-problem',
  severity: 'error',
  check({ template: { imports }, file }, report) {
    if (file === undefined) return;
    for (const { node, problem, target } of imports) {
      if (problem === undefined) continue;
      const severity = target.kind === 'remote' ? 'information' : 'error';
      const hint = target.kind === 'remote' ? ' Names of types are not checked in this file.' : '';
      report({ at: node, severity, message: problem + hint });
    }
  },
};
