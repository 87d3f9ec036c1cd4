// What Marathon refuses in an app of good shape, with its paths and texts. Not stricter: what it lets through is let through here.
// Facts: marathon v1.1.1 state/AppDefinition.scala, v1.4.1 state/AppDefinition.scala, v1.5.6 api/v2/validation/AppValidation.scala.
import { HttpError } from '../http.ts';
import type { MarathonVersion } from '../release.ts';
import { type App, isResident, usesHostNetwork } from './app.ts';
import { type Features, notEnabled } from './features.ts';
import { decimal } from './launch.ts';
import { isWellFormed, segmentPattern } from './path-id.ts';
import type { Detail } from './shape.ts';
import { validateChecks } from './validate-checks.ts';
import { validateConstraints } from './validate-constraints.ts';
import { validateContainer } from './validate-container.ts';
import { validateSecrets } from './validate-secrets.ts';

export type Report = (path: string, error: string) => void;

/** What one check after the other reports; one entry a path. Paths begin with `prefix`, for what is inside of other bodies. */
export function collect(prefix: string, check: (report: Report) => void): Detail[] {
  const found = new Map<string, string[]>();
  check((path, error) => {
    const key = `${prefix}${path}`;
    found.set(key, [...(found.get(key) ?? []), error]);
  });
  return [...found].map(([path, errors]) => ({ path, errors }));
}

/** All that is wrong with an app. */
export const validateApp = (app: App, version: MarathonVersion, features: Features, prefix = ''): Detail[] =>
  collect(prefix, report => {
    identity(app, report);
    command(app, version, report);
    numbers(app, report);
    ports(app, version, report);
    networks(app, version, report);
    if (app.gpus > 0 && !features.has('gpu_resources')) report('/', notEnabled('gpu_resources'));
    validateContainer(app, version, features, report);
    validateUnreachable(app, version, report);
    validateSecrets(app.secrets, app.env, version, features, report);
    validateConstraints(app, version, report);
    validateChecks(app, version, report);
  });

export const notValid = (details: readonly Detail[]): HttpError =>
  new HttpError({ status: 422, json: { message: 'Object is not valid', details }, type: 'application/json' });

/** Throws the 422 when anything is wrong. */
export function requireValid(details: readonly Detail[]): void {
  if (details.length > 0) throw notValid(details);
}

function identity(app: App, report: Report): void {
  if (app.id === '/') report('/id', 'must not be empty');
  if (!isWellFormed(app.id)) report('/id', `must fully match regular expression '${segmentPattern}'`);
  app.dependencies.forEach((id, n) => {
    if (!isWellFormed(id)) report(`/dependencies(${n})`, `must fully match regular expression '${segmentPattern}'`);
  });
  if (Object.hasOwn(app.env, '')) report('/env()', 'must not be empty');
}

function command(app: App, version: MarathonVersion, report: Report): void {
  const { cmd, args, container: box } = app;
  const runs = cmd !== undefined || (args !== undefined && args.length > 0);
  const hasImage = box !== undefined && (box.docker !== undefined || box.type === 'MESOS');
  if ((!runs && !hasImage) || (cmd !== undefined && args !== undefined && args.length > 0)) {
    report('/', "AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.");
  }
  if (cmd !== undefined && cmd.length < (version === '1.5.6' ? 2 : 1)) report('/cmd', 'must not be an empty string');
  if (!/^(?:(?:\/\/cmd)|(?:\/?[^/]+(?:\/[^/]+)*))?$/.test(app.executor)) {
    report('/executor', "must fully match regular expression '^(//cmd)|(/?[^/]+(/[^/]+)*)|$'");
  }
  if (app.acceptedResourceRoles?.length === 0) report('/acceptedResourceRoles', 'must not be empty');
}

function numbers(app: App, report: Report): void {
  const least: readonly [string, number, number][] = [
    ['/cpus', app.cpus, 0],
    ['/mem', app.mem, 0],
    ['/disk', app.disk, 0],
    ['/gpus', app.gpus, 0],
    ['/instances', app.instances, 0],
    ['/backoffSeconds', app.backoffSeconds, 0],
    ['/backoffFactor', app.backoffFactor, 1],
    ['/maxLaunchDelaySeconds', app.maxLaunchDelaySeconds, 0],
    ['/taskKillGracePeriodSeconds', app.taskKillGracePeriodSeconds ?? 0, 0],
  ];
  for (const [path, value, minimum] of least) {
    if (value < minimum) report(path, `got ${value}, expected ${minimum} or more`);
  }
  for (const [name, value] of Object.entries(app.upgradeStrategy)) {
    if (value > 1) report(`/upgradeStrategy/${name}`, 'is greater than 1');
    if (value < 0) report(`/upgradeStrategy/${name}`, 'is less than 0');
  }
  if (app.labels.MARATHON_SINGLE_INSTANCE_APP === 'true') {
    if (app.instances > 1) report('/instances', 'Single instance app may only have one instance');
    for (const [name, value] of Object.entries(app.upgradeStrategy)) {
      if (value !== 0) report(`/upgradeStrategy/${name}`, `got ${decimal(value)}, expected 0.0`);
    }
  }
}

function ports(app: App, version: MarathonVersion, report: Report): void {
  const newest = version === '1.5.6';
  const host = usesHostNetwork(app);
  if (host) {
    const fixed = app.portDefinitions.map(({ port }) => port).filter(port => port !== 0);
    if (new Set(fixed).size < fixed.length) report('/portDefinitions', 'Ports must be unique.');
    const names = app.portDefinitions.flatMap(({ name }) => name ?? []);
    if (new Set(names).size < names.length) report('/portDefinitions', 'Port names must be unique.');
    app.portDefinitions.forEach(({ port, name }, n) => {
      if (port < 0 || port > 65535) report(`/portDefinitions(${n})/port`, `got ${port}, expected between 0 and 65535`);
      if (name !== undefined && !portName(version).test(name)) {
        report(`/portDefinitions(${n})/name`, `must fully match regular expression '${portName(version).source}'`);
      }
    });
  } else if (newest && app.portDefinitions.length > 0) {
    report('/portDefinitions', 'portDefinitions are only allowed with host-networking');
  }
  const mappings = app.container?.portMappings ?? [];
  const place = newest ? '/container/portMappings' : '/container/docker/portMappings';
  if (newest && host && mappings.length > 0)
    report('/container/portMappings', 'portMappings are not allowed with host-networking');
  const names = mappings.flatMap(({ name }) => name ?? []);
  if (new Set(names).size < names.length) report(place, 'Port names must be unique.');
  mappings.forEach(({ name, containerPort, hostPort = 0, servicePort }, n) => {
    if (name !== undefined && !portName(version).test(name)) {
      report(`${place}(${n})/name`, `must fully match regular expression '${portName(version).source}'`);
    }
    for (const [member, port] of Object.entries({ containerPort, hostPort, servicePort })) {
      if (port < 0 || port > 65535) report(`${place}(${n})/${member}`, `got ${port}, expected between 0 and 65535`);
    }
  });
}

const portName = (version: MarathonVersion): RegExp =>
  version === '1.5.6' ? /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/ : /^[a-z][a-z0-9-]*$/;

function networks(app: App, version: MarathonVersion, report: Report): void {
  if (version !== '1.5.6') {
    if (app.ipAddress !== undefined && app.portDefinitions.length > 0) {
      report('/', 'IP address (/ipAddress) and ports (/ports) are not allowed at the same time');
    }
    return;
  }
  const modes = app.networks.map(({ mode }) => mode);
  const count = (mode: string) => modes.filter(each => each === mode).length;
  const kinds = new Set(modes).size;
  if (kinds > 1 || count('host') > 1 || count('container/bridge') > 1) {
    report('/networks', 'May specify a single host network, single bridge network, or else 1-to-n container networks');
  }
  const names = app.networks.flatMap(({ name }) => name ?? []);
  if (new Set(names).size < names.length) report('/networks', 'Duplicate networks are not allowed');
  app.networks.forEach(({ mode, name, labels }, n) => {
    if (mode === 'host' && (name !== undefined || Object.keys(labels).length > 0)) {
      report(`/networks(${n})`, 'Host networks may not have names or labels');
    }
    if (mode === 'container/bridge' && name !== undefined)
      report(`/networks(${n})`, 'Bridge networks may not have names');
    if (mode === 'container' && name === undefined)
      report('/networks', 'Network name must be specified when container network is selected.');
  });
  const containers = count('container');
  if (containers > 1 && app.container?.type === 'DOCKER') {
    report('/', 'may only specify a single container network when using the Docker container engine');
  }
  app.container?.portMappings?.forEach(({ hostPort, networkNames = [] }, n) => {
    if (hostPort !== undefined && containers > 1 && networkNames.length !== 1) {
      const text =
        'networkNames must be a single item list when hostPort is specified and more than 1 container network is defined';
      report(`/container/portMappings(${n})`, text);
    }
  });
}

/** When to give up those that cannot be reached (v1.4.1 and v1.5.6 state/UnreachableStrategy.scala). */
function validateUnreachable(app: App, version: MarathonVersion, report: Report): void {
  const { unreachableStrategy: strategy } = app;
  if (version === '1.1.1') return;
  if (version === '1.5.6' && isResident(app)) {
    if (strategy !== 'disabled')
      report('/unreachableStrategy', 'unreachableStrategy must be disabled for resident tasks');
    return;
  }
  if (strategy === 'disabled') return;
  const { inactiveAfterSeconds: inactive, expungeAfterSeconds: expunge } = strategy;
  const place = '/unreachableStrategy/inactiveAfterSeconds';
  if (version === '1.4.1' && inactive < 1) report(place, `got ${inactive}, expected 1 or more`);
  if (version === '1.4.1' ? inactive >= expunge : inactive > expunge)
    report(place, `got ${inactive}, expected ${version === '1.4.1' ? `less than ${expunge}` : `${expunge} or less`}`);
}
