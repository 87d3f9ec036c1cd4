// From a Chronos job to the Mesos task of one run: id, command, environment. Facts: chronos v3.0.2 scheduler/mesos/MesosTaskBuilder.scala.
import type { Agent } from '../mesos/agents.ts';
import type { ContainerInfo } from '../mesos/container.ts';
import type { TaskInfo } from '../mesos/task.ts';
import type { ReleaseParts } from '../release.ts';
import type { Job } from './job.ts';

/** One run that waits or goes on. */
export interface Run {
  readonly job: string;
  /** Milliseconds since the epoch: when it was planned (2.4.0) or queued (3.0.2). */
  readonly due: number;
  /** From 0. */
  readonly attempt: number;
  readonly arguments: string;
  /** What set it off. */
  readonly cause: 'schedule' | 'parents' | 'request' | 'retry';
}

export const taskId = ({ due, attempt, job, arguments: given }: Run): string => `ct:${due}:${attempt}:${job}:${given}`;

export function taskInfo(job: Job, run: Run, agent: Agent, { chronos, gpuJobs }: ReleaseParts): TaskInfo {
  const text = run.arguments === '' ? job.command : `${job.command} ${run.arguments}`;
  // An address is fetched, alone, and what it is called there is run.
  const isFetched = /^(?:http|ftp)/.test(text);
  const image = job.container?.image;
  const id = taskId(run);
  return {
    id,
    name: `ChronosTask:${job.name}`,
    resources: { cpus: job.cpus, mem: job.mem, disk: job.disk, gpus: job.gpus },
    ports: [],
    command:
      text.trim() === '' && image !== undefined
        ? undefined
        : isFetched
          ? { shell: true, value: `".${text.slice(text.lastIndexOf('/'))}"` }
          : job.shell
            ? { shell: true, value: text }
            : { shell: false, argv: [text, ...job.arguments.slice(1)] },
    user: job.runAsUser === 'root' ? undefined : job.runAsUser,
    env: environment(job, run, id, agent, chronos, gpuJobs),
    uris: isFetched
      ? [{ value: text, executable: true, extract: true, cache: false }]
      : [
          ...job.uris.map(value => ({ value, executable: false, extract: true, cache: false })),
          ...job.fetch.map(({ uri, output_file, ...fetch }) => ({
            value: uri,
            ...fetch,
            ...(output_file === '' ? {} : { output_file }),
          })),
        ],
    labels: [],
    container: mesosContainer(job),
    discovery: undefined,
    kind: 'job',
  };
}

/** A job's own variables cannot override these. */
function environment(job: Job, run: Run, id: string, agent: Agent, chronos: ReleaseParts['chronos'], gpuJobs: boolean) {
  const decimal = (value: number) => (Number.isInteger(value) ? value.toFixed(1) : String(value));
  return {
    ...Object.fromEntries(job.environmentVariables.map(({ name, value }) => [name, value])),
    mesos_task_id: id,
    CHRONOS_JOB_OWNER: job.owner,
    CHRONOS_JOB_NAME: job.name,
    HOST: agent.hostname,
    CHRONOS_RESOURCE_MEM: decimal(job.mem),
    CHRONOS_RESOURCE_CPU: decimal(job.cpus),
    CHRONOS_RESOURCE_DISK: decimal(job.disk),
    ...(gpuJobs ? { CHRONOS_RESOURCE_GPU: decimal(job.gpus) } : {}),
    ...(chronos === '3.0.2'
      ? { MESOS_TASK_ID: id, CHRONOS_JOB_RUN_TIME: String(run.due), CHRONOS_JOB_RUN_ATTEMPT: String(run.attempt) }
      : {}),
  };
}

function mesosContainer({ container }: Job): ContainerInfo | undefined {
  if (container === undefined) return undefined;
  const { type, image, network, networkName, networkInfos, volumes, parameters, forcePullImage } = container;
  const mounts = volumes.map(({ containerPath, hostPath, mode }) => ({
    container_path: String(containerPath),
    ...(hostPath === undefined ? {} : { host_path: String(hostPath) }),
    mode: mode === 'RO' ? ('RO' as const) : ('RW' as const),
  }));
  const networks = networkInfos.length > 0 ? networkInfos : networkName === '' ? [] : [{ name: networkName }];
  const common = {
    ...(mounts.length > 0 ? { volumes: mounts } : {}),
    ...(networks.length > 0 ? { network_infos: networks.map(({ name }) => ({ name: String(name) })) } : {}),
  };
  if (type === 'MESOS') return { type, mesos: { image: { type: 'DOCKER', docker: { name: image } } }, ...common };
  const docker = { image, network, ...(parameters.length > 0 ? { parameters } : {}), force_pull_image: forcePullImage };
  return { type, docker, ...common };
}
