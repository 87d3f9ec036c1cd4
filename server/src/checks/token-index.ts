// A part of a text that is not there. The Orchestrator answers 500. Source: indigo-dc/orchestrator IndigoInputsPreProcessorService.
import { items } from '../syntax/nodes.ts';
import { literal } from '../template/literal.ts';
import type { Rule } from './rule.ts';

export const tokenIndex: Rule = {
  code: 'token-index',
  severity: 'error',
  of: 'calls',
  check({ template, calls }, report) {
    for (const call of calls) {
      if (call.name !== 'token') continue;
      const [subject, separator, index] = items(call.argument).map(each => literal(each, template));
      if (subject === undefined || separator === undefined || index === undefined || !/^\d+$/.test(index)) continue;
      const parts = subject.split(separator).length;
      if (separator === '' || Number(index) < parts) continue;
      report({
        at: call.node,
        message: `"${subject}" has no part ${index} when it is split at "${separator}": there are ${parts}, counted from 0.`,
      });
    }
  },
};
