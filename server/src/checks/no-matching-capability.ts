// A requirement whose target offers no capability that fits.
import { matchOf } from '../template/matches.ts';
import { rename } from './fix.ts';
import { nearest } from './nearest.ts';
import type { Rule } from './rule.ts';

export const noMatchingCapability: Rule = {
  code: 'no-matching-capability',
  severity: 'error',
  of: 'node',
  check({ node, template }, report) {
    for (const requirement of node?.requirements ?? []) {
      const match = node && matchOf(template, node, requirement);
      if (match === undefined) continue;
      const { definition, targetType, capability, target } = match;
      const owner = target === undefined ? targetType.name : `"${target.name}" (type ${targetType.name})`;
      const named = requirement.capability;
      const related = { at: definition, message: `The requirement wants ${definition.capability}.` };
      if (capability === undefined && named?.kind === 'scalar') {
        const meant = nearest(named.value, targetType.capabilities.keys());
        const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
        const message = `${owner} has no capability "${named.value}".${hint}`;
        report({ at: named, message, related, ...(meant !== undefined && { fixes: [rename(named, meant)] }) });
      } else if (capability === undefined) {
        const at = requirement.target ?? requirement.entry.key;
        report({
          at,
          message: `${owner} offers no ${definition.capability}, which "${requirement.name}" needs.`,
          related,
        });
      } else if (
        named !== undefined &&
        template.dialect === 'strict' &&
        !template.catalog.isA('capability', capability.type, definition.capability)
      ) {
        const message = `"${capability.name}" of ${owner} is of type ${capability.type}: "${requirement.name}" needs ${definition.capability}.`;
        report({ at: named, message, related });
      }
    }
  },
};
