// One life of the cluster, from its start to its end or reset: Mesos with its agents, what is on top of it, and which server answers for
// what. Where the servers listen is in start.ts.
import { randomUUID } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { ownCertificate } from './certificate.ts';
import { createChronos } from './chronos/chronos.ts';
import { chronosService } from './chronos/routes.ts';
import type { Clock } from './clock.ts';
import { withMasterBasic, withOrchestratorBasic, withServerBasic } from './credentials.ts';
import { endFormerTasks } from './executors/former.ts';
import { openExecutor } from './executors/open.ts';
import { isOpen } from './hosts.ts';
import type { Listening, Service } from './http.ts';
import type { Journal } from './journal.ts';
import type { Features } from './marathon/features.ts';
import { createMarathon, marathonService } from './marathon/marathon.ts';
import { type AgentSetup, agentPlace, type Share } from './mesos/agents.ts';
import { logEvents } from './mesos/logging.ts';
import { createMesos } from './mesos/mesos.ts';
import { listeningPorts } from './mesos/ports.ts';
import { parseAttributes, parseResources } from './mesos/resources-text.ts';
import { agentService, masterService } from './mesos/routes.ts';
import { createOrchestrator, orchestratorService } from './orchestrator/orchestrator.ts';
import { createPage } from './page/page.ts';
import { openLoadBalancer } from './reach/load-balancer.ts';
import type { ReleaseParts } from './release.ts';
import { withReset } from './reset.ts';
import type { LocalClusterOptions } from './start.ts';

export interface Life {
  /** Where HTTP virtual hosts answer; undefined when nothing does. */
  readonly virtualHosts: string | undefined;
  /** Its time, milliseconds since the epoch. */
  now(): number;
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
  /** Ends this life and begins another. */
  readonly reset: () => Promise<void>;
  readonly log: (line: string) => void;
}

/** What each agent offers where nothing is said. */
export const defaultSize = () => ({
  cpus: Math.max(8, os.availableParallelism()),
  mem: Math.max(16_384, Math.floor(os.totalmem() / 2 ** 20)),
  disk: 102_400,
  gpus: 0,
});

/** Directory below which local volumes lie. */
export const localVolumesIn = (stateDir: string): string => path.join(stateDir, 'volumes', '/');

export async function startLife({
  options,
  release,
  clock,
  stateDir,
  journal,
  servers,
  reset,
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
    url: () => servers.marathon.url,
    masterUrl: () => servers.master.url,
    journal,
    artifacts: options.stateDir === undefined ? undefined : path.join(stateDir, 'artifacts'),
    log,
    role: options.mesosRole ?? '*',
    listening: options.loadBalancer === 'none' ? () => new Set() : listeningPorts,
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
    certificate: () => ownCertificate(stateDir, ['localhost', '127.0.0.1', '::1']),
    log,
  }).catch(async (error: unknown) => {
    // What lives already would keep the process from ending.
    await mesos.stop();
    endLog();
    clock.stop();
    await executor.stop();
    throw error;
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
    loadBalancerIps: options.loadBalancer === 'none' ? [] : ['127.0.0.1'],
    localVolumesHostBasePath: localVolumesIn(stateDir),
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
  const { host: ip } = place(servers.master);
  const master = { hostname: ip, ip, port: servers.master.port, logDir };
  const { credentials } = options;
  const guarded = (service: Service, guard: typeof withServerBasic) =>
    credentials === undefined ? service : guard(service, credentials);
  const masterRoutes = withReset(
    masterService(mesos, clock, () => master),
    reset,
  );
  servers.master.serve(
    guarded(page.on(masterRoutes, '/'), (service, given) => withMasterBasic(service, given, release.mesos)),
  );
  for (const [n, server] of servers.agents.entries())
    server.serve(agentService(mesos, () => mesos.agentAt(n), clock, master.hostname));
  servers.marathon.serve(guarded(page.on(services.marathon, '/ui/'), withServerBasic));
  servers.chronos.serve(guarded(page.on(services.chronos, '/'), withServerBasic));
  servers.orchestrator.serve(guarded(orchestratorService(orchestrator), withOrchestratorBasic));
  mesos.announceLost();

  /** GPUs are of no use to Marathon without its feature, which 1.1 does not have. */
  function marathonFeatures(): Features {
    const gpus = release.marathon !== '1.1.1' && mesos.agents.some(({ total }) => total.gpus > 0);
    return new Set([...(options.marathonFeatures ?? []), ...(gpus ? (['gpu_resources'] as const) : [])]);
  }

  function agentSetup(n: number, server: Listening): AgentSetup {
    const { cpus, mem, disk, gpus } = { ...defaultSize(), ...given(options) };
    const { hostname, portRange } = agentPlace(n, servers.agents.length);
    const { host, port } = place(server);
    // 0.28 knows no GPUs.
    const amount = { cpus, mem, disk, gpus: release.mesos === '0.28.0' ? 0 : gpus };
    const usual: Share = { role: '*', amount, portRanges: [portRange] };
    return {
      // Only loopback has an address for each.
      hostname: isOpen(host) ? host : hostname,
      port,
      workDir: path.join(stateDir, 'agents', String(n + 1)),
      attributes: parseAttributes(nth(options.attributes, n)),
      shares: parseResources(nth(options.resources, n), usual),
    };
  }

  return {
    virtualHosts: loadBalancer.virtualHosts,
    now: clock.now,
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

const place = ({ url, port }: Listening) => ({ host: new URL(url).hostname, port });

/** The last goes for all that follow. */
const nth = (texts: readonly string[] = [], n: number): string => texts[n] ?? texts.at(-1) ?? '';

function given({ cpus, mem, gpus }: LocalClusterOptions) {
  return {
    ...(cpus === undefined ? {} : { cpus }),
    ...(mem === undefined ? {} : { mem }),
    ...(gpus === undefined ? {} : { gpus }),
  };
}
