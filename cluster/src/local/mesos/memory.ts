// What is remembered of frameworks and tasks when the cluster ends and lives again with the same state folder.
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Journal } from '../journal.ts';
import { type Agent, executorDirectory } from './agents.ts';
import { isTerminal, type Task, type TaskInfo, type TaskStatus } from './task.ts';

const kind = 'mesos.task';
const frameworkKind = 'mesos.framework';

/** By name, the ids with which frameworks registered last. */
export const recallFrameworks = (journal: Journal): ReadonlyMap<string, string> =>
  new Map([...journal.read(frameworkKind)].map(([name, id]) => [name, String(id)]));

export const noteFramework = (journal: Journal, name: string, id: string): void => journal.put(frameworkKind, name, id);

interface Noted {
  readonly info: TaskInfo;
  readonly frameworkId: string;
  readonly agentId: string;
  readonly launchedAt: number;
  readonly statuses: readonly TaskStatus[];
}

/** At its launch and at its end. */
export function noteTask(
  journal: Journal,
  { info, frameworkId, agent, containerId, launchedAt, statuses }: Task,
): void {
  const noted: Noted = { info, frameworkId, agentId: agent.id, launchedAt, statuses: [...statuses] };
  journal.put(kind, containerId, noted);
}

export function forgetTask(journal: Journal, task: Task | undefined): void {
  if (task !== undefined) journal.put(kind, task.containerId, undefined);
}

export interface Recalled {
  /** The first to end first. */
  readonly ended: readonly Task[];
  /** Those that went down with the cluster: they are lost now. */
  readonly lost: readonly Task[];
}

/** The tasks of a framework, ended ones on the agents that there still are. */
export function recallTasks(journal: Journal, frameworkId: string, agents: readonly Agent[], now: number): Recalled {
  const ended: Task[] = [];
  const lost: Task[] = [];
  for (const [containerId, value] of journal.read(kind)) {
    const noted = value as Noted;
    if (noted.frameworkId !== frameworkId) continue;
    const hasEnded = isTerminal(noted.statuses.at(-1)?.state ?? 'TASK_STAGING');
    // Where there are fewer agents now, another speaks for what was lost with one.
    const agent = agents.find(({ id }) => id === noted.agentId) ?? (hasEnded ? undefined : agents[0]);
    if (agent === undefined) {
      journal.put(kind, containerId, undefined);
      continue;
    }
    const statuses = hasEnded ? [...noted.statuses] : [loss(now)];
    const task: Task = {
      info: noted.info,
      frameworkId,
      agent,
      containerId,
      directory: path.join(executorDirectory(agent, frameworkId, noted.info.id), 'runs', containerId),
      launchedAt: noted.launchedAt,
      statuses,
      state: statuses.at(-1)?.state ?? 'TASK_LOST',
      allocations: [],
      delivered: true,
      running: undefined,
      killing: undefined,
      fetching: new AbortController(),
    };
    (hasEnded ? ended : lost).push(task);
  }
  const end = ({ statuses }: Task) => statuses.at(-1)?.time ?? 0;
  return { ended: ended.sort((a, b) => end(a) - end(b)), lost };
}

const loss = (time: number): TaskStatus => ({
  state: 'TASK_LOST',
  time,
  message: 'The local cluster ended while the task ran',
  reason: 'REASON_SLAVE_RESTARTED',
  source: 'SOURCE_AGENT',
  uuid: randomUUID(),
  healthy: undefined,
});
