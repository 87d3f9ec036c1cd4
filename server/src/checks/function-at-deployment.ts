// Functions in the properties of apps and jobs that the Orchestrator cannot evaluate when it deploys them.
// Source: indigo-dc/orchestrator IndigoInputsPreProcessorService, MarathonServiceImpl, ChronosServiceImpl.
import type { FunctionCall } from '../grammar/functions.ts';
import { items, text } from '../syntax/nodes.ts';
import { callsIn, type TemplateView } from '../template/template.ts';
import { mayHave, type Workload } from '../template/workload.ts';
import { onedataTypes } from '../types/indigo.ts';
import type { Finding, Rule } from './rule.ts';

export const functionAtDeployment: Rule = {
  code: 'function-at-deployment',
  severity: 'error',
  of: 'workload',
  check({ template, node, workload }, report) {
    if (workload === undefined || node === undefined) return;
    for (const { value } of [...node.properties, ...workload.resources]) {
      for (const call of callsIn(value)) {
        const finding = problem(call, workload, template);
        if (finding !== undefined) report(finding);
      }
    }
  },
};

function problem(call: FunctionCall, { framework }: Workload, template: TemplateView): Finding | undefined {
  if (call.name !== 'get_property' && call.name !== 'get_attribute') return undefined;
  const [first, second] = items(call.argument).map(text);
  if (first === undefined || second === undefined) return undefined;
  const special = ['SELF', 'HOST', 'SOURCE', 'TARGET'].includes(first);
  const named = template.nodes.get(first);
  if (!special && (named === undefined || !mayHave(named, second))) return undefined; // told where it is named
  const instead = 'Use an input for both places.';
  if (call.name === 'get_property') {
    return framework === 'Marathon'
      ? {
          at: call.node,
          message: `The Orchestrator does not evaluate \`get_property\` when it deploys a Marathon app: the deployment fails. ${instead}`,
        }
      : {
          at: call.node,
          severity: 'warning',
          message: special
            ? `The Orchestrator does not know \`${first}\` when it deploys a Chronos job: the value is missing. ${instead}`
            : `The Orchestrator looks for the property under the wrong name when it deploys a Chronos job, and finds no value. ${instead}`,
        };
  }
  const known = onedataTypes.get(named?.typeName ?? '');
  if (known?.includes(second)) return undefined;
  const what = known === undefined ? 'values of Onedata nodes' : known.join(', ');
  return {
    at: call.node,
    message: `There is no value yet when the Orchestrator deploys this: it knows only ${what} then, and the deployment fails. ${instead}`,
  };
}
