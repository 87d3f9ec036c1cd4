// From a pod and a place to its Mesos tasks, one for each container. Facts: marathon v1.5.6 mesos/TaskGroupBuilder.scala.
import path from 'node:path';
import type { Agent } from '../mesos/agents.ts';
import type { ContainerInfo } from '../mesos/container.ts';
import type { TaskInfo } from '../mesos/task.ts';
import { decimal, hostnameOf, type InstanceName, labelVariables, variable } from './launch.ts';
import type { Endpoint, Pod, PodContainer } from './pod.ts';

interface Place {
  readonly agent: Agent;
  /** Host ports, one for each endpoint of the pod that has one, in order. */
  readonly ports: readonly number[];
  /** Where the volumes are that live as long as the instance. */
  readonly volumes: string;
}

interface AllocatedEndpoint {
  readonly endpoint: Endpoint;
  readonly hostPort: number | undefined;
}

export function podTaskInfos(pod: Pod, name: InstanceName, place: Place): readonly [TaskInfo, ...TaskInfo[]] {
  let next = 0;
  const allocated = pod.containers.map(({ endpoints }) =>
    endpoints.map(endpoint => ({
      endpoint,
      hostPort: endpoint.hostPort === undefined ? undefined : place.ports[next++],
    })),
  );
  const shared = endpointVariables(allocated.flat());
  const info = (container: PodContainer, n: number): TaskInfo => {
    const own = allocated[n] ?? [];
    const ports = own.flatMap(({ hostPort }) => hostPort ?? []);
    const taskId = name.taskIds[n] ?? name.taskIds[0];
    const argv = container.exec !== undefined && 'argv' in container.exec.command ? container.exec.command.argv : [];
    const shell = container.exec !== undefined && 'shell' in container.exec.command ? container.exec.command.shell : '';
    return {
      id: taskId,
      name: container.name,
      resources: container.resources,
      ports,
      command:
        container.exec === undefined
          ? undefined
          : argv.length > 0
            ? { shell: false, argv }
            : { shell: true, value: shell },
      user: container.user ?? pod.user,
      env: {
        ...texts(pod.environment),
        ...texts(container.environment),
        HOST: place.agent.hostname,
        MESOS_TASK_ID: taskId,
        MESOS_EXECUTOR_ID: `instance-${name.instanceId}`,
        MARATHON_APP_ID: pod.id,
        MARATHON_APP_VERSION: pod.version,
        MARATHON_CONTAINER_ID: container.name,
        MARATHON_CONTAINER_RESOURCE_CPUS: decimal(container.resources.cpus),
        MARATHON_CONTAINER_RESOURCE_MEM: decimal(container.resources.mem),
        MARATHON_CONTAINER_RESOURCE_DISK: decimal(container.resources.disk),
        MARATHON_CONTAINER_RESOURCE_GPUS: String(container.resources.gpus),
        ...labelVariables({ ...pod.labels, ...container.labels }),
        ...shared,
      },
      uris: container.artifacts.map(({ uri, destPath, ...fetch }) => ({
        value: uri,
        ...fetch,
        ...(destPath === undefined ? {} : { output_file: destPath }),
      })),
      labels: Object.entries(container.labels).map(([key, value]) => ({ key, value })),
      container: containerInfo(pod, container, place.volumes, own),
      discovery: {
        visibility: 'FRAMEWORK',
        name: hostnameOf(pod.id),
        ports: {
          ports: own.map(({ endpoint, hostPort }) => ({
            number: hostPort ?? endpoint.containerPort ?? 0,
            name: endpoint.name,
            protocol: endpoint.protocol[0] ?? 'tcp',
          })),
        },
      },
      kind: 'service',
    };
  };
  const [first, ...further] = pod.containers;
  return [info(first, 0), ...further.map((container, n) => info(container, n + 1))];
}

/** Every container is told of the endpoints of all. */
function endpointVariables(endpoints: readonly AllocatedEndpoint[]): Record<string, string> {
  return Object.fromEntries(
    endpoints.flatMap(({ endpoint: { name, containerPort }, hostPort }) => {
      const known: [string, number | undefined][] = [
        [`ENDPOINT_${variable(name)}`, containerPort ?? hostPort],
        [`EP_HOST_${variable(name)}`, hostPort],
        [`EP_CONTAINER_${variable(name)}`, containerPort],
      ];
      return known.flatMap(([key, port]) => (port === undefined ? [] : [[key, String(port)]]));
    }),
  );
}

/** Secrets are for a plugin of Marathon, which is not here. */
const texts = (environment: Pod['environment']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );

function containerInfo(
  pod: Pod,
  container: PodContainer,
  ephemeral: string,
  allocated: readonly AllocatedEndpoint[],
): ContainerInfo | undefined {
  const { image } = container;
  const volumes = container.volumeMounts.map(({ name, mountPath, readOnly }) => ({
    container_path: mountPath,
    host_path: pod.volumes.find(each => each.name === name)?.host ?? path.join(ephemeral, name),
    mode: readOnly === true ? ('RO' as const) : ('RW' as const),
  }));
  if (image === undefined && volumes.length === 0) return undefined;
  return {
    type: 'MESOS',
    ...(image === undefined ? {} : { mesos: { image: { type: 'DOCKER', docker: { name: image.id } } } }),
    ...(volumes.length === 0 ? {} : { volumes }),
    ...(image === undefined || pod.networks.every(({ mode }) => mode === 'host')
      ? {}
      : { network_infos: networkInfos(pod, allocated) }),
  };
}

function networkInfos(pod: Pod, allocated: readonly AllocatedEndpoint[]): NonNullable<ContainerInfo['network_infos']> {
  const port_mappings = allocated.flatMap(({ endpoint: { containerPort, protocol }, hostPort }) =>
    hostPort === undefined
      ? []
      : protocol.map(each => ({ host_port: hostPort, container_port: containerPort ?? hostPort, protocol: each })),
  );
  return pod.networks.map(({ mode, name }) => ({
    name: mode === 'container/bridge' ? 'mesos-bridge' : (name ?? ''),
    ...(port_mappings.length > 0 ? { port_mappings } : {}),
  }));
}
