// The folders that the containers of a pod's instance share: they live as long as it does.
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { type Agent, executorDirectory } from '../mesos/agents.ts';
import type { Instance } from './instance.ts';
import { isPod, type Pod } from './pod.ts';

const executorOf = (agent: Agent, frameworkId: string, instanceId: string): string =>
  executorDirectory(agent, frameworkId, `instance-${instanceId}`);

/** Says where they are. Throws where they cannot be made. */
export function makeEphemeralVolumes({ volumes }: Pod, instanceId: string, agent: Agent, frameworkId: string): string {
  const folder = path.join(executorOf(agent, frameworkId, instanceId), 'volumes');
  for (const { name, host } of volumes) if (host === undefined) mkdirSync(path.join(folder, name), { recursive: true });
  return folder;
}

export function removeEphemeralVolumes(
  { spec, agent, tasks, instanceId }: Instance,
  log: (line: string) => void,
): void {
  if (!isPod(spec)) return;
  rm(executorOf(agent, tasks[0].frameworkId, instanceId), { recursive: true, force: true }).catch((error: unknown) =>
    log(`Cannot remove the volumes of ${instanceId}: ${String(error)}`),
  );
}
