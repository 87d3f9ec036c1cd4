// Sections with nothing under them that INDIGO's parser refuses (SYNTAX_ERROR); others count as absent.
// Source: indigo-dc/alien4cloud, the parsers of each section.
import type { Construct } from '../grammar/keynames.ts';
import { type Entry, entryOf, type Mapping, name } from '../syntax/nodes.ts';
import { fix, removal } from './fix.ts';
import type { Rule } from './rule.ts';

const refused: Partial<Record<Construct, readonly string[]>> = {
  'service template': ['metadata', 'topology_template'],
  'topology template': ['policies'],
  'node template': ['requirements'],
  input: ['constraints'],
  'property definition': ['constraints'],
};

export const emptySection: Rule = {
  code: 'empty-section',
  severity: 'error',
  check({ template, grammar, entry, path, node }, report) {
    if (template.dialect !== 'orchestrator') return;
    for (const { construct, node: holder } of grammar.constructs) {
      for (const key of refused[construct] ?? []) tell(entryOf(holder, key), holder);
    }
    for (const capability of node?.capabilities ?? []) tell(capability, undefined, 'the capability');
    if (path[0] === 'topology_template' && path[1] === 'node_templates' && entry !== undefined)
      tell(entry, undefined, 'the node template');

    function tell(each: Entry | undefined, holder: Mapping | undefined, what = 'the section'): void {
      if (each === undefined || each.value !== undefined || each.merged === true) return;
      report({
        at: each.key,
        message: `There is nothing under ${what} "${name(each)}", and the Orchestrator refuses that. Fill it, or take it away.`,
        fixes: [fix(`Remove "${name(each)}"`, removal(each, holder))],
      });
    }
  },
};
