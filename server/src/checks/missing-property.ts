// A property that must have a value and has none.
import { entries, entryOf, type Mapping } from '../syntax/nodes.ts';
import type { Assignment } from '../template/assignments.ts';
import type { Catalog } from '../types/catalog.ts';
import type { PropertyDefinition } from '../types/definitions.ts';
import { addition, type Edit, type Fix, fix, setIn } from './fix.ts';
import { meantBy, type Suggestion } from './nearest.ts';
import { initial } from './placeholder.ts';
import type { Rule } from './rule.ts';

export const missingProperty: Rule = {
  code: 'missing-property',
  severity: 'error',
  of: 'assignments',
  check({ assignments, valueProblems, template: { catalog } }, report) {
    for (const assignment of assignments) {
      const { owner, properties, values, at } = assignment;
      for (const property of properties.values()) {
        if (!property.required || property.default !== undefined || entryOf(values, property.name) !== undefined)
          continue;
        const kind = property.schema.type === 'string' ? '' : `(${property.schema.type}) `;
        const meant = meantBy(property.name, entries(values), each => properties.has(each));
        report({
          at,
          message: `The ${owner} has no "${property.name}": its type ${kind}requires it.${meant?.text ?? ''}`,
          related: { at: property, message: 'It is declared as required here.' },
          fixes:
            (meant ?? misspelledSection(assignment))?.fixes ??
            added(property, catalog, line => addTo(assignment, line)),
        });
      }
    }
    for (const problem of valueProblems) {
      if (problem.kind !== 'missing-property') continue;
      const { missing, owner, at } = problem;
      const unused =
        missing.default === undefined ? '' : ' The Orchestrator does not use the default of the type here.';
      const meant = meantBy(missing.name, entries(at), each => owner.properties.has(each));
      report({
        at: at.kind === 'mapping' ? (at.entries[0]?.key ?? at) : at,
        message: `"${missing.name}" is missing: ${owner.name} requires it.${unused}${meant?.text ?? ''}`,
        related: { at: missing, message: 'It is declared as required here.' },
        fixes: meant?.fixes ?? (at.kind === 'mapping' ? added(missing, catalog, line => addition(at, [line])) : []),
      });
    }
  },
};

function added(
  property: PropertyDefinition,
  catalog: Catalog,
  put: (line: string) => Edit | undefined,
): readonly Fix[] {
  const line = `${property.name}: ${initial(property, catalog)}`;
  const edit = put(line);
  return edit === undefined ? [] : [fix(`Add \`${line}\``, edit)];
}

/** Another key that was to be `properties`. */
function misspelledSection({ values, body }: Assignment): Suggestion | undefined {
  return values === undefined ? meantBy('properties', entries(body), each => each === 'properties') : undefined;
}

/** Into the map of values, which is made where it is missing. */
function addTo({ values, body }: Assignment, line: string): Edit | undefined {
  if (values !== undefined && values.entries.length > 0) return addition(values, [line]);
  const holder: Mapping | undefined = body?.kind === 'mapping' ? body : undefined;
  return holder === undefined ? undefined : setIn(holder, ['properties'], [line]);
}
