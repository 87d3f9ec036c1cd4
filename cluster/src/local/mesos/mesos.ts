// The Mesos core: frameworks are offered the agents' free resources, launch tasks on them and hear of every change. All changes of agents,
// frameworks and tasks happen here. How a task is started is in start-task.ts, what all looks like from outside in state.ts and v1/.
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Clock } from '../clock.ts';
import type { Executor, Report } from '../executors/executor.ts';
import type { Journal } from '../journal.ts';
import type { ReleaseParts } from '../release.ts';
import {
  type Agent,
  type AgentSetup,
  allocate,
  executorDirectory,
  giveBack,
  newAgent,
  offeredRoles,
  take,
} from './agents.ts';
import { fetcherCache } from './fetch/cache.ts';
import {
  type CompletedFramework,
  type Framework,
  type FrameworkInfo,
  isPartitionAware,
  newPid,
  type Scheduler,
} from './framework.ts';
import { keepHistory } from './history.ts';
import { forgetTask, noteFramework, noteTask, recallFrameworks, recallTasks } from './memory.ts';
import { openSettings, type Settings } from './settings.ts';
import { startQueue } from './start-queue.ts';
import { prepareTask, runTask } from './start-task.ts';
import {
  isTerminal,
  isThere,
  type StatusSource,
  type Task,
  type TaskInfo,
  type TaskState,
  type TaskStatus,
} from './task.ts';

export type { Framework, FrameworkInfo, Scheduler } from './framework.ts';

/** What the master tells its subscribers; v1/stream.ts puts it into words. */
export type MasterEvent =
  | { readonly type: 'TASK_ADDED'; readonly task: Task }
  | { readonly type: 'TASK_UPDATED'; readonly task: Task; readonly status: TaskStatus }
  | { readonly type: 'AGENT_ADDED'; readonly agent: Agent }
  | { readonly type: 'AGENT_REMOVED'; readonly agent: Agent }
  | { readonly type: 'FRAMEWORK_ADDED'; readonly framework: Framework }
  | { readonly type: 'FRAMEWORK_REMOVED'; readonly framework: CompletedFramework };

export interface Mesos {
  readonly id: string;
  readonly release: ReleaseParts;
  readonly startedAt: number;
  /** All that belong to the cluster, whether they are up or not. */
  readonly setups: readonly AgentSetup[];
  /** Those that are registered. */
  readonly agents: readonly Agent[];
  /** How many have not come back, and may. */
  readonly unreachableAgents: number;
  readonly frameworks: readonly Framework[];
  /** Oldest first. */
  readonly completedFrameworks: readonly CompletedFramework[];
  readonly counters: Readonly<Record<TaskState, number>>;
  readonly settings: Settings;
  register(info: FrameworkInfo, scheduler: Scheduler): Framework;
  requestOffers(): void;
  /** The caller has seen that the task fits. */
  launch(framework: Framework, agent: Agent, info: TaskInfo, roles?: readonly string[]): Task;
  kill(framework: Framework, taskId: string, graceMs: number): void;
  /** Notes the result of a health check that the agent makes. */
  setHealth(task: Task, healthy: boolean): void;
  /** The n-th agent, from 0; undefined while it is down. */
  agentAt(n: number): Agent | undefined;
  /** Takes the n-th agent away, with its tasks; false when it is not there. */
  agentDown(n: number): boolean;
  /** Lets it come back, empty; false when it is there, or gone for good. */
  agentUp(n: number): boolean;
  /** Takes an agent away for good; false when there is none with that id. */
  markGone(agentId: string): boolean;
  /** Ends a framework's tasks and forgets it; it registers anew, as its program does when it is restarted. */
  teardown(frameworkId: string): boolean;
  /** Returns what ends it. */
  observe(observer: (event: MasterEvent) => void): () => void;
  /** Tells the frameworks of the tasks that went down with the cluster when it last ended. */
  announceLost(): void;
  /** Ends all tasks; resolves when none is left. */
  stop(): Promise<void>;
}

/** Grace of a kill where nobody says another (Mesos's command executor), in milliseconds. */
export const defaultKillGrace = 3000;
/** Flag --max_completed_frameworks of the master. */
const keptFrameworks = 50;
/** How long stopping may take, in milliseconds. */
const stopsWithin = 5000;
export interface MesosOptions {
  readonly id: string;
  readonly release: ReleaseParts;
  readonly clock: Clock;
  readonly executor: Executor;
  readonly agents: readonly AgentSetup[];
  readonly journal: Journal;
  readonly log: (line: string) => void;
}

/** An agent as a machine, which may register, be lost, and register again. */
interface Machine {
  readonly setup: AgentSetup;
  /** The newest agent that ran on it. */
  agent: Agent;
  /** Those before it, whose sandboxes are still there. */
  readonly former: Agent[];
  state: 'up' | 'down' | 'gone';
}

interface Details {
  readonly message?: string;
  readonly reason?: string | undefined;
  readonly source?: StatusSource;
  readonly healthy?: boolean;
}

export function createMesos({ id, release, clock, executor, agents: setups, journal, log }: MesosOptions): Mesos {
  const startedAt = clock.now();
  let registrations = 0;
  const register = (setup: AgentSetup): Agent => newAgent(setup, `${id}-S${registrations++}`, clock.now());
  const machines: Machine[] = setups.map(setup => ({ setup, agent: register(setup), former: [], state: 'up' }));
  const caches = new Map(setups.map(({ workDir }) => [workDir, fetcherCache(path.join(workDir, 'fetch'))]));
  const frameworks: Framework[] = [];
  const knownFrameworks = recallFrameworks(journal);
  let frameworkIds = Math.max(-1, ...[...knownFrameworks.values()].map(known => Number(known.slice(-4)))) + 1;
  const completedFrameworks: CompletedFramework[] = [];
  const counters = { ...noTasks };
  const { keepTask, complete } = keepHistory({
    journal,
    clock,
    agents: () => machines.flatMap(({ agent, former }) => [...former, agent]),
    log,
  });
  const observers = new Set<(event: MasterEvent) => void>();
  /** Went down with the cluster when it last ended; no framework has heard of it yet. */
  const lost: Task[] = [];
  const starts = startQueue(start);
  /** Tasks that their agent or framework has lost, and whose processes have not ended yet. */
  const dying = new Set<Task>();
  let offersWanted = false;
  let stopping = false;
  let allGone: (() => void) | undefined;

  const present = (): Agent[] => machines.filter(({ state }) => state === 'up').map(({ agent }) => agent);
  const frameworkOf = (task: Task) => frameworks.find(framework => framework.id === task.frameworkId);

  function tell(event: MasterEvent): void {
    for (const observer of observers) guarded(`event ${event.type}`, () => observer(event));
  }

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

  function launch(framework: Framework, agent: Agent, info: TaskInfo, roles = offeredRoles(framework.info.role)): Task {
    const containerId = randomUUID();
    const task: Task = {
      info,
      frameworkId: framework.id,
      agent,
      allocations: allocate(agent, roles, info.resources, info.ports),
      containerId,
      directory: path.join(executorDirectory(agent, framework.id, info.id), 'runs', containerId),
      launchedAt: clock.now(),
      statuses: [],
      state: 'TASK_STAGING',
      delivered: false,
      running: undefined,
      killing: undefined,
      fetching: new AbortController(),
    };
    take(agent, task.allocations);
    agent.tasks.set(info.id, task);
    framework.tasks.set(info.id, task);
    noteTask(journal, task);
    tell({ type: 'TASK_ADDED', task });
    starts.add(task);
    return task;
  }

  /** Resolves when the sandbox is there. What has to be fetched comes after that, and holds up no other task. */
  async function start(task: Task): Promise<void> {
    if (!isThere(task)) return;
    const report: Report = (state, message, reason) => {
      if (isTerminal(state) && dying.delete(task)) stoppedWhenAllGone();
      if (state === 'TASK_STARTING' && release.mesos !== '1.5.0') return;
      if (task.state === 'TASK_KILLING' && !isTerminal(state)) return;
      update(task, state, { message: message ?? '', reason });
    };
    const fail: Report = (state, message, reason) =>
      update(task, state, { message: message ?? '', reason, source: 'SOURCE_AGENT' });
    const { fetched } = await prepareTask(task, release.mesos, caches.get(task.agent.workDir), fail);
    // A task that nobody would remember after a crash would be started twice.
    void fetched
      .then(async ready => {
        if (ready) await journal.flushed();
        if (ready && isThere(task)) runTask(task, executor, report);
      })
      .catch((error: unknown) =>
        fail('TASK_FAILED', `Failed to launch container: ${error instanceof Error ? error.message : String(error)}`),
      );
  }

  /** The one place where a task changes while its agent has it. */
  function update(task: Task, state: TaskState, details: Details = {}): void {
    if (!isThere(task)) return;
    const framework = frameworkOf(task);
    if (isTerminal(state)) {
      leave(task);
      framework?.tasks.delete(task.info.id);
      if (framework !== undefined) keepTask(framework.completed, task);
      complete(task);
    }
    record(task, framework, state, details);
    if (!isTerminal(state)) return;
    stoppedWhenAllGone();
    requestOffers();
  }

  function newStatus(
    state: TaskState,
    { message = '', reason, source = 'SOURCE_EXECUTOR', healthy }: Details,
  ): TaskStatus {
    return { state, time: clock.now(), message, reason, source, healthy, uuid: randomUUID() };
  }

  function record(task: Task, framework: Framework | undefined, state: TaskState, details: Details): void {
    const status = newStatus(state, details);
    // The master keeps the last status of each state only (Master::updateTask).
    if (task.statuses.at(-1)?.state === state) task.statuses.pop();
    else counters[state]++;
    task.state = state;
    task.statuses.push(status);
    // What is ended with the cluster counts as lost when it lives again.
    if (isTerminal(state) && !stopping) noteTask(journal, task);
    tell({ type: 'TASK_UPDATED', task, status });
    if (framework !== undefined) send(framework, task, status);
  }

  function send(framework: Framework, task: Task, status: TaskStatus): void {
    if (stopping) return;
    guarded(`status update of ${task.info.id}`, () => framework.scheduler.statusUpdate(task, status));
  }

  /** Its agent or framework is no more: it ends, and nobody hears of it. */
  function drop(task: Task, graceMs: number): void {
    const { running } = task;
    leave(task);
    complete(task);
    task.killing = graceMs;
    task.fetching.abort();
    if (running === undefined) return;
    dying.add(task);
    running.kill(graceMs);
  }

  function stoppedWhenAllGone(): void {
    if (stopping && dying.size === 0 && machines.every(({ agent }) => agent.tasks.size === 0)) allGone?.();
  }

  /** What it used is free again. */
  function leave(task: Task): void {
    task.running = undefined;
    giveBack(task.agent, task.allocations);
    task.agent.tasks.delete(task.info.id);
  }

  function kill(task: Task, graceMs: number): void {
    task.killing = graceMs;
    task.fetching.abort();
    if (!task.delivered) {
      const newer = release.mesos === '1.5.0';
      update(task, 'TASK_KILLED', {
        message: newer ? 'Killed before delivery to the executor' : 'Unregistered executor',
        reason: newer ? 'REASON_TASK_KILLED_DURING_LAUNCH' : 'REASON_EXECUTOR_UNREGISTERED',
        source: 'SOURCE_AGENT',
      });
      return;
    }
    if (frameworkOf(task)?.info.capabilities.includes('TASK_KILLING_STATE')) update(task, 'TASK_KILLING');
    task.running?.kill(graceMs);
  }

  /** The master gives an agent up; its machine dies with all that ran there. */
  function lose(machine: Machine, state: 'down' | 'gone'): void {
    const { agent } = machine;
    const wasUp = machine.state === 'up';
    machine.state = state;
    const tasks = [...agent.tasks.values()];
    for (const task of tasks) drop(task, 0);
    if (wasUp) tell({ type: 'AGENT_REMOVED', agent });
    for (const task of [...tasks, ...takeUnreachable(agent)]) {
      const framework = frameworkOf(task);
      framework?.tasks.delete(task.info.id);
      const aware = release.mesos !== '0.28.0' && framework !== undefined && isPartitionAware(framework);
      if (framework !== undefined && release.mesos === '1.5.0' && state === 'down')
        keepTask(framework.unreachable, task);
      else if (framework !== undefined) keepTask(framework.completed, task);
      if (isTerminal(task.state)) continue;
      const lost = !aware ? 'TASK_LOST' : state === 'gone' ? 'TASK_GONE_BY_OPERATOR' : 'TASK_UNREACHABLE';
      record(task, framework, lost, {
        message: removalMessage(release.mesos, agent, state),
        reason: state === 'gone' ? 'REASON_SLAVE_REMOVED_BY_OPERATOR' : 'REASON_SLAVE_REMOVED',
        source: 'SOURCE_MASTER',
      });
    }
    requestOffers();
  }

  function comeBack(machine: Machine): void {
    // A machine that has been restarted keeps its id from Mesos 1.4 on (MESOS-6223).
    if (release.mesos === '1.5.0') machine.agent.reregisteredAt = clock.now();
    else {
      machine.former.push(machine.agent);
      machine.agent = register(machine.setup);
    }
    machine.state = 'up';
    tell({ type: 'AGENT_ADDED', agent: machine.agent });
    for (const task of takeUnreachable(machine.agent)) {
      const framework = frameworkOf(task);
      if (framework !== undefined) keepTask(framework.completed, task);
      if (isTerminal(task.state)) continue;
      record(task, framework, 'TASK_GONE', {
        message: 'Reconciliation: Task is unknown to the agent',
        reason: 'REASON_RECONCILIATION',
        source: 'SOURCE_MASTER',
      });
    }
    requestOffers();
  }

  /** The tasks that are unreachable with an agent, which are so no longer. */
  function takeUnreachable(agent: Agent): Task[] {
    return frameworks.flatMap(framework => {
      const own = framework.unreachable.filter(task => task.agent === agent);
      framework.unreachable = framework.unreachable.filter(task => task.agent !== agent);
      return own;
    });
  }

  function newFrameworkId(name: string): string {
    const newest = `${id}-${String(frameworkIds++).padStart(4, '0')}`;
    noteFramework(journal, name, newest);
    return newest;
  }

  function teardown(framework: Framework): void {
    const tasks = [...framework.tasks.values()];
    for (const task of tasks) {
      drop(task, defaultKillGrace);
      framework.tasks.delete(task.info.id);
      keepTask(framework.completed, task);
      record(task, undefined, 'TASK_KILLED', { message: `Framework ${framework.id} removed`, source: 'SOURCE_MASTER' });
    }
    const { id: oldId, pid, info, registeredAt, completed } = framework;
    const torn = { id: oldId, pid, info, registeredAt, completed, unregisteredAt: clock.now() };
    completedFrameworks.push(torn);
    if (completedFrameworks.length > keptFrameworks) completedFrameworks.shift();
    for (const task of [...completed, ...framework.unreachable]) forgetTask(journal, task);
    tell({ type: 'FRAMEWORK_REMOVED', framework: torn });
    framework.id = newFrameworkId(info.name);
    framework.pid = newPid(info);
    framework.registeredAt = clock.now();
    framework.completed = [];
    framework.unreachable = [];
    tell({ type: 'FRAMEWORK_ADDED', framework });
    // The restarted program asks after the tasks that it knows.
    const gone = isPartitionAware(framework) && release.mesos === '1.5.0';
    const unknown = newStatus(gone ? 'TASK_GONE' : 'TASK_LOST', {
      message: 'Reconciliation: Task is unknown',
      reason: 'REASON_RECONCILIATION',
      source: 'SOURCE_MASTER',
    });
    for (const task of tasks) send(framework, task, unknown);
    requestOffers();
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
    startedAt,
    setups,
    get agents() {
      return present();
    },
    get unreachableAgents() {
      return machines.filter(({ state }) => state === 'down').length;
    },
    frameworks,
    completedFrameworks,
    counters,
    settings: openSettings(journal),
    register(info, scheduler) {
      const framework: Framework = {
        id: knownFrameworks.get(info.name) ?? newFrameworkId(info.name),
        pid: newPid(info),
        info,
        registeredAt: clock.now(),
        scheduler,
        tasks: new Map(),
        completed: [],
        unreachable: [],
      };
      frameworks.push(framework);
      const recalled = recallTasks(journal, framework.id, present(), clock.now());
      for (const task of [...recalled.ended, ...recalled.lost]) {
        keepTask(framework.completed, task);
        complete(task);
      }
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
      const reason = release.mesos === '1.5.0' ? 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED' : undefined;
      update(task, task.state, { reason, healthy });
    },
    agentAt(n) {
      const machine = machines[n];
      return machine?.state === 'up' ? machine.agent : undefined;
    },
    agentDown(n) {
      const machine = machines[n];
      if (machine?.state !== 'up') return false;
      lose(machine, 'down');
      return true;
    },
    agentUp(n) {
      const machine = machines[n];
      if (machine?.state !== 'down' || stopping) return false;
      comeBack(machine);
      return true;
    },
    markGone(agentId) {
      const machine = machines.find(({ agent, state }) => agent.id === agentId && state !== 'gone');
      if (machine === undefined) return false;
      lose(machine, 'gone');
      return true;
    },
    teardown(frameworkId) {
      const framework = frameworks.find(each => each.id === frameworkId);
      if (framework === undefined) return false;
      teardown(framework);
      return true;
    },
    observe(observer) {
      observers.add(observer);
      return () => observers.delete(observer);
    },
    announceLost() {
      for (const task of lost.splice(0)) {
        noteTask(journal, task);
        const framework = frameworkOf(task);
        const status = task.statuses.at(-1);
        if (framework !== undefined && status !== undefined) send(framework, task, status);
      }
    },
    async stop() {
      stopping = true;
      const gone = new Promise<void>(resolve => {
        allGone = resolve;
      });
      const left = () => present().flatMap(agent => [...agent.tasks.values()]);
      for (const task of left()) kill(task, 2000);
      await starts.idle();
      if (left().length === 0 && dying.size === 0) return;
      // A process that not even SIGKILL ends is the system's problem: the leash stays on it.
      await Promise.race([gone, new Promise<void>(resolve => clock.after(stopsWithin, resolve))]);
    },
  };
}

const noTasks: Readonly<Record<TaskState, number>> = {
  TASK_STAGING: 0,
  TASK_STARTING: 0,
  TASK_RUNNING: 0,
  TASK_KILLING: 0,
  TASK_FINISHED: 0,
  TASK_FAILED: 0,
  TASK_KILLED: 0,
  TASK_ERROR: 0,
  TASK_LOST: 0,
  TASK_UNREACHABLE: 0,
  TASK_GONE: 0,
  TASK_GONE_BY_OPERATOR: 0,
};

/** Source: mesos src/master/master.cpp, Master::removeSlave and Master::markUnreachable. */
function removalMessage(version: ReleaseParts['mesos'], { hostname }: Agent, state: 'down' | 'gone'): string {
  if (state === 'gone') return `Agent ${hostname} marked gone by operator`;
  const cause = 'health check timed out';
  if (version === '0.28.0') return `Slave ${hostname} removed: ${cause}`;
  return version === '1.1.0' ? `Slave ${hostname} is unreachable` : `Agent ${hostname} is unreachable: ${cause}`;
}
