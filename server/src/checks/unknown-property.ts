// A property that the type does not declare. The Orchestrator refuses the template (400).
import { entries, name } from '../syntax/nodes.ts';
import { nearest, suggest } from './nearest.ts';
import type { Rule } from './rule.ts';

export const unknownProperty: Rule = {
  code: 'unknown-property',
  severity: 'error',
  check({ assignments, valueProblems }, report) {
    for (const { owner, type, properties, values } of assignments) {
      if (type.missingParent !== undefined) continue;
      for (const entry of entries(values)) {
        const key = name(entry);
        if (properties.has(key)) continue;
        const { text, fix } = suggest(nearest(key, properties.keys()));
        const message = `"${key}" is no property of ${owner} (type ${type.name}).${text}`;
        report({
          at: entry.key,
          message,
          related: { at: type, message: `${type.name} is declared here.` },
          ...(fix && { fix }),
        });
      }
    }
    for (const problem of valueProblems) {
      if (problem.kind !== 'unknown-property') continue;
      const { owner, name: key, at } = problem;
      const { text, fix } = suggest(nearest(key, owner.properties.keys()));
      const message = `"${key}" is no property of ${owner.name}.${text}`;
      report({
        at: at.key,
        message,
        related: { at: owner, message: `${owner.name} is declared here.` },
        ...(fix && { fix }),
      });
    }
  },
};
