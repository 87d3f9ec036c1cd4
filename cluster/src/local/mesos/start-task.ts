// How an agent starts a task: its sandbox, what is fetched into it, then the executor. Who is told of what becomes of it is in mesos.ts.
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import type { Executor, Report } from '../executors/executor.ts';
import type { MesosVersion } from '../release.ts';
import type { FetcherCache } from './fetch/cache.ts';
import { fetchAll } from './fetch/fetcher.ts';
import { makeSandbox } from './sandbox.ts';
import { isThere, type Task } from './task.ts';

/**
 * Makes the sandbox; the promise in it says whether all that the task wants has been fetched. Failures are reported, never thrown.
 * (In an object, since a promise of a promise would be one.)
 */
export async function prepareTask(
  task: Task,
  version: MesosVersion,
  cache: FetcherCache | undefined,
  report: Report,
): Promise<{ readonly fetched: Promise<boolean> }> {
  const failed = { fetched: Promise.resolve(false) };
  const { info } = task;
  if (info.id.includes('/')) {
    report('TASK_ERROR', `TaskID '${info.id}' contains invalid characters`, 'REASON_TASK_INVALID');
    return failed;
  }
  try {
    await makeSandbox(task);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    report('TASK_FAILED', `Failed to launch container: Cannot make the sandbox: ${reason}`, launchFailed);
    return failed;
  }
  return { fetched: info.uris.length === 0 ? Promise.resolve(true) : fetch(task, version, cache, report) };
}

async function fetch(
  task: Task,
  version: MesosVersion,
  cache: FetcherCache | undefined,
  report: Report,
): Promise<boolean> {
  const log = path.join(task.directory, 'stderr');
  try {
    await fetchAll(task.info.uris, task.directory, cache, task.fetching.signal, line =>
      appendFileSync(log, `${line}\n`),
    );
    return true;
  } catch {
    // Why is in the sandbox's stderr, where Mesos's fetcher writes it.
    const how = version === '1.5.0' ? ': exited with status 1' : ' with exit status: 256';
    report(
      'TASK_FAILED',
      `Failed to launch container: Failed to fetch all URIs for container '${task.containerId}'${how}`,
      launchFailed,
    );
    return false;
  }
}

const launchFailed = 'REASON_CONTAINER_LAUNCH_FAILED';

/** Hands the task over to the executor. */
export function runTask(task: Task, executor: Executor, report: Report): void {
  const { info, agent } = task;
  let ended = false;
  task.delivered = true;
  const running = executor.start(
    {
      taskId: info.id,
      containerId: task.containerId,
      sandbox: task.directory,
      command: info.command,
      container: info.container,
      user: info.user,
      env: sandboxEnvironment(task),
      host: agent.hostname,
      ports: info.ports,
      resources: info.resources,
      kind: info.kind,
    },
    (state, message, reason) => {
      ended ||= state !== 'TASK_STARTING' && state !== 'TASK_RUNNING';
      report(state, message, reason);
    },
  );
  if (ended) return;
  // Whoever heard that it runs may have had enough of it already.
  if (isThere(task)) task.running = running;
  if (task.killing !== undefined) running.kill(task.killing);
}

/** What the agent itself puts into a task's environment. */
const sandboxEnvironment = (task: Task): Record<string, string> => ({
  ...task.info.env,
  MESOS_SANDBOX: task.directory,
  MESOS_DIRECTORY: task.directory,
  MESOS_TASK_ID: task.info.id,
  MESOS_EXECUTOR_ID: task.info.id,
  MESOS_FRAMEWORK_ID: task.frameworkId,
  MESOS_SLAVE_ID: task.agent.id,
});
