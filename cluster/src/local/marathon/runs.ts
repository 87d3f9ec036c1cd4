// What runs of each app and pod, and what is done so that it is what was wanted: launching, killing, replacing, waiting after failures.
// All changes of instances happen here. When the wanted state changes is decided in deployments.ts.
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { type Clock, timestamp } from '../clock.ts';
import type { Journal } from '../journal.ts';
import { type Agent, executorDirectory } from '../mesos/agents.ts';
import { defaultKillGrace, type Framework, type Mesos } from '../mesos/mesos.ts';
import { listeningPorts } from '../mesos/ports.ts';
import { isTerminal, type Task, type TaskStatus } from '../mesos/task.ts';
import type { MarathonVersion } from '../release.ts';
import { addressOf } from './address.ts';
import type { App } from './app.ts';
import type { EventBus } from './events.ts';
import { createChecks } from './health.ts';
import { conditionOf, hasEnded, type Instance, isOfApp, isViable } from './instance.ts';
import { checksOf } from './instance-checks.ts';
import { instanceIdOf, newInstanceName, nextName, taskInfo } from './launch.ts';
import { podTaskInfos } from './launch-pod.ts';
import { acceptedRoles, match } from './match.ts';
import { forgetRun, noteRun, recallRun } from './memory.ts';
import { isPod } from './pod.ts';
import {
  forgetReservation,
  isResidentSpec,
  noteReservation,
  type Reservation,
  recallReservations,
  reserve,
} from './reservations.ts';
import {
  backoffAfter,
  counted,
  idleReservations,
  isOutdated,
  launchable,
  newRun,
  newWaiting,
  type Run,
  rolling,
  victims,
} from './run.ts';
import type { RunSpec } from './run-spec.ts';

export interface Runs {
  /** By the ids of the apps and pods. */
  readonly all: ReadonlyMap<string, Run>;
  /** Called with the id of an app or a pod after each change of what runs of it, its end included. */
  readonly watchers: Set<(id: string) => void>;
  ofApp(appId: string): Instance<App>[];
  ofTask(taskId: string): Instance | undefined;
  /** Wants `target` instances of this definition; those of an older configuration are replaced. */
  want(spec: RunSpec, target: number): Run;
  /** Ends all instances; resolves when none is left and the app or pod is forgotten. */
  stop(id: string): Promise<void>;
  /** `wipe`: with what is reserved for it. */
  kill(instance: Instance, wipe?: boolean): void;
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
  readonly log: (line: string) => void;
}

export function createRuns({ marathon, clock, mesos, framework, events, journal, log }: RunsOptions): Runs {
  const runs = new Map<string, Run>();
  const watchers = new Set<(id: string) => void>();
  const byTask = new Map<string, { run: Run; instance: Instance }>();
  const checks = createChecks({
    marathon,
    clock,
    mesos,
    events,
    changed: instance => {
      const run = runs.get(instance.spec.id);
      if (run !== undefined) changed(run);
    },
    killUnhealthy: (instance, reason) => {
      const run = runs.get(instance.spec.id);
      if (run !== undefined && reason !== undefined) {
        const message = `Task was killed since health check failed. Reason: ${reason}`;
        noteFailure(run, instance.tasks[0], { state: 'TASK_KILLED', message, time: clock.now() });
      }
      kill(instance);
    },
  });

  function changed(run: Run): void {
    converge(run);
    for (const watcher of [...run.watchers]) watcher();
    tell(run.spec.id);
  }

  function tell(id: string): void {
    for (const watcher of watchers) watcher(id);
  }

  /** Brings what runs nearer to what is wanted. */
  function converge(run: Run): void {
    const alive = counted(run).filter(({ killing }) => !killing);
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

  function kill(instance: Instance, wipe = false): void {
    instance.wipe ||= wipe;
    if (instance.unreachable !== undefined) expunge(instance, 'Killed');
    else if (!instance.killing) {
      instance.killing = true;
      tell(instance.spec.id);
      killTasks(instance);
    }
  }

  function killTasks({ spec, tasks }: Instance): void {
    tasks.forEach((task, n) => {
      if (isTerminal(task.state)) return;
      const ofContainer = isPod(spec) ? spec.containers[n]?.lifecycle?.killGracePeriodSeconds : undefined;
      const grace = ofContainer ?? spec.taskKillGracePeriodSeconds;
      mesos.kill(framework(), task.info.id, grace === undefined ? defaultKillGrace : grace * 1000);
    });
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
    const placed = counted(run).map(({ agent }) => agent);
    const agents = [...mesos.agents].sort((a, b) => a.tasks.size - b.tasks.size);
    const roles = acceptedRoles(run.spec, framework().info.role);
    const { waiting } = run;
    const idle = idleReservations(run);
    const allReserved = isResidentSpec(run.spec) && run.reservations.size >= run.target;
    for (const agent of agents) {
      const reservation = idle.find(({ agentId }) => agentId === agent.id);
      const found =
        reservation === undefined && allReserved
          ? { against: ['NoCorrespondingReservationFound'] as const }
          : match(run.spec, agent, placed, listening, roles);
      if (waiting !== undefined) waiting.processed++;
      if ('ports' in found) {
        if (waiting !== undefined) waiting.lastUsedAt = clock.now();
        try {
          return launch(run, agent, found.ports, roles, reservation);
        } catch (error) {
          log(`Cannot launch an instance of ${run.spec.id}: ${error instanceof Error ? error.message : String(error)}`);
          return false;
        }
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

  function launch(
    run: Run,
    agent: Agent,
    ports: readonly number[],
    roles: readonly string[],
    idle: Reservation | undefined,
  ): boolean {
    const { spec } = run;
    const now = clock.now();
    const name =
      idle === undefined || isPod(spec) ? newInstanceName(spec, marathon, now) : nextName(spec, idle, marathon);
    const reservation = isResidentSpec(spec) ? occupy(run, idle ?? reserve(spec, name.instanceId, agent)) : undefined;
    const infos = isPod(spec)
      ? podTaskInfos(spec, name, { agent, ports, volumes: ephemeralVolumes(spec, agent, name.instanceId) })
      : [taskInfo(spec, name.taskIds[0], agent, ports, marathon, reservation?.volumes)];
    const [first, ...further] = infos.map(info => mesos.launch(framework(), agent, info, roles));
    if (first === undefined) return false;
    const tasks = [first, ...further] as const;
    const instanceChecks = checksOf(spec, tasks);
    const instance: Instance = {
      spec,
      instanceId: name.instanceId,
      agent,
      reservation,
      tasks,
      stagedAt: now,
      startedAt: undefined,
      since: now,
      killing: false,
      wipe: false,
      unreachable: undefined,
      cancelExpiry: undefined,
      checks: instanceChecks,
      health: instanceChecks.map(() => undefined),
      ready: undefined,
      lastResponse: undefined,
    };
    run.instances.set(instance.instanceId, instance);
    for (const task of tasks) byTask.set(task.info.id, { run, instance });
    publishInstance(instance, 'Created');
    if (launchable(run) === 0) run.waiting = undefined;
    return true;
  }

  /** Notes that a further task uses a reservation. */
  function occupy(run: Run, reservation: Reservation): Reservation {
    const occupied = { ...reservation, attempts: reservation.attempts + 1 };
    run.reservations.set(occupied.instanceId, occupied);
    noteReservation(journal, occupied);
    return occupied;
  }

  function release(run: Run, reservation: Reservation): void {
    run.reservations.delete(reservation.instanceId);
    forgetReservation(journal, reservation, log);
  }

  /** Makes the folders that a pod's containers share; says where they are. */
  function ephemeralVolumes(
    { volumes }: { volumes: readonly { name: string; host?: string }[] },
    agent: Agent,
    id: string,
  ) {
    const folder = path.join(executorDirectory(agent, framework().id, `instance-${id}`), 'volumes');
    for (const { name, host } of volumes) {
      if (host !== undefined) continue;
      try {
        mkdirSync(path.join(folder, name), { recursive: true });
      } catch (error) {
        log(`Cannot make the volume "${name}" of ${id}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return folder;
  }

  function publishInstance(instance: Instance, condition: string): void {
    if (marathon === '1.1.1') return;
    events.publish('instance_changed_event', {
      instanceId: instance.instanceId,
      condition,
      runSpecId: instance.spec.id,
      agentId: instance.agent.id,
      host: instance.agent.hostname,
      runSpecVersion: instance.spec.version,
    });
  }

  function statusUpdate(task: Task, status: TaskStatus): void {
    const found = byTask.get(task.info.id);
    if (found === undefined) {
      ofUnknown(task, status);
      return;
    }
    const { run, instance } = found;
    const ended = isTerminal(status.state);
    const ofHealth = status.healthy !== undefined;
    const running = status.state === 'TASK_RUNNING' && !ofHealth;
    if (!ofHealth) instance.since = status.time;
    if (running && instance.startedAt === undefined) instance.startedAt = status.time;
    if (status.state === 'TASK_UNREACHABLE') becameUnreachable(instance);
    else if (instance.unreachable !== undefined && !ofHealth) becameReachable(instance);
    if (ended) {
      byTask.delete(task.info.id);
      if (!instance.killing) note(run, instance, task, status);
      checks.stop(task);
    }
    if (marathon !== '1.1.1' || ended || running) publishStatus(instance, task, status);
    if (!ofHealth) publishInstance(instance, conditionOf(instance));
    if (ended) afterEnd(run, instance, status);
    if (running) checks.start(instance, task);
    changed(run);
  }

  /** Without one of its containers a pod's instance goes on only where that one is done. */
  function afterEnd(run: Run, instance: Instance, { state }: TaskStatus): void {
    if (!hasEnded(instance)) {
      if (state !== 'TASK_FINISHED') killTasks(instance);
      return;
    }
    forget(run, instance);
  }

  function forget(run: Run, instance: Instance): void {
    run.instances.delete(instance.instanceId);
    if (instance.wipe && instance.reservation !== undefined) release(run, instance.reservation);
    instance.cancelExpiry?.();
    for (const task of instance.tasks) {
      byTask.delete(task.info.id);
      checks.stop(task);
    }
    if (isPod(instance.spec)) {
      const folder = executorDirectory(instance.agent, framework().id, `instance-${instance.instanceId}`);
      rm(folder, { recursive: true, force: true }).catch((error: unknown) =>
        log(`Cannot remove the volumes of ${instance.instanceId}: ${String(error)}`),
      );
    }
  }

  /** Its place is taken after a while, and after a further while nobody waits for it any more. */
  function becameUnreachable(instance: Instance): void {
    if (instance.unreachable !== undefined) return;
    instance.unreachable = 'active';
    const { unreachableStrategy: strategy } = instance.spec;
    if (strategy === 'disabled') return;
    const since = clock.now();
    const inactive = () => {
      instance.unreachable = 'inactive';
      instance.since = clock.now();
      publishInstance(instance, conditionOf(instance));
      instance.cancelExpiry = clock.at(since + strategy.expungeAfterSeconds * 1000, () => expunge(instance, 'Killed'));
      const run = runs.get(instance.spec.id);
      if (run !== undefined) changed(run);
    };
    instance.cancelExpiry = clock.at(since + strategy.inactiveAfterSeconds * 1000, inactive);
  }

  function becameReachable(instance: Instance): void {
    instance.unreachable = undefined;
    instance.cancelExpiry?.();
    instance.cancelExpiry = undefined;
  }

  /** Gives an unreachable instance up. */
  function expunge(instance: Instance, condition: string): void {
    const run = runs.get(instance.spec.id);
    if (run?.instances.get(instance.instanceId) !== instance) return;
    forget(run, instance);
    publishInstance(instance, condition);
    changed(run);
  }

  /** A task that was given up has come back: it is ended. */
  function ofUnknown(task: Task, status: TaskStatus): void {
    const { state, healthy } = status;
    if (healthy !== undefined || state === 'TASK_UNREACHABLE') return;
    if (state === 'TASK_LOST') noteLost(task, status);
    if (!isTerminal(state)) {
      mesos.kill(framework(), task.info.id, defaultKillGrace);
      return;
    }
    if (marathon === '1.1.1') return;
    const instanceId = instanceIdOf(task.info.id);
    events.publish('unknown_instance_terminated_event', {
      instanceId,
      runSpecId: `/${instanceId.replace(/\.[^.]*$/, '').replaceAll('_', '/')}`,
      condition: `${state.charAt(5)}${state.slice(6).toLowerCase()}`,
    });
  }

  /** A task that went down with the cluster: it is replaced at once. */
  function noteLost(task: Task, status: TaskStatus): void {
    const run = runs.get(task.info.env.MARATHON_APP_ID ?? '');
    if (run !== undefined) noteFailure(run, task, status);
  }

  function publishStatus(instance: Instance, task: Task, status: TaskStatus): void {
    events.publish('status_update_event', {
      slaveId: task.agent.id,
      taskId: task.info.id,
      taskStatus: status.state,
      message: status.message,
      appId: instance.spec.id,
      host: task.agent.hostname,
      ipAddresses: [{ ipAddress: addressOf(task.agent), protocol: 'IPv4' }],
      ports: task.info.ports,
      version: instance.spec.version,
    });
  }

  /** An end that was not asked for: it is remembered, and the next start waits. */
  function note(run: Run, instance: Instance, task: Task, status: TaskStatus): void {
    if (status.state !== 'TASK_FINISHED') noteFailure(run, task, status);
    // A container that is done leaves the others running: nothing is to be started.
    if (status.state !== 'TASK_FINISHED' || hasEnded(instance))
      run.backoff = backoffAfter(run, instance, status, clock.now());
    noteRun(journal, run);
  }

  function noteFailure(run: Run, task: Task, { state, message, time }: Pick<TaskStatus, 'state' | 'message' | 'time'>) {
    run.lastFailure = {
      appId: run.spec.id,
      host: task.agent.hostname,
      message,
      state,
      taskId: task.info.id,
      timestamp: timestamp(time),
      version: task.info.env.MARATHON_APP_VERSION ?? run.spec.version,
      slaveId: task.agent.id,
    };
    noteRun(journal, run);
  }

  return {
    all: runs,
    watchers,
    ofApp: id => [...(runs.get(id)?.instances.values() ?? [])].filter(isOfApp),
    ofTask: id => byTask.get(id)?.instance,
    want(spec, target) {
      let run = runs.get(spec.id);
      if (run === undefined) {
        run = { ...newRun(spec, target), ...recallRun(journal, spec.id) };
        for (const reservation of recallReservations(journal, spec.id))
          run.reservations.set(reservation.instanceId, reservation);
        runs.set(spec.id, run);
        checks.added(spec);
      } else {
        // A new configuration deserves a new try.
        if (run.spec.versionInfo?.lastConfigChangeAt !== spec.versionInfo?.lastConfigChangeAt) {
          resetDelay(run);
          checks.removed(run.spec);
          checks.added(spec);
        }
        run.spec = spec;
        run.target = target;
      }
      changed(run);
      return run;
    },
    async stop(id) {
      const run = runs.get(id);
      if (run === undefined) return;
      run.target = 0;
      run.wake?.();
      run.waiting = undefined;
      for (const instance of [...run.instances.values()]) kill(instance);
      if (run.instances.size > 0) await until(run, () => run.instances.size === 0);
      if (runs.get(id) !== run || run.target > 0) return;
      runs.delete(id);
      forgetRun(journal, id);
      tell(id);
      for (const reservation of [...run.reservations.values()]) release(run, reservation);
      checks.removed(run.spec);
      events.publish('app_terminated_event', { appId: id });
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
