// A number or boolean that goes into a list or a map: given as JSON number it breaks the deployment.
// Source: indigo-dc/orchestrator, which casts the members of lists and maps to texts (ClassCastException).
import { get, rawText } from '../syntax/nodes.ts';
import { usesOfInputs } from '../template/summary.ts';
import { change, fix, replace } from './fix.ts';
import type { Rule } from './rule.ts';

const affected = new Set(['integer', 'float', 'boolean']);

export const numberInput: Rule = {
  code: 'number-input',
  severity: 'warning',
  whole(template, report) {
    if (template.dialect !== 'orchestrator') return;
    const uses = usesOfInputs(template);
    for (const [name, inside] of uses) {
      if (inside.length === 0) continue;
      const input = template.inputs.get(name);
      const at = get(input?.entry.value, 'type');
      const type = input?.schema.type ?? '';
      if (input === undefined || at === undefined || !affected.has(type)) continue;
      const example = type === 'boolean' ? '"true" and not true' : '"8080" and not 8080';
      const wraps = inside.map(use => replace(use, `{ concat: [ ${rawText(use)} ] }`));
      report({
        at,
        message: `"${name}" is used within a list or a map, where the Orchestrator takes texts only: who gives it as a JSON ${type === 'boolean' ? 'boolean' : 'number'} breaks the deployment (${example}). Put \`concat\` around it there, which makes a text of it, or declare it as string.`,
        fixes: [
          ...(wraps.some(({ text }) => text.includes('\n'))
            ? []
            : [fix('Put `concat` around it where it is used', ...wraps)]),
          ...(input.schema.constraints.length === 0 ? [change(at, 'string')] : []),
        ],
      });
    }
  },
};
