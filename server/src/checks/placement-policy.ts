// Policies that the Orchestrator refuses or skips. Source: indigo-dc/orchestrator ToscaServiceImpl, its placement policies.
import { entries, get, items, text, valueAt } from '../syntax/nodes.ts';
import type { Rule } from './rule.ts';

export const placementPolicy: Rule = {
  code: 'placement-policy',
  severity: 'error',
  of: 'file',
  check({ template, file }, report) {
    if (file === undefined || template.dialect !== 'orchestrator') return;
    const policies = items(valueAt(file.root, 'topology_template', 'policies')).flatMap(entries);
    const isPlacement = (type: string) => template.catalog.isA('policy', type, 'tosca.policies.Placement');
    let first: string | undefined;
    for (const policy of policies) {
      const at = get(policy.value, 'type');
      const type = text(at);
      if (at === undefined || type === undefined || template.catalog.find('policy', type) === undefined) continue;
      if (!isPlacement(type)) {
        report({
          at,
          severity: 'warning',
          message: `The Orchestrator skips policies of the type ${type}: it knows only placement policies.`,
        });
      } else if (first !== undefined) {
        report({
          at: policy.key,
          message: 'The Orchestrator takes a single placement policy, and there is one already. Keep one of them.',
        });
      }
      if (isPlacement(type)) first ??= type;
    }
  },
};
