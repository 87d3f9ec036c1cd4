// What a container with GPUs loses: the Mesos containerizer runs it, on the network of the host.
// Sources: indigo-dc/orchestrator MarathonServiceImpl, ChronosServiceImpl; marathon RAML (privileged is Docker's only), ExternalVolume validation.
import { lostSource } from '../mesos/ports.ts';
import { readVolume } from '../mesos/volumes.ts';
import { entryNamed, entryOf } from '../syntax/nodes.ts';
import { followed, literal } from '../template/literal.ts';
import { resourceItems } from '../template/workload.ts';
import type { Rule } from './rule.ts';

export const gpuContainer: Rule = {
  code: 'gpu-container',
  severity: 'warning',
  of: 'workload',
  check({ template, node, workload }, report) {
    if (workload === undefined || node === undefined || !workload.hasGpus) return;
    if (workload.framework === 'Marathon') {
      for (const item of resourceItems(workload, 'publish_ports', template)) {
        const source = entryOf(followed(item, template), 'source');
        if (source?.value !== undefined)
          report({
            at: source.value,
            message: lostSource,
          });
      }
    }
    for (const item of resourceItems(workload, 'volumes', template)) {
      const { volume } = readVolume(workload.framework, literal(item, template) ?? '');
      if (volume?.kind === 'external' && /^ro$/i.test(volume.mode))
        report({
          at: item,
          severity: 'error',
          message:
            'Marathon refuses an external volume that is read-only for the Mesos containerizer, which runs an app with GPUs: write rw.',
        });
    }
    const privileged = entryNamed(node.properties, 'privileged')?.value;
    if (privileged !== undefined && /^true$/i.test(literal(privileged, template) ?? ''))
      report({
        at: privileged,
        message: 'With GPUs the Mesos containerizer runs the image, and it knows no privileged containers.',
      });
  },
};
