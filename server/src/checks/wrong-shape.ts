// A list where TOSCA wants a map, a map where it wants a text, and the like.
import type { Rule } from './rule.ts';

export const wrongShape: Rule = {
  code: 'wrong-shape',
  severity: 'error',
  check({ grammar }, report) {
    for (const { node, expected } of grammar.wrongShapes)
      report({ at: node, message: `${expected.charAt(0).toUpperCase()}${expected.slice(1)} is expected here.` });
  },
};
