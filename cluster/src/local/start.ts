// Starts and stops the embedded local cluster: Mesos with its agents, Marathon and Chronos on loopback, in this process.
import { randomUUID } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import type { Release } from '../../../protocol/src/plan.ts';
import { createChronos } from './chronos/chronos.ts';
import { chronosService } from './chronos/routes.ts';
import { systemClock } from './clock.ts';
import { processExecutor } from './executors/process.ts';
import { startReaper } from './executors/reaper.ts';
import { standInExecutor } from './executors/stand-in.ts';
import { type Listening, listen, type Service } from './http.ts';
import { createMarathon, marathonService } from './marathon/marathon.ts';
import { type Agent, agentPlace, nothing } from './mesos/agents.ts';
import { createMesos } from './mesos/mesos.ts';
import { agentService, masterService } from './mesos/routes.ts';
import { type LoadBalancerKind, openLoadBalancer, usualHttpPort } from './reach/load-balancer.ts';
import { releases } from './release.ts';
import { openStateDir } from './state-dir.ts';

export type ExecutorKind = 'auto' | 'process' | 'stand-in';

export interface LocalClusterOptions {
  /** Which releases to speak; `deep_1` when absent. */
  readonly release?: Release;
  /** 1 when absent. */
  readonly agents?: number;
  /** What each agent offers. These are figures to schedule by, not limits that are held. */
  readonly cpus?: number;
  /** MiB. */
  readonly mem?: number;
  readonly gpus?: number;
  /**
   * Marathon gets this port, Chronos the next, the Mesos master the one after, agents those that follow; 0 takes free ones. When
   * absent each has its usual port.
   */
  readonly portBase?: number;
  /** Folder that holds the agents' work directories; when absent a temporary one, removed at the end. */
  readonly stateDir?: string;
  /** `auto`, the default: commands as processes. */
  readonly executor?: ExecutorKind;
  /** `builtin` when absent. */
  readonly loadBalancer?: LoadBalancerKind;
  /** Where HTTP virtual hosts answer; when absent 8088, or a free port where `portBase` is given. */
  readonly httpPort?: number;
  /** Chronos: how long after a failure a task is tried again, in milliseconds; 60000 when absent. */
  readonly failureRetryMs?: number;
  /** Chronos: after how many failures in a row a job is disabled, 0 never; 1, as INDIGO has it, when absent. */
  readonly disableAfterFailures?: number;
  readonly log?: (line: string) => void;
}

export interface LocalCluster {
  readonly release: Release;
  /** Base URLs without a trailing slash. */
  readonly marathon: string;
  readonly chronos: string;
  readonly mesos: string;
  /** Where HTTP virtual hosts answer; absent when nothing does. */
  readonly virtualHosts?: string;
  readonly stateDir: string;
  /** Ends all tasks, then the servers; removes a temporary state folder. May be called again. */
  stop(): Promise<void>;
  /** Resolves when the cluster has stopped. */
  readonly done: Promise<void>;
}

/** The ports of the real ones, as INDIGO's clusters have them. */
export const usualPorts = { marathon: 8080, chronos: 4400, master: 5050, agent: 5051 } as const;

const portsFrom = (base: number | undefined) =>
  base === undefined
    ? usualPorts
    : base === 0
      ? { marathon: 0, chronos: 0, master: 0, agent: 0 }
      : { marathon: base, chronos: base + 1, master: base + 2, agent: base + 3 };

/** What each agent offers where nothing is said. */
export const defaultSize = () => ({
  cpus: Math.max(8, os.availableParallelism()),
  mem: Math.max(16_384, Math.floor(os.totalmem() / 2 ** 20)),
  disk: 102_400,
  gpus: 0,
});

/** Throws one sentence when the cluster cannot start: a port is taken, the state folder cannot be used. */
export async function startLocalCluster(options: LocalClusterOptions = {}): Promise<LocalCluster> {
  const log = options.log ?? (() => {});
  const clock = systemClock(error =>
    log(`timer: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  );
  const release = releases[options.release ?? 'deep_1'];
  if (process.platform === 'win32' && options.executor !== 'stand-in') {
    throw new Error(
      'Commands of tasks need /bin/sh, which Windows lacks: start the local cluster with --executor stand-in, or under WSL.',
    );
  }
  const stateDir = await openStateDir(options.stateDir);
  const listening: Listening[] = [];
  const ports = portsFrom(options.portBase);
  try {
    const services = new Map<string, Service>();
    const open = async (name: string, host: string, wanted: number): Promise<Listening> => {
      const unready: Service = {
        routes: [],
        problem: () => ({ status: 503, text: 'The local cluster is starting.\n' }),
      };
      const opened = await listen(host, wanted, () => services.get(name) ?? unready, log).catch(
        (error: NodeJS.ErrnoException) => {
          throw new Error(cannotListen(name, wanted, error));
        },
      );
      listening.push(opened);
      return opened;
    };
    const [marathonServer, chronosServer, masterServer] = [
      await open('Marathon', '127.0.0.1', ports.marathon),
      await open('Chronos', '127.0.0.1', ports.chronos),
      await open('the Mesos master', '127.0.0.1', ports.master),
    ];
    const id = randomUUID();
    const size = { ...defaultSize(), ...given(options) };
    const agents: Agent[] = [];
    const count = options.agents ?? 1;
    for (let n = 0; n < count; n++) {
      const { hostname, address, portRange } = agentPlace(n, count);
      const server = await open(`Mesos agent ${n + 1}`, address, ports.agent === 0 ? 0 : ports.agent + n);
      agents.push({
        id: `${id}-S${n}`,
        hostname,
        port: server.port,
        workDir: path.join(stateDir.path, 'agents', String(n + 1)),
        attributes: {},
        total: { cpus: size.cpus, mem: size.mem, disk: size.disk, gpus: release.mesos === '0.28.0' ? 0 : size.gpus },
        portRange,
        registeredAt: clock.now(),
        tasks: new Map(),
        completed: [],
        usedPorts: new Set(),
        used: nothing,
      });
    }
    const executor = options.executor === 'stand-in' ? standInExecutor(clock) : processExecutor(clock);
    const mesos = createMesos({ id, release, clock, executor, agents, log });
    const marathon = createMarathon(
      mesos,
      clock,
      () => ({ host: '127.0.0.1', port: marathonServer.port }),
      () => masterServer.url,
      log,
    );
    const chronos = createChronos(
      mesos,
      clock,
      { failureRetryMs: options.failureRetryMs ?? 60_000, disableAfterFailures: options.disableAfterFailures ?? 1 },
      () => ({ host: '127.0.0.1', port: chronosServer.port }),
    );
    services.set('Chronos', chronosService(chronos));
    services.set('Marathon', marathonService(marathon));
    services.set(
      'the Mesos master',
      masterService(mesos, clock, () => ({ hostname: '127.0.0.1', ip: '127.0.0.1', port: masterServer.port })),
    );
    for (const [n, agent] of agents.entries())
      services.set(`Mesos agent ${n + 1}`, agentService(mesos, agent, clock, '127.0.0.1'));

    const loadBalancer = await openLoadBalancer(options.loadBalancer ?? 'builtin', {
      runs: marathon.runs,
      agents,
      clock,
      httpPort: options.httpPort ?? (options.portBase === undefined ? usualHttpPort : 0),
      folder: path.join(stateDir.path, 'load-balancer'),
      log,
    });

    const reaper = options.executor === 'stand-in' ? undefined : startReaper(id, log);
    let stopped: Promise<void> | undefined;
    let finish: () => void = () => {};
    const done = new Promise<void>(resolve => {
      finish = resolve;
    });
    const stop = async () => {
      await mesos.stop();
      clock.stop();
      marathon.events.close();
      await loadBalancer.stop();
      await Promise.all(listening.map(server => server.close()));
      reaper?.stop();
      await stateDir.release();
      finish();
    };
    return {
      release: release.name,
      marathon: marathonServer.url,
      chronos: chronosServer.url,
      mesos: masterServer.url,
      ...(loadBalancer.virtualHosts === undefined ? {} : { virtualHosts: loadBalancer.virtualHosts }),
      stateDir: stateDir.path,
      stop: () => {
        stopped ??= stop();
        return stopped;
      },
      done,
    };
  } catch (error) {
    await Promise.all(listening.map(server => server.close()));
    await stateDir.release();
    throw error;
  }
}

function given({ cpus, mem, gpus }: LocalClusterOptions) {
  return {
    ...(cpus === undefined ? {} : { cpus }),
    ...(mem === undefined ? {} : { mem }),
    ...(gpus === undefined ? {} : { gpus }),
  };
}

function cannotListen(name: string, port: number, error: NodeJS.ErrnoException): string {
  if (error.code === 'EADDRINUSE') {
    return `Port ${port} for ${name} is taken by another program: stop that, or choose other ports with --port-base (0 takes free ones).`;
  }
  return `Cannot listen on port ${port} for ${name}: ${error.message}.`;
}
