// Volume strings of a host capability: `path:mode` for a directory of the agent, `name:path:mode:provider:driver` for an external volume.
// Sources: indigo-dc/orchestrator MarathonServiceImpl and ChronosServiceImpl; marathon ExternalVolume for the provider's form.
import type { Framework, Problem } from './releases.ts';

export type Volume =
  | { readonly kind: 'local'; readonly path: string; readonly mode: string }
  | {
      readonly kind: 'external';
      readonly name: string;
      readonly path: string;
      readonly mode: string;
      readonly provider: string;
      readonly driver: string;
    };

export interface VolumeProblem extends Problem {
  readonly code: 'volume-grammar' | 'volume-mode' | 'volume-name' | 'volume-path';
}

/** Cinder takes volume names up to 255 characters; the deployment's name (the Orchestrator's is a UUID of 36) and a dash come first. */
export const maxVolumeName = (deploymentLength = 36): number => 255 - deploymentLength - 1;

const local = '`path:mode`';
const external = '`name:path:mode:provider:driver`';

/** What a text is as a volume, and what is wrong in it. */
export function readVolume(
  framework: Framework,
  written: string,
  nameLimit = maxVolumeName(),
): { readonly volume?: Volume; readonly problems: readonly VolumeProblem[] } {
  const parts = written.split(':').filter(part => part.trim() !== '');
  const shaped = framework === 'Chronos' || /^([^:]+):([^:]+)(?::([^:]+):([^:]+):([^:]+))?$/.test(written);
  if (framework === 'Chronos' && parts.length === 5) {
    const message = `A Chronos job has no external volumes: "${written}" is refused. Write ${local}, a directory of the agent.`;
    return { problems: [{ code: 'volume-grammar', severity: 'error', message }] };
  }
  if (parts.length === 3 && isMode(parts[2])) {
    const better = `${parts[1]}:${parts[2]}`;
    const message = `The Orchestrator refuses a volume that names a path of the host ("${written}"): it chooses that itself. Write ${local}: "${better}".`;
    return { problems: [{ code: 'volume-grammar', severity: 'error', message, better }] };
  }
  if (!shaped || (parts.length !== 2 && parts.length !== 5)) {
    const forms = framework === 'Marathon' ? `${local} (a directory of the agent) or ${external}` : local;
    const message = `The Orchestrator does not know the volume "${written}" for ${framework}: write ${forms}.`;
    return { problems: [{ code: 'volume-grammar', severity: 'error', message }] };
  }
  const [first = '', second = '', third = '', provider = '', driver = ''] = parts;
  const volume: Volume =
    parts.length === 2
      ? { kind: 'local', path: first, mode: second }
      : { kind: 'external', name: first, path: second, mode: third, provider, driver };
  return { volume, problems: problemsOf(volume, written, nameLimit) };
}

const isMode = (text: string | undefined) => /^r[ow]$/i.test(text?.trim() ?? '');

function problemsOf(volume: Volume, written: string, nameLimit: number): readonly VolumeProblem[] {
  const problems: VolumeProblem[] = [];
  if (!isMode(volume.mode)) {
    const message = `The mode of the volume "${written}" must be ro or rw, not "${volume.mode}".`;
    problems.push({ code: 'volume-mode', severity: 'error', message });
  } else if (!volume.path.startsWith('/')) {
    const message = `"${volume.path}" is taken as the path in the container, and Docker wants an absolute one: "/${volume.path}". (A volume with a name has five parts: ${external}.)`;
    const better = volume.kind === 'local' ? `/${written.trim()}` : undefined;
    problems.push({ code: 'volume-path', severity: 'warning', message, ...(better !== undefined && { better }) });
  }
  if (volume.kind === 'external') {
    if (volume.name.length > nameLimit) {
      const message = `The volume name "${volume.name}" is too long: at most ${nameLimit} characters are left beside the deployment's id.`;
      problems.push({ code: 'volume-name', severity: 'error', message });
    }
    if (!/^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(volume.provider)) {
      const message = `Marathon refuses the volume provider "${volume.provider}": lower-case letters, digits and inner dashes only, for example \`dvdi\`.`;
      problems.push({ code: 'volume-grammar', severity: 'error', message });
    }
  }
  return problems;
}
