// What runs of each app and pod, and what is done so that it is what was wanted: launching, killing, replacing, waiting after failures.
// All changes of instances happen here. When the wanted state changes is decided in deployments.ts.
import { type Clock, timestamp } from '../clock.ts';
import type { Journal } from '../journal.ts';
import { defaultKillGrace, type Framework, type Mesos } from '../mesos/mesos.ts';
import { listeningPorts } from '../mesos/ports.ts';
import { isTerminal, type Task, type TaskStatus } from '../mesos/task.ts';
import type { MarathonVersion } from '../release.ts';
import type { App } from './app.ts';
import type { EventBus } from './events.ts';
import { createChecks } from './health.ts';
import { conditionOf, hasEnded, type Instance, isOfApp, isViable } from './instance.ts';
import { instanceEvents } from './instance-events.ts';
import { newInstanceName, nextName } from './launch.ts';
import { launchInstance } from './launch-instance.ts';
import { acceptedRoles } from './match.ts';
import { forgetRun, noteRun, recallRun } from './memory.ts';
import { findPlace } from './place.ts';
import { isPod } from './pod.ts';
import { removeEphemeralVolumes } from './pod-volumes.ts';
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
  isOutdated,
  launchable,
  newRun,
  newWaiting,
  type Run,
  rolling,
  victims,
} from './run.ts';
import type { RunSpec } from './run-spec.ts';
import { becomeReachable, becomeUnreachable } from './unreachable.ts';

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
  /** Gives back what is reserved for an instance that does not run. */
  release(reservation: Reservation): void;
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
  const tell = instanceEvents(events, marathon);
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
    callWatchers(run.spec.id);
  }

  function callWatchers(id: string): void {
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
    if (instance.unreachable !== undefined) expunge(instance);
    else if (!instance.killing) {
      instance.killing = true;
      callWatchers(instance.spec.id);
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

  /** Launches one instance where it fits. */
  function launchOne(run: Run, listening: () => ReadonlySet<number>): boolean {
    const roles = acceptedRoles(run.spec, framework().info.role);
    const place = findPlace(run, mesos.agents, roles, listening, clock.now());
    if (place === undefined) return false;
    const { spec } = run;
    const { idle, ...found } = place;
    try {
      const name = idle === undefined ? newInstanceName(spec, marathon, clock.now()) : nextName(idle, marathon);
      const reservation = isResidentSpec(spec)
        ? occupy(run, idle ?? reserve(spec, name.instanceId, place.agent, clock.now()))
        : undefined;
      const launcher = { marathon, mesos, framework: framework(), now: clock.now() };
      const instance = launchInstance(launcher, spec, name, { ...found, roles, reservation });
      run.instances.set(instance.instanceId, instance);
      for (const task of instance.tasks) byTask.set(task.info.id, { run, instance });
      tell.instanceChanged(instance, 'Created');
    } catch (error) {
      log(`Cannot launch an instance of ${spec.id}: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
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

  function release(reservation: Reservation): void {
    runs.get(reservation.appId)?.reservations.delete(reservation.instanceId);
    forgetReservation(journal, reservation, log);
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
    if (status.state === 'TASK_UNREACHABLE') becomeUnreachable(instance, clock, given);
    else if (instance.unreachable !== undefined && !ofHealth) becomeReachable(instance);
    if (ended) {
      byTask.delete(task.info.id);
      if (!instance.killing) note(run, instance, task, status);
      checks.stop(task);
    }
    if (marathon !== '1.1.1' || ended || running) tell.status(instance, task, status);
    if (!ofHealth) tell.instanceChanged(instance, conditionOf(instance));
    if (ended) afterEnd(run, instance, status);
    if (running) checks.start(instance, task);
    changed(run);
  }

  /** Without one of its containers a pod's instance goes on only where that one is done. */
  function afterEnd(run: Run, instance: Instance, { state }: TaskStatus): void {
    if (hasEnded(instance)) forget(run, instance);
    else if (state !== 'TASK_FINISHED') kill(instance);
  }

  function forget(run: Run, instance: Instance): void {
    run.instances.delete(instance.instanceId);
    if (instance.wipe && instance.reservation !== undefined) release(instance.reservation);
    instance.cancelExpiry?.();
    for (const task of instance.tasks) {
      byTask.delete(task.info.id);
      checks.stop(task);
    }
    removeEphemeralVolumes(instance, log);
  }

  /** What happens to an instance that stays unreachable. */
  const given = {
    inactive(instance: Instance): void {
      tell.instanceChanged(instance, conditionOf(instance));
      const run = runs.get(instance.spec.id);
      if (run !== undefined) changed(run);
    },
    up: (instance: Instance): void => expunge(instance),
  };

  /** Gives an unreachable instance up. */
  function expunge(instance: Instance): void {
    const run = runs.get(instance.spec.id);
    if (run?.instances.get(instance.instanceId) !== instance) return;
    forget(run, instance);
    tell.instanceChanged(instance, 'Killed');
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
    tell.unknownTerminated(task, state);
  }

  /** A task that went down with the cluster: it is replaced at once. */
  function noteLost(task: Task, status: TaskStatus): void {
    const run = runs.get(task.info.env.MARATHON_APP_ID ?? '');
    if (run !== undefined) noteFailure(run, task, status);
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
      callWatchers(id);
      for (const reservation of run.reservations.values()) release(reservation);
      checks.removed(run.spec);
      events.publish('app_terminated_event', { appId: id });
    },
    kill,
    release,
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
