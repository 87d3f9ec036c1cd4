// A list where TOSCA wants a map, a map where it wants a text, and the like.
import type { Rule } from './rule.ts';

export const wrongShape: Rule = {
  code: 'wrong-shape',
  severity: 'error',
  check(part, report) {
    part.walk({
      wrongShape: (at, expected) =>
        report({ at, message: `${expected.charAt(0).toUpperCase()}${expected.slice(1)} is expected here.` }),
    });
  },
};
