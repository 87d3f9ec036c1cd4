// A node filter that asks for a property or capability that no such node has: it lets no node through.
import { name } from '../syntax/nodes.ts';
import { filtersIn } from '../template/filters.ts';
import { nearest, suggest } from './nearest.ts';
import type { Rule } from './rule.ts';

export const unknownFilter: Rule = {
  code: 'unknown-filter',
  severity: 'error',
  check(part, report) {
    if (part.template.dialect !== 'strict') return; // production drops node filters
    for (const { asked, owner, known, what } of filtersIn(part)) {
      const names = [...known.keys()];
      for (const entry of asked) {
        if (names.includes(name(entry))) continue;
        const { text, fixes } = suggest(entry.key, nearest(name(entry), names));
        report({
          at: entry.key,
          message: `${owner.name} has no ${what} "${name(entry)}": the filter lets no node through.${text}`,
          related: { at: owner, message: `${owner.name} is declared here.` },
          fixes,
        });
      }
    }
  },
};
