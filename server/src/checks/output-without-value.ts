// Outputs that can never have a value: of an app only the exact paths work that the Orchestrator fills after the deployment, of a job none.
// Source: indigo-dc/orchestrator MarathonServiceImpl.finalizeDeploy.
import type { FunctionCall } from '../grammar/functions.ts';
import { items, text } from '../syntax/nodes.ts';
import { byName } from '../template/by-name.ts';
import { hosted, type Summary, summaryOf } from '../template/summary.ts';
import { callsIn, type NodeTemplate, type Output, type Template } from '../template/template.ts';
import { type DeploymentKind, frameworkOf, mayHave } from '../template/workload.ts';
import type { Finding, Rule } from './rule.ts';

const instead = 'The output holds an error text instead.';

export const outputWithoutValue: Rule = {
  code: 'output-without-value',
  severity: 'warning',
  whole(template, report) {
    if (template.dialect !== 'orchestrator') return;
    const summary = summaryOf(template);
    const kind = summary.deciding?.kind;
    // what an output asks for rests on the summary and, beyond it, on the types, with which all is looked at anew
    const problems = byName(template, 'outputs', 'outputs without value', summary, output => {
      const found = problemsOf(template, summary, kind, output);
      return found.length === 0 ? undefined : found;
    });
    for (const found of problems.values()) for (const each of found) report(each);
  },
};
function problemsOf(
  template: Template,
  summary: Summary,
  kind: DeploymentKind | undefined,
  output: Output,
): readonly Finding[] {
  const value = output.value === undefined ? output.entry.value : undefined;
  if (value !== undefined && value.kind !== 'mapping') {
    const message = `The Orchestrator ignores an output that is no map: write \`${output.name}: { value: ... }\`.`;
    return [{ at: value, message }];
  }
  if (kind !== 'Marathon' && kind !== 'Chronos') return [];
  return callsOf(output).flatMap(call => {
    const [first = '', ...path] = items(call.argument).map(each => text(each) ?? '');
    const node = template.nodes.get(first);
    if (node === undefined) return [];
    const message = problem(node, path, summary, kind, call);
    // what is told where it is named is not told again
    return message === undefined || !/^\w+$/.test(first) || !mayHave(node, path[0] ?? '')
      ? []
      : [{ at: call.node, message }];
  });
}

/** The calls that ask a node for something. */
const known = new WeakMap<Output, readonly FunctionCall[]>();

function callsOf(output: Output): readonly FunctionCall[] {
  let calls = known.get(output);
  if (calls === undefined) {
    calls = callsIn(output.value).filter(({ name }) => name === 'get_attribute' || name === 'get_property');
    known.set(output, calls);
  }
  return calls;
}

function problem(
  node: NodeTemplate,
  path: readonly string[],
  summary: Summary,
  kind: 'Marathon' | 'Chronos',
  call: FunctionCall,
): string | undefined {
  if (call.name === 'get_property')
    return `The Orchestrator looks for the property under the wrong name, and finds no value. ${instead} Use the input that the property comes from.`;
  if (kind === 'Chronos')
    return `Chronos jobs have no attributes in outputs: only inputs and fixed texts work. ${instead}`;
  if (frameworkOf(node) === 'Marathon') {
    const [attribute, index, ...more] = path;
    return attribute === 'load_balancer_ips' && more.length === 0 && (index === undefined || /^\d+$/.test(index))
      ? undefined
      : `Of a Marathon app only \`[ ${node.name}, load_balancer_ips ]\`, or one of them by its number, has a value. ${instead}`;
  }
  return ofRuntime(summary, node, path);
}

function ofRuntime(summary: Summary, node: NodeTemplate, path: readonly string[]): string | undefined {
  const { name } = node;
  const [capability, property, index = '', member, ...more] = path;
  const form = `\`[ ${name}, host, publish_ports, <number>, target ]\``;
  if (
    !hosted(summary)
      .get(name)
      ?.some(({ kind }) => kind === 'Marathon')
  )
    return `No Marathon app runs on "${node.name}", so nothing of it has a value. ${instead}`;
  if (
    capability !== 'host' ||
    property !== 'publish_ports' ||
    member !== 'target' ||
    more.length > 0 ||
    !/^\d+$/.test(index)
  )
    return `Of the host of an app only ${form} has a value. ${instead}`;
  const ports = summary.nodes.get(name)?.ports;
  return ports !== undefined && Number(index) >= ports
    ? `"${name}" publishes ${ports === 0 ? 'no ports' : ports === 1 ? 'one port, number 0' : `${ports} ports, numbers 0 to ${ports - 1}`}. ${instead}`
    : undefined;
}
