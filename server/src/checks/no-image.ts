// The image of an app or job: the artifact named `image`. Source: indigo-dc/orchestrator AbstractMesosDeploymentService.
import { entryNamed, get } from '../syntax/nodes.ts';
import { foreseen } from '../template/literal.ts';
import { dockerImageType } from '../types/indigo.ts';
import { fix, setIn } from './fix.ts';
import { told } from './foresee.ts';
import type { Rule } from './rule.ts';

export const noImage: Rule = {
  code: 'no-image',
  severity: 'error',
  of: 'workload',
  check({ template, node, workload }, report) {
    if (workload === undefined || node === undefined) return;
    const artifact = entryNamed(node.artifacts, 'image');
    if (artifact !== undefined) {
      const file = artifact.value?.kind === 'scalar' ? artifact.value : get(artifact.value, 'file');
      const written = foreseen(file, template);
      if (written?.text === '' && file !== undefined) {
        const message = `The image of "${node.name}" is empty: ${workload.framework} refuses that.`;
        report({ at: file, ...told({ message, severity: 'warning' }, written) });
      }
      return;
    }
    const body = node.entry.value;
    const added =
      body?.kind === 'mapping' && !body.flow
        ? setIn(body, ['artifacts'], ['image:', `  file: ''`, `  type: ${dockerImageType}`])
        : undefined;
    const inherits = workload.framework === 'Marathon';
    report({
      at: node.entry.key,
      severity: inherits ? 'warning' : 'error',
      message: inherits
        ? `"${node.name}" has no artifact named \`image\`, so its image is empty: Marathon refuses that.`
        : `"${node.name}" has no artifact named \`image\`: the Orchestrator needs one, of type ${dockerImageType}.`,
      ...(added && { fixes: [fix('Add the artifact "image"', added)] }),
    });
  },
};
