// Reads what each part of a cluster knows, as live state: one function a part. When it is read is decided in store.ts.

import { lastState } from '../chronos/answers.ts';
import { type Chronos, jobs, summary } from '../chronos/client.ts';
import type { Endpoint } from '../connect/endpoint.ts';
import type { Patience } from '../connect/request.ts';
import type { App } from '../marathon/answers.ts';
import { apps } from '../marathon/client.ts';
import { masterState, type Task } from '../mesos/state.ts';
import type { LiveAgent, LiveApp, LiveJob } from './state.ts';

/** All apps, by id. */
export async function readApps(marathon: Endpoint, patience: Patience = {}): Promise<readonly LiveApp[]> {
  const all = await apps(marathon, patience);
  return all.map(liveApp).toSorted((a, b) => order(a.id, b.id));
}

function liveApp(app: App): LiveApp {
  const failure = app.lastTaskFailure;
  return {
    id: app.id,
    wanted: app.instances,
    running: app.tasksRunning,
    staged: app.tasksStaged,
    healthy: app.tasksHealthy,
    unhealthy: app.tasksUnhealthy,
    hasHealthChecks: app.hasHealthChecks,
    deployments: app.deployments,
    servicePorts: app.servicePorts,
    tasks: app.tasks
      .map(task => ({
        id: task.id,
        state: task.state,
        host: task.host,
        agentId: task.agentId,
        ports: task.ports,
        healthy: task.alive.length === 0 ? undefined : task.alive.every(Boolean),
        startedAt: task.startedAt,
      }))
      .toSorted((a, b) => order(a.startedAt ?? '~', b.startedAt ?? '~') || order(a.id, b.id)),
    lastFailure: failure && {
      message: failure.message,
      state: failure.state,
      at: failure.at,
      taskId: failure.taskId,
      host: failure.host,
    },
    labels: app.labels,
    image: app.image,
    command: app.command,
  };
}

/** A job without the Mesos tasks of its runs, which only Mesos knows. */
export type JobAlone = Omit<LiveJob, 'taskIds'>;

/** All jobs, by name. */
export async function readJobs(chronos: Chronos, patience: Patience = {}): Promise<readonly JobAlone[]> {
  const [all, states] = await Promise.all([jobs(chronos, patience), summary(chronos, patience)]);
  const stateOf = new Map(states.map(state => [state.name, state]));
  return all.map(job => {
    const state = stateOf.get(job.name);
    return {
      name: job.name,
      schedule: job.schedule,
      parents: job.parents,
      disabled: job.disabled,
      last: state?.last ?? lastState(job),
      current: state?.current ?? 'idle',
      successCount: job.successCount,
      errorCount: job.errorCount,
      lastSuccess: job.lastSuccess,
      lastError: job.lastError,
      image: job.image,
      command: job.command,
    };
  });
}

export interface MesosView {
  readonly agents: readonly LiveAgent[];
  /** By job name: task ids of its runs, newest first. */
  readonly runs: Readonly<Record<string, readonly string[]>>;
  /** Changes with every task of the cluster. */
  readonly tasks: string;
}

export async function readMesos(mesos: Endpoint, patience: Patience = {}): Promise<MesosView> {
  const state = await masterState(mesos, patience);
  return {
    agents: state.agents
      .map(({ id, hostname, active, total, used }) => ({ id, hostname, active, total, used }))
      .toSorted((a, b) => order(a.hostname, b.hostname) || order(a.id, b.id)),
    runs: runsOf(state.tasks),
    tasks: state.tasks.map(task => `${task.id} ${task.state}`).join('\n'),
  };
}

/** Chronos' tasks bear names like `ct:<due, ms>:<attempt>:<job>:<arguments>` (chronos jobs/TaskUtils.scala). */
function runsOf(tasks: readonly Task[]): MesosView['runs'] {
  const runs = tasks.flatMap(({ id }) => {
    const [, due, attempt, job] = /^ct:(\d+):(\d+):([^:]+):?/.exec(id) ?? [];
    return job === undefined ? [] : [{ id, job, due: Number(due), attempt: Number(attempt) }];
  });
  runs.sort((a, b) => b.due - a.due || b.attempt - a.attempt);
  const byJob = new Map<string, string[]>();
  for (const run of runs) {
    const ids = byJob.get(run.job);
    if (ids === undefined) byJob.set(run.job, [run.id]);
    else ids.push(run.id);
  }
  return Object.fromEntries(byJob);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
