// Local volumes that are one directory: the Orchestrator makes one path on the host for all of a deployment's apps, or for all of a job.
// Source: indigo-dc/orchestrator MarathonServiceImpl, ChronosServiceImpl. And external volumes of one name, which exist once.
import { readVolume } from '../mesos/volumes.ts';
import type { Node } from '../syntax/nodes.ts';
import { literal } from '../template/literal.ts';
import { resourceItems } from '../template/workload.ts';
import type { Rule } from './rule.ts';

export const sharedVolume: Rule = {
  code: 'shared-volume',
  severity: 'warning',
  of: 'workload',
  check({ template, workload }, report) {
    if (workload === undefined) return;
    const first = new Map<string, Node>();
    for (const item of resourceItems(workload, 'volumes', template)) {
      const { volume } = readVolume(workload.framework, literal(item, template) ?? '');
      if (volume === undefined) continue;
      const key = volume.kind === 'local' ? '' : volume.name;
      if (!first.has(key)) {
        first.set(key, item);
        continue;
      }
      const message =
        volume.kind === 'local'
          ? 'This is the same directory of the host as that of the local volume before it: all of a deployment share one. One volume will do.'
          : `The external volume "${volume.name}" is there twice: Marathon refuses that.`;
      report({ at: item, message, severity: volume.kind === 'local' ? 'warning' : 'error' });
    }
  },
};
