// A capability that the node's type does not have. INDIGO's parser drops it, with all its properties.
import { name } from '../syntax/nodes.ts';
import { nearest, suggest } from './nearest.ts';
import type { Rule } from './rule.ts';

export const unknownCapability: Rule = {
  code: 'unknown-capability',
  severity: 'error',
  check({ node, template: { dialect } }, report) {
    const type = node?.type;
    if (type === undefined || type.missingParent !== undefined) return;
    for (const entry of node?.capabilities ?? []) {
      if (type.capabilities.has(name(entry))) continue;
      const { text, fixes } = suggest(entry.key, nearest(name(entry), type.capabilities.keys()));
      report({
        at: entry.key,
        severity: dialect === 'orchestrator' ? 'warning' : 'error',
        message: `${type.name} has no capability "${name(entry)}".${text}${dialect === 'orchestrator' ? ' The Orchestrator drops it.' : ''}`,
        related: { at: type, message: `${type.name} is declared here.` },
        fixes,
      });
    }
  },
};
