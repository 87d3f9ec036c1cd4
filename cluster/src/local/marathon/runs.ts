// What runs of each app, and what is done so that it is what was wanted: launching, killing, replacing, waiting after failures.
// All changes of instances happen here. When an app's wanted state changes is decided in deployments.ts.
import { type Clock, timestamp } from '../clock.ts';
import type { Journal } from '../journal.ts';
import type { Agent } from '../mesos/agents.ts';
import { defaultKillGrace, type Framework, type Mesos } from '../mesos/mesos.ts';
import { listeningPorts } from '../mesos/ports.ts';
import { isTerminal, type Task, type TaskStatus } from '../mesos/task.ts';
import type { MarathonVersion } from '../release.ts';
import type { App } from './app.ts';
import type { EventBus } from './events.ts';
import { type Checks, createChecks } from './health.ts';
import { conditionOf, type Instance, isViable } from './instance.ts';
import { newTaskName, taskInfo } from './launch.ts';
import { acceptedRoles, match } from './match.ts';
import { forgetRun, noteRun, recallRun } from './memory.ts';
import {
  backoffAfter,
  isOutdated,
  type LastFailure,
  launchable,
  newRun,
  newWaiting,
  type Run,
  rolling,
  victims,
} from './run.ts';

export interface Runs {
  readonly all: ReadonlyMap<string, Run>;
  /** Called with the id of an app after each change of what runs of it, its end included. */
  readonly watchers: Set<(appId: string) => void>;
  /** Wants `target` instances of this definition; those of an older configuration are replaced. */
  want(app: App, target: number): Run;
  /** Ends all instances; resolves when none is left and the app is forgotten. */
  stop(appId: string): Promise<void>;
  kill(instance: Instance): void;
  /** Resolves when `done` holds, rejects when `signal` is aborted. */
  until(run: Run, done: () => boolean, signal: AbortSignal): Promise<void>;
  resetDelay(run: Run): void;
  resourceOffers(): void;
  statusUpdate(task: Task, status: TaskStatus): void;
}

export interface RunsOptions {
  readonly marathon: MarathonVersion;
  readonly clock: Clock;
  readonly mesos: Mesos;
  readonly framework: () => Framework;
  readonly events: EventBus;
  readonly journal: Journal;
}

export function createRuns({ marathon, clock, mesos, framework, events, journal }: RunsOptions): Runs {
  const runs = new Map<string, Run>();
  const watchers = new Set<(appId: string) => void>();
  const byTask = new Map<string, { run: Run; instance: Instance }>();
  const checks: Checks = createChecks({
    marathon,
    clock,
    mesos,
    events,
    changed: instance => {
      const found = byTask.get(instance.taskId);
      if (found !== undefined) changed(found.run);
    },
    kill: instance => kill(instance),
  });

  function changed(run: Run): void {
    converge(run);
    for (const watcher of [...run.watchers]) watcher();
    tell(run.app.id);
  }

  function tell(appId: string): void {
    for (const watcher of watchers) watcher(appId);
  }

  /** Brings what runs nearer to what is wanted. */
  function converge(run: Run): void {
    const alive = [...run.instances.values()].filter(({ killing }) => !killing);
    const outdated = alive.filter(instance => isOutdated(run, instance));
    const current = alive.filter(instance => !isOutdated(run, instance));
    for (const instance of victims(run, current, current.length - run.target)) kill(instance);
    if (outdated.length > 0) {
      const notViable = outdated.filter(instance => !isViable(instance));
      const viable = outdated.filter(isViable);
      const spare = current.filter(isViable).length + viable.length - rolling(run).least;
      for (const instance of [...notViable, ...victims(run, viable, spare)]) kill(instance);
    }
    const missing = launchable(run);
    if (missing === 0) {
      const noneWaits = run.target <= current.length;
      if (noneWaits) run.waiting = undefined;
      return;
    }
    run.waiting ??= newWaiting(clock.now());
    if (run.backoff !== undefined && run.backoff.until > clock.now()) {
      run.wake?.();
      run.wake = clock.at(run.backoff.until, () => mesos.requestOffers());
    } else mesos.requestOffers();
  }

  function kill(instance: Instance): void {
    if (instance.killing) return;
    instance.killing = true;
    tell(instance.app.id);
    const grace = instance.app.taskKillGracePeriodSeconds;
    mesos.kill(framework(), instance.taskId, grace === undefined ? defaultKillGrace : grace * 1000);
  }

  function resourceOffers(): void {
    let listening: ReadonlySet<number> | undefined;
    const ports = () => {
      listening ??= listeningPorts();
      return listening;
    };
    for (const run of runs.values()) {
      if (run.backoff !== undefined && run.backoff.until > clock.now()) continue;
      if (run.waiting !== undefined) run.waiting.lastRound = new Map();
      let launched = true;
      while (launched && launchable(run) > 0) launched = launchOne(run, ports);
    }
  }

  /** Launches one instance on the least busy agent on which it fits. */
  function launchOne(run: Run, listening: () => ReadonlySet<number>): boolean {
    const placed = [...run.instances.values()].map(({ task }) => task.agent);
    const agents = [...mesos.agents].sort((a, b) => a.tasks.size - b.tasks.size);
    const roles = acceptedRoles(run.app, framework().info.role);
    const { waiting } = run;
    for (const agent of agents) {
      const found = match(run.app, agent, placed, listening, roles);
      if (waiting !== undefined) waiting.processed++;
      if ('ports' in found) {
        if (waiting !== undefined) waiting.lastUsedAt = clock.now();
        launch(run, agent, found.ports, roles);
        return true;
      }
      if (waiting === undefined) continue;
      waiting.unused++;
      waiting.lastUnusedAt = clock.now();
      const others = waiting.lastUnusedOffers.filter(offer => offer.agent !== agent);
      waiting.lastUnusedOffers = [...others, { agent, reasons: found.against, time: clock.now() }];
      const [first] = found.against;
      if (first !== undefined) {
        waiting.attempt.set(first, (waiting.attempt.get(first) ?? 0) + 1);
        waiting.lastRound.set(first, (waiting.lastRound.get(first) ?? 0) + 1);
      }
    }
    if (waiting !== undefined) waiting.lastRoundOffers = agents.length;
    return false;
  }

  function launch(run: Run, agent: Agent, ports: readonly number[], roles: readonly string[]): void {
    const { app } = run;
    const now = clock.now();
    const { taskId, instanceId } = newTaskName(app, marathon, now);
    const task = mesos.launch(framework(), agent, taskInfo(app, taskId, agent, ports, marathon), roles);
    const instance: Instance = {
      app,
      taskId,
      instanceId,
      task,
      stagedAt: now,
      startedAt: undefined,
      since: now,
      killing: false,
      health: app.healthChecks.map(() => undefined),
      ready: undefined,
      lastResponse: undefined,
    };
    run.instances.set(taskId, instance);
    byTask.set(taskId, { run, instance });
    publishInstance(instance, 'Created');
    if (launchable(run) === 0) run.waiting = undefined;
  }

  function publishInstance(instance: Instance, condition: string): void {
    if (marathon === '1.1.1') return;
    events.publish('instance_changed_event', {
      instanceId: instance.instanceId,
      condition,
      runSpecId: instance.app.id,
      agentId: instance.task.agent.id,
      host: instance.task.agent.hostname,
      runSpecVersion: instance.app.version,
    });
  }

  function statusUpdate(task: Task, status: TaskStatus): void {
    const found = byTask.get(task.info.id);
    if (found === undefined) {
      noteLost(task, status);
      return;
    }
    const { run, instance } = found;
    const ended = isTerminal(status.state);
    const ofHealth = status.healthy !== undefined;
    if (!ofHealth) instance.since = status.time;
    if (status.state === 'TASK_RUNNING' && instance.startedAt === undefined) instance.startedAt = status.time;
    if (ended) {
      byTask.delete(task.info.id);
      run.instances.delete(task.info.id);
      checks.stop(instance);
      if (status.state !== 'TASK_KILLED' || !instance.killing) note(run, instance, status);
    }
    if (marathon !== '1.1.1' || ended || (status.state === 'TASK_RUNNING' && !ofHealth))
      publishStatus(instance, status);
    if (!ofHealth) publishInstance(instance, conditionOf(instance));
    if (status.state === 'TASK_RUNNING' && !ofHealth) checks.start(instance);
    changed(run);
  }

  function publishStatus(instance: Instance, status: TaskStatus): void {
    const { task, app } = instance;
    events.publish('status_update_event', {
      slaveId: task.agent.id,
      taskId: instance.taskId,
      taskStatus: status.state,
      message: status.message,
      appId: app.id,
      host: task.agent.hostname,
      ipAddresses: [{ ipAddress: addressOf(task.agent), protocol: 'IPv4' }],
      ports: task.info.ports,
      version: app.version,
    });
  }

  /** An end that was not asked for: it is remembered, and the next start waits. */
  function note(run: Run, instance: Instance, status: TaskStatus): void {
    if (status.state !== 'TASK_FINISHED') run.lastFailure = failureOf(instance.app, instance.task, status);
    run.backoff = backoffAfter(run, instance, status, clock.now());
    noteRun(journal, run);
  }

  /** A task that went down with the cluster: it is replaced at once. */
  function noteLost(task: Task, status: TaskStatus): void {
    const run = runs.get(task.info.env.MARATHON_APP_ID ?? '');
    if (run === undefined || status.state !== 'TASK_LOST') return;
    const version = task.info.env.MARATHON_APP_VERSION ?? run.app.version;
    run.lastFailure = failureOf({ id: run.app.id, version }, task, status);
    noteRun(journal, run);
  }

  return {
    all: runs,
    watchers,
    want(app, target) {
      let run = runs.get(app.id);
      if (run === undefined) {
        run = { ...newRun(app, target), ...recallRun(journal, app.id) };
        runs.set(app.id, run);
        checks.added(app);
      } else {
        // A new configuration deserves a new try.
        if (run.app.versionInfo?.lastConfigChangeAt !== app.versionInfo?.lastConfigChangeAt) {
          resetDelay(run);
          checks.removed(run.app);
          checks.added(app);
        }
        run.app = app;
        run.target = target;
      }
      changed(run);
      return run;
    },
    async stop(appId) {
      const run = runs.get(appId);
      if (run === undefined) return;
      run.target = 0;
      run.wake?.();
      run.waiting = undefined;
      for (const instance of run.instances.values()) kill(instance);
      if (run.instances.size > 0) await until(run, () => run.instances.size === 0);
      if (runs.get(appId) !== run || run.target > 0) return;
      runs.delete(appId);
      forgetRun(journal, appId);
      tell(appId);
      checks.removed(run.app);
      events.publish('app_terminated_event', { appId });
    },
    kill,
    until,
    resetDelay,
    resourceOffers,
    statusUpdate,
  };

  function resetDelay(run: Run): void {
    run.backoff = undefined;
    noteRun(journal, run);
    run.wake?.();
    run.wake = undefined;
    mesos.requestOffers();
  }
}

function until(run: Run, done: () => boolean, signal?: AbortSignal): Promise<void> {
  if (done()) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      run.watchers.delete(check);
      signal?.removeEventListener('abort', abort);
      settle();
    };
    const check = () => {
      if (done()) finish(resolve);
    };
    const abort = () => finish(() => reject(signal?.reason));
    if (signal?.aborted) return reject(signal.reason);
    run.watchers.add(check);
    signal?.addEventListener('abort', abort);
  });
}

const failureOf = ({ id, version }: Pick<App, 'id' | 'version'>, task: Task, status: TaskStatus): LastFailure => ({
  appId: id,
  host: task.agent.hostname,
  message: status.message,
  state: status.state,
  taskId: task.info.id,
  timestamp: timestamp(status.time),
  version,
  slaveId: task.agent.id,
});

const addressOf = (agent: Agent): string => (/^[\d.]+$/.test(agent.hostname) ? agent.hostname : '127.0.0.1');
