// A Marathon node template -> the body of its app. Source: indigo-dc/orchestrator MarathonServiceImpl.
import type { MarathonApp, MarathonContainer, MarathonEnvValue } from '../../../protocol/src/marathon.ts';
import { isKnownLabel, labelValueProblem, parseLabel } from '../mesos/haproxy.ts';
import { lostSource } from '../mesos/ports.ts';
import { constraints } from './constraints.ts';
import type { Container } from './container.ts';
import { marathonVolumes, type VolumePlace } from './volumes.ts';

export interface AppOrigin {
  /** `<owner>@<issuer>`, as a label of each app. */
  readonly createdBy: string;
  /** Which program deploys, as a label of each app. */
  readonly origin: string;
}

/** What marathon-lb puts before a backend that is reached over HTTPS. */
const httpsBackend =
  '\nbackend {backend}\n  balance {balance}\n  mode http\n  http-request add-header X-Forwarded-Proto https\n';

export function marathonApp(container: Container, place: VolumePlace, origin: AppOrigin): MarathonApp {
  const { node, properties, cpus, mem, gpus, ports } = container;
  if (gpus !== undefined)
    for (const { sourceAt } of ports) container.scope.report('gpu-container', sourceAt, lostSource, 'warning');
  const secrets = properties.stringMap('secrets');
  const names = Object.keys(secrets);
  const env: Record<string, MarathonEnvValue> = { ...properties.stringMap('environment_variables') };
  for (const secret of names) env[secret] = { secret };
  const command = properties.string('command');
  const user = properties.string('user');
  return {
    id: node.name,
    ...(command !== undefined && { cmd: command }),
    ...(user !== undefined && { user }),
    instances: 1,
    ...(cpus !== undefined && { cpus }),
    ...(mem !== undefined && { mem }),
    ...(gpus !== undefined && { gpus }),
    env,
    ...(names.length > 0 && { secrets: Object.fromEntries(names.map(name => [name, { source: `${name}@value` }])) }),
    labels: labels(container, origin),
    uris: properties.strings('uris'),
    constraints: constraints(container),
    container: dockerContainer(container, place),
    ...(gpus !== undefined && {
      portDefinitions: ports.map(({ protocol, target }) => ({ port: target ?? 0, protocol, labels: {} })),
      networks: [{ mode: 'HOST' as const }],
    }),
  };
}

function dockerContainer(container: Container, place: VolumePlace): MarathonContainer {
  const { image, properties, gpus, ports } = container;
  const common = {
    image,
    forcePullImage: properties.boolean('force_pull_image') ?? false,
    privileged: properties.boolean('privileged') ?? false,
  };
  const volumes = marathonVolumes(container, place);
  // With GPUs the Mesos containerizer runs the image on the host's network: the container's own ports are lost.
  if (gpus !== undefined) return { type: 'MESOS', docker: common, volumes };
  const portMappings = ports.map(({ source, protocol, target }) => ({
    containerPort: source,
    protocol,
    ...(target !== undefined && { servicePort: target }),
    labels: {},
  }));
  return { type: 'DOCKER', docker: { ...common, network: 'BRIDGE', portMappings }, volumes };
}

function labels(
  { properties, ports, scope }: Container,
  { createdBy, origin }: AppOrigin,
): Readonly<Record<string, string>> {
  const written = properties.stringMap('labels');
  for (const [key, value] of Object.entries(written)) {
    const label = parseLabel(key);
    const problem = label && isKnownLabel(label) ? labelValueProblem(label, value) : undefined;
    if (problem !== undefined)
      scope.report('haproxy-label', properties.memberAt('labels', key), problem.message, problem.severity);
  }
  const https = properties.boolean('enable_https') === true;
  const certificates = ports.flatMap((_, index): [string, string][] => [
    [`HAPROXY_${index}_BACKEND_HEAD`, httpsBackend],
    [`HAPROXY_${index}_SSL_CERT`, '/etc/ssl/cert.pem'],
  ]);
  return {
    ...written,
    created_by: createdBy,
    origin,
    ...(ports.length > 0 && { HAPROXY_GROUP: 'external' }),
    ...(https && Object.fromEntries(certificates)),
  };
}
