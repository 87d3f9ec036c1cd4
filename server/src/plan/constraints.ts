// Placement constraints: lists of lists of text, passed through as they stand.
import type { Json } from '../../../protocol/src/plan.ts';
import { clauseProblem } from '../mesos/placement.ts';
import { items, type Node } from '../syntax/nodes.ts';
import { followed } from '../template/literal.ts';
import type { Container } from './container.ts';
import { plainText } from './values.ts';

export function constraints({ properties, framework, scope }: Container): readonly (readonly string[])[] {
  const value = properties.raw('constraints');
  const at = properties.at('constraints');
  if (value === undefined || value === '') return [];
  if (!Array.isArray(value) || !value.every(item => Array.isArray(item))) {
    scope.report('wrong-type', at, '"constraints" must be a list of lists, for example `[ [ hostname, UNIQUE ] ]`.');
    return [];
  }
  return value.map((clause: Json, index) => {
    const place = properties.itemAt('constraints', index);
    const parts = (clause as readonly Json[]).flatMap(
      part => plainText(part, 'constraints', place, 'string', scope) ?? [],
    );
    const problem = clauseProblem(framework, scope.release, parts);
    if (problem !== undefined) {
      const written = 'kind' in place ? items(followed(place as Node, scope.template)) : [];
      const part = problem.part === undefined ? undefined : written[problem.part];
      scope.report('placement-constraint', part ?? place, problem.message, problem.severity);
    }
    return parts;
  });
}
