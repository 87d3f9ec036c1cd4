// `uris` that are none; what is one, is in mesos/uris.ts.

import { uriProblem } from '../mesos/uris.ts';
import { entryNamed } from '../syntax/nodes.ts';
import { foreseen, itemsOf } from '../template/literal.ts';
import { told } from './foresee.ts';
import type { Rule } from './rule.ts';

export const uriSyntax: Rule = {
  code: 'uri-syntax',
  severity: 'warning',
  of: 'workload',
  check({ template, node, workload }, report) {
    if (workload === undefined || node === undefined) return;
    for (const item of itemsOf(entryNamed(node.properties, 'uris')?.value, template)) {
      const written = foreseen(item, template);
      const problem =
        written === undefined ? undefined : uriProblem(workload.framework, template.release, written.text);
      if (written !== undefined && problem !== undefined) report({ at: item, ...told(problem, written) });
    }
  },
};
