// The Mesos core: frameworks are offered the agents' free resources, launch tasks on them and hear of every change. All changes of agents
// and tasks happen here. What it looks like from outside is in state.ts, who runs the tasks in ../executors.
import { randomUUID } from 'node:crypto';
import { mkdir, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../clock.ts';
import type { Executor } from '../executors/executor.ts';
import type { Journal } from '../journal.ts';
import type { ReleaseParts } from '../release.ts';
import { type Agent, add, executorDirectory, nothing, subtract } from './agents.ts';
import { forgetTask, noteTask, recallTasks } from './memory.ts';
import { isTerminal, type Task, type TaskInfo, type TaskState, type TaskStatus } from './task.ts';

export interface FrameworkInfo {
  readonly name: string;
  readonly user: string;
  readonly role: string;
  readonly hostname: string;
  readonly webuiUrl: string;
  /** Seconds. */
  readonly failoverTimeout: number;
  readonly checkpoint: boolean;
  readonly capabilities: readonly string[];
}

export interface Scheduler {
  /** Free resources may be there: launch what fits. Called after `requestOffers` and whenever something got free. */
  resourceOffers(): void;
  statusUpdate(task: Task, status: TaskStatus): void;
}

export interface Framework {
  readonly id: string;
  readonly info: FrameworkInfo;
  readonly registeredAt: number;
  readonly scheduler: Scheduler;
  readonly tasks: Map<string, Task>;
  /** Oldest first. */
  readonly completed: Task[];
}

export interface Mesos {
  readonly id: string;
  readonly release: ReleaseParts;
  readonly startedAt: number;
  readonly agents: readonly Agent[];
  readonly frameworks: readonly Framework[];
  readonly counters: Record<'finished' | 'failed' | 'killed' | 'lost' | 'error', number>;
  register(info: FrameworkInfo, scheduler: Scheduler): Framework;
  requestOffers(): void;
  /** The caller has seen that the task fits. */
  launch(framework: Framework, agent: Agent, info: TaskInfo): Task;
  kill(framework: Framework, taskId: string, graceMs: number): void;
  /** Notes the result of a health check that the agent makes. */
  setHealth(task: Task, healthy: boolean): void;
  /** Tells the frameworks of the tasks that went down with the cluster when it last ended. */
  announceLost(): void;
  /** Ends all tasks; resolves when none is left. */
  stop(): Promise<void>;
}

/** Grace of a kill where nobody says another (Mesos's command executor), in milliseconds. */
export const defaultKillGrace = 3000;
const completedPerFramework = 1000;
const completedPerAgent = 150;
/** How long stopping may take, in milliseconds. */
const stopsWithin = 5000;
/** How many tasks are being started at one time; more only makes each wait longer. */
const startsAtOnce = 4;

export interface MesosOptions {
  readonly id: string;
  readonly release: ReleaseParts;
  readonly clock: Clock;
  readonly executor: Executor;
  readonly agents: readonly Agent[];
  readonly journal: Journal;
  readonly log: (line: string) => void;
}

export function createMesos({ id, release, clock, executor, agents, journal, log }: MesosOptions): Mesos {
  const frameworks: Framework[] = [];
  const counters = { finished: 0, failed: 0, killed: 0, lost: 0, error: 0 };
  const lost: Task[] = [];
  const toStart: Task[] = [];
  const starting = new Set<Promise<void>>();
  let offersWanted = false;
  let stopping = false;
  let allGone: (() => void) | undefined;

  function requestOffers(): void {
    if (offersWanted || stopping) return;
    offersWanted = true;
    setImmediate(() => {
      offersWanted = false;
      if (stopping) return;
      for (const framework of frameworks) {
        guarded(`resource offers to ${framework.info.name}`, () => framework.scheduler.resourceOffers());
      }
    });
  }

  function launch(framework: Framework, agent: Agent, info: TaskInfo): Task {
    const containerId = randomUUID();
    const task: Task = {
      info,
      frameworkId: framework.id,
      agent,
      containerId,
      directory: path.join(executorDirectory(agent, framework.id, info.id), 'runs', containerId),
      launchedAt: clock.now(),
      statuses: [],
      state: 'TASK_STAGING',
      running: undefined,
      killing: undefined,
    };
    agent.used = add(agent.used, info.resources);
    for (const port of info.ports) agent.usedPorts.add(port);
    agent.tasks.set(info.id, task);
    framework.tasks.set(info.id, task);
    noteTask(journal, task);
    toStart.push(task);
    startNext();
    return task;
  }

  function startNext(): void {
    while (starting.size < startsAtOnce) {
      const task = toStart.shift();
      if (task === undefined) return;
      const started = start(task)
        .catch((error: unknown) =>
          update(
            task,
            'TASK_FAILED',
            `Failed to prepare the sandbox: ${error instanceof Error ? error.message : String(error)}`,
          ),
        )
        .finally(() => {
          starting.delete(started);
          setImmediate(startNext);
        });
      starting.add(started);
    }
  }

  async function start(task: Task): Promise<void> {
    const { info, agent } = task;
    if (isTerminal(task.state)) return;
    if (info.id.includes('/')) {
      update(task, 'TASK_ERROR', `TaskID '${info.id}' contains invalid characters`, 'REASON_TASK_INVALID');
      return;
    }
    await mkdir(task.directory, { recursive: true, mode: 0o755 });
    const latest = path.join(executorDirectory(agent, task.frameworkId, info.id), 'runs', 'latest');
    await rm(latest, { force: true });
    await symlink(task.directory, latest);
    if (isTerminal(task.state)) return;
    if (info.uris.length > 0) {
      update(
        task,
        'TASK_FAILED',
        `Failed to fetch ${info.uris.map(({ value }) => value).join(', ')}: the local cluster does not fetch URIs yet. Remove them from the task to run it here.`,
        'REASON_CONTAINER_LAUNCH_FAILED',
      );
      return;
    }
    // A task that nobody would remember after a crash would be started twice.
    await journal.flushed();
    if (isTerminal(task.state)) return;
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
        if (state !== 'TASK_STARTING' || release.mesos === '1.5.0') update(task, state, message, reason);
      },
    );
    if (!isTerminal(task.state)) {
      task.running = running;
      if (task.killing !== undefined) running.kill(task.killing);
    }
  }

  /** The one place where a task changes. */
  function update(task: Task, state: TaskState, message = '', reason?: string, healthy?: boolean): void {
    if (isTerminal(task.state)) return;
    const status: TaskStatus = { state, time: clock.now(), message, reason, healthy };
    task.state = state;
    task.statuses.push(status);
    const framework = frameworks.find(({ id }) => id === task.frameworkId);
    if (isTerminal(state)) {
      task.running = undefined;
      const { agent, info } = task;
      agent.used = subtract(agent.used, info.resources);
      for (const port of info.ports) agent.usedPorts.delete(port);
      agent.tasks.delete(info.id);
      framework?.tasks.delete(info.id);
      counters[terminalCounter(state)]++;
      // What is ended with the cluster counts as lost when it lives again.
      if (!stopping) noteTask(journal, task);
      if (framework !== undefined) keepCompleted(framework, task);
      if (stopping && agents.every(({ tasks }) => tasks.size === 0)) allGone?.();
      requestOffers();
    }
    if (framework !== undefined && !stopping) {
      guarded(`status update of ${task.info.id}`, () => framework.scheduler.statusUpdate(task, status));
    }
  }

  function keepCompleted(framework: Framework, task: Task): void {
    framework.completed.push(task);
    task.agent.completed.push(task);
    if (framework.completed.length > completedPerFramework) forgetTask(journal, framework.completed.shift());
    if (task.agent.completed.length > completedPerAgent) removeSandbox(task.agent.completed.shift());
  }

  function removeSandbox(task: Task | undefined): void {
    if (task === undefined) return;
    rm(executorDirectory(task.agent, task.frameworkId, task.info.id), { recursive: true, force: true }).catch(
      (error: unknown) => log(`Cannot remove the sandbox ${task.directory}: ${String(error)}`),
    );
  }

  function kill(task: Task, graceMs: number): void {
    task.killing = graceMs;
    if (task.running !== undefined) task.running.kill(graceMs);
    else if (toStart.includes(task))
      update(task, 'TASK_KILLED', 'Killed before it was started', 'REASON_TASK_KILLED_DURING_LAUNCH');
  }

  function guarded(what: string, action: () => void): void {
    try {
      action();
    } catch (error) {
      log(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }

  return {
    id,
    release,
    startedAt: clock.now(),
    agents,
    frameworks,
    counters,
    register(info, scheduler) {
      const framework: Framework = {
        id: `${id}-${String(frameworks.length).padStart(4, '0')}`,
        info,
        registeredAt: clock.now(),
        scheduler,
        tasks: new Map(),
        completed: [],
      };
      frameworks.push(framework);
      const recalled = recallTasks(journal, framework.id, agents, clock.now());
      for (const task of [...recalled.ended, ...recalled.lost]) keepCompleted(framework, task);
      lost.push(...recalled.lost);
      return framework;
    },
    requestOffers,
    launch,
    kill(framework, taskId, graceMs) {
      const task = framework.tasks.get(taskId);
      if (task !== undefined) kill(task, graceMs);
    },
    setHealth(task, healthy) {
      update(task, task.state, '', 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED', healthy);
    },
    announceLost() {
      for (const task of lost.splice(0)) {
        noteTask(journal, task);
        const scheduler = frameworks.find(({ id: each }) => each === task.frameworkId)?.scheduler;
        const status = task.statuses.at(-1);
        if (status !== undefined) guarded(`loss of ${task.info.id}`, () => scheduler?.statusUpdate(task, status));
      }
    },
    async stop() {
      stopping = true;
      const gone = new Promise<void>(resolve => {
        allGone = resolve;
      });
      const tasks = agents.flatMap(agent => [...agent.tasks.values()]);
      for (const task of tasks) kill(task, 2000);
      await Promise.allSettled(starting);
      if (agents.every(agent => agent.tasks.size === 0)) return;
      // A process that not even SIGKILL ends is the system's problem: the leash stays on it.
      await Promise.race([gone, new Promise<void>(resolve => clock.at(clock.now() + stopsWithin, resolve))]);
    },
  };
}

const terminalCounter = (state: TaskState) =>
  state === 'TASK_FINISHED'
    ? 'finished'
    : state === 'TASK_FAILED'
      ? 'failed'
      : state === 'TASK_KILLED'
        ? 'killed'
        : state === 'TASK_LOST'
          ? 'lost'
          : 'error';

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

export const usedByFramework = (framework: Framework) =>
  [...framework.tasks.values()].reduce((sum, task) => add(sum, task.info.resources), nothing);
