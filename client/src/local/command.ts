// The command that runs the embedded cluster: its arguments, its environment and the line it prints when ready.
import type { LocalAddress } from '../../../cluster/src/local-address.ts';
import type { Release } from '../../../protocol/src/plan.ts';

export interface LocalSettings {
  readonly release: Release;
  readonly agents: number;
  /** CPUs of each agent; 0 lets the cluster choose. */
  readonly cpus: number;
  /** MiB of each agent; 0 lets the cluster choose. */
  readonly memory: number;
  readonly gpus: number;
  /** In Mesos's words, one text for each agent. */
  readonly attributes: readonly string[];
  readonly executor: string;
  readonly loadBalancer: string;
}

export function localArguments(settings: LocalSettings): readonly string[] {
  const { release, agents, cpus, memory, gpus, attributes, executor, loadBalancer } = settings;
  return [
    ...['local', '--port-base', '0', '--release', release, '--agents', String(agents), '--executor', executor],
    ...['--load-balancer', loadBalancer],
    ...(cpus > 0 ? ['--cpus', String(cpus)] : []),
    ...(memory > 0 ? ['--mem', String(memory)] : []),
    ...(gpus > 0 ? ['--gpus', String(gpus)] : []),
    ...attributes.flatMap(text => ['--attributes', text]),
  ];
}

/** The user's environment without what the editor has put there for itself: tasks inherit it. */
export function localEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = Object.entries(env).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$|APPLICATION_INSIGHTS_)/.test(name),
  );
  return { ...Object.fromEntries(own), ELECTRON_RUN_AS_NODE: '1' };
}

/** The address in what the cluster has printed so far; undefined until its line is whole. */
export function readReadyLine(output: string, release: Release): LocalAddress | undefined {
  for (const line of output.split('\n').slice(0, -1)) {
    if (!line.startsWith('{')) continue;
    try {
      const ready = JSON.parse(line) as Record<string, unknown>;
      const { marathon, chronos, mesos, orchestrator, pid } = ready;
      if (
        typeof marathon !== 'string' ||
        typeof chronos !== 'string' ||
        typeof mesos !== 'string' ||
        typeof orchestrator !== 'string' ||
        typeof pid !== 'number'
      )
        continue;
      return { marathon, chronos, mesos, orchestrator, release, pid };
    } catch {
      // Not the line.
    }
  }
  return undefined;
}
