// The sandboxes of tasks: made before a task starts, removed when its agent has forgotten it.
import { mkdir, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { executorDirectory } from './agents.ts';
import type { Task } from './task.ts';

const runsOf = (task: Task): string => executorDirectory(task.agent, task.frameworkId, task.info.id);

/** With the link `latest` beside it. Rejects with the system's error, when the disk is full for example. */
export async function makeSandbox(task: Task): Promise<void> {
  await mkdir(task.directory, { recursive: true, mode: 0o755 });
  const latest = path.join(runsOf(task), 'runs', 'latest');
  await rm(latest, { force: true });
  await symlink(task.directory, latest);
}

export const removeSandbox = (task: Task): Promise<void> => rm(runsOf(task), { recursive: true, force: true });
