// A requirement that the node's type does not have.
import { nearest, suggest } from './nearest.ts';
import type { Rule } from './rule.ts';

export const unknownRequirement: Rule = {
  code: 'unknown-requirement',
  severity: 'error',
  check({ nodes }, report) {
    for (const { type, requirements } of nodes.values()) {
      if (type === undefined || type.missingParent !== undefined) continue;
      for (const { name, entry } of requirements) {
        if (type.requirements.has(name)) continue;
        const { text, fix } = suggest(nearest(name, type.requirements.keys()));
        report({
          at: entry.key,
          message: `${type.name} has no requirement "${name}".${text}`,
          related: { at: type, message: `${type.name} is declared here.` },
          ...(fix && { fix }),
        });
      }
    }
  },
};
