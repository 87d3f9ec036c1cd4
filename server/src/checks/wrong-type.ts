// A value that its type does not take.
import { entries, name } from '../syntax/nodes.ts';
import type { Rule } from './rule.ts';

/** Types for which "nothing" is a text that the Orchestrator takes. */
const takesNothing = new Set(['string', 'boolean', 'null']);

export const wrongType: Rule = {
  code: 'wrong-type',
  severity: 'error',
  check({ assignments, valueProblems }, report) {
    for (const problem of valueProblems) {
      if (problem.kind === 'wrong-type') report({ at: problem.at, message: problem.message });
    }
    for (const { properties, values } of assignments) {
      for (const entry of entries(values)) {
        const property = properties.get(name(entry));
        if (property === undefined || entry.value !== undefined || takesNothing.has(property.schema.type)) continue;
        report({
          at: entry.key,
          message: `"${property.name}" has no value: a ${property.schema.type} is expected. Write one, or take the key away.`,
        });
      }
    }
  },
};
