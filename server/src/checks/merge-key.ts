// `<<` among keys: INDIGO's parser reads anchors and aliases, and does not merge.
// Source: indigo-dc/alien4cloud works on the composed nodes of SnakeYAML.
import type { Rule } from './rule.ts';

export const mergeKey: Rule = {
  code: 'merge-key',
  severity: 'error',
  check({ template, entry }, report) {
    if (entry === undefined || template.dialect !== 'orchestrator') return;
    for (const merge of entry.section.composed.merges) {
      if (merge.start < entry.start || merge.start >= Math.max(entry.end, entry.key.end)) continue;
      report({
        at: merge.key,
        message:
          'The Orchestrator does not merge: `<<` is a key like any other to it, unknown, and what it would bring is missing. Write the entries out.',
      });
    }
  },
};
