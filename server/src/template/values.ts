// The problems of all values of a template: each assigned property, and each input's default, held against its type.
import { entries, name } from '../syntax/nodes.ts';
import { checkValue, type ValueContext, type ValueProblem } from '../types/values.ts';
import { assignments } from './assignments.ts';
import type { Template } from './template.ts';

const known = new WeakMap<Template, readonly ValueProblem[]>();

/** Found once for a template; every rule on values picks its own. */
export function valueProblems(template: Template): readonly ValueProblem[] {
  let problems = known.get(template);
  if (problems === undefined) {
    problems = find(template);
    known.set(template, problems);
  }
  return problems;
}

export function valueContext({ catalog, dialect, document }: Template): ValueContext {
  return { catalog, dialect, anchor: document.anchor };
}

function find(template: Template): readonly ValueProblem[] {
  const context = valueContext(template);
  const assigned = assignments(template).flatMap(({ properties, values }) =>
    entries(values).flatMap(entry => {
      const property = properties.get(name(entry));
      return property === undefined || entry.value === undefined
        ? []
        : checkValue(entry.value, property.schema, context);
    }),
  );
  const defaults = [...template.inputs.values()].flatMap(input =>
    input.default === undefined || input.entry.value?.kind !== 'mapping'
      ? []
      : checkValue(input.default, input.schema, context),
  );
  return [...assigned, ...defaults];
}
