// What runs on an agent and what it uses: /containers and /monitor/statistics. The figures come from the executor that runs the task;
// limits are what the task asked for.

import { commandExecutorName } from './agent-state.ts';
import type { Agent } from './agents.ts';
import type { Task } from './task.ts';

type Fields = Record<string, unknown>;

export interface Container {
  readonly task: Task;
  readonly executorName: string;
  /** ResourceStatistics (include/mesos/mesos.proto). */
  readonly statistics: Fields;
}

/** Running containers with their figures at `now`, in seconds. */
export const containersOf = (agent: Agent, now: number): Promise<Container[]> =>
  Promise.all(
    [...agent.tasks.values()]
      .filter(({ running }) => running !== undefined)
      .map(async task => ({
        task,
        executorName: commandExecutorName(task),
        statistics: await statisticsOf(task, now),
      })),
  );

async function statisticsOf({ info, running }: Task, now: number): Promise<Fields> {
  const mebibyte = 2 ** 20;
  // A process may end while it is looked at.
  const used = await running?.statistics().catch(() => undefined);
  return {
    timestamp: now,
    cpus_limit: info.resources.cpus,
    mem_limit_bytes: Math.round(info.resources.mem * mebibyte),
    ...(info.resources.disk > 0 ? { disk_limit_bytes: Math.round(info.resources.disk * mebibyte) } : {}),
    ...used,
  };
}

export const statisticsAnswer = (containers: readonly Container[]): Fields[] =>
  containers.map(({ task, executorName, statistics }) => ({
    executor_id: task.info.id,
    executor_name: executorName,
    framework_id: task.frameworkId,
    source: task.info.id,
    statistics,
  }));

export const containersAnswer = (containers: readonly Container[]): Fields[] =>
  containers.map(({ task, executorName, statistics }) => ({
    container_id: task.containerId,
    executor_id: task.info.id,
    executor_name: executorName,
    framework_id: task.frameworkId,
    source: task.info.id,
    statistics,
    status: { container_id: { value: task.containerId } },
  }));
