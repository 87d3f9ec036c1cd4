// More than one host for an app or job. Source: indigo-dc/orchestrator, which takes "at most one".
import { hosts } from '../template/hosting.ts';
import type { Rule } from './rule.ts';

export const severalHosts: Rule = {
  code: 'several-hosts',
  severity: 'error',
  of: 'workload',
  check({ template, node, workload }, report) {
    if (node === undefined || workload === undefined) return;
    const [first, ...more] = hosts(template, node);
    for (const { requirement } of more) {
      report({
        at: requirement.entry.key,
        message: `"${node.name}" has more than one host; the Orchestrator takes exactly one.`,
        ...(first && {
          related: { at: { entry: first.requirement.entry, uri: template.uri }, message: 'The first one.' },
        }),
      });
    }
  },
};
