// One life of the cluster, from its start to its end or reset: Mesos with its agents, what is on top of it, and which server answers for
// what. Where the servers listen is in start.ts.
import { randomUUID } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { createChronos } from './chronos/chronos.ts';
import { chronosService } from './chronos/routes.ts';
import type { Clock } from './clock.ts';
import { endFormerTasks } from './executors/former.ts';
import { openExecutor } from './executors/open.ts';
import type { Listening } from './http.ts';
import type { Journal } from './journal.ts';
import type { Features } from './marathon/features.ts';
import { createMarathon, marathonService } from './marathon/marathon.ts';
import { type AgentSetup, agentPlace, type Share } from './mesos/agents.ts';
import { logEvents } from './mesos/logging.ts';
import { createMesos } from './mesos/mesos.ts';
import { parseAttributes, parseResources } from './mesos/resources-text.ts';
import { agentService, masterService } from './mesos/routes.ts';
import { createOrchestrator, orchestratorService } from './orchestrator/orchestrator.ts';
import { createPage } from './page/page.ts';
import { openLoadBalancer } from './reach/load-balancer.ts';
import type { ReleaseParts } from './release.ts';
import type { LocalClusterOptions } from './start.ts';

export interface Life {
  /** Where HTTP virtual hosts answer; undefined when nothing does. */
  readonly virtualHosts: string | undefined;
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
    readonly orchestrator: Listening;
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
  const agents = servers.agents.map((server, n) => agentSetup(n, server));
  const executor = await openExecutor(options.executor ?? 'auto', { clock, clusterId: id, mesos: release.mesos, log });
  const mesos = createMesos({ id, release, clock, executor, agents, journal, log });
  const logDir = path.join(stateDir, 'master', 'log');
  const endLog = logEvents(mesos, logDir);
  const marathon = createMarathon({
    mesos,
    clock,
    features: marathonFeatures(),
    address: () => place(servers.marathon),
    masterUrl: () => servers.master.url,
    journal,
    log,
    role: options.mesosRole ?? '*',
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
  const loadBalancer = await openLoadBalancer(stateDir, options, {
    runs: marathon.runs,
    agents: () => mesos.agents,
    clock,
    log,
  });
  const services = { marathon: marathonService(marathon), chronos: chronosService(chronos) };
  const orchestrator = createOrchestrator({
    release,
    clock,
    language: options.language,
    marathon: () => ({ url: servers.marathon.url, service: services.marathon }),
    chronos: () => ({ url: servers.chronos.url, service: services.chronos }),
    origin: () => servers.orchestrator.url,
    hasGpus: agents.some(({ shares }) => shares.some(({ amount }) => amount.gpus > 0)),
    localVolumesHostBasePath: path.join(stateDir, 'volumes', '/'),
    journal,
    log,
  });
  const page = createPage({
    ...{ mesos, marathon, chronos, orchestrator },
    addresses: () => ({
      Marathon: servers.marathon.url,
      Chronos: servers.chronos.url,
      'Mesos master': servers.master.url,
      Orchestrator: servers.orchestrator.url,
      ...(loadBalancer.virtualHosts === undefined ? {} : { 'Virtual hosts': loadBalancer.virtualHosts }),
    }),
  });
  const master = { hostname: '127.0.0.1', ip: '127.0.0.1', port: servers.master.port, logDir };
  servers.master.serve(
    page.on(
      masterService(mesos, clock, () => master),
      '/',
    ),
  );
  for (const [n, server] of servers.agents.entries())
    server.serve(agentService(mesos, () => mesos.agentAt(n), clock, master.hostname));
  servers.marathon.serve(page.on(services.marathon, '/ui/'));
  servers.chronos.serve(page.on(services.chronos, '/'));
  servers.orchestrator.serve(orchestratorService(orchestrator));
  mesos.announceLost();

  /** GPUs are of no use to Marathon without its feature, which 1.1 does not have. */
  function marathonFeatures(): Features {
    const gpus = release.marathon !== '1.1.1' && mesos.agents.some(({ total }) => total.gpus > 0);
    return new Set([...(options.marathonFeatures ?? []), ...(gpus ? (['gpu_resources'] as const) : [])]);
  }

  function agentSetup(n: number, { port }: Listening): AgentSetup {
    const { cpus, mem, disk, gpus } = { ...defaultSize(), ...given(options) };
    const { hostname, portRange } = agentPlace(n, servers.agents.length);
    // 0.28 knows no GPUs.
    const amount = { cpus, mem, disk, gpus: release.mesos === '0.28.0' ? 0 : gpus };
    const usual: Share = { role: '*', amount, portRanges: [portRange] };
    return {
      hostname,
      port,
      workDir: path.join(stateDir, 'agents', String(n + 1)),
      attributes: parseAttributes(nth(options.attributes, n)),
      shares: parseResources(nth(options.resources, n), usual),
    };
  }

  return {
    virtualHosts: loadBalancer.virtualHosts,
    async end() {
      orchestrator.stop();
      await mesos.stop();
      await loadBalancer.stop();
      endLog();
      clock.stop();
      marathon.events.close();
      page.close();
      await executor.stop();
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

/** The last goes for all that follow. */
const nth = (texts: readonly string[] = [], n: number): string => texts[n] ?? texts.at(-1) ?? '';

function given({ cpus, mem, gpus }: LocalClusterOptions) {
  return {
    ...(cpus === undefined ? {} : { cpus }),
    ...(mem === undefined ? {} : { mem }),
    ...(gpus === undefined ? {} : { gpus }),
  };
}
