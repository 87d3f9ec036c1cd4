// The type of the image: one only is supported, and it must be written. Source: indigo-dc/orchestrator AbstractMesosDeploymentService.
import { get, name, rawText } from '../syntax/nodes.ts';
import { literal } from '../template/literal.ts';
import { workloadOf } from '../template/workload.ts';
import { dockerImageType } from '../types/indigo.ts';
import { change, fix, replace } from './fix.ts';
import type { Rule } from './rule.ts';

export const imageType: Rule = {
  code: 'image-type',
  severity: 'error',
  check({ template, node }, report) {
    if (node === undefined || template.dialect !== 'orchestrator') return;
    const workload = workloadOf(template, node);
    for (const artifact of node.artifacts) {
      const isImage = workload !== undefined && name(artifact) === 'image';
      if (artifact.value?.kind === 'scalar') {
        const expanded = `{ file: ${rawText(artifact.value)}, type: ${dockerImageType} }`;
        report({
          at: artifact.value,
          message: `The Orchestrator refuses an artifact without \`type\`: it guesses one from the file's extension, and finds none.${isImage ? ` Write \`file\` and \`type: ${dockerImageType}\`.` : ''}`,
          ...(isImage &&
            artifact.value.style !== 'block' && {
              fixes: [fix('Write it with its type', replace(artifact.value, expanded))],
            }),
        });
        continue;
      }
      const at = get(artifact.value, 'type');
      const type = literal(at, template);
      if (!isImage || at === undefined || type === undefined || type === dockerImageType) continue;
      if (template.catalog.find('artifact', type) === undefined) continue; // told where types are
      report({
        at,
        message: `The Orchestrator takes only ${dockerImageType} as image, not ${type}.`,
        fixes: [change(at, dockerImageType)],
      });
    }
  },
};
