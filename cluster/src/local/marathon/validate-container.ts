// What Marathon refuses in an app's container and its volumes. Facts: marathon v1.1.1 and v1.4.1 state/{Container,Volume}.scala,
// core/externalvolume/impl/providers/DVDIProviderValidations.scala, v1.5.6 api/v2/validation/AppValidation.scala.
import type { MarathonVersion } from '../release.ts';
import type { App, Container, Docker, Volume } from './app.ts';
import { type Features, notEnabled, requireFeature } from './features.ts';
import { decimal } from './launch.ts';
import type { Report } from './validate.ts';

const label = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const optionKey = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?\/[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const mustMatch = (pattern: RegExp): string => `must fully match regular expression '${pattern.source}'`;

export function validateContainer(app: App, version: MarathonVersion, features: Features, report: Report): void {
  const { container } = app;
  if (container === undefined) return;
  const { type, docker } = container;
  if (type === 'DOCKER' && docker === undefined) report('/container/docker', 'not defined');
  if (docker?.image === '') report('/container/docker/image', 'must not be empty');
  if (app.gpus > 0 && type === 'DOCKER') report('/', 'GPU resources only work with the Mesos containerizer');
  if (docker?.pullConfig !== undefined) validatePullConfig(app, type, docker.pullConfig, features, report);
  if (version === '1.5.6' && docker?.credential !== undefined) report('/container/docker/credential', 'must be empty');
  container.volumes.forEach((volume, n) => {
    validateVolume(app, volume, n, features, report);
  });
  const names = container.volumes.flatMap(({ external }) => external?.name ?? []);
  const twice = new Set(names.filter((name, n) => names.indexOf(name) !== n));
  if (twice.size > 0 && version === '1.5.6') report('/container/volumes', 'Volume names must be unique');
  for (const name of twice)
    report('/', `Requested DVDI volume '${String(name)}' is declared more than once within app ${app.id}`);
}

function validatePullConfig(
  { secrets }: App,
  type: Container['type'],
  { secret }: NonNullable<Docker['pullConfig']>,
  features: Features,
  report: Report,
): void {
  const path = '/container/docker/pullConfig';
  if (type === 'DOCKER') report(path, 'pullConfig is not supported with Docker containerizer');
  else requireFeature(features, 'secrets', path, report);
  if (!Object.hasOwn(secrets, secret)) report(path, 'pullConfig.secret must refer to an existing secret');
}

function validateVolume(app: App, volume: Volume, n: number, features: Features, report: Report): void {
  const { containerPath, hostPath, persistent, external, secret } = volume;
  const path = `/container/volumes(${n})`;
  if (containerPath === '') report(`${path}/containerPath`, 'must not be empty');
  if (hostPath === '') report(`${path}/hostPath`, 'must not be empty');
  if (secret !== undefined) {
    if (!features.has('secrets')) report('/container/volumes', notEnabled('secrets'));
    if (!Object.hasOwn(app.secrets, secret)) report(`${path}/secret`, 'volume.secret must refer to an existing secret');
  }
  if (persistent !== undefined) validatePersistent(volume, path, report);
  if (external !== undefined) validateExternal(app, volume, path, features, report);
}

function validatePersistent({ containerPath, mode, persistent = {} }: Volume, path: string, report: Report): void {
  const { size, maxSize, type = 'root', constraints = [] } = persistent;
  if (mode === 'RO') report(`${path}/mode`, "must be equal to 'RW'");
  if (containerPath.includes('/')) report(`${path}/containerPath`, 'value must not contain "/"');
  if (containerPath === '.' || containerPath === '..') report(`${path}/containerPath`, 'can not be one of (.,..)');
  if (typeof size !== 'number' || size <= 0)
    report(`${path}/persistent/size`, `got ${String(size ?? 0)}, expected more than 0`);
  if (maxSize !== undefined && type !== 'mount') report(`${path}/persistent`, 'Only mount volumes can have maxSize');
  if (Array.isArray(constraints) && constraints.length > 0 && type === 'root')
    report(`${path}/persistent`, 'Constraints on root volumes are not supported');
}

function validateExternal(app: App, volume: Volume, path: string, features: Features, report: Report): void {
  const { containerPath, mode, external = {} } = volume;
  const { name, provider, options = {}, size } = external;
  if (!features.has('external_volumes')) report(path, notEnabled('external_volumes'));
  if (typeof name !== 'string' || !label.test(name)) report(`${path}/external/name`, mustMatch(label));
  if (typeof provider !== 'string' || !label.test(provider)) report(`${path}/external/provider`, mustMatch(label));
  for (const key of Object.keys(options as object)) {
    if (!optionKey.test(key)) report(`${path}/external/options`, mustMatch(optionKey));
  }
  if (app.instances > 1)
    report('/', `Number of instances is limited to 1 when declaring DVDI volumes in app [${app.id}]`);
  const { minimumHealthCapacity, maximumOverCapacity } = app.upgradeStrategy;
  if (minimumHealthCapacity > 0.5)
    report('/upgradeStrategy/minimumHealthCapacity', `got ${decimal(minimumHealthCapacity)}, expected 0.5 or less`);
  if (maximumOverCapacity !== 0)
    report('/upgradeStrategy/maximumOverCapacity', `got ${decimal(maximumOverCapacity)}, expected 0.0`);
  if (app.container?.type === 'DOCKER') {
    if (size !== undefined) report(`${path}/external/size`, 'must be undefined for Docker containers');
    return;
  }
  if (mode === 'RO') report(`${path}/mode`, "must be equal to 'RW'");
  if (containerPath === '.' || containerPath === '..') report(`${path}/containerPath`, 'can not be one of (.,..)');
}
