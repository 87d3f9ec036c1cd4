// From the JSON of a pod, whose shape is good, to a pod: what is not said gets its default.
// Facts: marathon v1.4.1 and v1.5.6 raml/PodConversion.scala.
import type { MarathonVersion } from '../release.ts';
import type { Network } from './app.ts';
import { absolute } from './path-id.ts';
import { defaultExecutorResources, type Pod, type PodContainer, podResources } from './pod.ts';
import { enumeration, labels, listOf, numeric, text } from './read-members.ts';
import { defaultUnreachableStrategy, readUnreachableStrategy } from './read-unreachable.ts';
import { isObject, type Members } from './shape.ts';

export function readPod(body: Members, marathon: MarathonVersion, version: string): Pod {
  const scheduling = objectOf(body.scheduling);
  const backoff = objectOf(scheduling.backoff);
  const upgrade = objectOf(scheduling.upgrade);
  const placement = objectOf(scheduling.placement);
  const executor = objectOf(body.executorResources);
  const executorResources = {
    cpus: numeric(executor.cpus) ?? defaultExecutorResources.cpus,
    mem: numeric(executor.mem) ?? defaultExecutorResources.mem,
    disk: numeric(executor.disk) ?? defaultExecutorResources.disk,
  };
  const containers = objectsOf(body.containers).map(readContainer);
  const roles = listOf(placement.acceptedResourceRoles) as readonly string[] | undefined;
  const networks = objectsOf(body.networks).map(readNetwork);
  return {
    id: absolute(String(body.id)),
    containers: containers as [PodContainer, ...PodContainer[]],
    executorResources,
    ...podResources(containers, executorResources),
    instances: numeric(objectOf(body.scaling).instances) ?? 1,
    networks: networks.length === 0 ? [{ mode: 'host', labels: {} }] : networks,
    volumes: objectsOf(body.volumes).map(({ name, host }) => ({
      name: String(name),
      ...(typeof host === 'string' ? { host } : {}),
    })),
    environment: objectOf(body.environment) as Pod['environment'],
    labels: labels(body.labels),
    secrets: objectOf(body.secrets) as Pod['secrets'],
    ...(typeof body.user === 'string' ? { user: body.user } : {}),
    constraints: objectsOf(placement.constraints).map(readConstraint),
    ...(roles === undefined || roles.length === 0 ? {} : { acceptedResourceRoles: roles }),
    dependencies: [],
    backoffSeconds: numeric(backoff.backoff) ?? 1,
    backoffFactor: numeric(backoff.backoffFactor) ?? 1.15,
    maxLaunchDelaySeconds: numeric(backoff.maxLaunchDelay) ?? 3600,
    upgradeStrategy: {
      minimumHealthCapacity: numeric(upgrade.minimumHealthCapacity) ?? 1,
      maximumOverCapacity: numeric(upgrade.maximumOverCapacity) ?? 1,
    },
    killSelection: (enumeration(scheduling.killSelection) ?? 'YOUNGEST_FIRST') as Pod['killSelection'],
    unreachableStrategy:
      readUnreachableStrategy(scheduling.unreachableStrategy, marathon) ?? defaultUnreachableStrategy(marathon),
    version,
  };
}

function readContainer(container: Members): PodContainer {
  const resources = objectOf(container.resources);
  const { exec, image, lifecycle } = container;
  return {
    name: String(container.name),
    ...(isObject(exec)
      ? { exec: given(exec, ['command', 'overrideEntrypoint']) as PodContainer['exec'] & object }
      : {}),
    resources: {
      cpus: numeric(resources.cpus) ?? 0,
      mem: numeric(resources.mem) ?? 0,
      disk: numeric(resources.disk) ?? 0,
      gpus: numeric(resources.gpus) ?? 0,
    },
    endpoints: objectsOf(container.endpoints).map(endpoint => ({
      name: String(endpoint.name),
      ...(given(endpoint, ['containerPort', 'hostPort']) as { containerPort?: number; hostPort?: number }),
      protocol: (listOf(endpoint.protocol) ?? ['tcp']).map(each => enumeration(each) ?? 'tcp'),
      labels: labels(endpoint.labels),
    })),
    ...(isObject(image)
      ? {
          image: {
            kind: enumeration(image.kind) ?? 'DOCKER',
            id: String(image.id),
            ...(given(image, ['forcePull']) as { forcePull?: boolean }),
          },
        }
      : {}),
    environment: objectOf(container.environment) as PodContainer['environment'],
    ...(typeof container.user === 'string' ? { user: container.user } : {}),
    ...(isObject(container.healthCheck) ? { healthCheck: readCheck(container.healthCheck) } : {}),
    volumeMounts: objectsOf(container.volumeMounts).map(
      mount => given(mount, ['name', 'mountPath', 'readOnly']) as unknown as PodContainer['volumeMounts'][number],
    ),
    artifacts: objectsOf(container.artifacts).map(artifact => ({
      uri: String(artifact.uri),
      extract: artifact.extract !== false,
      executable: artifact.executable === true,
      cache: artifact.cache === true,
      ...(given(artifact, ['destPath']) as { destPath?: string }),
    })),
    labels: labels(container.labels),
    ...(isObject(lifecycle) ? { lifecycle: given(lifecycle, ['killGracePeriodSeconds']) } : {}),
  };
}

function readCheck(check: Members): PodContainer['healthCheck'] & object {
  const { http, tcp, exec } = check;
  return {
    ...(isObject(http)
      ? {
          http: {
            endpoint: String(http.endpoint),
            ...(given(http, ['path']) as { path?: string }),
            scheme: enumeration(http.scheme) ?? 'HTTP',
          },
        }
      : {}),
    ...(isObject(tcp) ? { tcp: { endpoint: String(tcp.endpoint) } } : {}),
    ...(isObject(exec) ? { exec: given(exec, ['command']) as { command: { shell: string } } } : {}),
    gracePeriodSeconds: numeric(check.gracePeriodSeconds) ?? 300,
    intervalSeconds: numeric(check.intervalSeconds) ?? 60,
    maxConsecutiveFailures: numeric(check.maxConsecutiveFailures) ?? 3,
    timeoutSeconds: numeric(check.timeoutSeconds) ?? 20,
    delaySeconds: numeric(check.delaySeconds) ?? 15,
  };
}

function readNetwork(network: Members): Network {
  const name = text(network.name);
  return {
    mode: (text(network.mode)?.toLowerCase() ?? 'container') as Network['mode'],
    ...(name === undefined ? {} : { name }),
    labels: labels(network.labels),
  };
}

const readConstraint = ({ fieldName, operator, value }: Members): readonly string[] => [
  String(fieldName),
  String(operator),
  ...(typeof value === 'string' ? [value] : []),
];

/** These members, where they are said. */
const given = (members: Members, names: readonly string[]): Members =>
  Object.fromEntries(
    names.flatMap(name => (members[name] === undefined || members[name] === null ? [] : [[name, members[name]]])),
  );

const objectOf = (value: unknown): Members => (isObject(value) ? value : {});
const objectsOf = (value: unknown): readonly Members[] => (listOf(value) ?? []).filter(isObject);
