// A Chronos node template -> the body of its job. Source: indigo-dc/orchestrator ChronosServiceImpl.
import type { ChronosJob } from '../../../protocol/src/chronos.ts';
import { retriesProblem } from '../mesos/numbers.ts';
import type { Problem } from '../mesos/releases.ts';
import { scheduleProblems } from '../mesos/schedules.ts';
import { constraints } from './constraints.ts';
import type { Container } from './container.ts';
import { chronosVolumes } from './volumes.ts';

const int32 = 2 ** 31;

export function chronosJob(
  container: Container,
  name: string,
  parents: readonly string[],
  hostPath: string,
): ChronosJob {
  const { properties, image, cpus, mem, gpus, scope } = container;
  const command = properties.string('command');
  const schedule = properties.string('schedule');
  const retries = properties.integer('retries');
  const tell = (property: string, code: string, problem: Problem | undefined) => {
    if (problem !== undefined) scope.report(code, properties.at(property), problem.message, problem.severity);
  };
  if (retries !== undefined) tell('retries', 'number-range', retriesProblem(retries));
  if (schedule !== undefined) {
    for (const problem of scheduleProblems(schedule, retries, scope.release)) tell('schedule', problem.code, problem);
  }
  const description = properties.string('description');
  const epsilon = properties.string('epsilon');
  const user = properties.string('user');
  const privileged = properties.boolean('privileged') ?? false;
  return {
    name,
    command: command ?? '',
    ...(description !== undefined && { description }),
    ...(schedule !== undefined && { schedule }),
    ...(parents.length > 0 && { parents }),
    ...(retries !== undefined && { retries: Math.max(-int32, Math.min(int32 - 1, retries)) }),
    ...(epsilon !== undefined && { epsilon }),
    ...(user !== undefined && { runAsUser: user }),
    ...(cpus !== undefined && { cpus }),
    ...(mem !== undefined && { mem }),
    ...(gpus !== undefined && { gpus }),
    uris: properties.strings('uris'),
    environmentVariables: Object.entries(properties.stringMap('environment_variables')).map(([key, value]) => ({
      name: key,
      value,
    })),
    constraints: constraints(container),
    container: {
      type: gpus === undefined ? 'DOCKER' : 'MESOS',
      image,
      forcePullImage: properties.boolean('force_pull_image') ?? false,
      ...(privileged && { parameters: [{ key: 'privileged', value: 'true' }] }),
      volumes: chronosVolumes(container, hostPath),
    },
  };
}
