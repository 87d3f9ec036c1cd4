// An input that need not be given, and that something uses all the same. Source: indigo-dc/orchestrator: 400 where it is not given.
import { get } from '../syntax/nodes.ts';
import { byName } from '../template/by-name.ts';
import { usageOf } from '../template/uses.ts';
import { change, fix, setIn } from './fix.ts';
import type { Rule } from './rule.ts';

export const optionalInput: Rule = {
  code: 'optional-input',
  severity: 'warning',
  whole(template, report) {
    if (template.dialect !== 'orchestrator') return;
    const { all } = usageOf(template);
    const optional = byName(template, 'inputs', 'optional inputs', undefined, input =>
      input.required || input.default !== undefined ? undefined : input,
    );
    for (const input of optional.values()) {
      if (!all.has(input.name)) continue;
      const { value } = input.entry;
      const required = get(value, 'required');
      const empty =
        input.schema.type === 'string' && value?.kind === 'mapping' ? setIn(value, [], ["default: ''"]) : undefined;
      report({
        at: required ?? input.entry.key,
        message: `"${input.name}" is used, so the Orchestrator refuses a deployment that does not give it: it is not optional. Give it a default, or make it required.`,
        fixes: [
          ...(empty === undefined ? [] : [fix('Add "default: \'\'"', empty)]),
          ...(required === undefined ? [] : [change(required, 'true', 'Make it required')]),
        ],
      });
    }
  },
};
