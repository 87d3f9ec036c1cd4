// A capability that the node's type does not have. INDIGO's parser drops it, with all its properties.
import { get, name } from '../syntax/nodes.ts';
import { fix, removal } from './fix.ts';
import { nearest, suggest } from './nearest.ts';
import type { Rule } from './rule.ts';

export const unknownCapability: Rule = {
  code: 'unknown-capability',
  severity: 'error',
  of: 'node',
  check({ node, template: { dialect } }, report) {
    const type = node?.type;
    if (type === undefined || type.missingParent !== undefined) return;
    const within = get(node?.entry.value, 'capabilities');
    for (const entry of node?.capabilities ?? []) {
      if (type.capabilities.has(name(entry))) continue;
      const { text, fixes } = suggest(entry.key, nearest(name(entry), type.capabilities.keys()));
      report({
        at: entry.key,
        severity: dialect === 'orchestrator' ? 'warning' : 'error',
        message: `${type.name} has no capability "${name(entry)}".${text}${dialect === 'orchestrator' ? ' The Orchestrator drops it.' : ''}`,
        related: { at: type, message: `${type.name} is declared here.` },
        fixes: [
          ...fixes,
          fix(`Remove "${name(entry)}"`, removal(entry, within?.kind === 'mapping' ? within : undefined)),
        ],
      });
    }
  },
};
