// TOSCA's third protocol, which Marathon does not have. Source: marathon RAML, NetworkProtocol.
import { entryOf } from '../syntax/nodes.ts';
import { followed, literal } from '../template/literal.ts';
import { resourceItems } from '../template/workload.ts';
import { change } from './fix.ts';
import type { Rule } from './rule.ts';

export const igmpPort: Rule = {
  code: 'igmp-port',
  severity: 'error',
  of: 'workload',
  check({ template, workload }, report) {
    if (workload?.framework !== 'Marathon') return;
    for (const item of resourceItems(workload, 'publish_ports', template)) {
      const protocol = entryOf(followed(item, template), 'protocol')?.value;
      if (protocol === undefined || literal(protocol, template) !== 'igmp') continue;
      report({
        at: protocol,
        message: 'Marathon publishes ports of tcp and udp only, not of igmp.',
        fixes: [change(protocol, 'udp'), change(protocol, 'tcp')],
      });
    }
  },
};
