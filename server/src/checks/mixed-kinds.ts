// Nodes for different systems in one template: the Orchestrator deploys to one of them only.
// Source: indigo-dc/orchestrator DeploymentServiceImpl.inferDeploymentType.
import { concluded, summaryOf } from '../template/summary.ts';
import type { DeploymentKind } from '../template/workload.ts';
import type { Rule } from './rule.ts';

const titles: Readonly<Record<DeploymentKind, string>> = {
  Marathon: 'Marathon apps',
  Chronos: 'Chronos jobs',
  QCG: 'QCG jobs',
  Helm: 'Helm charts',
};

/** The first node of each kind but the one that is deployed. */
const ignored = concluded(
  ({ kinds, deciding, nodes }) => {
    const first = new Map<DeploymentKind | undefined, string>([[deciding?.kind, '']]);
    for (const name of kinds) {
      const kind = nodes.get(name)?.kind;
      if (!first.has(kind)) first.set(kind, name);
    }
    return [...first.values()].slice(1);
  },
  ({ kinds }) => kinds,
);

export const mixedKinds: Rule = {
  code: 'mixed-kinds',
  severity: 'warning',
  whole(template, report) {
    if (template.dialect !== 'orchestrator') return;
    const summary = summaryOf(template);
    const { deciding } = summary;
    const first = template.nodes.get(deciding?.name ?? '');
    for (const name of ignored(summary)) {
      const node = template.nodes.get(name);
      const kind = summary.nodes.get(name)?.kind;
      if (node === undefined || first === undefined || kind === undefined || deciding?.kind === undefined) continue;
      report({
        at: node.entry.key,
        message: `The Orchestrator would deploy only the ${titles[deciding.kind]} of this template and ignore its ${titles[kind]}, for "${first.name}" comes first. Write two templates.`,
        related: { at: { entry: first.entry, uri: template.uri }, message: 'This node decides.' },
      });
    }
  },
};
