// The sandboxes of tasks: made before a task starts, removed some time after its end, or when its agent has forgotten it.
import { mkdir, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { type Agent, executorDirectory } from './agents.ts';
import type { Task } from './task.ts';

const runsOf = (task: Task): string => executorDirectory(task.agent, task.frameworkId, task.info.id);

/** With the link `latest` beside it. Rejects with the system's error, when the disk is full for example. */
export async function makeSandbox(task: Task): Promise<void> {
  await mkdir(task.directory, { recursive: true, mode: 0o755 });
  const latest = path.join(runsOf(task), 'runs', 'latest');
  await rm(latest, { force: true });
  await symlink(task.directory, latest);
}

/** In the background; what cannot be removed is told to `log`. */
export function removeSandbox(task: Task, log: (line: string) => void): void {
  rm(runsOf(task), { recursive: true, force: true }).catch((error: unknown) =>
    log(`Cannot remove the sandbox ${task.directory}: ${String(error)}`),
  );
}

/** Flag --gc_delay of an agent: a week, in milliseconds. */
const gcDelay = 7 * 24 * 3_600_000;

/** Removes the sandboxes of tasks that ended long ago; the agent goes on knowing the tasks. */
export function sweepSandboxes({ completed }: Agent, now: number, log: (line: string) => void): void {
  for (const task of completed) {
    if ((task.statuses.at(-1)?.time ?? now) < now - gcDelay) removeSandbox(task, log);
  }
}
