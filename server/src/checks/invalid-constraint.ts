// A constraint clause that cannot be held against any value: no such operator, an argument of the wrong kind, a broken pattern.
import { operators } from '../grammar/constraints.ts';
import { get, type Mapping, text } from '../syntax/nodes.ts';
import type { Catalog } from '../types/catalog.ts';
import { type ClauseProblem, clauseProblems } from '../types/clauses.ts';
import { readConstraints } from '../types/constraints.ts';
import { builtIn } from '../types/scalars.ts';
import { change, type Fix } from './fix.ts';
import { nearest } from './nearest.ts';
import type { Rule, Severity } from './rule.ts';

export const invalidConstraint: Rule = {
  code: 'invalid-constraint',
  severity: 'error',
  check({ grammar, template: { catalog, version, dialect } }, report) {
    for (const { node, holder } of grammar.constraints) {
      for (const problem of clauseProblems(readConstraints(node), typeOf(holder, catalog), version, dialect)) {
        const fixes = mend(problem);
        const meant =
          problem.kind === 'unknown' && fixes.length > 0
            ? ` ${fixes[0]?.title.replace('Change to', 'Did you mean')}?`
            : '';
        report({
          at: problem.at,
          severity: severity(problem, dialect === 'orchestrator'),
          message: problem.message + meant,
          ...(fixes.length > 0 && { fixes }),
        });
      }
    }
  },
};

function severity({ kind }: ClauseProblem, production: boolean): Severity {
  if (kind === 'unchecked') return 'hint';
  return production && kind !== 'wrong' ? 'warning' : 'error';
}

function mend({ at, kind, mend: meant }: ClauseProblem): readonly Fix[] {
  if (meant !== undefined) return [change(at, meant)];
  const near = kind === 'unknown' ? nearest(text(at) ?? '', Object.keys(operators)) : undefined;
  return near === undefined || near === text(at) ? [] : [change(at, near)];
}

/** The built-in type that a definition's values are of. */
function typeOf(holder: Mapping | undefined, catalog: Catalog): string | undefined {
  const named = text(get(holder, 'type')) ?? text(get(holder, 'derived_from'));
  if (named === undefined || Object.hasOwn(builtIn, named)) return named;
  const type = catalog.find('data', named);
  if (type === undefined || type.missingParent !== undefined) return undefined;
  return type.primitive ?? 'complex';
}
