// Tasks and instances as each release answers them.
import { timestamp } from '../clock.ts';
import type { MarathonVersion } from '../release.ts';
import { portsOf } from './app.ts';
import { conditionOf, healthOf, type Instance } from './instance.ts';

type Fields = Record<string, unknown>;

export function answerTask(instance: Instance, marathon: MarathonVersion, servicePorts = false): Fields {
  const { app, task } = instance;
  const [first] = task.statuses;
  const ports = servicePorts ? portsOf(app).map(({ servicePort }) => servicePort) : [];
  const results = instance.health.flatMap(result =>
    result === undefined
      ? []
      : [{ ...result, ...(marathon === '1.1.1' ? { taskId: instance.taskId } : { instanceId: instance.instanceId }) }],
  );
  const addresses = [{ ipAddress: addressOf(instance), protocol: 'IPv4' }];
  return {
    id: instance.taskId,
    slaveId: task.agent.id,
    host: task.agent.hostname,
    ...(marathon === '1.1.1' ? {} : { state: task.state }),
    startedAt: instance.startedAt === undefined ? null : timestamp(instance.startedAt),
    stagedAt: timestamp(instance.stagedAt),
    ports: task.info.ports,
    version: app.version,
    ...(first === undefined ? {} : { ipAddresses: addresses }),
    appId: app.id,
    ...(ports.length > 0 ? { servicePorts: ports } : {}),
    ...(results.length > 0 ? { healthCheckResults: results } : {}),
  };
}

const addressOf = ({ task }: Instance): string =>
  /^[\d.]+$/.test(task.agent.hostname) ? task.agent.hostname : '127.0.0.1';

/** What kills answer: task objects without their app in 1.1, instance objects from 1.4 on. */
export function answerVictim(instance: Instance, marathon: MarathonVersion): Fields {
  if (marathon === '1.1.1') {
    const { appId: _, ...task } = answerTask(instance, marathon);
    return task;
  }
  const { app, task } = instance;
  const condition = { str: conditionOf(instance).toLowerCase() };
  const started = instance.startedAt === undefined ? {} : { startedAt: timestamp(instance.startedAt) };
  const healthy = healthOf(instance);
  const strategy = app.unreachableStrategy;
  return {
    instanceId: { idString: instance.instanceId },
    agentInfo: { host: task.agent.hostname, agentId: task.agent.id, attributes: [] },
    tasksMap: {
      [instance.taskId]: {
        taskId: instance.taskId,
        runSpecVersion: app.version,
        status: {
          stagedAt: timestamp(instance.stagedAt),
          ...started,
          condition,
          networkInfo: {
            hostName: task.agent.hostname,
            hostPorts: task.info.ports,
            ipAddresses: [{ ipAddress: addressOf(instance), protocol: 'IPv4' }],
          },
        },
      },
    },
    runSpecVersion: app.version,
    state: {
      condition,
      since: timestamp(instance.since),
      ...(instance.startedAt === undefined ? {} : { activeSince: timestamp(instance.startedAt) }),
      ...(healthy === undefined ? {} : { healthy }),
    },
    unreachableStrategy:
      marathon === '1.5.6' || strategy === 'disabled'
        ? strategy
        : { inactiveAfter: strategy.inactiveAfterSeconds, expungeAfter: strategy.expungeAfterSeconds },
  };
}

/** Task counts and lifetimes of an app. */
export function counts(instances: Iterable<Instance>): {
  tasksStaged: number;
  tasksRunning: number;
  tasksHealthy: number;
  tasksUnhealthy: number;
} {
  const found = { tasksStaged: 0, tasksRunning: 0, tasksHealthy: 0, tasksUnhealthy: 0 };
  for (const instance of instances) {
    if (instance.task.state === 'TASK_RUNNING') {
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
    withLatestConfig: of(instances.filter(({ app }) => app.version >= lastConfigChangeAt)),
    withOutdatedConfig: of(instances.filter(({ app }) => app.version < lastConfigChangeAt)),
    totalSummary: of(instances),
  };
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
}
