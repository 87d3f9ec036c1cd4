// Service ports that the load balancers cannot serve, or may not. Sources: indigo-dc Heat templates, ansible-role-marathon-lb.
import { portNumber, servicePortProblem } from '../mesos/ports.ts';
import { entryOf } from '../syntax/nodes.ts';
import { followed, foreseen } from '../template/literal.ts';
import { resourceItems } from '../template/workload.ts';
import { told } from './foresee.ts';
import type { Rule } from './rule.ts';

export const servicePort: Rule = {
  code: 'service-port',
  severity: 'warning',
  of: 'workload',
  check({ template, workload }, report) {
    if (workload?.framework !== 'Marathon' || workload.hasGpus) return;
    for (const item of resourceItems(workload, 'publish_ports', template)) {
      const target = entryOf(followed(item, template), 'target')?.value;
      const written = foreseen(target, template);
      const port = portNumber(written?.text ?? '');
      const problem = port === undefined ? undefined : servicePortProblem(port);
      if (target !== undefined && written !== undefined && problem !== undefined)
        report({ at: target, ...told(problem, written) });
    }
  },
};
