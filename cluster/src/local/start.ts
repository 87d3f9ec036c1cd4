// Starts and stops the embedded local cluster: Mesos with its agents, Marathon and Chronos on loopback, in this process.
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Release } from '../../../protocol/src/plan.ts';
import { systemClock } from './clock.ts';
import { processExecutor } from './executors/process.ts';
import { standInExecutor } from './executors/stand-in.ts';
import { type Listening, listen, type Service } from './http.ts';
import { createMarathon, marathonService } from './marathon/marathon.ts';
import { type Agent, agentPlace, nothing } from './mesos/agents.ts';
import { createMesos } from './mesos/mesos.ts';
import { agentService, masterService } from './mesos/routes.ts';
import { releases } from './release.ts';

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
  /** Marathon gets this port, Chronos the next, the Mesos master the one after, agents those that follow. 0, the default, takes free ones. */
  readonly portBase?: number;
  /** Folder for the agents' work directories; when absent a temporary one, removed at the end. */
  readonly stateDir?: string;
  /** `auto`, the default: commands as processes. */
  readonly executor?: ExecutorKind;
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
  readonly mesos: string;
  readonly stateDir: string;
  /** Ends all tasks, then the servers; removes a temporary state folder. May be called again. */
  stop(): Promise<void>;
  /** Resolves when the cluster has stopped. */
  readonly done: Promise<void>;
}

/** What each agent offers where nothing is said. */
export const defaultSize = () => ({
  cpus: Math.max(8, os.availableParallelism()),
  mem: Math.max(16_384, Math.floor(os.totalmem() / 2 ** 20)),
  disk: 102_400,
  gpus: 0,
});

/** Throws one sentence when the cluster cannot start: a port is taken, the state folder cannot be written. */
export async function startLocalCluster(options: LocalClusterOptions = {}): Promise<LocalCluster> {
  const log = options.log ?? (() => {});
  const clock = systemClock(error =>
    log(`timer: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  );
  const release = releases[options.release ?? 'deep_1'];
  const portBase = options.portBase ?? 0;
  const stateDir = await prepareStateDir(options.stateDir);
  const listening: Listening[] = [];
  const port = (n: number) => (portBase === 0 ? 0 : portBase + n);
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
    const [marathonServer, masterServer] = [
      await open('Marathon', '127.0.0.1', port(0)),
      await open('the Mesos master', '127.0.0.1', port(2)),
    ];
    const id = randomUUID();
    const size = { ...defaultSize(), ...given(options) };
    const agents: Agent[] = [];
    const count = options.agents ?? 1;
    for (let n = 0; n < count; n++) {
      const { hostname, address, portRange } = agentPlace(n, count);
      const server = await open(`Mesos agent ${n + 1}`, address, port(3 + n));
      agents.push({
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
      });
    }
    const executor = options.executor === 'stand-in' ? standInExecutor(clock) : processExecutor(clock);
    const mesos = createMesos({ id, release, clock, executor, agents, log });
    const marathon = createMarathon(
      mesos,
      clock,
      () => ({ host: '127.0.0.1', port: marathonServer.port }),
      () => masterServer.url,
    );
    services.set('Marathon', marathonService(marathon));
    services.set(
      'the Mesos master',
      masterService(mesos, clock, () => ({ hostname: '127.0.0.1', ip: '127.0.0.1', port: masterServer.port })),
    );
    for (const [n, agent] of agents.entries())
      services.set(`Mesos agent ${n + 1}`, agentService(mesos, agent, clock, '127.0.0.1'));

    let stopped: Promise<void> | undefined;
    let finish: () => void = () => {};
    const done = new Promise<void>(resolve => {
      finish = resolve;
    });
    const stop = async () => {
      await mesos.stop();
      marathon.events.close();
      await Promise.all(listening.map(server => server.close()));
      if (options.stateDir === undefined) await rm(stateDir, { recursive: true, force: true, maxRetries: 3 });
      finish();
    };
    return {
      release: release.name,
      marathon: marathonServer.url,
      mesos: masterServer.url,
      stateDir,
      stop: () => {
        stopped ??= stop();
        return stopped;
      },
      done,
    };
  } catch (error) {
    await Promise.all(listening.map(server => server.close()));
    if (options.stateDir === undefined) await rm(stateDir, { recursive: true, force: true });
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

async function prepareStateDir(wanted: string | undefined): Promise<string> {
  if (wanted === undefined) return mkdtemp(path.join(os.tmpdir(), 'tosca-mesos-local-'));
  const folder = path.resolve(wanted);
  try {
    await mkdir(folder, { recursive: true });
    return folder;
  } catch (error) {
    throw new Error(
      `The state folder ${folder} cannot be made: ${error instanceof Error ? error.message : String(error)}. Choose another.`,
    );
  }
}

function cannotListen(name: string, port: number, error: NodeJS.ErrnoException): string {
  if (error.code === 'EADDRINUSE') {
    return `Port ${port} for ${name} is taken by another program: stop that, or choose other ports with a different port base (0 takes free ones).`;
  }
  return `Cannot listen on port ${port} for ${name}: ${error.message}.`;
}
