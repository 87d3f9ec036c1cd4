// The shapes of the bodies that Marathon reads: apps, groups, task ids. Marathon ignores members that it does not know.
import type { MarathonVersion } from '../release.ts';
import { either, fields, list, map, number, oneOf, type Shape, text, whole } from './shape.ts';

const port = whole(0, 65535);

function appFields(version: MarathonVersion): Readonly<Record<string, Shape>> {
  const old = version === '1.1.1';
  const newest = version === '1.5.6';
  const protocol = oneOf('tcp', 'udp', 'udp,tcp');
  const portMapping = fields({
    containerPort: port,
    hostPort: port,
    servicePort: port,
    protocol,
    name: 'string',
    labels: map('string'),
    ...(newest ? { networkNames: list('string') } : {}),
  });
  return {
    id: 'string',
    cmd: 'string',
    args: list('string'),
    user: 'string',
    env: map(old ? 'string' : either('string', fields({ secret: 'string' }, ['secret']))),
    instances: whole(0),
    cpus: number(newest ? 0.001 : 0),
    mem: number(0),
    disk: number(0),
    ...(old ? {} : { gpus: whole(0) }),
    executor: 'string',
    constraints: list(list('string')),
    uris: list('string'),
    fetch: list(
      fields(
        {
          uri: text(1, 1024),
          extract: 'boolean',
          executable: 'boolean',
          cache: 'boolean',
          ...(newest ? { destPath: 'string' } : old ? {} : { outputFile: 'string' }),
        },
        ['uri'],
      ),
    ),
    ...(newest ? {} : { storeUrls: list('string') }),
    ports: list(port),
    portDefinitions: list(fields({ port, protocol, name: 'string', labels: map('string') })),
    requirePorts: 'boolean',
    backoffSeconds: newest ? whole(0) : number(0),
    backoffFactor: number(1),
    maxLaunchDelaySeconds: newest ? whole(0) : number(0),
    container: fields({
      type: oneOf('MESOS', 'DOCKER'),
      docker: fields(
        {
          image: text(newest ? 1 : undefined),
          network: old ? oneOf('BRIDGE', 'HOST', 'NONE') : oneOf('BRIDGE', 'HOST', 'NONE', 'USER'),
          privileged: 'boolean',
          forcePullImage: 'boolean',
          parameters: list(fields({ key: text(newest ? 1 : undefined), value: 'string' }, ['key', 'value'])),
          portMappings: list(portMapping),
          ...(old ? {} : { credential: fields({ principal: 'string', secret: 'string' }, ['principal']) }),
          ...(newest ? { pullConfig: fields({ secret: 'string' }, ['secret']) } : {}),
        },
        ['image'],
      ),
      ...(newest ? { portMappings: list(portMapping) } : {}),
      volumes: list(
        fields(
          {
            containerPath: 'string',
            hostPath: 'string',
            mode: oneOf('RO', 'RW'),
            persistent: 'object',
            external: 'object',
            ...(newest ? { secret: 'string' } : {}),
          },
          ['containerPath'],
        ),
      ),
    }),
    healthChecks: list(
      fields({
        protocol: old
          ? oneOf('HTTP', 'HTTPS', 'TCP', 'COMMAND')
          : oneOf('HTTP', 'HTTPS', 'TCP', 'COMMAND', 'MESOS_TCP', 'MESOS_HTTP', 'MESOS_HTTPS'),
        path: 'string',
        portIndex: version === '1.4.1' ? either(whole(0), 'string') : whole(0),
        port,
        command: fields({ value: 'string' }, ['value']),
        gracePeriodSeconds: whole(0),
        intervalSeconds: whole(0),
        timeoutSeconds: whole(0),
        maxConsecutiveFailures: whole(0),
        ignoreHttp1xx: 'boolean',
        ...(old ? {} : { delaySeconds: whole(0) }),
      }),
    ),
    readinessChecks: list(
      fields({
        name: 'string',
        protocol: oneOf('HTTP', 'HTTPS'),
        path: 'string',
        portName: 'string',
        intervalSeconds: whole(1),
        timeoutSeconds: whole(1),
        httpStatusCodesForReady: list(whole(100, 999)),
        preserveLastResponse: 'boolean',
      }),
    ),
    dependencies: list('string'),
    upgradeStrategy: fields({ minimumHealthCapacity: number(0, 1), maximumOverCapacity: number(0, 1) }),
    labels: map('string'),
    acceptedResourceRoles: list('string'),
    ipAddress: fields({
      discovery: 'object',
      groups: list('string'),
      labels: map('string'),
      ...(old ? {} : { networkName: 'string' }),
    }),
    ...(newest
      ? {
          networks: list(
            fields({ mode: oneOf('container', 'container/bridge', 'host'), name: 'string', labels: map('string') }),
          ),
          tty: 'boolean',
        }
      : {}),
    residency: fields({
      relaunchEscalationTimeoutSeconds: whole(0),
      taskLostBehavior: oneOf('WAIT_FOREVER', 'RELAUNCH_AFTER_TIMEOUT'),
    }),
    ...(old
      ? {}
      : {
          secrets: map(fields({ source: text(newest ? 1 : undefined) }, ['source'])),
          taskKillGracePeriodSeconds: newest ? whole(0) : number(0),
          unreachableStrategy: either(
            fields({ inactiveAfterSeconds: number(0), expungeAfterSeconds: number(0) }),
            ...(newest ? [oneOf('disabled')] : []),
          ),
          killSelection: oneOf('YOUNGEST_FIRST', 'OLDEST_FIRST'),
        }),
    version: 'string',
  };
}

const versions: readonly MarathonVersion[] = ['1.1.1', '1.4.1', '1.5.6'];
const perVersion = (shape: (version: MarathonVersion) => Shape) =>
  Object.fromEntries(versions.map(version => [version, shape(version)])) as Readonly<Record<MarathonVersion, Shape>>;

/** A new app: has an id. */
export const newApp = perVersion(version => fields(appFields(version), ['id']));
/** A change: any of an app's members. */
export const appUpdate = perVersion(version => fields(appFields(version)));
/** Several changes; items without an id are skipped. */
export const appUpdates = perVersion(version => list(fields(appFields(version))));

function groupFields(version: MarathonVersion): Shape {
  const members: Record<string, Shape> = {
    id: 'string',
    apps: list(fields(appFields(version), ['id'])),
    dependencies: list('string'),
    scaleBy: number(0),
    version: 'string',
  };
  const group = fields(members);
  members.groups = list(group);
  return group;
}

export const groupUpdate = perVersion(groupFields);
export const taskIds: Shape = fields({ ids: list('string') }, ['ids']);

/** The known values of an enumeration, to bring input of any case into the canonical one. */
export const canonicalValues: readonly string[] = [
  ...['MESOS', 'DOCKER', 'APPC', 'BRIDGE', 'HOST', 'NONE', 'USER', 'RO', 'RW', 'tcp', 'udp', 'udp,tcp'],
  ...['HTTP', 'HTTPS', 'TCP', 'COMMAND', 'MESOS_TCP', 'MESOS_HTTP', 'MESOS_HTTPS'],
  ...['WAIT_FOREVER', 'RELAUNCH_AFTER_TIMEOUT', 'YOUNGEST_FIRST', 'OLDEST_FIRST', 'disabled'],
];
