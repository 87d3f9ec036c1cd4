// A Chronos node template -> the body of its job. Source: indigo-dc/orchestrator ChronosServiceImpl.
import type { ChronosJob } from '../../../protocol/src/chronos.ts';
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
  const { node, properties, image, cpus, mem, gpus, scope } = container;
  const command = properties.string('command');
  if (!properties.isSet('command'))
    scope.report('no-command', node.entry.key, `"${node.name}" has no \`command\`: a Chronos job needs one.`);
  const schedule = properties.string('schedule');
  if (schedule !== undefined && parents.length > 0) {
    scope.report(
      'schedule-and-parents',
      properties.at('schedule'),
      `"${node.name}" has a schedule and a parent job: the Orchestrator takes only one of them.`,
    );
  }
  const retries = properties.integer('retries');
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
    constraints: constraints(properties, scope),
    container: {
      type: gpus === undefined ? 'DOCKER' : 'MESOS',
      image,
      forcePullImage: properties.boolean('force_pull_image') ?? false,
      ...(privileged && { parameters: [{ key: 'privileged', value: 'true' }] }),
      volumes: chronosVolumes(container, hostPath),
    },
  };
}
