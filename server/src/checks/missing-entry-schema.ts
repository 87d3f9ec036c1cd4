// A list or map whose definition does not say what is in it. INDIGO's parser refuses such properties (VALIDATION_ERROR).
import { entryOf, get, text } from '../syntax/nodes.ts';
import { addition, fix } from './fix.ts';
import type { Rule } from './rule.ts';

export const missingEntrySchema: Rule = {
  code: 'missing-entry-schema',
  severity: 'error',
  check({ grammar, template: { dialect } }, report) {
    if (dialect !== 'orchestrator') return; // to the standard, its entries are texts
    for (const { construct, node } of grammar.constructs) {
      if (construct !== 'property definition' && construct !== 'input') continue;
      const type = get(node, 'type');
      const named = text(type);
      if (type === undefined || (named !== 'list' && named !== 'map') || entryOf(node, 'entry_schema') !== undefined)
        continue;
      const edit = addition(node, node.flow ? ['entry_schema: { type: string }'] : ['entry_schema:', '  type: string']);
      report({
        at: type,
        message: `A ${named} needs an \`entry_schema\` that says of what type its entries are.`,
        ...(edit && { fixes: [fix('Add an `entry_schema` of type string', edit)] }),
      });
    }
  },
};
