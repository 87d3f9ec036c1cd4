// What Marathon refuses in a pod of good shape. Facts: marathon v1.4.1 and v1.5.6 api/v2/validation/PodsValidation.scala.
import type { MarathonVersion } from '../release.ts';
import type { Features } from './features.ts';
import { isWellFormed, segmentPattern } from './path-id.ts';
import type { Pod, PodContainer } from './pod.ts';
import type { Detail } from './shape.ts';
import { collect, type Report } from './validate.ts';
import { validateConstraints } from './validate-constraints.ts';
import { validateSecrets } from './validate-secrets.ts';

export function validatePod(pod: Pod, version: MarathonVersion, features: Features): Detail[] {
  return collect('', report => {
    if (pod.id === '/') report('/id', 'must not be empty');
    if (!isWellFormed(pod.id)) report('/id', `must fully match regular expression '${segmentPattern}'`);
    if (pod.user === '') report('/user', 'must not be empty');
    if (!areUnique(pod.containers.map(({ name }) => name))) report('/containers', 'container names are unique');
    pod.containers.forEach((container, n) => {
      validateContainer(pod, container, `/containers(${n})`, version, report);
    });
    validateVolumes(pod, report);
    validateNetworks(pod, report);
    validateEndpoints(pod, report);
    validateSecrets(pod.secrets, pod.environment, version, features, report);
    validateConstraints(pod, version, (path, error) => report(`/scheduling/placement${path}`, error));
  });
}

function validateContainer(
  pod: Pod,
  container: PodContainer,
  path: string,
  version: MarathonVersion,
  report: Report,
): void {
  const { resources, healthCheck, endpoints, volumeMounts } = container;
  if (!isName(container.name)) report(`${path}/name`, `must fully match regular expression '${namePattern}'`);
  for (const [name, value] of Object.entries(resources)) {
    const least = name === 'cpus' && version === '1.5.6' ? 0.001 : 0;
    if (value < least) report(`${path}/resources/${name}`, `got ${value}, expected ${least} or more`);
  }
  volumeMounts.forEach(({ name }, n) => {
    if (!pod.volumes.some(volume => volume.name === name))
      report(`${path}/volumeMounts(${n})/name`, 'Referenced Volume in VolumeMount should exist');
  });
  const host = pod.networks.some(({ mode }) => mode === 'host');
  endpoints.forEach((endpoint, n) => {
    const at = `${path}/endpoints(${n})`;
    if (!isName(endpoint.name)) report(`${at}/name`, `must fully match regular expression '${namePattern}'`);
    if (host && endpoint.hostPort === undefined)
      report(`${at}/hostPort`, 'is required when using host-mode networking');
    if (host && endpoint.containerPort !== undefined)
      report(`${at}/containerPort`, 'is not allowed when using host-mode networking');
    if (!host && endpoint.containerPort === undefined)
      report(`${at}/containerPort`, 'is required when using container-mode networking');
    if (!areUnique(endpoint.protocol))
      report(`${at}/protocol`, 'Duplicate protocols within the same endpoint are not allowed');
  });
  if (healthCheck === undefined) return;
  const { http, tcp, exec, timeoutSeconds, intervalSeconds } = healthCheck;
  const at = `${path}/healthCheck`;
  if ([http, tcp, exec].filter(each => each !== undefined).length !== 1)
    report(at, 'Only one of http, tcp, or command may be specified');
  if (timeoutSeconds >= intervalSeconds)
    report(`${at}/timeoutSeconds`, `got ${timeoutSeconds}, expected less than ${intervalSeconds}`);
  for (const [kind, check] of Object.entries({ http, tcp })) {
    if (check !== undefined && !endpoints.some(({ name }) => name === check.endpoint))
      report(`${at}/${kind}/endpoint`, 'contained in the container endpoints');
  }
}

function validateVolumes(pod: Pod, report: Report): void {
  if (!areUnique(pod.volumes.map(({ name }) => name))) report('/volumes', 'volume names are unique');
  pod.volumes.forEach(({ name, host }, n) => {
    if (host === '') report(`/volumes(${n})/host`, 'must not be empty');
    if (!pod.containers.some(({ volumeMounts }) => volumeMounts.some(mount => mount.name === name)))
      report(`/volumes(${n})`, 'volume must be referenced by at least one container');
  });
}

function validateNetworks({ networks }: Pod, report: Report): void {
  const modes = new Set(networks.map(({ mode }) => mode));
  if (modes.size > 1 || (!modes.has('container') && networks.length > 1)) {
    report('/networks', 'May specify a single host network, single bridge network, or else 1-to-n container networks');
  }
  networks.forEach(({ mode, name, labels }, n) => {
    if (mode === 'container' && name === undefined)
      report('/networks', 'Network name must be specified when container network is selected.');
    if (mode === 'host' && (name !== undefined || Object.keys(labels).length > 0))
      report(`/networks(${n})`, 'Host networks may not have names or labels');
  });
}

function validateEndpoints({ containers }: Pod, report: Report): void {
  const endpoints = containers.flatMap(container => container.endpoints);
  if (!areUnique(endpoints.map(({ name }) => name))) report('/', 'Endpoint names are unique');
  if (!areUnique(endpoints.flatMap(({ containerPort }) => containerPort ?? [])))
    report('/', 'Container ports are unique');
  if (!areUnique(endpoints.flatMap(({ hostPort }) => (hostPort === undefined || hostPort === 0 ? [] : hostPort))))
    report('/', 'Host ports are unique');
}

const namePattern = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$';
const isName = (name: string): boolean => new RegExp(namePattern).test(name);
const areUnique = (values: readonly unknown[]): boolean => new Set(values).size === values.length;
