// From an app and a place to the Mesos task: ids, environment, and what Mesos shows of it. Pods are in launch-pod.ts.
import { randomBytes } from 'node:crypto';
import type { Agent } from '../mesos/agents.ts';
import type { ContainerInfo, PortMapping } from '../mesos/container.ts';
import type { TaskInfo } from '../mesos/task.ts';
import type { MarathonVersion } from '../release.ts';
import { type App, isResident, portsOf, usesHostNetwork, type Volume } from './app.ts';
import { safe } from './path-id.ts';
import { isPod, type PodContainer } from './pod.ts';
import type { PersistentVolume, Reservation } from './reservations.ts';
import type { RunSpec } from './run-spec.ts';

export interface InstanceName {
  readonly instanceId: string;
  /** One for each of its tasks, in order. */
  readonly taskIds: readonly [string, ...string[]];
}

/**
 * An app's task is `<app>.<uuid>` and its instance `<app>.marathon-<uuid>`; a pod's instance is `<pod>.instance-<uuid>` and its tasks
 * `<instance>.<container>`. The uuid tells the time, as Marathon's does.
 */
export function newInstanceName(spec: RunSpec, marathon: MarathonVersion, time: number): InstanceName {
  const [name, uuid] = [safe(spec.id), timeUuid(time)];
  if (isPod(spec)) {
    const instanceId = `${name}.instance-${uuid}`;
    const [first, ...further] = spec.containers;
    const taskId = (container: PodContainer) => `${instanceId}.${container.name}`;
    return { instanceId, taskIds: [taskId(first), ...further.map(taskId)] };
  }
  return {
    taskIds: [`${name}.${uuid}${isResident(spec) ? attempt(marathon, 1) : ''}`],
    instanceId: `${name}.marathon-${uuid}`,
  };
}

/** Of the next task of an instance that has a reservation. */
export const nextName = (reservation: Reservation, marathon: MarathonVersion): InstanceName => ({
  instanceId: reservation.instanceId,
  taskIds: [lastTaskId({ ...reservation, attempts: reservation.attempts + 1 }, marathon)],
});

export const lastTaskId = ({ instanceId, attempts }: Reservation, marathon: MarathonVersion): string =>
  `${instanceId.replace('.marathon-', '.')}${attempt(marathon, attempts)}`;

/** Only 1.5 tells the tasks of a resident instance apart. */
const attempt = (marathon: MarathonVersion, n: number): string => (marathon === '1.5.6' ? `.${n}` : '');

/** Of a task that is not known (any more). */
export const instanceIdOf = (taskId: string): string =>
  taskId.includes('.instance-')
    ? taskId.replace(/\.[^.]*$/, '')
    : taskId.replace(/\.([^.]+)(?:\.\d+)?$/, '.marathon-$1');

/** RFC 4122 version 1 with a random node. */
function timeUuid(time: number): string {
  const random = randomBytes(10);
  const ticks = (BigInt(time) + 12_219_292_800_000n) * 10_000n + BigInt(random.readUInt16BE(0) % 10_000);
  const hex = ticks.toString(16).padStart(15, '0');
  random[2] = ((random[2] ?? 0) & 0x3f) | 0x80;
  const rest = random.subarray(2).toString('hex');
  return `${hex.slice(7)}-${hex.slice(3, 7)}-1${hex.slice(0, 3)}-${rest.slice(0, 4)}-${rest.slice(4)}`;
}

export function taskInfo(
  app: App,
  taskId: string,
  agent: Agent,
  ports: readonly number[],
  marathon: MarathonVersion,
  persistent: readonly PersistentVolume[] = [],
): TaskInfo {
  const { cmd, args, container } = app;
  return {
    id: taskId,
    name: hostnameOf(app.id),
    resources: { cpus: app.cpus, mem: app.mem, disk: app.disk, gpus: app.gpus },
    ports,
    command:
      cmd !== undefined
        ? { shell: true, value: cmd }
        : args !== undefined && args.length > 0
          ? { shell: false, argv: args }
          : undefined,
    user: app.user,
    env: environment(app, taskId, agent, ports, marathon),
    uris: app.fetch.map(({ uri, destPath, ...fetch }) => ({
      value: uri,
      ...fetch,
      ...(destPath === undefined ? {} : { output_file: destPath }),
    })),
    labels: Object.entries(app.labels).map(([key, value]) => ({ key, value })),
    container: container === undefined ? undefined : mesosContainer(app, ports, persistent),
    discovery: discovery(app, ports),
    kind: 'service',
  };
}

/** `/a/b` is `b.a`, as Mesos-DNS would have it. */
export const hostnameOf = (id: string): string => id.slice(1).split('/').reverse().join('.');

/** The variables that Marathon gives, and the app's own, which win. */
function environment(app: App, taskId: string, agent: Agent, ports: readonly number[], marathon: MarathonVersion) {
  const env: Record<string, string> = {
    MARATHON_APP_ID: app.id,
    MARATHON_APP_VERSION: app.version,
    MARATHON_APP_RESOURCE_CPUS: decimal(app.cpus),
    MARATHON_APP_RESOURCE_MEM: decimal(app.mem),
    MARATHON_APP_RESOURCE_DISK: decimal(app.disk),
    ...(marathon === '1.1.1' ? {} : { MARATHON_APP_RESOURCE_GPUS: String(app.gpus) }),
    MESOS_TASK_ID: taskId,
    HOST: agent.hostname,
  };
  if (app.container?.docker !== undefined) env.MARATHON_APP_DOCKER_IMAGE = app.container.docker.image;
  Object.assign(env, labelVariables(app.labels));
  const asked = portsOf(app).filter(({ hostPort }) => hostPort !== undefined);
  ports.forEach((port, n) => {
    const { name, containerPort, servicePort } = asked[n] ?? {};
    env[`PORT${n}`] = String(port);
    const declared = usesHostNetwork(app) ? servicePort : containerPort;
    if (declared !== undefined && declared !== 0) env[`PORT_${declared}`] = String(port);
    if (name !== undefined && marathon !== '1.1.1') env[`PORT_${variable(name)}`] = String(port);
  });
  if (ports[0] !== undefined) {
    env.PORT = String(ports[0]);
    env.PORTS = ports.join(',');
  }
  for (const [name, value] of Object.entries(app.env)) if (typeof value === 'string') env[name] = value;
  return env;
}

/** Long values are left out. */
export function labelVariables(labels: Readonly<Record<string, string>>): Record<string, string> {
  const short = Object.entries(labels).filter(([, value]) => value.length < 512);
  return {
    MARATHON_APP_LABELS: short.map(([name]) => variable(name)).join(' '),
    ...Object.fromEntries(short.map(([name, value]) => [`MARATHON_APP_LABEL_${variable(name)}`, value])),
  };
}

export const variable = (name: string): string => name.toUpperCase().replace(/[^A-Z0-9_]/g, '_');
export const decimal = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));

function mesosContainer(
  app: App,
  ports: readonly number[],
  persistent: readonly PersistentVolume[],
): ContainerInfo | undefined {
  const { container } = app;
  if (container === undefined) return undefined;
  const { docker } = container;
  const volumes = [...container.volumes, ...persistent].flatMap(volume =>
    volume.hostPath === undefined
      ? []
      : [
          {
            container_path: volume.containerPath,
            host_path: volume.hostPath,
            mode: 'mode' in volume && volume.mode === 'RO' ? ('RO' as const) : ('RW' as const),
          },
        ],
  );
  if (container.type === 'MESOS') {
    return {
      type: 'MESOS',
      ...(docker === undefined ? {} : { mesos: { image: { type: 'DOCKER', docker: { name: docker.image } } } }),
      ...(volumes.length > 0 ? { volumes } : {}),
      ...(usesHostNetwork(app) ? {} : { network_infos: networkInfos(app, ports) }),
    };
  }
  const parameters = [...(docker?.parameters ?? []), ...container.volumes.flatMap(externalParameters)];
  const mapped = portMappings(app, ports);
  const own = app.networks[0]?.mode === 'container/bridge' ? 'BRIDGE' : 'USER';
  const network = docker?.network === 'NONE' ? 'NONE' : usesHostNetwork(app) ? 'HOST' : own;
  return {
    type: 'DOCKER',
    docker: {
      image: docker?.image ?? '',
      network,
      ...(network !== 'HOST' && mapped.length > 0 ? { port_mappings: mapped } : {}),
      privileged: docker?.privileged ?? false,
      ...(parameters.length > 0 ? { parameters } : {}),
      force_pull_image: docker?.forcePullImage ?? false,
    },
    ...(volumes.length > 0 ? { volumes } : {}),
    ...(network === 'USER' ? { network_infos: networkInfos(app) } : {}),
  };
}

/** Port mappings are Docker's own, and Mesos's where it runs the container by itself. */
const networkInfos = (app: App, ports: readonly number[] = []): NonNullable<ContainerInfo['network_infos']> =>
  app.networks.map(({ mode, name }) => {
    const port_mappings = portMappings(app, ports);
    return {
      name: mode === 'container/bridge' ? 'mesos-bridge' : (name ?? ''),
      ...(port_mappings.length > 0 ? { port_mappings } : {}),
    };
  });

function portMappings(app: App, ports: readonly number[]): PortMapping[] {
  const mapped = (app.container?.portMappings ?? []).filter(({ hostPort }) => hostPort !== undefined);
  return mapped.slice(0, ports.length).map(({ containerPort, protocol }, n) => {
    const port = ports[n] ?? 0;
    return { host_port: port, container_port: containerPort === 0 ? port : containerPort, protocol };
  });
}

/** An external volume is asked of Docker (v1.5.6 core/externalvolume/impl/providers/DVDIProvider.scala). */
function externalParameters({ external, containerPath, mode }: Volume): { key: string; value: string }[] {
  if (external === undefined) return [];
  const driver = (external.options as Readonly<Record<string, unknown>> | undefined)?.['dvdi/driver'];
  return [
    { key: 'volume-driver', value: String(driver) },
    { key: 'volume', value: `${String(external.name)}:${containerPath}:${(mode ?? 'RW').toLowerCase()}` },
  ];
}

function discovery(app: App, ports: readonly number[]): unknown {
  const asked = portsOf(app).filter(({ hostPort }) => hostPort !== undefined);
  return {
    visibility: 'FRAMEWORK',
    name: hostnameOf(app.id),
    ports: {
      ports: ports.map((number, n) => ({
        number,
        ...(asked[n]?.name === undefined ? {} : { name: asked[n].name }),
        protocol: asked[n]?.protocol ?? 'tcp',
      })),
    },
  };
}
