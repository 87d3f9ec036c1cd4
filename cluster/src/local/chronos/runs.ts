// Runs of jobs: waiting in the queue, launched on agents, ended; and what an end does to the job and its children.
// When a scheduled job is due is decided in planning.ts. Facts: chronos 2.4.0 and v3.0.2 scheduler/jobs/{TaskManager,JobScheduler}.scala.

import { randomUUID } from 'node:crypto';
import { parseSchedule } from '../../chronos/schedule.ts';
import { type Clock, timestamp } from '../clock.ts';
import type { Journal } from '../journal.ts';
import { type Agent, free } from '../mesos/agents.ts';
import { defaultKillGrace, type Framework, type Mesos } from '../mesos/mesos.ts';
import { isTerminal, type Task, type TaskStatus } from '../mesos/task.ts';
import { type Job, parentsOf, scheduleOf } from './job.ts';
import type { Metrics } from './metrics.ts';
import type { Planning } from './planning.ts';
import { createLaunched, createQueue, type Waiting } from './queue.ts';
import type { JobStore } from './store.ts';
import { type Run, taskId, taskInfo } from './task.ts';

export interface Runs {
  enqueue(run: Run): void;
  /** Queues a run when it is time (milliseconds since the epoch). */
  enqueueAt(time: number, run: Run): void;
  isQueued(name: string): boolean;
  running(name: string): number;
  /** Kills what is launched of a job. */
  kill(name: string): void;
  /** Forgets what waits, and retries to come, of one job or of all. */
  forget(name?: string): void;
  /** Forgets runs to come that were taken from the job's schedule. */
  forgetPlanned(name: string): void;
  /** The job counts as having succeeded: without `disabling` it stays enabled though no run is left. */
  succeed(job: Job, disabling: boolean): void;
  /** The end of an asynchronous task as told from outside (2.4.0). */
  complete(id: string, success: boolean): void;
  resetCounters(name: string): void;
  /** Takes up what waited and what went on when the cluster ended. */
  resume(): void;
  resourceOffers(): void;
  statusUpdate(task: Task, status: TaskStatus): void;
}

interface RunsOptions {
  readonly mesos: Mesos;
  readonly clock: Clock;
  readonly store: JobStore;
  readonly journal: Journal;
  readonly metrics: Metrics;
  readonly framework: () => Framework;
  readonly planning: () => Planning;
  readonly failureRetryMs: number;
  readonly disableAfterFailures: number;
}

export function createRuns(options: RunsOptions): Runs {
  const { mesos, clock, store, journal, metrics, framework, planning, failureRetryMs, disableAfterFailures } = options;
  const { release } = mesos;
  const newer = release.chronos === '3.0.2';
  const queue = createQueue();
  const launched = createLaunched();
  /** Runs whose time is to come, by job, with what cancels each. */
  const later = new Map<string, Map<Waiting, () => void>>();
  /** How often each parent has succeeded since its child last ran. */
  const counters = new Map<string, Map<string, number>>();

  const running = (name: string): number => launched.of(name).length;
  const now = () => timestamp(clock.now());

  function enqueue(run: Run): void {
    if (newer && queue.has(run.job)) return;
    const waiting = { id: randomUUID(), time: clock.now(), run };
    journal.put('chronos.waiting', waiting.id, waiting);
    queue.add(waiting, store.get(run.job)?.highPriority === true);
    mesos.requestOffers();
  }

  function enqueueAt(time: number, run: Run): void {
    const waiting = { id: randomUUID(), time, run };
    journal.put('chronos.waiting', waiting.id, waiting);
    wait(waiting);
  }

  function wait(waiting: Waiting): void {
    const { job } = waiting.run;
    const own = later.get(job) ?? new Map<Waiting, () => void>();
    later.set(job, own);
    const ring = () => {
      drop(waiting);
      enqueue(waiting.run.cause === 'retry' ? { ...waiting.run, due: clock.now() } : waiting.run);
    };
    own.set(waiting, clock.at(waiting.time, ring));
  }

  function drop(waiting: Waiting): void {
    const own = later.get(waiting.run.job);
    own?.get(waiting)?.();
    own?.delete(waiting);
    if (own?.size === 0) later.delete(waiting.run.job);
    journal.put('chronos.waiting', waiting.id, undefined);
  }

  /** Serves the queue, high priority first. What fits nowhere stays, and so does all that asks for the same. */
  function resourceOffers(): void {
    const tooLarge = new Set<string>();
    for (const waiting of queue.all()) {
      const job = store.get(waiting.run.job);
      const demand = job === undefined ? '' : demandOf(job);
      if (tooLarge.has(demand)) continue;
      if (serve(waiting.run)) {
        queue.remove(waiting);
        drop(waiting);
      } else tooLarge.add(demand);
    }
  }

  /** Whether the run is done with: launched, or dropped. */
  function serve(run: Run): boolean {
    const job = store.get(run.job);
    if (job === undefined || job.disabled) return true;
    if (!job.concurrent && running(job.name) > 0) {
      if (newer && run.cause === 'schedule') planning().late(job.name);
      return true;
    }
    const agent = mesos.agents.find(each => fits(job, each));
    if (agent === undefined) return false;
    let own = run;
    while (framework().tasks.has(taskId(own)) || launched.get(taskId(own)) !== undefined)
      own = { ...own, due: own.due + 1 };
    launched.add(taskId(own), own);
    journal.put('chronos.launched', taskId(own), own);
    if (job.maxCompletionTime > 0) {
      const id = taskId(own);
      clock.after(job.maxCompletionTime * 1000, () => mesos.kill(framework(), id, defaultKillGrace));
    }
    mesos.launch(framework(), agent, taskInfo(job, own, agent, release));
    planning().launched(job.name);
    return true;
  }

  function fits(job: Job, agent: Agent): boolean {
    const rest = free(agent);
    const enough = job.cpus <= rest.cpus && job.mem <= rest.mem && job.disk <= rest.disk && job.gpus <= rest.gpus;
    // 2.4.0 forgets the constraints of a job with arguments.
    if (!newer && job.arguments.length > 0) return enough;
    return enough && job.constraints.every(constraint => fulfils(constraint, agent, newer));
  }

  function statusUpdate(task: Task, { state }: TaskStatus): void {
    const run = launched.get(task.info.id);
    if (run === undefined) return;
    if (state === 'TASK_RUNNING') resetCounters(run.job);
    if (!isTerminal(state)) return;
    launched.remove(task.info.id);
    journal.put('chronos.launched', task.info.id, undefined);
    const job = store.get(run.job);
    if (job === undefined) return;
    if (state === 'TASK_FINISHED' && !(job.async && !newer)) {
      metrics.succeeded(job.name, clock.now() - run.due);
      succeed(job, true);
    }
    if (state === 'TASK_FAILED' || state === 'TASK_LOST') fail(job, run);
    planning().ended(run.job);
  }

  function succeed(job: Job, disabling: boolean): void {
    const schedule = scheduleOf(job);
    const left =
      schedule === undefined ? undefined : parseSchedule(schedule.schedule, schedule.scheduleTimeZone)?.repeats;
    store.put({
      ...job,
      successCount: job.successCount + 1,
      errorsSinceLastSuccess: 0,
      lastSuccess: now(),
      disabled: job.disabled || (disabling && left === 0),
    });
    runChildren(job.name);
  }

  function fail(job: Job, run: Run): void {
    const lastWasGood = job.lastError === '' || (job.lastSuccess !== '' && job.lastSuccess >= job.lastError);
    if (run.attempt < job.retries && lastWasGood) {
      const given = joined(job.arguments, newer);
      const time = clock.now() + failureRetryMs;
      enqueueAt(time, { job: job.name, due: time, attempt: run.attempt + 1, arguments: given, cause: 'retry' });
      return;
    }
    metrics.failed(job.name);
    const errorsSinceLastSuccess = job.errorsSinceLastSuccess + 1;
    store.put({
      ...job,
      errorCount: job.errorCount + 1,
      errorsSinceLastSuccess,
      lastError: now(),
      // Set anew each time, also where somebody had disabled the job meanwhile.
      disabled: disableAfterFailures > 0 && errorsSinceLastSuccess >= disableAfterFailures,
    });
    if (job.softError) runChildren(job.name);
  }

  /** A child runs when all its parents have run as often as the one that just ended. */
  function runChildren(parent: string): void {
    for (const child of store.childrenOf(parent)) {
      const edges = counters.get(child.name) ?? new Map<string, number>();
      counters.set(child.name, edges);
      const count = (edges.get(parent) ?? 0) + 1;
      edges.set(parent, count);
      journal.put('chronos.edges', child.name, Object.fromEntries(edges));
      const least = Math.min(...(parentsOf(child) ?? []).map(name => edges.get(name) ?? 0));
      if (count === least && !child.disabled && store.get(child.name) !== undefined) {
        enqueue({
          job: child.name,
          due: clock.now(),
          attempt: 0,
          arguments: joined(child.arguments, newer),
          cause: 'parents',
        });
      }
    }
  }

  function resetCounters(name: string): void {
    if (counters.delete(name)) journal.put('chronos.edges', name, undefined);
  }

  function forget(test: (waiting: Waiting) => boolean): void {
    for (const waiting of [...queue.all(), ...[...later.values()].flatMap(own => [...own.keys()])]) {
      if (!test(waiting)) continue;
      queue.remove(waiting);
      drop(waiting);
    }
  }

  function resume(): void {
    for (const [name, edges] of journal.read('chronos.edges'))
      counters.set(name, new Map(Object.entries(edges as Readonly<Record<string, number>>)));
    for (const [id, run] of journal.read('chronos.launched')) launched.add(id, run as Run);
    for (const value of journal.read('chronos.waiting').values()) {
      const waiting = value as Waiting;
      if (waiting.time > clock.now()) wait(waiting);
      else queue.add(waiting, store.get(waiting.run.job)?.highPriority === true);
    }
  }

  return {
    enqueue,
    enqueueAt,
    isQueued: queue.has,
    running,
    kill(name) {
      for (const id of launched.of(name)) mesos.kill(framework(), id, defaultKillGrace);
    },
    forget: name => forget(({ run }) => name === undefined || run.job === name),
    forgetPlanned(name) {
      for (const waiting of [...(later.get(name)?.keys() ?? [])]) if (waiting.run.cause === 'schedule') drop(waiting);
    },
    succeed,
    complete(id, success) {
      const [, due = '0', attempt = '0', name = '', given = ''] = /^ct:(\d+):(\d+):([\w\s#_-]+):?(.*)?$/.exec(id) ?? [];
      const job = store.get(name);
      if (job === undefined || !job.async) return;
      if (success) succeed(job, true);
      else fail(job, { job: name, due: Number(due), attempt: Number(attempt), arguments: given, cause: 'schedule' });
    },
    resetCounters,
    resume,
    resourceOffers,
    statusUpdate,
  };
}

/** What two jobs have in common when one of them fits nowhere and so does the other. */
const demandOf = ({ cpus, mem, disk, gpus, constraints, arguments: given }: Job): string =>
  JSON.stringify([cpus, mem, disk, gpus, constraints, given.length > 0]);

/** A job's arguments as they are carried in the task's id. */
export const joined = (list: readonly string[], newer: boolean): string => {
  const text = list.join(' ');
  return newer ? text.replaceAll(';', '') : text;
};

function fulfils(
  [attribute, operator, wanted]: readonly [string, string, string],
  agent: Agent,
  newer: boolean,
): boolean {
  const value = attribute === 'hostname' && newer ? agent.hostname : agent.attributes[attribute]?.toString();
  if (value === undefined) return false;
  if (operator === 'EQUALS') return value === wanted;
  try {
    return new RegExp(`^(?:${wanted})$`).test(value) === (operator === 'LIKE');
  } catch {
    return false;
  }
}
