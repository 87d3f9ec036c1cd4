// A Chronos job as the release writes it. Facts: chronos 2.4.0 and v3.0.2 utils/JobSerializer.scala; the GPU build of INDIGO.
import type { ReleaseParts } from '../release.ts';
import type { Container, Job, Members } from './job.ts';

/** A job as the release writes it, members in its order. `mirrored`: `uris` and `fetch` stand for each other, as in the list of 3.0.2. */
export function answerJob(job: Job, { chronos, gpuJobs }: ReleaseParts, mirrored = false): Members {
  const newer = chronos === '3.0.2';
  const fetch =
    mirrored && job.fetch.length === 0
      ? job.uris.map(uri => ({ uri, executable: false, cache: false, extract: true, output_file: '' }))
      : job.fetch;
  const uris = mirrored && job.uris.length === 0 ? job.fetch.map(({ uri }) => uri) : job.uris;
  return {
    name: job.name,
    command: job.command,
    shell: job.shell,
    ...(newer ? {} : { epsilon: job.epsilon }),
    executor: job.executor,
    executorFlags: job.executorFlags,
    ...(newer ? { taskInfoData: job.taskInfoData } : {}),
    retries: job.retries,
    owner: job.owner,
    ownerName: job.ownerName,
    description: job.description,
    ...(newer ? {} : { async: job.async }),
    successCount: job.successCount,
    errorCount: job.errorCount,
    lastSuccess: job.lastSuccess,
    lastError: job.lastError,
    cpus: job.cpus,
    disk: job.disk,
    mem: job.mem,
    ...(gpuJobs ? { gpus: job.gpus } : {}),
    disabled: job.disabled,
    softError: job.softError,
    dataProcessingJobType: job.dataProcessingJobType,
    errorsSinceLastSuccess: job.errorsSinceLastSuccess,
    ...(newer
      ? { fetch: fetch.map(({ output_file, ...rest }) => (output_file === '' ? rest : { ...rest, output_file })) }
      : {}),
    uris,
    environmentVariables: job.environmentVariables,
    arguments: job.arguments,
    highPriority: job.highPriority,
    runAsUser: job.runAsUser,
    ...(newer ? { concurrent: job.concurrent } : {}),
    ...(gpuJobs ? { maxCompletionTime: job.maxCompletionTime } : {}),
    ...(job.container === undefined ? {} : { container: answerContainer(job.container, newer) }),
    constraints: job.constraints,
    ...job.trigger,
  };
}

function answerContainer(container: Container, newer: boolean): Members {
  const { type, image, network, networkName, networkInfos, volumes, forcePullImage, parameters } = container;
  if (!newer) return { type: 'docker', image, network, volumes, forcePullImage };
  const named = networkName === '' ? {} : { networkName };
  return { type, image, network, ...named, networkInfos, volumes, forcePullImage, parameters };
}
