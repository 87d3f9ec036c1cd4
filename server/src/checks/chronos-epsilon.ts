// `epsilon`, which Chronos 3 dropped, and its form before. Source: mesos/chronos PR #734, JobDeserializer of 2.4.0.

import { productName, products } from '../mesos/releases.ts';
import { durationOf } from '../mesos/schedules.ts';
import { entryNamed } from '../syntax/nodes.ts';
import { literal } from '../template/literal.ts';
import { fix, removal } from './fix.ts';
import type { Rule } from './rule.ts';

export const chronosEpsilon: Rule = {
  code: 'chronos-epsilon',
  severity: 'warning',
  of: 'workload',
  check({ template, node, workload }, report) {
    if (node === undefined || workload?.framework !== 'Chronos') return;
    const entry = entryNamed(node.properties, 'epsilon');
    if (entry === undefined) return;
    const product = productName('Chronos', template.release);
    if (products[template.release].chronos === '3.0.2') {
      report({
        at: entry.key,
        message: `${product} has no \`epsilon\` any more and drops it: a run that is late is run all the same.`,
        unnecessary: true,
        fixes: [fix('Remove "epsilon"', removal(entry))],
      });
      return;
    }
    const written = literal(entry.value, template);
    if (entry.value !== undefined && written !== undefined && durationOf(written) === undefined)
      report({ at: entry.value, message: `"${written}" is no duration such as PT10S, which ${product} wants here.` });
  },
};
