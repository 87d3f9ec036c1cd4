// A value that its type does not take.
import type { ValueProblem } from '../types/value-problems.ts';
import { change, type Fix } from './fix.ts';
import { functionLike } from './function-like.ts';
import type { Rule } from './rule.ts';
import { asItem } from './shape-fix.ts';

export const wrongType: Rule = {
  code: 'wrong-type',
  severity: 'error',
  of: 'valueProblems',
  check({ valueProblems }, report) {
    for (const problem of valueProblems) {
      if (problem.kind !== 'wrong-type' || functionLike(problem.at)?.meant !== undefined) continue;
      const fixes = mend(problem);
      report({ at: problem.at, message: problem.message, ...(fixes.length > 0 && { fixes }) });
    }
  },
};

function mend({ at, mend: how }: Extract<ValueProblem, { kind: 'wrong-type' }>): readonly Fix[] {
  if (how === undefined) return [];
  if (how !== 'item') return [change(at, how.text)];
  const made = asItem(at);
  return made === undefined ? [] : [made];
}
