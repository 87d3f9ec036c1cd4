// A service port that is asked for twice. Sources: marathon changelog (1.3: unique over the cluster), AppDefinition validation.
import { portNumber } from '../mesos/ports.ts';
import { productName, products } from '../mesos/releases.ts';
import { entryOf, text } from '../syntax/nodes.ts';
import { followed } from '../template/literal.ts';
import { concluded, summaryOf } from '../template/summary.ts';
import { resourceItems, workloadOf } from '../template/workload.ts';
import type { Rule } from './rule.ts';

interface Repetition {
  readonly port: number;
  /** Names of the app that asks for it first, and of the one that asks again; which of its ports that is. */
  readonly first: string;
  readonly again: string;
  readonly index: number;
  /** Both on the same host: then it is one and the same line that asks. */
  readonly sameHost: boolean;
}

const repetitions = concluded(({ kinds, hosts, nodes, asking }) => {
  if (asking.size === 0) return [];
  const taken = new Map<number, string>();
  const found: Repetition[] = [];
  for (const name of kinds) {
    if (nodes.get(name)?.kind !== 'Marathon') continue;
    const host = hosts.get(name);
    for (const [index, written] of (nodes.get(host ?? '')?.servicePorts ?? []).entries()) {
      const port = portNumber(written ?? '');
      if (port === undefined) continue;
      const first = taken.get(port);
      if (first === undefined) taken.set(port, name);
      else found.push({ port, first, again: name, index, sameHost: first !== name && hosts.get(first) === host });
    }
  }
  return found;
});

export const duplicateServicePort: Rule = {
  code: 'duplicate-service-port',
  severity: 'error',
  whole(template, report) {
    if (template.dialect !== 'orchestrator') return;
    const unique = products[template.release].marathon !== '1.1.1';
    for (const { port, first, again, index, sameHost } of repetitions(summaryOf(template))) {
      const workload = workloadOf(template, template.nodes.get(again));
      const one = template.nodes.get(first);
      if (workload === undefined || one === undefined) continue;
      const item = resourceItems(workload, 'publish_ports', template)[index];
      const target = entryOf(followed(item, template), 'target')?.value;
      const requirement = workload.node.requirements.find(each => text(each.target) === workload.host?.name)?.target;
      const refuses = unique || first === again;
      report({
        at: (sameHost ? requirement : target) ?? workload.node.entry.key,
        severity: refuses ? 'error' : 'warning',
        message: `The service port ${port} is asked for ${first === again ? 'in this app' : `by "${first}"`} already: ${productName('Marathon', template.release)} ${refuses ? 'refuses that' : 'takes that, and the load balancer serves only one of them'}. Choose another, or leave \`target\` out.`,
        related: { at: { entry: one.entry, uri: template.uri }, message: 'It is asked for here first.' },
      });
    }
  },
};
