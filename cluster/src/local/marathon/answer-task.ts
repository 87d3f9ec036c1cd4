// Tasks and instances as each release answers them.
import { timestamp } from '../clock.ts';
import type { MarathonVersion } from '../release.ts';
import { addressOf } from './address.ts';
import { type App, portsOf } from './app.ts';
import { conditionOf, conditionOfTask, healthOf, type Instance, isRunning, startOf, taskIdOf } from './instance.ts';
import { lastTaskId } from './launch.ts';
import type { Reservation } from './reservations.ts';
import type { RunSpec } from './run-spec.ts';

type Fields = Record<string, unknown>;

export function answerTask(instance: Instance<App>, marathon: MarathonVersion, servicePorts = false): Fields {
  const { spec, agent } = instance;
  const [task] = instance.tasks;
  const ports = servicePorts ? portsOf(spec).map(({ servicePort }) => servicePort) : [];
  const results = instance.health.flatMap(result =>
    result === undefined
      ? []
      : [{ ...result, ...(marathon === '1.1.1' ? { taskId: task.info.id } : { instanceId: instance.instanceId }) }],
  );
  const volumes = instance.reservation === undefined ? [] : localVolumes(instance.reservation, marathon);
  return {
    id: task.info.id,
    slaveId: agent.id,
    host: agent.hostname,
    ...(marathon === '1.1.1' ? {} : { state: task.state }),
    startedAt: instance.startedAt === undefined ? null : timestamp(instance.startedAt),
    stagedAt: timestamp(instance.stagedAt),
    ports: task.info.ports,
    version: spec.version,
    ...(task.statuses.length === 0 ? {} : { ipAddresses: [{ ipAddress: addressOf(agent), protocol: 'IPv4' }] }),
    appId: spec.id,
    ...(ports.length > 0 ? { servicePorts: ports } : {}),
    ...(results.length > 0 ? { healthCheckResults: results } : {}),
    ...(volumes.length > 0 ? { localVolumes: volumes } : {}),
  };
}

const localVolumes = ({ appId, volumes }: Reservation, marathon: MarathonVersion): Fields[] =>
  volumes.map(({ containerPath, uuid, persistenceId }) =>
    marathon === '1.1.1' ? { containerPath, persistenceId } : { runSpecId: appId, containerPath, uuid, persistenceId },
  );

/** A reservation whose task has ended is shown as a task too. */
export const answerReserved = (reservation: Reservation, marathon: MarathonVersion): Fields => ({
  id: lastTaskId(reservation, marathon),
  slaveId: reservation.agentId,
  host: reservation.host,
  ...(marathon === '1.1.1' ? {} : { state: 'TASK_STAGING' }),
  appId: reservation.appId,
  localVolumes: localVolumes(reservation, marathon),
});

/** What the end of such a reservation answers. */
export function answerReleased(reservation: Reservation, app: App, marathon: MarathonVersion): Fields {
  if (marathon === '1.1.1') {
    const { appId: _, ...task } = answerReserved(reservation, marathon);
    return task;
  }
  const { instanceId, agentId, host, since } = reservation;
  const taskId = lastTaskId(reservation, marathon);
  const status = {
    stagedAt: timestamp(since),
    condition: condition('Reserved'),
    networkInfo: { hostName: host, hostPorts: [], ipAddresses: [] },
  };
  return {
    instanceId: { idString: instanceId },
    agentInfo: { host, agentId, attributes: [] },
    tasksMap: { [taskId]: { taskId, runSpecVersion: app.version, status } },
    runSpecVersion: app.version,
    state: { condition: condition('Reserved'), since: timestamp(since) },
    unreachableStrategy: unreachable(app, marathon),
  };
}

/** What kills of apps' tasks answer: task objects without their app in 1.1, instance objects from 1.4 on. */
export function answerVictim(instance: Instance<App>, marathon: MarathonVersion): Fields {
  if (marathon !== '1.1.1') return answerInstance(instance, marathon);
  const { appId: _, ...task } = answerTask(instance, marathon);
  return task;
}

/** An instance object of an app or a pod. */
export function answerInstance(instance: Instance, marathon: MarathonVersion): Fields {
  const { spec, agent } = instance;
  const healthy = healthOf(instance);
  return {
    instanceId: { idString: instance.instanceId },
    agentInfo: { host: agent.hostname, agentId: agent.id, attributes: [] },
    tasksMap: Object.fromEntries(
      instance.tasks.map(task => {
        const started = startOf(task);
        return [
          task.info.id,
          {
            taskId: task.info.id,
            runSpecVersion: spec.version,
            status: {
              stagedAt: timestamp(instance.stagedAt),
              ...(started === undefined ? {} : { startedAt: timestamp(started) }),
              condition: condition(conditionOfTask(task)),
              networkInfo: {
                hostName: agent.hostname,
                hostPorts: task.info.ports,
                ipAddresses: [{ ipAddress: addressOf(agent), protocol: 'IPv4' }],
              },
            },
          },
        ];
      }),
    ),
    runSpecVersion: spec.version,
    state: {
      condition: condition(conditionOf(instance)),
      since: timestamp(instance.since),
      ...(instance.startedAt === undefined ? {} : { activeSince: timestamp(instance.startedAt) }),
      ...(healthy === undefined ? {} : { healthy }),
    },
    unreachableStrategy: unreachable(spec, marathon),
  };
}

const unreachable = ({ unreachableStrategy: strategy }: RunSpec, marathon: MarathonVersion) =>
  marathon === '1.5.6' || strategy === 'disabled'
    ? strategy
    : { inactiveAfter: strategy.inactiveAfterSeconds, expungeAfter: strategy.expungeAfterSeconds };

const condition = (name: string): { readonly str: string } => ({ str: name.toLowerCase() });

/** What readiness checks have found so far. */
export const readinessResults = (instance: Instance<App>): Fields[] =>
  instance.spec.readinessChecks.map(({ name }) => ({
    name,
    taskId: taskIdOf(instance),
    ready: instance.ready === true,
    ...(instance.lastResponse === undefined ? {} : { lastResponse: instance.lastResponse }),
  }));

/** Task counts and lifetimes of an app. */
export function counts(instances: Iterable<Instance>): {
  tasksStaged: number;
  tasksRunning: number;
  tasksHealthy: number;
  tasksUnhealthy: number;
} {
  const found = { tasksStaged: 0, tasksRunning: 0, tasksHealthy: 0, tasksUnhealthy: 0 };
  for (const instance of instances) {
    if (isRunning(instance)) {
      found.tasksRunning++;
      const healthy = healthOf(instance);
      if (healthy === true) found.tasksHealthy++;
      if (healthy === false) found.tasksUnhealthy++;
    } else found.tasksStaged++;
  }
  return found;
}

export function taskStats(
  instances: readonly Instance[],
  lastScalingAt: string,
  lastConfigChangeAt: string,
  now: number,
): Fields {
  const of = (some: readonly Instance[]): Fields | undefined => {
    if (some.length === 0) return undefined;
    const { tasksStaged, tasksRunning, tasksHealthy, tasksUnhealthy } = counts(some);
    const lives = some
      .flatMap(({ startedAt }) => (startedAt === undefined ? [] : [(now - startedAt) / 1000]))
      .sort((a, b) => a - b);
    const middle = lives.length / 2;
    const median =
      lives.length % 2 === 1 ? lives[Math.floor(middle)] : ((lives[middle - 1] ?? 0) + (lives[middle] ?? 0)) / 2;
    return {
      stats: {
        counts: { staged: tasksStaged, running: tasksRunning, healthy: tasksHealthy, unhealthy: tasksUnhealthy },
        ...(lives.length === 0
          ? {}
          : {
              lifeTime: {
                averageSeconds: lives.reduce((sum, life) => sum + life, 0) / lives.length,
                medianSeconds: median,
              },
            }),
      },
    };
  };
  const parts = {
    startedAfterLastScaling: of(instances.filter(({ stagedAt }) => timestamp(stagedAt) >= lastScalingAt)),
    withLatestConfig: of(instances.filter(({ spec }) => spec.version >= lastConfigChangeAt)),
    withOutdatedConfig: of(instances.filter(({ spec }) => spec.version < lastConfigChangeAt)),
    totalSummary: of(instances),
  };
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
}
