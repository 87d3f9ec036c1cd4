// Apps and jobs need exactly one host, whose `host` capability says what they get. Source: indigo-dc/orchestrator AbstractMesosDeploymentService.
import { text } from '../syntax/nodes.ts';
import { hosts, targets } from '../template/hosting.ts';
import type { Rule } from './rule.ts';

export const noHost: Rule = {
  code: 'no-host',
  severity: 'error',
  of: 'workload',
  check({ template, node, workload }, report) {
    if (node === undefined || workload === undefined || hosts(template, node).length > 0) return;
    const wanted = node.requirements.find(({ name }) => name === 'host');
    // a name that is no node's, or a node without a known type, is told elsewhere
    const target = template.nodes.get(text(wanted?.target) ?? '');
    if (wanted !== undefined && target?.type === undefined) return;
    const led = targets(template, node).find(({ requirement }) => requirement === wanted);
    if (led !== undefined && led.capability === undefined) return; // the requirement itself does not hold
    report({
      at: wanted?.target ?? node.entry.key,
      message:
        led === undefined
          ? `"${node.name}" has no host: give it the requirement \`- host: <a Docker run-time node>\`.`
          : `"${node.name}" has no host: this leads to the capability "${led.capability}" of "${led.node.name}", and not to its \`host\`.`,
    });
  },
};
