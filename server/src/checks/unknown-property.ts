// A property that the type does not declare. The Orchestrator refuses the template (400).
import { type Entry, entries, name } from '../syntax/nodes.ts';
import type { ResolvedType } from '../types/catalog.ts';
import { nearest, suggest } from './nearest.ts';
import type { Rule } from './rule.ts';

export const unknownProperty: Rule = {
  code: 'unknown-property',
  severity: 'error',
  check({ assignments, valueProblems }, report) {
    for (const { owner, type, properties, values } of assignments) {
      if (type.missingParent !== undefined) continue;
      for (const entry of entries(values)) {
        if (!properties.has(name(entry))) tell(entry, `${owner} (type ${type.name})`, type, properties.keys());
      }
    }
    for (const problem of valueProblems) {
      if (problem.kind !== 'unknown-property') continue;
      const { owner, at } = problem;
      tell(at, owner.name, owner, owner.properties.keys());
    }

    function tell(entry: Entry, owner: string, type: ResolvedType, known: Iterable<string>): void {
      const { text, fixes } = suggest(entry.key, nearest(name(entry), known));
      report({
        at: entry.key,
        message: `"${name(entry)}" is no property of ${owner}.${text}`,
        related: { at: type, message: `${type.name} is declared here.` },
        fixes,
      });
    }
  },
};
