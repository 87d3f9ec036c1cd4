// A capability assignment with a `type` of its own: INDIGO's parser drops it, unless it is the type that the node type says.
import { entryOf, get, name, text } from '../syntax/nodes.ts';
import { fix, removal } from './fix.ts';
import type { Rule } from './rule.ts';

export const capabilityType: Rule = {
  code: 'capability-type',
  severity: 'warning',
  of: 'node',
  check({ template, node }, report) {
    if (node?.type === undefined || template.dialect !== 'orchestrator') return;
    for (const capability of node.capabilities) {
      const definition = node.type.capabilities.get(name(capability));
      const entry = entryOf(capability.value, 'type');
      const written = text(get(capability.value, 'type'));
      if (
        definition === undefined ||
        entry?.value === undefined ||
        written === undefined ||
        written === definition.type
      )
        continue;
      report({
        at: entry.value,
        message: `The Orchestrator drops this capability with all its properties, for its type is ${definition.type} and not ${written}. Take the \`type\` away.`,
        related: { at: definition, message: 'The node type says so here.' },
        fixes: [
          fix('Remove the type', removal(entry, capability.value?.kind === 'mapping' ? capability.value : undefined)),
        ],
      });
    }
  },
};
