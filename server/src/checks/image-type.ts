// The type of the image: one only is supported. Source: indigo-dc/orchestrator AbstractMesosDeploymentService.
import { entryNamed, get } from '../syntax/nodes.ts';
import { literal } from '../template/literal.ts';
import { dockerImageType } from '../types/indigo.ts';
import { change } from './fix.ts';
import type { Rule } from './rule.ts';

export const imageType: Rule = {
  code: 'image-type',
  severity: 'error',
  of: 'workload',
  check({ template, node, workload }, report) {
    if (workload === undefined) return;
    const at = get(entryNamed(node?.artifacts ?? [], 'image')?.value, 'type');
    const type = literal(at, template);
    if (at === undefined || type === undefined || type === dockerImageType) return;
    if (template.catalog.find('artifact', type) === undefined) return; // told where types are
    report({
      at,
      message: `The Orchestrator takes only ${dockerImageType} as image, not ${type}.`,
      fixes: [change(at, dockerImageType)],
    });
  },
};
