// JSON Schemas of what Marathon answers, release by release: apps, tasks, instances, groups, pods, deployments, the queue.
import type { Release } from '../../../../protocol/src/plan.ts';
import {
  anything,
  boolean,
  either,
  exactly,
  having,
  integer,
  list,
  mapOf,
  matching,
  number,
  object,
  orNull,
  type Schema,
  string,
} from './contract.ts';

export const time = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
export const uuid = matching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
export const pathId = matching(/^\/([a-z0-9.-]+(\/[a-z0-9.-]+)*)?$/);
const port = { type: 'integer', minimum: 0, maximum: 65535 };
const labels = mapOf(string);

export const message = (text: string | RegExp): Schema =>
  object({ message: typeof text === 'string' ? exactly(text) : matching(text) });
export const invalid = (text: string, path: string, ...errors: readonly string[]): Schema =>
  object({ message: exactly(text), details: exactly([{ path, errors }]) });

const upgradeStrategy = object({ minimumHealthCapacity: number, maximumOverCapacity: number });
const fetched = (release: Release) =>
  object({
    uri: string,
    extract: boolean,
    executable: boolean,
    cache: boolean,
    ...(release === 'deep_1' ? { 'destPath?': string } : release === 'indigo_2' ? { 'outputFile?': string } : {}),
  });
const healthCheck = having({
  protocol: string,
  gracePeriodSeconds: integer,
  intervalSeconds: integer,
  timeoutSeconds: integer,
  maxConsecutiveFailures: integer,
});
const unreachableStrategy = (release: Release) =>
  release === 'deep_1'
    ? either(object({ inactiveAfterSeconds: number, expungeAfterSeconds: number }), exactly('disabled'))
    : object({ inactiveAfterSeconds: number, expungeAfterSeconds: number });

/** What every release has. */
const commonOfApp = (release: Release): Record<string, Schema> => ({
  id: pathId,
  instances: integer,
  cpus: number,
  mem: number,
  disk: number,
  executor: string,
  backoffSeconds: integer,
  backoffFactor: number,
  maxLaunchDelaySeconds: integer,
  requirePorts: boolean,
  labels,
  upgradeStrategy,
  version: time,
  'versionInfo?': object({ lastScalingAt: time, lastConfigChangeAt: time }),
  ...(release === 'indigo_1'
    ? {}
    : { gpus: integer, killSelection: string, unreachableStrategy: unreachableStrategy(release) }),
});

const oldApp = (release: Release): Record<string, Schema> => ({
  ...commonOfApp(release),
  cmd: orNull(string),
  args: orNull(list(string)),
  user: orNull(string),
  env: mapOf(string),
  constraints: list(list(string)),
  uris: list(string),
  fetch: list(fetched(release)),
  storeUrls: list(string),
  ports: list(port),
  portDefinitions: list(object({ port, protocol: string, 'name?': string, labels })),
  container: orNull(anything),
  healthChecks: list(healthCheck),
  readinessChecks: list(anything),
  dependencies: list(pathId),
  ipAddress: orNull(anything),
  residency: orNull(anything),
  ...(release === 'indigo_1'
    ? { acceptedResourceRoles: orNull(list(string)) }
    : { 'acceptedResourceRoles?': list(string), secrets: mapOf(anything), taskKillGracePeriodSeconds: orNull(number) }),
});

const filled = (schema: Schema): Schema => ({ ...schema, minItems: 1 });
const newApp: Record<string, Schema> = {
  ...commonOfApp('deep_1'),
  'cmd?': string,
  'args?': filled(list(string)),
  'user?': string,
  'env?': mapOf(string),
  'constraints?': filled(list(list(string))),
  'fetch?': filled(list(fetched('deep_1'))),
  'portDefinitions?': list(object({ port, protocol: string, 'name?': string, 'labels?': labels })),
  'container?': having({ type: either(exactly('DOCKER'), exactly('MESOS')), volumes: list(anything) }),
  'healthChecks?': filled(list(healthCheck)),
  'readinessChecks?': filled(list(anything)),
  'dependencies?': filled(list(pathId)),
  networks: filled(list(object({ mode: string, 'name?': string, 'labels?': labels }))),
  'acceptedResourceRoles?': filled(list(string)),
  'residency?': anything,
  'secrets?': mapOf(anything),
  'taskKillGracePeriodSeconds?': integer,
  'tty?': boolean,
};

const appMembers = (release: Release) => (release === 'deep_1' ? newApp : oldApp(release));
const counts = { tasksStaged: integer, tasksRunning: integer, tasksHealthy: integer, tasksUnhealthy: integer };
const deployments = list(object({ id: uuid }));

export const app = (release: Release): Schema => object(appMembers(release));

/** As POST answers it: not yet stored. */
export function createdApp(release: Release): Schema {
  const { 'versionInfo?': _, ...members } = appMembers(release);
  return object({ ...members, ...counts, tasks: exactly([]), deployments });
}

/** In the list of all. */
export const listedApp = (release: Release): Schema => object({ ...appMembers(release), ...counts, deployments });

/** On its own. */
export const shownApp = (release: Release): Schema =>
  object({
    ...appMembers(release),
    ...counts,
    deployments,
    tasks: list(task(release)),
    'lastTaskFailure?': object({
      appId: pathId,
      host: string,
      message: string,
      state: string,
      taskId: string,
      timestamp: time,
      version: time,
      slaveId: orNull(string),
    }),
    'readinessCheckResults?': list(anything),
  });

const healthResult = (release: Release) =>
  object({
    alive: boolean,
    consecutiveFailures: integer,
    firstSuccess: orNull(time),
    lastSuccess: orNull(time),
    lastFailure: orNull(time),
    lastFailureCause: orNull(string),
    [release === 'indigo_1' ? 'taskId' : 'instanceId']: string,
  });

const taskMembers = (release: Release): Record<string, Schema> => ({
  id: matching(/^[a-z0-9._-]+\.[0-9a-f-]{36}$/),
  slaveId: string,
  host: string,
  startedAt: orNull(time),
  stagedAt: time,
  ports: list(port),
  version: time,
  'ipAddresses?': list(object({ ipAddress: string, protocol: exactly('IPv4') })),
  'healthCheckResults?': list(healthResult(release)),
  ...(release === 'indigo_1' ? {} : { state: matching(/^TASK_[A-Z]+$/) }),
});

export const task = (release: Release): Schema => object({ ...taskMembers(release), appId: pathId });
export const taskWithServicePorts = (release: Release): Schema =>
  object({ ...taskMembers(release), appId: pathId, 'servicePorts?': list(port) });

const condition = object({ str: matching(/^[a-z]+$/) });

/** What a kill answers. */
export const victim = (release: Release): Schema =>
  release === 'indigo_1' ? object(taskMembers(release)) : instance(release);

export const instance = (release: Release): Schema =>
  object({
    instanceId: object({ idString: matching(/\.(marathon|instance)-[0-9a-f-]{36}$/) }),
    agentInfo: object({ host: string, agentId: string, attributes: list(string) }),
    tasksMap: mapOf(
      object({
        taskId: string,
        runSpecVersion: time,
        status: object({
          stagedAt: time,
          'startedAt?': time,
          condition,
          networkInfo: object({
            hostName: string,
            hostPorts: list(port),
            ipAddresses: list(object({ ipAddress: string, protocol: string })),
          }),
        }),
      }),
    ),
    runSpecVersion: time,
    state: object({ condition, since: time, 'activeSince?': time, 'healthy?': boolean }),
    unreachableStrategy:
      release === 'deep_1' ? unreachableStrategy(release) : object({ inactiveAfter: number, expungeAfter: number }),
  });

export const result = object({ version: time, deploymentId: uuid });

/** Groups hold groups: those within are only known to be some. */
export const group = (release: Release): Schema =>
  object({
    id: pathId,
    dependencies: list(pathId),
    version: time,
    apps: list(app(release)),
    groups: list(having({ id: pathId, version: time })),
    ...(release === 'indigo_1' ? {} : { pods: list(having({ id: pathId })) }),
  });

const target = (release: Release): Record<string, Schema> =>
  release === 'indigo_1' ? { app: pathId } : { 'app?': pathId, 'pod?': pathId };
export const steps = (release: Release): Schema =>
  list(object({ actions: list(object({ [release === 'indigo_1' ? 'type' : 'action']: string, ...target(release) })) }));

export const deployment = (release: Release): Schema =>
  object({
    id: uuid,
    version: time,
    affectedApps: list(pathId),
    ...(release === 'indigo_1' ? {} : { affectedPods: list(pathId) }),
    steps: steps(release),
    currentActions: list(object({ action: string, ...target(release), readinessCheckResults: list(anything) })),
    currentStep: { type: 'integer', minimum: 1 },
    totalSteps: integer,
  });

const reasons = [
  ...['UnfulfilledRole', 'UnfulfilledConstraint', 'NoCorrespondingReservationFound', 'InsufficientCpus'],
  ...['InsufficientMemory', 'InsufficientDisk', 'InsufficientGpus', 'InsufficientPorts'],
];
const rejected: Schema = {
  type: 'array',
  items: reasons.map(reason => object({ reason: exactly(reason), declined: integer, processed: integer })),
  minItems: 8,
  additionalItems: false,
};

export const queue = (release: Release): Schema => object({ queue: list(queued(release)) });

function queued(release: Release): Schema {
  const common = { count: integer, delay: object({ timeLeftSeconds: integer, overdue: boolean }) };
  if (release === 'indigo_1') return object({ ...common, app: app(release) });
  return object({
    ...common,
    since: time,
    processedOffersSummary: object({
      processedOffersCount: integer,
      unusedOffersCount: integer,
      'lastUnusedOfferAt?': time,
      'lastUsedOfferAt?': time,
      rejectSummaryLastOffers: rejected,
      rejectSummaryLaunchAttempt: rejected,
    }),
    'lastUnusedOffers?': list(object({ offer: having({ hostname: string }), reason: list(string), timestamp: time })),
    'app?': release === 'deep_1' ? app(release) : having({ id: pathId }),
    'pod?': having({ id: pathId }),
  });
}

const lists = (release: Release, members: Record<string, Schema>): Record<string, Schema> =>
  release === 'deep_1'
    ? Object.fromEntries(Object.entries(members).map(([name, schema]) => [`${name}?`, schema]))
    : members;
const resources = object({ cpus: number, mem: number, disk: number, gpus: integer });

export const pod = (release: Release): Schema =>
  object({
    id: pathId,
    version: time,
    'user?': string,
    containers: list(
      object({
        name: string,
        'exec?': having({ command: anything }),
        resources,
        'image?': having({ kind: string, id: string }),
        'user?': string,
        'healthCheck?': anything,
        'lifecycle?': anything,
        ...lists(release, {
          endpoints: list(having({ name: string, protocol: list(string) })),
          environment: mapOf(anything),
          volumeMounts: list(object({ name: string, mountPath: string, 'readOnly?': boolean })),
          artifacts: list(having({ uri: string })),
          labels,
        }),
      }),
    ),
    networks: list(having({ mode: string })),
    scaling: object({ kind: exactly('fixed'), instances: integer }),
    scheduling: object({
      backoff: object({ backoff: number, backoffFactor: number, maxLaunchDelay: number }),
      upgrade: upgradeStrategy,
      placement: object(lists(release, { constraints: list(anything), acceptedResourceRoles: list(string) })),
      killSelection: string,
      unreachableStrategy: unreachableStrategy(release),
    }),
    executorResources: object({ cpus: number, mem: number, disk: number }),
    ...lists(release, { labels, environment: mapOf(anything), secrets: mapOf(anything), volumes: list(anything) }),
  });

export const podStatus = (release: Release): Schema =>
  object({
    id: pathId,
    spec: pod(release),
    status: either(exactly('STABLE'), exactly('DEGRADED'), exactly('TERMINAL')),
    statusSince: time,
    'instances?': list(
      having({
        id: matching(/\.instance-[0-9a-f-]{36}$/),
        status: matching(/^(PENDING|STAGING|STABLE|DEGRADED|TERMINAL)$/),
        statusSince: time,
        agentHostname: string,
        resources,
        containers: list(having({ name: string, status: matching(/^TASK_/), containerId: string })),
        specReference: matching(/^\/v2\/pods\/.*::versions\//),
        lastUpdated: time,
        lastChanged: time,
      }),
    ),
    ...(release === 'deep_1' ? {} : { terminationHistory: list(anything) }),
    lastUpdated: time,
    lastChanged: time,
  });

export const info = (release: Release): Schema =>
  object({
    name: exactly('marathon'),
    version: exactly({ indigo_1: '1.1.1', indigo_2: '1.4.1', deep_1: '1.5.6' }[release]),
    ...(release === 'indigo_1' ? {} : { buildref: string }),
    elected: exactly(true),
    leader: matching(/^127\.0\.0\.1:\d+$/),
    frameworkId: string,
    marathon_config: having({
      master: string,
      failover_timeout: integer,
      framework_name: string,
      ha: boolean,
      checkpoint: boolean,
      local_port_min: exactly(10_000),
      local_port_max: exactly(20_000),
      executor: string,
      hostname: string,
      webui_url: orNull(string),
      mesos_role: orNull(string),
      task_launch_timeout: integer,
      task_reservation_timeout: integer,
      reconciliation_initial_delay: integer,
      reconciliation_interval: integer,
      mesos_user: string,
      leader_proxy_connection_timeout_ms: integer,
      leader_proxy_read_timeout_ms: integer,
      features: list(string),
      mesos_leader_ui_url: string,
    }),
    zookeeper_config: having({
      zk: orNull(string),
      zk_timeout: integer,
      zk_session_timeout: integer,
      zk_max_versions: integer,
    }),
    http_config: having({ http_port: integer, https_port: orNull(integer) }),
    ...(release === 'deep_1'
      ? {}
      : { event_subscriber: object({ type: string, http_endpoints: orNull(list(string)) }) }),
  });

export const metrics = (release: Release): Schema =>
  release === 'deep_1'
    ? having({ start: time, end: time, counters: anything, gauges: anything, histograms: anything })
    : object({
        version: string,
        counters: anything,
        gauges: mapOf(object({ value: number })),
        histograms: anything,
        meters: anything,
        timers: anything,
      });
