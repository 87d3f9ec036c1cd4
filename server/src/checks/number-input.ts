// A number or boolean that goes into a list or a map: given as JSON number it breaks the deployment.
// Source: indigo-dc/orchestrator, which casts the members of lists and maps to texts (ClassCastException).
import { get, rawText } from '../syntax/nodes.ts';
import type { Template } from '../template/template.ts';
import { usageOf, usesInCollections } from '../template/uses.ts';
import { change, type Fix, replace } from './fix.ts';
import type { Rule } from './rule.ts';

const affected = new Set(['integer', 'float', 'boolean']);

export const numberInput: Rule = {
  code: 'number-input',
  severity: 'warning',
  whole(template, report) {
    if (template.dialect !== 'orchestrator') return;
    for (const name of usageOf(template).inCollections.keys()) {
      const input = template.inputs.get(name);
      const at = get(input?.entry.value, 'type');
      const type = input?.schema.type ?? '';
      if (input === undefined || at === undefined || !affected.has(type)) continue;
      const example = type === 'boolean' ? '"true" and not true' : '"8080" and not 8080';
      report({
        at,
        message: `"${name}" is used within a list or a map, where the Orchestrator takes texts only: who gives it as a JSON ${type === 'boolean' ? 'boolean' : 'number'} breaks the deployment (${example}). Put \`concat\` around it there, which makes a text of it, or declare it as string.`,
        fixes: [wrap(name), ...(input.schema.constraints.length === 0 ? [change(at, 'string')] : [])],
      });
    }
  },
};

function wrap(name: string): Fix {
  return {
    title: 'Put `concat` around it where it is used',
    edits(template: Template) {
      const edits = usesInCollections(template, name).map(use => replace(use, `{ concat: [ ${rawText(use)} ] }`));
      return edits.some(({ text }) => text.includes('\n')) ? [] : edits;
    },
  };
}
