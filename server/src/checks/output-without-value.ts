// Outputs that can never have a value: of an app only the exact paths work that the Orchestrator fills after the deployment, of a job none.
// Source: indigo-dc/orchestrator MarathonServiceImpl.finalizeDeploy.
import type { FunctionCall } from '../grammar/functions.ts';
import { items, text } from '../syntax/nodes.ts';
import { byName } from '../template/by-name.ts';
import { hosted, type Summary, summaryOf } from '../template/summary.ts';
import { callsIn, type NodeTemplate, type Output, type Template } from '../template/template.ts';
import { frameworkOf, mayHave } from '../template/workload.ts';
import type { Finding, Rule } from './rule.ts';

const instead = 'The output holds an error text instead.';

export const outputWithoutValue: Rule = {
  code: 'output-without-value',
  severity: 'warning',
  whole(template, report) {
    if (template.dialect !== 'orchestrator') return;
    const summary = summaryOf(template);
    const kind = summary.deciding?.kind;
    const known = byName(template, 'outputs', 'outputs without value', summary.kinds, output => {
      const other = notAMap(output);
      if (other !== undefined) return { problems: [other], open: [] };
      if (kind !== 'Marathon' && kind !== 'Chronos') return undefined;
      // what an app or a job is asked for has a value or not as long as the nodes are of these kinds
      const isSettled = ({ node }: Ask) => frameworkOf(template.nodes.get(node)) !== undefined;
      const asks = asksOf(output);
      const open = asks.filter(ask => !isSettled(ask));
      const problems = asks.filter(isSettled).flatMap(ask => problemsOf(template, summary, ask));
      return problems.length + open.length === 0 ? undefined : { problems, open };
    });
    for (const { problems, open } of known.values()) {
      for (const each of problems) report(each);
      for (const ask of open) for (const each of problemsOf(template, summary, ask)) report(each);
    }
  },
};

function notAMap({ name, value: given, entry: { value } }: Output): Finding | undefined {
  if (given !== undefined || value === undefined || value.kind === 'mapping') return undefined;
  return {
    at: value,
    message: `The Orchestrator ignores an output that is no map: write \`${name}: { value: ... }\`.`,
  };
}

function problemsOf(template: Template, summary: Summary, ask: Ask): readonly Finding[] {
  const node = template.nodes.get(ask.node);
  const message = node && problem(node, ask, summary);
  // what is told where it is named is not told again
  return node === undefined || message === undefined || !mayHave(node, ask.path[0] ?? '')
    ? []
    : [{ at: ask.call.node, message }];
}

/** A call that asks a node for something. */
interface Ask {
  readonly call: FunctionCall;
  readonly node: string;
  readonly path: readonly string[];
}

const knownAsks = new WeakMap<Output, readonly Ask[]>();

/** Without those of nodes that the parser renames, of which another rule speaks. Kept for each state of an output. */
function asksOf(output: Output): readonly Ask[] {
  let asks = knownAsks.get(output);
  if (asks === undefined) {
    asks = callsIn(output.value).flatMap(call => {
      const [node = '', ...path] = items(call.argument).map(each => text(each) ?? '');
      const isAsk = call.name === 'get_attribute' || call.name === 'get_property';
      return isAsk && /^\w+$/.test(node) ? [{ call, node, path }] : [];
    });
    knownAsks.set(output, asks);
  }
  return asks;
}

function problem(node: NodeTemplate, { call, path }: Ask, summary: Summary): string | undefined {
  if (call.name === 'get_property')
    return `The Orchestrator looks for the property under the wrong name, and finds no value. ${instead} Use the input that the property comes from.`;
  if (summary.deciding?.kind === 'Chronos')
    return `Chronos jobs have no attributes in outputs: only inputs and fixed texts work. ${instead}`;
  if (frameworkOf(node) === 'Marathon') {
    return path[0] === 'load_balancer_ips' && path.length <= 2 && /^\d+$/.test(path[1] ?? '0')
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
