// From the JSON of an app, whose shape is good, to an app: old members become new ones, what is not said gets its default.
// Facts: marathon v1.1.1 and v1.4.1 api/v2/json/Formats.scala, v1.5.6 raml/AppConversion.scala and api/v2/AppNormalization.scala.
import type { MarathonVersion } from '../release.ts';
import { type App, isResident, type PortDefinition, type PortMapping, usesHostNetwork } from './app.ts';
import { absolute, parent } from './path-id.ts';
import { readFetch, readHealthCheck, readReadinessCheck } from './read-checks.ts';
import { readContainer, readNetworks, readPortDefinitions } from './read-container.ts';
import { enumeration, listOf, text } from './read-members.ts';
import { defaultUnreachableStrategy, readUnreachableStrategy } from './read-unreachable.ts';
import { isObject, type Members } from './shape.ts';

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
    unreachableStrategy: defaultUnreachableStrategy(version),
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
      strings.map(id => absolute(String(id), parent(base))),
    );
  if (marathon !== '1.1.1') {
    put('killSelection', enumeration(body.killSelection) as App['killSelection'] | undefined);
    put('unreachableStrategy', readUnreachableStrategy(body.unreachableStrategy, marathon));
  }
  if (isObject(body.upgradeStrategy)) {
    put('upgradeStrategy', {
      minimumHealthCapacity: Number(body.upgradeStrategy.minimumHealthCapacity ?? 1),
      maximumOverCapacity: Number(body.upgradeStrategy.maximumOverCapacity ?? 1),
    });
  }
  if (isObject(body.residency)) {
    put('residency', {
      relaunchEscalationTimeoutSeconds: Number(body.residency.relaunchEscalationTimeoutSeconds ?? 3600),
      taskLostBehavior: enumeration(body.residency.taskLostBehavior) ?? 'WAIT_FOREVER',
    });
  }
  put('fetch', readFetch(body, marathon));
  put('portDefinitions', readPortDefinitions(body, marathon));
  put('container', readContainer(body, marathon));
  put('networks', readNetworks(body, marathon));
  if (newest && update.container === undefined && isObject(body.ipAddress))
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
