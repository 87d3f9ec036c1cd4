// The relationship of a requirement that is neither a type nor a relationship template.
import { text } from '../syntax/nodes.ts';
import { nearestType, suggest } from './nearest.ts';
import type { Rule } from './rule.ts';

export const unknownRelationship: Rule = {
  code: 'unknown-relationship',
  severity: 'error',
  of: 'node',
  check({ node, template }, report) {
    const { catalog, relationships, dialect } = template;
    if (!catalog.complete) return;
    for (const { name, relationship } of node?.requirements ?? []) {
      const wanted = text(relationship);
      if (relationship === undefined || wanted === undefined || wanted === '') continue;
      if (catalog.find('relationship', wanted) !== undefined || relationships.has(wanted)) continue;
      const declared = node?.type?.requirements.get(name)?.relationship;
      const production = dialect === 'orchestrator';
      // what production takes in place of a name that it does not know is what the author meant by the short name
      if (production && declared?.endsWith(`.${wanted}`)) continue;
      const { text: hint, fixes } = suggest(
        relationship,
        nearestType(wanted, [...relationships.keys(), ...catalog.names('relationship')]),
      );
      const instead = production ? ` The Orchestrator takes that of the requirement's definition.` : '';
      report({
        at: relationship,
        severity: production ? 'warning' : 'error',
        message: `There is no relationship type and no relationship template "${wanted}".${hint}${instead}`,
        fixes,
      });
    }
  },
};
