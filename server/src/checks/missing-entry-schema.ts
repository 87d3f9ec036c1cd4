// A list or map that does not say what is in it. INDIGO's parser: VALIDATION_ERROR.
import { get, text } from '../syntax/nodes.ts';
import { fix, setIn } from './fix.ts';
import type { Rule } from './rule.ts';

export const missingEntrySchema: Rule = {
  code: 'missing-entry-schema',
  severity: 'error',
  check({ template, grammar }, report) {
    if (template.dialect !== 'orchestrator') return;
    for (const { construct, node } of grammar.constructs) {
      if (construct !== 'input' && construct !== 'property definition') continue;
      const at = get(node, 'type');
      const type = text(at);
      if (at === undefined || (type !== 'list' && type !== 'map') || get(node, 'entry_schema') !== undefined) continue;
      const added = setIn(node, ['entry_schema'], ['type: string']);
      report({
        at,
        message: `The Orchestrator refuses a ${type} that does not say what its members are: add \`entry_schema\`.`,
        ...(added && { fixes: [fix('Add "entry_schema" of type string', added)] }),
      });
    }
  },
};
