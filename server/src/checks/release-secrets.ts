// Secrets on a release that has none, and an empty section of them.
// Sources: marathon changelog (1.3); indigo-dc/orchestrator PrefilterCloudProviders.

import { productName, products } from '../mesos/releases.ts';
import { entryNamed } from '../syntax/nodes.ts';

import { fix, removal } from './fix.ts';
import type { Rule } from './rule.ts';

export const releaseSecrets: Rule = {
  code: 'release-secrets',
  severity: 'warning',
  of: 'workload',
  check({ template, node, workload }, report) {
    const secrets = entryNamed(node?.properties ?? [], 'secrets');
    if (workload?.framework !== 'Marathon' || secrets === undefined) return;
    if (products[template.release].marathon !== '1.1.1') {
      if (secrets.value === undefined || (secrets.value.kind === 'mapping' && secrets.value.entries.length === 0))
        report({
          at: secrets.key,
          message:
            'Even without any secret in it, this makes the Orchestrator skip all clusters that have no secrets. Take it away.',
          unnecessary: true,
          fixes: [fix('Remove "secrets"', removal(secrets))],
        });
      return;
    }
    report({
      at: secrets.key,
      message: `${productName('Marathon', template.release)} knows nothing of secrets: the variables stay unset.`,
    });
  },
};
