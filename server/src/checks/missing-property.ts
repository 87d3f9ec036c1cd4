// A property that must have a value and has none.
import { entryOf } from '../syntax/nodes.ts';
import type { Rule } from './rule.ts';

export const missingProperty: Rule = {
  code: 'missing-property',
  severity: 'error',
  check({ assignments, valueProblems }, report) {
    for (const { owner, properties, values, at } of assignments) {
      for (const property of properties.values()) {
        if (!property.required || property.default !== undefined || entryOf(values, property.name) !== undefined)
          continue;
        const kind = property.schema.type === 'string' ? '' : `(${property.schema.type}) `;
        report({
          at,
          message: `The ${owner} has no "${property.name}": its type ${kind}requires it.`,
          related: { at: property, message: 'It is declared as required here.' },
        });
      }
    }
    for (const problem of valueProblems) {
      if (problem.kind !== 'missing-property') continue;
      const { missing, owner, at } = problem;
      const unused =
        missing.default === undefined ? '' : ' The Orchestrator does not use the default of the type here.';
      report({
        at: at.kind === 'mapping' ? (at.entries[0]?.key ?? at) : at,
        message: `"${missing.name}" is missing: ${owner.name} requires it.${unused}`,
        related: { at: missing, message: 'It is declared as required here.' },
      });
    }
  },
};
