// A published port without the port inside the container. Source: indigo-dc/orchestrator AbstractMesosDeploymentService.

import { functionCall } from '../grammar/functions.ts';
import { entryOf, type Node } from '../syntax/nodes.ts';
import { followed } from '../template/literal.ts';
import { resourceItems } from '../template/workload.ts';
import type { Rule } from './rule.ts';

export const portWithoutSource: Rule = {
  code: 'port-without-source',
  severity: 'error',
  of: 'workload',
  check({ template, workload }, report) {
    if (workload === undefined) return;
    for (const item of resourceItems(workload, 'publish_ports', template)) {
      const port = followed(item, template);
      if (port?.kind !== 'mapping' || functionCall(port) !== undefined) continue;
      if (entryOf(port, 'source')?.value !== undefined) continue;
      report({
        at: portPlace(item),
        message:
          'A published port needs `source`, the port inside the container: the Orchestrator gives up without it.',
      });
    }
  },
};

/** Where something about a whole entry of `publish_ports` is shown. */
export const portPlace = (item: Node): Node =>
  item.kind === 'mapping' && !item.flow ? (item.entries[0]?.key ?? item) : item;
