// An imported file that YAML cannot read whole. What is wrong there is told in that file; here, only that something is.
import { rangeOf } from '../syntax/section.ts';
import type { Rule } from './rule.ts';

export const brokenImport: Rule = {
  code: 'broken-import',
  severity: 'error',
  of: 'file',
  check({ template: { imports, uri }, file }, report) {
    if (file === undefined) return;
    for (const { node, written, file: read } of imports) {
      const [first] = read === undefined || read.uri === uri ? [] : read.document.problems;
      if (first === undefined) continue;
      const line = rangeOf(first).start.line + 1;
      report({ at: node, message: `\`${written}\` cannot be read as YAML, first in line ${line}: ${first.message}` });
    }
  },
};
