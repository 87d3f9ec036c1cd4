// Placement constraints: lists of lists of text, passed through as they stand.
import type { Json } from '../../../protocol/src/plan.ts';
import type { Scope } from './evaluate.ts';
import { plainText, type Reader } from './values.ts';

export function constraints(properties: Reader, scope: Scope): readonly (readonly string[])[] {
  const value = properties.raw('constraints');
  const at = properties.at('constraints');
  if (value === undefined || value === '') return [];
  if (!Array.isArray(value) || !value.every(item => Array.isArray(item))) {
    scope.report('wrong-type', at, '"constraints" must be a list of lists, for example `[ [ hostname, UNIQUE ] ]`.');
    return [];
  }
  return value.map((clause: Json) =>
    (clause as readonly Json[]).flatMap(part => plainText(part, 'constraints', at, 'string', scope) ?? []),
  );
}
