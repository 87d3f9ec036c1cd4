// Volume strings of a host capability. Sources: indigo-dc/orchestrator MarathonServiceImpl and ChronosServiceImpl.
import type { ChronosVolume } from '../../../protocol/src/chronos.ts';
import type { MarathonVolume } from '../../../protocol/src/marathon.ts';
import type { Container } from './container.ts';

/** Cinder takes volume names up to 255 characters; the deployment's name and a dash come before the template's. */
const maxVolumeName = 255;

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
  return container.volumes.flatMap((written): MarathonVolume[] => {
    const shaped = /^([^:]+):([^:]+)(?::([^:]+):([^:]+):([^:]+))?$/.test(written);
    const parts = written.split(':').filter(part => part.trim() !== '');
    if (!shaped || (parts.length !== 2 && parts.length !== 5)) {
      refuse(
        container,
        written,
        '`path:mode` (a directory of the agent) or `name:path:mode:provider:driver` (an external volume)',
      );
      return [];
    }
    if (parts.length === 2) {
      const [containerPath = '', mode = ''] = parts;
      return [{ containerPath, mode: checkedMode(container, written, mode), hostPath }];
    }
    const [name = '', containerPath = '', mode = '', provider = '', driver = ''] = parts;
    const most = maxVolumeName - deployment.length - 1;
    if (name.length > most) {
      report(
        container,
        'volume-name',
        `Volume name "${name}" is too long: at most ${most} characters are left beside the deployment's name.`,
      );
    }
    const external = { name: `${deployment}-${name}`, provider, options: { 'dvdi/driver': driver } };
    return [{ containerPath, mode: checkedMode(container, written, mode), external }];
  });
}

export function chronosVolumes(container: Container, hostPath: string): readonly ChronosVolume[] {
  return container.volumes.flatMap((written): ChronosVolume[] => {
    const parts = written.split(':').filter(part => part.trim() !== '');
    const [containerPath, mode] = parts;
    if (parts.length !== 2 || containerPath === undefined || mode === undefined) {
      refuse(container, written, '`path:mode`; Chronos has no external volumes here');
      return [];
    }
    return [{ containerPath, hostPath, mode: checkedMode(container, written, mode) }];
  });
}

function checkedMode(container: Container, written: string, mode: string): string {
  const upper = mode.toUpperCase();
  if (upper !== 'RO' && upper !== 'RW')
    report(container, 'volume-mode', `Volume "${written}": the mode must be ro or rw, not "${mode}".`);
  return upper;
}

function refuse(container: Container, written: string, expected: string): void {
  report(container, 'volume-grammar', `Volume "${written}" is not supported: write ${expected}.`);
}

function report({ scope, node }: Container, code: string, message: string): void {
  scope.report(code, node.entry.key, message);
}
