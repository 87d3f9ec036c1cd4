// `get_input` of an input that is not declared.
import { items, text } from '../syntax/nodes.ts';
import { nearest, suggest } from './nearest.ts';
import type { Rule } from './rule.ts';

export const unknownInput: Rule = {
  code: 'unknown-input',
  severity: 'error',
  check({ calls, template: { inputs } }, report) {
    for (const call of calls) {
      if (call.name !== 'get_input') continue;
      const at = call.argument?.kind === 'sequence' ? items(call.argument)[0] : call.argument;
      const wanted = text(at);
      if (at === undefined || wanted === undefined || inputs.has(wanted)) continue;
      const { text: hint, fixes } = suggest(at, nearest(wanted, inputs.keys()));
      report({ at, message: `There is no input "${wanted}".${hint}`, fixes });
    }
  },
};
