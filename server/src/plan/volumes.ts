// Volume strings of a host capability. Sources: indigo-dc/orchestrator MarathonServiceImpl and ChronosServiceImpl.
import type { ChronosVolume } from '../../../protocol/src/chronos.ts';
import type { MarathonVolume } from '../../../protocol/src/marathon.ts';
import type { Framework } from '../mesos/releases.ts';
import { maxVolumeName, readVolume, type Volume } from '../mesos/volumes.ts';
import type { Container } from './container.ts';

export interface VolumePlace {
  /** The deployment's name or id. */
  readonly deployment: string;
  /** Directory on the agents, with what the Orchestrator appends to it. */
  readonly hostPath: string;
}

export function marathonVolumes(
  container: Container,
  { deployment, hostPath }: VolumePlace,
): readonly MarathonVolume[] {
  return volumes(container, 'Marathon', maxVolumeName(deployment.length)).map((volume): MarathonVolume => {
    const { path: containerPath, mode } = volume;
    if (volume.kind === 'local') return { containerPath, mode: mode.toUpperCase(), hostPath };
    const { name, provider, driver } = volume;
    const external = { name: `${deployment}-${name}`, provider, options: { 'dvdi/driver': driver } };
    return { containerPath, mode: mode.toUpperCase(), external };
  });
}

export function chronosVolumes(container: Container, hostPath: string): readonly ChronosVolume[] {
  return volumes(container, 'Chronos').map(({ path: containerPath, mode }) => ({
    containerPath,
    hostPath,
    mode: mode.toUpperCase(),
  }));
}

function volumes({ volumes: written, scope }: Container, framework: Framework, nameLimit?: number): readonly Volume[] {
  return written.flatMap(({ text, at }) => {
    const { volume, problems } = readVolume(framework, text, nameLimit);
    for (const { code, message, severity } of problems) scope.report(code, at, message, severity);
    return volume ?? [];
  });
}
