// An app or job on a node that is no Docker run time: accepted, for any node with a `host` capability will do.
// Source: indigo-dc/alien4cloud does not check the node type of a requirement.

import { hostOf } from '../template/hosting.ts';
import { dockerRuntimeType } from '../types/indigo.ts';
import type { Rule } from './rule.ts';

export const hostKind: Rule = {
  code: 'host-kind',
  severity: 'warning',
  of: 'workload',
  check({ template, node, workload }, report) {
    if (node === undefined || workload === undefined) return;
    const host = hostOf(template, node);
    const type = host?.node.typeName;
    if (host === undefined || type === undefined || template.catalog.isA('node', type, dockerRuntimeType)) return;
    report({
      at: host.requirement.target ?? host.requirement.entry.key,
      message: `"${host.node.name}" (type ${type}) is no Docker run time: only its numbers of CPUs and its memory are used, and no machine is made of it. Host the node on a ${dockerRuntimeType}.`,
    });
  },
};
