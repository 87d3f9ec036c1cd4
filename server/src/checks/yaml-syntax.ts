// Text that YAML cannot read.
import type { Rule } from './rule.ts';

export const yamlSyntax: Rule = {
  code: 'yaml-syntax',
  severity: 'error',
  whole({ document }, report) {
    for (const problem of document.problems) report({ at: problem, message: problem.message });
  },
};
