// Opens the executor that was asked for. Each kind is in a file of its own.
import { imageOf } from '../mesos/container.ts';
import { autoExecutor } from './auto.ts';
import { dockerExecutor } from './docker/docker.ts';
import { findEngine } from './docker/engine.ts';
import type { Executor, ExecutorOptions } from './executor.ts';
import { processExecutor } from './process.ts';
import { standInExecutor } from './stand-in.ts';

export const executorKinds = ['auto', 'process', 'docker', 'stand-in'] as const;
export type ExecutorKind = (typeof executorKinds)[number];

/** Throws one sentence where it cannot work on this machine. */
export async function openExecutor(kind: ExecutorKind, options: ExecutorOptions): Promise<Executor> {
  const standIns = standInExecutor(options.clock);
  if (kind === 'stand-in') return standIns;
  if (process.platform === 'win32') {
    throw new Error(
      'Commands of tasks need /bin/sh, which Windows lacks: start the local cluster with --executor stand-in, or under WSL.',
    );
  }
  const docker = async () => {
    const engine = await findEngine();
    return typeof engine === 'string' ? engine : dockerExecutor(options, engine);
  };
  if (kind !== 'docker') {
    const processes = processExecutor(options);
    return kind === 'process' ? processes : autoExecutor({ processes, standIns, docker });
  }
  const containers = await docker();
  if (typeof containers === 'string') {
    throw new Error(`${containers}: start one, say where it is in DOCKER_HOST, or use --executor auto.`);
  }
  const processes = processExecutor(options);
  return {
    start: (launch, report) => (imageOf(launch.container) === undefined ? processes : containers).start(launch, report),
    stop: async () => void (await Promise.all([processes.stop(), containers.stop()])),
  };
}
