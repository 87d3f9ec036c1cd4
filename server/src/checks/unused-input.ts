// An input that nothing uses.
import { usageOf, usesOf } from '../template/uses.ts';
import { fix, removal } from './fix.ts';
import type { Rule } from './rule.ts';

export const unusedInput: Rule = {
  code: 'unused-input',
  severity: 'hint',
  /** Finds nothing: what `whole` asks of each entry is worked out while there is time between the parts. */
  check({ entry }) {
    if (entry !== undefined) usesOf(entry);
  },
  whole(template, report) {
    const { all } = usageOf(template);
    for (const name of template.inputs.keys()) {
      if (all.has(name)) continue;
      const entry = template.inputs.get(name)?.entry;
      if (entry === undefined || entry.merged === true) continue;
      report({
        at: entry.key,
        message: `Nothing uses the input "${name}".`,
        unnecessary: true,
        fixes: [fix(`Remove "${name}"`, removal(entry))],
      });
    }
  },
};
