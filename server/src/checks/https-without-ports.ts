// `enable_https` on an app that publishes nothing. Source: indigo-dc/orchestrator MarathonServiceImpl: one pair of labels for each port.
import { entryNamed } from '../syntax/nodes.ts';
import { literal } from '../template/literal.ts';
import { publishedPorts } from '../template/workload.ts';
import type { Rule } from './rule.ts';

export const httpsWithoutPorts: Rule = {
  code: 'https-without-ports',
  severity: 'warning',
  of: 'workload',
  check({ template, node, workload }, report) {
    if (workload?.framework !== 'Marathon' || node === undefined || workload.host === undefined) return;
    const entry = entryNamed(node.properties, 'enable_https');
    if (entry === undefined || !/^true$/i.test(literal(entry.value, template) ?? '')) return;
    if (publishedPorts(workload, template) !== 0) return;
    report({
      at: entry.key,
      message: 'HTTPS is for published ports, and the app has none: list them under `publish_ports` of its host.',
    });
  },
};
