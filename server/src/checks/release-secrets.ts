// Secrets on a release that has none. Source: marathon changelog (1.3).
import { productName, products } from '../mesos/releases.ts';
import { entryNamed } from '../template/literal.ts';
import { workloadOf } from '../template/workload.ts';
import type { Rule } from './rule.ts';

export const releaseSecrets: Rule = {
  code: 'release-secrets',
  severity: 'warning',
  check({ template, node }, report) {
    const workload = workloadOf(template, node);
    const secrets = entryNamed(node?.properties ?? [], 'secrets');
    if (workload?.framework !== 'Marathon' || secrets === undefined) return;
    if (products[template.release].marathon !== '1.1.1') return;
    report({
      at: secrets.key,
      message: `${productName('Marathon', template.release)} knows nothing of secrets: the variables stay unset.`,
    });
  },
};
