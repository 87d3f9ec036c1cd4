// One life of the cluster, from its start to its end or reset: Mesos with its agents, what is on top of it, and which server answers for
// what. Where the servers listen is in start.ts.
import { randomUUID } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { createChronos } from './chronos/chronos.ts';
import { chronosService } from './chronos/routes.ts';
import type { Clock } from './clock.ts';
import { endFormerTasks } from './executors/former.ts';
import { processExecutor } from './executors/process.ts';
import { startReaper } from './executors/reaper.ts';
import { standInExecutor } from './executors/stand-in.ts';
import type { Listening } from './http.ts';
import type { Journal } from './journal.ts';
import type { Features } from './marathon/features.ts';
import { createMarathon, marathonService } from './marathon/marathon.ts';
import { type Agent, agentPlace, nothing } from './mesos/agents.ts';
import { createMesos } from './mesos/mesos.ts';
import { agentService, masterService } from './mesos/routes.ts';
import type { ReleaseParts } from './release.ts';
import type { LocalClusterOptions } from './start.ts';

export interface Life {
  /** Ends all tasks, and everything that waits. */
  end(): Promise<void>;
}

export interface LifeOptions {
  readonly options: LocalClusterOptions;
  readonly release: ReleaseParts;
  readonly clock: Clock;
  readonly stateDir: string;
  readonly journal: Journal;
  readonly servers: {
    readonly marathon: Listening;
    readonly chronos: Listening;
    readonly master: Listening;
    readonly agents: readonly Listening[];
  };
  readonly log: (line: string) => void;
}

/** What each agent offers where nothing is said. */
export const defaultSize = () => ({
  cpus: Math.max(8, os.availableParallelism()),
  mem: Math.max(16_384, Math.floor(os.totalmem() / 2 ** 20)),
  disk: 102_400,
  gpus: 0,
});

export async function startLife({
  options,
  release,
  clock,
  stateDir,
  journal,
  servers,
  log,
}: LifeOptions): Promise<Life> {
  const id = await clusterId(journal);
  const agents = servers.agents.map((server, n) => createAgent(n, server));
  const executor = options.executor === 'stand-in' ? standInExecutor(clock) : processExecutor(clock);
  const reaper = options.executor === 'stand-in' ? undefined : startReaper(id, log);
  const mesos = createMesos({ id, release, clock, executor, agents, journal, log });
  const marathon = createMarathon({
    mesos,
    clock,
    features: marathonFeatures(),
    address: () => place(servers.marathon),
    masterUrl: () => servers.master.url,
    journal,
    log,
  });
  const chronos = createChronos(
    mesos,
    clock,
    {
      failureRetryMs: options.failureRetryMs ?? 60_000,
      disableAfterFailures: options.disableAfterFailures ?? 1,
    },
    () => place(servers.chronos),
    journal,
  );
  const master = { hostname: '127.0.0.1', ip: '127.0.0.1', port: servers.master.port };
  servers.master.serve(masterService(mesos, clock, () => master));
  for (const [n, agent] of agents.entries())
    servers.agents[n]?.serve(agentService(mesos, agent, clock, master.hostname));
  servers.marathon.serve(marathonService(marathon));
  servers.chronos.serve(chronosService(chronos));
  mesos.announceLost();

  /** GPUs are of no use to Marathon without its feature, which 1.1 does not have. */
  function marathonFeatures(): Features {
    const gpus = release.marathon !== '1.1.1' && agents.some(({ total }) => total.gpus > 0);
    return new Set([...(options.marathonFeatures ?? []), ...(gpus ? (['gpu_resources'] as const) : [])]);
  }

  function createAgent(n: number, server: Listening): Agent {
    const size = { ...defaultSize(), ...given(options) };
    const { hostname, portRange } = agentPlace(n, servers.agents.length);
    return {
      id: `${id}-S${n}`,
      hostname,
      port: server.port,
      workDir: path.join(stateDir, 'agents', String(n + 1)),
      attributes: {},
      total: { cpus: size.cpus, mem: size.mem, disk: size.disk, gpus: release.mesos === '0.28.0' ? 0 : size.gpus },
      portRange,
      registeredAt: clock.now(),
      tasks: new Map(),
      completed: [],
      usedPorts: new Set(),
      used: nothing,
    };
  }

  return {
    async end() {
      await mesos.stop();
      clock.stop();
      marathon.events.close();
      reaper?.stop();
    },
  };
}

/** The master's id, from which those of agents and frameworks are made: the same as before where there is a state folder. */
async function clusterId(journal: Journal): Promise<string> {
  const known = journal.read('mesos').get('id');
  if (typeof known === 'string') {
    await endFormerTasks(known);
    return known;
  }
  const id = randomUUID();
  journal.put('mesos', 'id', id);
  return id;
}

const place = ({ port }: Listening) => ({ host: '127.0.0.1', port });

function given({ cpus, mem, gpus }: LocalClusterOptions) {
  return {
    ...(cpus === undefined ? {} : { cpus }),
    ...(mem === undefined ? {} : { mem }),
    ...(gpus === undefined ? {} : { gpus }),
  };
}
