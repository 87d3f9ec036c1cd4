// Labels for the load balancer that it does not know, or that the Orchestrator writes over; what it knows is in mesos/haproxy.ts.
import { isKnownLabel, labelNames, labelValueProblem, needsVirtualHost, parseLabel } from '../mesos/haproxy.ts';
import { type Entry, entryNamed, name } from '../syntax/nodes.ts';
import { entriesOf, literal } from '../template/literal.ts';
import { publishedPorts } from '../template/workload.ts';
import { change, type Fix, fix, removal } from './fix.ts';
import { nearest, suggest } from './nearest.ts';
import type { Finding, Rule } from './rule.ts';

export const haproxyLabel: Rule = {
  code: 'haproxy-label',
  severity: 'warning',
  of: 'workload',
  check({ template, node, workload }, report) {
    if (workload?.framework !== 'Marathon' || node === undefined) return;
    const labels = entriesOf(entryNamed(node.properties, 'labels')?.value, template);
    const ports = publishedPorts(workload, template);
    const https = /^true$/i.test(literal(entryNamed(node.properties, 'enable_https')?.value, template) ?? '');
    const names = new Set(labels.map(name));
    for (const entry of labels) {
      const finding = problem(entry, ports, https, names, literal(entry.value, template));
      if (finding !== undefined) report(finding);
    }
  },
};

function problem(
  entry: Entry,
  ports: number | undefined,
  https: boolean,
  names: ReadonlySet<string>,
  value: string | undefined,
): Finding | undefined {
  const written = name(entry);
  const at = entry.key;
  const valueAt = entry.value ?? entry.key;
  const remove = fix(`Remove "${written}"`, removal(entry));
  if (written === 'created_by' || written === 'origin')
    return {
      at,
      message: `The Orchestrator sets the label "${written}" itself, over this value.`,
      unnecessary: true,
      fixes: [remove],
    };
  const upper = /^haproxy_/i.test(written) ? written.toUpperCase() : undefined;
  if (upper !== undefined && upper !== written)
    return { at, message: `marathon-lb reads labels in capitals only: "${upper}".`, fixes: [change(at, upper)] };
  const label = parseLabel(written);
  if (label === undefined) return undefined;
  if (!isKnownLabel(label)) {
    const other =
      label.index === undefined && isKnownLabel({ index: 0, name: label.name }) ? `HAPROXY_0_${label.name}` : undefined;
    const { text, fixes } = suggest(at, other ?? nearest(written, labelNames(label.index), 4));
    return { at, message: `marathon-lb does not know the label "${written}".${text}`, fixes };
  }
  if (label.index === undefined && label.name === 'GROUP') {
    if (ports === 0 || value === undefined || value === 'external') return undefined;
    const fixes: readonly Fix[] = entry.value === undefined ? [remove] : [change(entry.value, 'external'), remove];
    return {
      at: valueAt,
      message: 'The Orchestrator sets HAPROXY_GROUP to "external" for every app that publishes ports, over this value.',
      fixes,
    };
  }
  if (label.index === undefined) return undefined;
  if (ports !== undefined && label.index >= ports) {
    const has =
      ports === 0
        ? 'publishes no ports'
        : `publishes ${ports === 1 ? 'one port, number 0' : `${ports} ports, numbers 0 to ${ports - 1}`}`;
    return {
      at,
      message: `This label is about port number ${label.index}, and the app ${has}: marathon-lb does not use it.`,
    };
  }
  if (https && (label.name === 'SSL_CERT' || label.name === 'BACKEND_HEAD'))
    return {
      at,
      message: `With \`enable_https\` the Orchestrator sets ${written} itself, over this value.`,
      unnecessary: true,
      fixes: [remove],
    };
  if (needsVirtualHost(label.name) && !names.has(`HAPROXY_${label.index}_VHOST`))
    return { at, message: `${written} does nothing without HAPROXY_${label.index}_VHOST.` };
  const wrong = value === undefined ? undefined : labelValueProblem(label, value);
  if (wrong === undefined) return undefined;
  const { message, better } = wrong;
  return {
    at: valueAt,
    message,
    ...(better !== undefined && { fixes: [change(valueAt, `"${better}"`, `Change to "${better}"`)] }),
  };
}
