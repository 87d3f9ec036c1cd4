// Keynames of TOSCA that INDIGO's parser does not know: it drops them with all that is under them, and says nothing.
// Source: indigo-dc/alien4cloud, its mapping of tosca_simple_yaml_1_0.
import type { Construct } from '../grammar/keynames.ts';
import { entryOf } from '../syntax/nodes.ts';
import type { Rule } from './rule.ts';

/** Only what does something where it is read: a lost description harms nobody. */
const dropped: Partial<Record<Construct, readonly string[]>> = {
  'service template': ['interface_types', 'group_types'],
  'topology template': ['relationship_templates', 'workflows'],
  'node template': ['directives', 'node_filter', 'copy', 'attributes'],
  'requirement assignment': ['node_filter', 'occurrences'],
  'capability assignment': ['attributes', 'occurrences'],
  'property definition': ['status', 'key_schema'],
  input: ['key_schema'],
};

export const droppedKeyname: Rule = {
  code: 'dropped-keyname',
  severity: 'warning',
  check({ template, grammar }, report) {
    if (template.dialect !== 'orchestrator') return;
    for (const { construct, node } of grammar.constructs) {
      for (const key of dropped[construct] ?? []) {
        const entry = entryOf(node, key);
        if (entry === undefined || entry.merged === true) continue;
        report({
          at: entry.key,
          message: `The Orchestrator does not know \`${key}\` here and drops it with all that it holds.`,
        });
      }
    }
  },
};
