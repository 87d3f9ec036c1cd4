// A service port that is asked for twice. Sources: marathon changelog (1.3: unique over the cluster), AppDefinition validation.
import { portNumber } from '../mesos/ports.ts';
import { productName, products } from '../mesos/releases.ts';
import { entryOf, type Node } from '../syntax/nodes.ts';
import { followed, literal } from '../template/literal.ts';
import { summaryOf } from '../template/summary.ts';
import type { NodeTemplate, Template } from '../template/template.ts';
import { resourceItems, workloadOf } from '../template/workload.ts';
import type { Rule } from './rule.ts';

export const duplicateServicePort: Rule = {
  code: 'duplicate-service-port',
  severity: 'error',
  whole(template, report) {
    if (template.dialect !== 'orchestrator') return;
    const taken = new Map<string, NodeTemplate>();
    const unique = products[template.release].marathon !== '1.1.1';
    for (const node of summaryOf(template).kinds) {
      for (const { port, at, requirement } of targets(template, node)) {
        const first = taken.get(port);
        if (first === undefined) {
          taken.set(port, node);
          continue;
        }
        const where = first === node ? 'in this app' : `by "${first.name}"`;
        const refuses = unique || first === node;
        report({
          at:
            first !== node &&
            requirement !== undefined &&
            first.requirements.some(({ target }) => literal(target, template) === literal(requirement, template))
              ? requirement
              : at,
          severity: refuses ? 'error' : 'warning',
          message: `The service port ${port} is asked for ${where} already: ${productName('Marathon', template.release)} ${refuses ? 'refuses that' : 'takes that, and the load balancer serves only one of them'}. Choose another, or leave \`target\` out.`,
          related: { at: { entry: first.entry, uri: template.uri }, message: 'It is asked for here first.' },
        });
      }
    }
  },
};

interface Target {
  readonly port: string;
  readonly at: Node;
  /** What names the host on which the ports stand. */
  readonly requirement: Node | undefined;
}

function targets(template: Template, node: NodeTemplate): readonly Target[] {
  const workload = workloadOf(template, node);
  if (workload?.framework !== 'Marathon') return [];
  const requirement = node.requirements.find(({ target }) => literal(target, template) === workload.host?.name)?.target;
  return resourceItems(workload, 'publish_ports', template).flatMap(item => {
    const at = entryOf(followed(item, template), 'target')?.value;
    const port = portNumber(literal(at, template) ?? '');
    return at === undefined || port === undefined ? [] : [{ port: String(port), at, requirement }];
  });
}
