// A constraint clause that cannot be held against any value: no such operator, an argument of the wrong kind, a broken pattern.
import { operators } from '../grammar/constraints.ts';
import { get, type Node, name, text } from '../syntax/nodes.ts';
import { filtersIn } from '../template/filters.ts';
import type { Part } from '../template/part.ts';
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
  check(part, report) {
    const { catalog, version, dialect } = part.template;
    const { constraints } = part.grammar;
    if (constraints.length === 0) return;
    const filtered = filteredTypes(part);
    for (const { node, holder } of constraints) {
      const named = filtered.get(node) ?? text(get(holder, 'type')) ?? text(get(holder, 'derived_from'));
      for (const problem of clauseProblems(readConstraints(node), builtInOf(named, catalog), version, dialect)) {
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

/** By what a node filter asks of a property: the property's type. Production drops node filters. */
function filteredTypes(part: Part): ReadonlyMap<Node, string> {
  const types = new Map<Node, string>();
  if (part.template.dialect !== 'strict') return types;
  for (const filter of filtersIn(part)) {
    if (filter.what !== 'property') continue;
    for (const entry of filter.asked) {
      const type = filter.known.get(name(entry))?.schema.type;
      if (type !== undefined && entry.value !== undefined) types.set(entry.value, type);
    }
  }
  return types;
}

/** The built-in type that values of a type are of. */
function builtInOf(named: string | undefined, catalog: Catalog): string | undefined {
  if (named === undefined || Object.hasOwn(builtIn, named)) return named;
  const type = catalog.find('data', named);
  if (type === undefined || type.missingParent !== undefined) return undefined;
  return type.primitive ?? 'complex';
}
