// Functions of TOSCA that INDIGO's parser does not know, or not there. Source: indigo-dc/alien4cloud FunctionParser, ToscaFunctionConstants.
import { entries } from '../syntax/nodes.ts';
import { callsIn } from '../template/template.ts';
import { frameworkOf } from '../template/workload.ts';
import type { Rule } from './rule.ts';

const unknown = new Set(['join', 'get_nodes_of_type']);
const operations = new Set(['get_operation_output', 'get_artifact']);

export const unsupportedFunction: Rule = {
  code: 'unsupported-function',
  severity: 'error',
  of: 'calls',
  check({ template, calls, assignments, output, node }, report) {
    if (template.dialect !== 'orchestrator') return;
    for (const call of calls) {
      if (!unknown.has(call.name)) continue;
      const hint = call.name === 'join' ? ' Use `concat`.' : '';
      report({
        at: call.entry.key,
        severity: frameworkOf(node) === undefined ? 'warning' : 'error',
        message: `The Orchestrator does not know \`${call.name}\` and takes it for a plain map.${hint}`,
      });
    }
    if (!calls.some(({ name }) => operations.has(name))) return;
    const refused = [
      ...assignments.flatMap(({ values }) => entries(values)).flatMap(({ value }) => callsIn(value)),
      ...callsIn(output?.value).filter(({ name }) => name === 'get_artifact'),
    ];
    for (const call of refused) {
      if (operations.has(call.name))
        report({
          at: call.entry.key,
          message: `The Orchestrator refuses \`${call.name}\` here: it takes it in the inputs of operations only.`,
        });
    }
  },
};
