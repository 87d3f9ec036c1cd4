// What a Chronos job may be given and silently loses. Source: indigo-dc/orchestrator ChronosServiceImpl.

import { entryNamed } from '../syntax/nodes.ts';
import { fix, removal } from './fix.ts';
import type { Rule } from './rule.ts';

const losses: Readonly<Record<string, string>> = {
  labels: 'Chronos jobs have no labels: these are never sent.',
  secrets:
    'Chronos jobs have no secrets: these are never sent, and no variable is set. Use `environment_variables`, with inputs.',
};

export const chronosDrops: Rule = {
  code: 'chronos-drops',
  severity: 'warning',
  of: 'workload',
  check({ node, workload }, report) {
    if (workload?.framework !== 'Chronos' || node === undefined) return;
    for (const [key, message] of Object.entries(losses)) {
      const entry = entryNamed(node.properties, key);
      if (entry === undefined) continue;
      report({ at: entry.key, message, unnecessary: true, fixes: [fix(`Remove "${key}"`, removal(entry))] });
    }
    const ports = entryNamed(workload.resources, 'publish_ports');
    if (ports !== undefined)
      report({
        at: ports.key,
        message: `Chronos jobs publish no ports: those for "${node.name}" are never sent. A job runs on the network of its host.`,
      });
  },
};
