// An app as each release answers it: which members are there, which are null, in which network model.
// Facts: marathon v1.1.1 and v1.4.1 api/v2/json/Formats.scala, v1.5.6 raml/AppConversion.scala.
import type { MarathonVersion } from '../release.ts';
import { type App, type Container, type HealthCheck, type PortMapping, portsOf, usesHostNetwork } from './app.ts';

type Fields = Record<string, unknown>;

/** An app never changes, so neither does its answer: it is made once. */
const made = new WeakMap<App, Fields>();

export function answerApp(app: App, version: MarathonVersion): Readonly<Fields> {
  const known = made.get(app);
  if (known !== undefined) return known;
  const answer = version === '1.5.6' ? newest(app) : old(app, version);
  made.set(app, answer);
  return answer;
}

/** Leaves out what is undefined, and empty lists and objects. */
function filled(members: Fields): Fields {
  return Object.fromEntries(
    Object.entries(members).filter(
      ([, value]) =>
        value !== undefined && (typeof value !== 'object' || value === null || Object.keys(value).length > 0),
    ),
  );
}

const given = (members: Fields): Fields =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

function newest(app: App): Fields {
  const host = usesHostNetwork(app);
  return {
    id: app.id,
    ...filled({ acceptedResourceRoles: app.acceptedResourceRoles, args: app.args }),
    backoffFactor: app.backoffFactor,
    backoffSeconds: app.backoffSeconds,
    ...given({ cmd: app.cmd }),
    ...filled({ constraints: app.constraints }),
    ...(app.container === undefined ? {} : { container: newestContainer(app.container, host) }),
    cpus: app.cpus,
    ...filled({ dependencies: app.dependencies }),
    disk: app.disk,
    ...filled({ env: app.env }),
    executor: app.executor,
    ...filled({ fetch: app.fetch, healthChecks: app.healthChecks.map(check => healthCheck(check, '1.5.6')) }),
    instances: app.instances,
    labels: app.labels,
    maxLaunchDelaySeconds: app.maxLaunchDelaySeconds,
    mem: app.mem,
    gpus: app.gpus,
    networks: app.networks.map(({ mode, name, labels }) => ({ ...given({ name }), mode, ...filled({ labels }) })),
    ...(host
      ? {
          portDefinitions: app.portDefinitions.map(({ port, name, protocol, labels }) => ({
            ...filled({ labels }),
            ...given({ name }),
            port,
            protocol,
          })),
        }
      : {}),
    ...filled({ readinessChecks: app.readinessChecks }),
    requirePorts: app.requirePorts,
    ...given({ residency: app.residency }),
    ...filled({ secrets: app.secrets }),
    ...given({ taskKillGracePeriodSeconds: app.taskKillGracePeriodSeconds, tty: app.tty }),
    upgradeStrategy: {
      maximumOverCapacity: app.upgradeStrategy.maximumOverCapacity,
      minimumHealthCapacity: app.upgradeStrategy.minimumHealthCapacity,
    },
    ...given({ user: app.user }),
    version: app.version,
    ...given({ versionInfo: app.versionInfo }),
    killSelection: app.killSelection,
    unreachableStrategy: app.unreachableStrategy,
  };
}

function newestContainer(container: Container, host: boolean): Fields {
  const { docker } = container;
  return {
    type: container.type,
    ...(docker === undefined
      ? {}
      : {
          docker: {
            ...given({ credential: docker.credential }),
            forcePullImage: docker.forcePullImage,
            image: docker.image,
            parameters: docker.parameters,
            privileged: docker.privileged,
            ...given({ pullConfig: docker.pullConfig }),
          },
        }),
    volumes: container.volumes,
    ...(host ? {} : { portMappings: (container.portMappings ?? []).map(newestMapping) }),
  };
}

const newestMapping = ({
  containerPort,
  hostPort,
  labels,
  name,
  protocol,
  servicePort,
  networkNames,
}: PortMapping): Fields => ({
  containerPort,
  ...given({ hostPort }),
  labels,
  ...given({ name }),
  protocol,
  servicePort,
  ...filled({ networkNames }),
});

function old(app: App, version: '1.1.1' | '1.4.1'): Fields {
  const newer = version === '1.4.1';
  const ports = portsOf(app).map(({ servicePort }) => servicePort);
  const withPorts = app.ipAddress === undefined || !newer;
  const definitions = usesHostNetwork(app) ? app.portDefinitions : [{ port: 0, protocol: 'tcp', labels: {} }];
  return {
    id: app.id,
    cmd: app.cmd ?? null,
    args: app.args === undefined || app.args.length === 0 ? null : app.args,
    user: app.user ?? null,
    env: app.env,
    instances: app.instances,
    cpus: app.cpus,
    mem: app.mem,
    disk: app.disk,
    ...(newer ? { gpus: app.gpus } : {}),
    executor: app.executor,
    constraints: app.constraints,
    uris: app.fetch.map(({ uri }) => uri),
    fetch: app.fetch.map(({ destPath, ...fetch }) => ({ ...fetch, ...(newer ? given({ outputFile: destPath }) : {}) })),
    storeUrls: app.storeUrls,
    backoffSeconds: app.backoffSeconds,
    backoffFactor: app.backoffFactor,
    maxLaunchDelaySeconds: app.maxLaunchDelaySeconds,
    container: app.container === undefined ? null : oldContainer(app.container, newer),
    healthChecks: app.healthChecks.map(check => healthCheck(check, version)),
    readinessChecks: app.readinessChecks,
    dependencies: app.dependencies,
    upgradeStrategy: app.upgradeStrategy,
    labels: app.labels,
    ...(newer && app.acceptedResourceRoles === undefined
      ? {}
      : { acceptedResourceRoles: app.acceptedResourceRoles ?? null }),
    ipAddress: app.ipAddress ?? null,
    version: app.version,
    residency: app.residency ?? null,
    ...(newer
      ? {
          secrets: app.secrets,
          taskKillGracePeriodSeconds: app.taskKillGracePeriodSeconds ?? null,
          unreachableStrategy: app.unreachableStrategy,
          killSelection: app.killSelection,
        }
      : {}),
    ...(withPorts
      ? {
          ports,
          portDefinitions: definitions
            .slice(0, ports.length === 0 ? undefined : ports.length)
            .map((definition, n) => ({ ...definition, port: ports[n] ?? definition.port })),
          requirePorts: app.requirePorts,
        }
      : {}),
    ...given({ versionInfo: app.versionInfo }),
  };
}

function oldContainer(container: Container, newer: boolean): Fields {
  const { docker } = container;
  const mappings = container.portMappings?.map(({ networkNames: _, ...mapping }) => mapping);
  const isDocker = container.type === 'DOCKER';
  return {
    type: container.type,
    volumes: container.volumes,
    ...(docker === undefined
      ? {}
      : {
          docker: {
            image: docker.image,
            ...(isDocker && newer ? { network: docker.network ?? null } : given({ network: docker.network })),
            ...(isDocker && newer ? { portMappings: mappings ?? [] } : given({ portMappings: mappings })),
            ...(isDocker ? { privileged: docker.privileged, parameters: docker.parameters } : {}),
            ...(!isDocker && newer ? { credential: docker.credential ?? null } : {}),
            forcePullImage: docker.forcePullImage,
          },
        }),
  };
}

export function healthCheck(check: HealthCheck, version: MarathonVersion): Fields {
  const isHttp = check.protocol.endsWith('HTTP') || check.protocol.endsWith('HTTPS');
  const ofMesos = check.protocol === 'COMMAND' || check.protocol.startsWith('MESOS_');
  return {
    ...given({ command: check.command }),
    gracePeriodSeconds: check.gracePeriodSeconds,
    ...(version === '1.1.1' || isHttp ? { ignoreHttp1xx: check.ignoreHttp1xx } : {}),
    intervalSeconds: check.intervalSeconds,
    maxConsecutiveFailures: check.maxConsecutiveFailures,
    ...given({ path: check.path, port: check.port, portIndex: check.portIndex }),
    protocol: check.protocol,
    timeoutSeconds: check.timeoutSeconds,
    ...(version === '1.5.6' || (version === '1.4.1' && ofMesos) ? { delaySeconds: check.delaySeconds } : {}),
  };
}
