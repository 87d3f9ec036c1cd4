// Nodes for different systems in one template: the Orchestrator deploys to one of them only.
// Source: indigo-dc/orchestrator DeploymentServiceImpl.inferDeploymentType.
import { summaryOf } from '../template/summary.ts';
import { type DeploymentKind, kindOf } from '../template/workload.ts';
import type { Rule } from './rule.ts';

const names: Readonly<Record<DeploymentKind, string>> = {
  Marathon: 'Marathon apps',
  Chronos: 'Chronos jobs',
  QCG: 'QCG jobs',
  Helm: 'Helm charts',
};

export const mixedKinds: Rule = {
  code: 'mixed-kinds',
  severity: 'warning',
  whole(template, report) {
    if (template.dialect !== 'orchestrator') return;
    const { kinds, deciding, kind } = summaryOf(template);
    if (deciding === undefined || kind === undefined) return;
    const told = new Set<DeploymentKind>([kind]);
    for (const node of kinds) {
      const own = kindOf(node);
      if (own === undefined || told.has(own)) continue;
      told.add(own);
      report({
        at: node.entry.key,
        message: `The Orchestrator would deploy only the ${names[kind]} of this template and ignore its ${names[own]}, for "${deciding.name}" comes first. Write two templates.`,
        related: { at: { entry: deciding.entry, uri: template.uri }, message: 'This node decides.' },
      });
    }
  },
};
