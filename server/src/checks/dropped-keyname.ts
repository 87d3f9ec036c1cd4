// Keynames of TOSCA that INDIGO's parser does not know: it drops them with all that is under them, and says nothing.
// Source: indigo-dc/alien4cloud, its mapping of tosca_simple_yaml_1_0; which they are is data of the grammar.
import { grammar as all } from '../grammar/keynames.ts';
import { name } from '../syntax/nodes.ts';
import { fix, removal } from './fix.ts';
import type { Rule } from './rule.ts';

export const droppedKeyname: Rule = {
  code: 'dropped-keyname',
  severity: 'warning',
  check({ template, grammar }, report) {
    if (template.dialect !== 'orchestrator') return;
    for (const { construct, node, entry } of grammar.dropped) {
      if (entry.merged === true) continue;
      const { title } = all[construct];
      report({
        at: entry.key,
        message: `The Orchestrator does not know \`${name(entry)}\` of ${title}, and drops it with all that it holds.`,
        fixes: [fix(`Remove "${name(entry)}"`, removal(entry, node))],
      });
    }
  },
};
