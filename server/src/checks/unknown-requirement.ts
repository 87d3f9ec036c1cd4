// A requirement that the node's type does not have.
import { nearest, suggest } from './nearest.ts';
import type { Rule } from './rule.ts';

export const unknownRequirement: Rule = {
  code: 'unknown-requirement',
  severity: 'error',
  of: 'node',
  check({ node }, report) {
    const type = node?.type;
    if (type === undefined || type.missingParent !== undefined) return;
    for (const { name, entry } of node?.requirements ?? []) {
      if (type.requirements.has(name)) continue;
      const { text, fixes } = suggest(entry.key, nearest(name, type.requirements.keys()));
      report({
        at: entry.key,
        message: `${type.name} has no requirement "${name}".${text}`,
        related: { at: type, message: `${type.name} is declared here.` },
        fixes,
      });
    }
  },
};
