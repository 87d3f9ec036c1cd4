// From the JSON of an app, whose shape is good, to an app: old members become new ones, what is not said gets its default.
// Facts: marathon v1.1.1 and v1.4.1 api/v2/json/Formats.scala, v1.5.6 raml/AppConversion.scala and api/v2/AppNormalization.scala.
import { HttpError } from '../http.ts';
import type { MarathonVersion } from '../release.ts';
import type {
  App,
  Container,
  Fetch,
  HealthCheck,
  Network,
  PortDefinition,
  PortMapping,
  ReadinessCheck,
} from './app.ts';
import { isResident, usesHostNetwork } from './app.ts';
import { canonicalValues } from './app-shape.ts';
import { absolute } from './path-id.ts';
import { invalidJson, type Members } from './shape.ts';

type Update = { -readonly [Key in keyof App]?: App[Key] };

/** The defaults that do not depend on the rest of the app. */
function defaults(version: MarathonVersion): Omit<App, 'id' | 'version'> {
  return {
    env: {},
    instances: 1,
    cpus: 1,
    mem: 128,
    disk: 0,
    gpus: 0,
    executor: '',
    constraints: [],
    fetch: [],
    storeUrls: [],
    portDefinitions: [],
    requirePorts: false,
    backoffSeconds: 1,
    backoffFactor: 1.15,
    maxLaunchDelaySeconds: 3600,
    healthChecks: [],
    readinessChecks: [],
    dependencies: [],
    upgradeStrategy: { minimumHealthCapacity: 1, maximumOverCapacity: 1 },
    labels: {},
    networks: [{ mode: 'host', labels: {} }],
    secrets: {},
    unreachableStrategy:
      version === '1.5.6'
        ? { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 }
        : { inactiveAfterSeconds: 300, expungeAfterSeconds: 600 },
    killSelection: 'YOUNGEST_FIRST',
  };
}

/** A new app. Its id is relative to `base`. */
export function createApp(body: Members, marathon: MarathonVersion, version: string, base = '/'): App {
  const update = readUpdate(body, marathon, base);
  const id = absolute(text(body.id) ?? '', base);
  const app: App = { ...defaults(marathon), ...update, id, version };
  const withPorts =
    usesHostNetwork(app) && update.portDefinitions === undefined && app.ipAddress === undefined
      ? { ...app, portDefinitions: [defaultPort(marathon)] }
      : app;
  return settle(withPorts, update, marathon);
}

/** An app with the members of a change put over its own. */
export function applyUpdate(app: App, body: Members, marathon: MarathonVersion, version: string): App {
  const update = readUpdate(body, marathon, app.id);
  const { versionInfo: _, ...kept } = app;
  const merged: App = { ...kept, ...update, id: app.id, version };
  const { args: _args, ...withoutArgs } = merged;
  const { cmd: _cmd, ...withoutCmd } = merged;
  // A command given alone takes the place of arguments, and the other way round.
  const exclusive =
    update.cmd !== undefined && update.args === undefined
      ? withoutArgs
      : update.args !== undefined && update.cmd === undefined
        ? withoutCmd
        : merged;
  return settle(exclusive, update, marathon);
}

const defaultPort = (marathon: MarathonVersion): PortDefinition => ({
  port: 0,
  protocol: 'tcp',
  ...(marathon === '1.1.1' ? {} : { name: 'default' }),
  labels: {},
});

/** What follows from the app as a whole. */
function settle(app: App, update: Update, marathon: MarathonVersion): App {
  let settled = app;
  if (
    !usesHostNetwork(app) &&
    marathon === '1.5.6' &&
    app.portDefinitions.length > 0 &&
    update.portDefinitions === undefined
  ) {
    settled = { ...settled, portDefinitions: [] };
  }
  if (marathon === '1.5.6' && app.container === undefined && app.networks.some(({ mode }) => mode !== 'host')) {
    settled = { ...settled, container: { type: 'MESOS', volumes: [] } };
  }
  if (
    marathon === '1.5.6' &&
    !usesHostNetwork(app) &&
    settled.container?.portMappings === undefined &&
    settled.container !== undefined
  ) {
    const bridge = app.networks.some(({ mode }) => mode === 'container/bridge');
    const mapping: PortMapping = {
      containerPort: 0,
      ...(bridge ? { hostPort: 0 } : {}),
      servicePort: 0,
      protocol: 'tcp',
      name: 'default',
      labels: {},
    };
    settled = { ...settled, container: { ...settled.container, portMappings: [mapping] } };
  }
  if (isResident(app)) {
    settled = {
      ...settled,
      ...(app.residency === undefined
        ? { residency: { relaunchEscalationTimeoutSeconds: 3600, taskLostBehavior: 'WAIT_FOREVER' } }
        : {}),
      ...(update.unreachableStrategy === undefined && app.residency === undefined
        ? {
            unreachableStrategy:
              marathon === '1.5.6' ? 'disabled' : { inactiveAfterSeconds: 3600, expungeAfterSeconds: 604_800 },
          }
        : {}),
    };
  }
  const ownVolumes = app.container?.volumes.some(
    ({ persistent, external }) => persistent !== undefined || external !== undefined,
  );
  if (ownVolumes === true && update.upgradeStrategy === undefined && update.container !== undefined) {
    settled = { ...settled, upgradeStrategy: { minimumHealthCapacity: 0.5, maximumOverCapacity: 0 } };
  }
  return settled;
}

/** The members that a body says, in the canonical model. */
function readUpdate(body: Members, marathon: MarathonVersion, base: string): Update {
  const newest = marathon === '1.5.6';
  const update: Update = {};
  const put = <Key extends keyof App>(key: Key, value: App[Key] | undefined) => {
    if (value !== undefined) update[key] = value;
  };
  const same = [
    ...([
      'cmd',
      'args',
      'user',
      'env',
      'instances',
      'cpus',
      'mem',
      'disk',
      'executor',
      'constraints',
      'requirePorts',
    ] as const),
    ...([
      'backoffSeconds',
      'backoffFactor',
      'maxLaunchDelaySeconds',
      'labels',
      'acceptedResourceRoles',
      'residency',
    ] as const),
    ...(marathon === '1.1.1' ? [] : (['gpus', 'secrets', 'taskKillGracePeriodSeconds'] as const)),
    ...(newest ? (['tty'] as const) : (['storeUrls', 'ipAddress'] as const)),
  ] as const;
  for (const key of same) {
    const value = body[key];
    if (value !== undefined && value !== null) Object.assign(update, { [key]: value });
  }
  if (update.constraints !== undefined && newest) {
    const upper = (constraint: readonly string[]) => constraint.map((part, n) => (n === 1 ? part.toUpperCase() : part));
    put('constraints', update.constraints.map(upper));
  }
  const strings = listOf(body.dependencies);
  if (strings !== undefined)
    put(
      'dependencies',
      strings.map(id => absolute(String(id), parentOf(base))),
    );
  if (marathon !== '1.1.1') {
    put('killSelection', enumeration(body.killSelection) as App['killSelection'] | undefined);
    const strategy = body.unreachableStrategy;
    if (typeof strategy === 'string') put('unreachableStrategy', 'disabled');
    else if (isMembers(strategy)) {
      const [inactive, expunge] = newest ? [0, 0] : [300, 600];
      put('unreachableStrategy', {
        inactiveAfterSeconds: Number(strategy.inactiveAfterSeconds ?? inactive),
        expungeAfterSeconds: Number(strategy.expungeAfterSeconds ?? expunge),
      });
    }
  }
  if (isMembers(body.upgradeStrategy)) {
    put('upgradeStrategy', {
      minimumHealthCapacity: Number(body.upgradeStrategy.minimumHealthCapacity ?? 1),
      maximumOverCapacity: Number(body.upgradeStrategy.maximumOverCapacity ?? 1),
    });
  }
  if (isMembers(body.residency)) {
    put('residency', {
      relaunchEscalationTimeoutSeconds: Number(body.residency.relaunchEscalationTimeoutSeconds ?? 3600),
      taskLostBehavior: enumeration(body.residency.taskLostBehavior) ?? 'WAIT_FOREVER',
    });
  }
  put('fetch', readFetch(body, marathon));
  put('portDefinitions', readPortDefinitions(body, marathon));
  put('container', readContainer(body, marathon));
  put('networks', readNetworks(body, marathon));
  if (newest && update.container === undefined && isMembers(body.ipAddress))
    put('container', { type: 'MESOS', volumes: [] });
  put(
    'healthChecks',
    listOf(body.healthChecks)?.map(check => readHealthCheck(check as Members)),
  );
  put(
    'readinessChecks',
    listOf(body.readinessChecks)?.map(check => readReadinessCheck(check as Members)),
  );
  return update;
}

const parentOf = (id: string): string => id.slice(0, Math.max(1, id.lastIndexOf('/')));
const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] | undefined => (Array.isArray(value) ? value : undefined);
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const numeric = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const labels = (value: unknown): Readonly<Record<string, string>> =>
  isMembers(value) ? (value as Record<string, string>) : {};

function enumeration(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  return (
    canonicalValues.find(each => each === value) ??
    canonicalValues.find(each => each.toLowerCase() === value.toLowerCase()) ??
    value
  );
}

function readFetch(body: Members, marathon: MarathonVersion): readonly Fetch[] | undefined {
  const fetch = listOf(body.fetch);
  const uris = listOf(body.uris);
  if (fetch !== undefined && fetch.length > 0 && uris !== undefined && uris.length > 0) {
    if (marathon !== '1.5.6')
      throw invalidJson(400, [{ path: '', errors: ['You cannot specify both uris and fetch fields'] }]);
    throw notValid('/uris', 'may not be set in conjunction with fetch');
  }
  if (fetch !== undefined && (fetch.length > 0 || uris === undefined)) {
    return fetch.filter(isMembers).map(each => {
      const destination = text(each.destPath) ?? text(each.outputFile);
      return {
        uri: String(each.uri),
        extract: each.extract !== false,
        executable: each.executable === true,
        cache: each.cache === true,
        ...(destination === undefined ? {} : { destPath: destination }),
      };
    });
  }
  return uris?.map(uri => ({
    uri: String(uri),
    extract: /\.(?:tgz|tar\.gz|tbz2|tar\.bz2|txz|tar\.xz|zip)$/.test(String(uri)),
    executable: false,
    cache: false,
  }));
}

function readPortDefinitions(body: Members, marathon: MarathonVersion): readonly PortDefinition[] | undefined {
  const ports = listOf(body.ports);
  const definitions = listOf(body.portDefinitions);
  if (ports !== undefined && definitions !== undefined && definitions.length > 0 && ports.length > 0) {
    if (marathon !== '1.5.6') {
      throw invalidJson(400, [{ path: '', errors: ['You cannot specify both ports and port definitions'] }]);
    }
    throw notValid('/ports', 'cannot specify both ports and port definitions');
  }
  if (definitions !== undefined && (definitions.length > 0 || ports === undefined)) {
    return definitions.filter(isMembers).map(each => {
      const name = text(each.name);
      return {
        port: numeric(each.port) ?? 0,
        protocol: enumeration(each.protocol) ?? 'tcp',
        ...(name === undefined ? {} : { name }),
        labels: labels(each.labels),
      };
    });
  }
  return ports?.map(port => ({ port: Number(port), protocol: 'tcp', labels: {} }));
}

function readContainer(body: Members, marathon: MarathonVersion): Container | undefined {
  if (!isMembers(body.container)) return undefined;
  const { container } = body;
  const docker = isMembers(container.docker) ? container.docker : undefined;
  const network = enumeration(docker?.network);
  const [own, old] = [listOf(container.portMappings), listOf(docker?.portMappings)];
  if (marathon === '1.5.6') {
    if (own !== undefined && old !== undefined) {
      throw notValid('/container', 'cannot specify both portMappings and docker.portMappings');
    }
    if (network === 'NONE') throw unsupported('unsupported docker network type NONE');
  }
  const bridged =
    network === 'BRIDGE' ||
    (listOf(body.networks) ?? []).some(each => isMembers(each) && /^container\/bridge$/i.test(String(each.mode)));
  const mappings = (own ?? old)?.filter(isMembers).map(each => readMapping(each, bridged || marathon === '1.1.1'));
  return {
    type: (enumeration(container.type) ?? 'DOCKER') as Container['type'],
    ...(docker === undefined
      ? {}
      : {
          docker: {
            image: String(docker.image),
            ...(network === undefined || marathon === '1.5.6' ? {} : { network: network as 'BRIDGE' }),
            privileged: docker.privileged === true,
            forcePullImage: docker.forcePullImage === true,
            parameters: (listOf(docker.parameters) ?? []).filter(isMembers).map(({ key, value }) => ({
              key: String(key),
              value: String(value),
            })),
            ...(isMembers(docker.credential) ? { credential: docker.credential } : {}),
            ...(isMembers(docker.pullConfig) ? { pullConfig: docker.pullConfig } : {}),
          },
        }),
    ...(mappings === undefined ? {} : { portMappings: mappings }),
    volumes: (listOf(container.volumes) ?? []).filter(isMembers).map(volume => ({
      containerPath: String(volume.containerPath),
      ...(typeof volume.hostPath === 'string' ? { hostPath: volume.hostPath } : {}),
      ...(typeof volume.mode === 'string' ? { mode: enumeration(volume.mode) ?? volume.mode } : {}),
      ...(isMembers(volume.persistent) ? { persistent: volume.persistent } : {}),
      ...(isMembers(volume.external) ? { external: volume.external } : {}),
      ...(typeof volume.secret === 'string' ? { secret: volume.secret } : {}),
    })),
  };
}

function readMapping(mapping: Members, hostPortByDefault: boolean): PortMapping {
  const hostPort = numeric(mapping.hostPort) ?? (hostPortByDefault ? 0 : undefined);
  const name = text(mapping.name);
  const networkNames = listOf(mapping.networkNames) as readonly string[] | undefined;
  return {
    containerPort: numeric(mapping.containerPort) ?? 0,
    ...(hostPort === undefined ? {} : { hostPort }),
    servicePort: numeric(mapping.servicePort) ?? 0,
    protocol: enumeration(mapping.protocol) ?? 'tcp',
    ...(name === undefined ? {} : { name }),
    labels: labels(mapping.labels),
    ...(networkNames === undefined || networkNames.length === 0 ? {} : { networkNames }),
  };
}

function readNetworks(body: Members, marathon: MarathonVersion): readonly Network[] | undefined {
  const docker = isMembers(body.container) && isMembers(body.container.docker) ? body.container.docker : undefined;
  const network = enumeration(docker?.network);
  const address = isMembers(body.ipAddress) ? body.ipAddress : undefined;
  const networks = marathon === '1.5.6' ? listOf(body.networks) : undefined;
  if (networks !== undefined) {
    if (network !== undefined)
      throw notValid('/container/docker/network', 'must not specify both container.docker.network and networks');
    if (address !== undefined) throw notValid('/networks', 'must not specify both networks and ipAddress');
    return networks.filter(isMembers).map(each => {
      const name = text(each.name);
      return {
        mode: String(each.mode).toLowerCase() as Network['mode'],
        ...(name === undefined ? {} : { name }),
        labels: labels(each.labels),
      };
    });
  }
  if (network === 'BRIDGE') return [{ mode: 'container/bridge', labels: {} }];
  if (network === 'USER' || address !== undefined) {
    const name = text(address?.networkName);
    return [{ mode: 'container', ...(name === undefined ? {} : { name }), labels: labels(address?.labels) }];
  }
  if (network !== undefined || (marathon !== '1.5.6' && isMembers(body.container)))
    return [{ mode: 'host', labels: {} }];
  return undefined;
}

function readHealthCheck(check: Members): HealthCheck {
  const protocol = enumeration(check.protocol) ?? 'HTTP';
  const path = text(check.path);
  const port = numeric(check.port);
  const portIndex =
    (check.portIndex as number | string | undefined) ?? (port === undefined && protocol !== 'COMMAND' ? 0 : undefined);
  return {
    protocol,
    ...(path === undefined ? {} : { path }),
    ...(portIndex === undefined || portIndex === null ? {} : { portIndex }),
    ...(port === undefined ? {} : { port }),
    ...(isMembers(check.command) ? { command: { value: String(check.command.value) } } : {}),
    gracePeriodSeconds: numeric(check.gracePeriodSeconds) ?? 300,
    intervalSeconds: numeric(check.intervalSeconds) ?? 60,
    timeoutSeconds: numeric(check.timeoutSeconds) ?? 20,
    maxConsecutiveFailures: numeric(check.maxConsecutiveFailures) ?? 3,
    ignoreHttp1xx: check.ignoreHttp1xx === true,
    delaySeconds: numeric(check.delaySeconds) ?? 15,
  };
}

const readReadinessCheck = (check: Members): ReadinessCheck => ({
  name: text(check.name) ?? 'readinessCheck',
  protocol: enumeration(check.protocol) ?? 'HTTP',
  path: text(check.path) ?? '/',
  portName: text(check.portName) ?? 'http-api',
  intervalSeconds: numeric(check.intervalSeconds) ?? 30,
  timeoutSeconds: numeric(check.timeoutSeconds) ?? 10,
  httpStatusCodesForReady: (listOf(check.httpStatusCodesForReady) as readonly number[] | undefined) ?? [200],
  preserveLastResponse: check.preserveLastResponse === true,
});

/** A rule over the members as they were given. */
const notValid = (path: string, error: string): HttpError =>
  new HttpError({
    status: 422,
    json: { message: 'Object is not valid', details: [{ path, errors: [error] }] },
    type: 'application/json',
  });

const unsupported = (message: string): HttpError =>
  new HttpError({ status: 500, json: { message }, type: 'application/json' });
