// From a task to the container that the engine is to make of it, as Mesos's two containerizers would have it. Facts: apache/mesos
// src/docker/docker.cpp, RunOptions::create and Docker::run; src/slave/containerizer/mesos/isolators/docker/runtime.cpp.
import { mkdirSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { type ContainerInfo, imageOf, type PortMapping, type Volume } from '../../mesos/container.ts';
import type { Launch } from '../executor.ts';
import { limitsOf } from '../limits.ts';
import type { Image } from './image.ts';
import { addPort, applyParameters } from './parameters.ts';

/** The body of the engine's `/containers/create`, and of its HostConfig. */
export interface Spec {
  readonly config: Record<string, unknown>;
  readonly host: Record<string, unknown>;
}

const sandboxInside = '/mnt/mesos/sandbox';

const MiB = 2 ** 20;
/** Source: src/slave/containerizer/mesos/isolators/cgroups/constants.hpp. */
const [sharesPerCpu, leastShares, leastMemory] = [1024, 2, 32 * MiB];

/** Variables that an agent gives to what it runs itself, and not to what Docker runs. */
const ofAgent = ['MESOS_DIRECTORY', 'MESOS_EXECUTOR_ID', 'MESOS_FRAMEWORK_ID', 'MESOS_SLAVE_ID'];

export const containerName = ({ containerId }: Launch): string => `mesos-${containerId}`;

/** Whether Docker's containerizer would run it; else Mesos runs the image by itself. */
export const isDocker = ({ container }: Launch): boolean => container?.type === 'DOCKER';

/** Throws an Error of one sentence where the task asks for what cannot be. */
export function containerSpec(launch: Launch, image: Image): Spec {
  const { container, command, env, resources, user } = launch;
  const docker = isDocker(launch);
  const inside: Record<string, string> = { ...env, MESOS_SANDBOX: sandboxInside };
  for (const name of ofAgent) delete inside[name];
  if (docker) inside.MESOS_CONTAINER_NAME = containerName(launch);
  const spec: Spec = {
    config: {
      Image: imageOf(container),
      Env: Object.entries(inside).map(([name, value]) => `${name}=${value}`),
      Labels: { MESOS_TASK_ID: launch.taskId },
      AttachStdout: true,
      AttachStderr: true,
      ...(command === undefined ? {} : { Cmd: command.shell ? ['-c', command.value] : command.argv }),
      ...(command?.shell === true ? { Entrypoint: ['/bin/sh'] } : {}),
      // Docker's containerizer leaves both to the image.
      ...(docker || user === undefined ? {} : { User: user }),
      ...(docker || image.hasWorkingDir ? {} : { WorkingDir: sandboxInside }),
    },
    host: {
      CpuShares: Math.max(Math.floor(resources.cpus * sharesPerCpu), leastShares),
      Memory: docker ? Math.max(resources.mem * MiB, leastMemory) : limitsOf(resources).mem_limit_bytes,
      Privileged: container?.docker?.privileged ?? false,
      NetworkMode: networkOf(container),
      // No bind: the path of a Chronos task's sandbox has colons.
      Mounts: [{ Type: 'bind', Source: launch.sandbox, Target: sandboxInside }],
    },
  };
  for (const volume of container?.volumes ?? []) addVolume(spec, volume, launch.sandbox);
  const mappings =
    container?.docker?.port_mappings ?? container?.network_infos?.flatMap(each => each.port_mappings ?? []);
  for (const mapping of mappings ?? []) map(spec, mapping, launch.host);
  applyParameters(spec, container?.docker?.parameters ?? []);
  return spec;
}

function networkOf(container: ContainerInfo | undefined): string {
  const network = container?.docker?.network ?? (container?.network_infos === undefined ? 'HOST' : 'USER');
  if (network !== 'USER') return network.toLowerCase();
  const [named, another] = container?.network_infos ?? [];
  if (named === undefined) throw new Error('No network info found in container info');
  if (another !== undefined) throw new Error('Only a single network can be defined in Docker run');
  // Where Mesos has a network of that name by default, Docker's own one serves the same end.
  return named.name === 'mesos-bridge' ? 'bridge' : named.name;
}

function addVolume({ host }: Spec, { container_path, host_path, mode }: Volume, sandbox: string): void {
  if (host_path === undefined) throw new Error('Host path or volume source is required');
  const target = path.posix.resolve(sandboxInside, container_path);
  if (path.isAbsolute(host_path)) {
    // A bind, for which the engine makes the folder where it is missing.
    host.Binds = [...((host.Binds as string[]) ?? []), `${host_path}:${target}:${mode.toLowerCase()}`];
    return;
  }
  if (!path.posix.isAbsolute(container_path)) {
    throw new Error(`Both host_path '${host_path}' and container_path '${container_path}' of a volume are relative`);
  }
  const source = path.join(sandbox, host_path);
  mkdirSync(source, { recursive: true });
  const mount = { Type: 'bind', Source: source, Target: target, ReadOnly: mode === 'RO' };
  host.Mounts = [...(host.Mounts as object[]), mount];
}

function map(spec: Spec, { host_port, container_port, protocol = 'tcp' }: PortMapping, host: string): void {
  if (spec.host.NetworkMode === 'host' || spec.host.NetworkMode === 'none') {
    throw new Error('Port mappings are only supported for bridge and user-defined networks');
  }
  for (const each of protocol.split(',')) {
    addPort(spec, `${container_port}/${each}`, {
      HostIp: net.isIP(host) ? host : '127.0.0.1',
      HostPort: `${host_port}`,
    });
  }
}
