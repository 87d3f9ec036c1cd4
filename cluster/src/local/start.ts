// Starts and stops the embedded local cluster: options, ports, servers, the state folder. What runs and answers on them is in life.ts.
import net from 'node:net';
import os from 'node:os';
import type { Release } from '../../../protocol/src/plan.ts';
import { ownCertificate } from './certificate.ts';
import { systemClock } from './clock.ts';
import type { Credentials } from './credentials.ts';
import type { ExecutorKind } from './executors/open.ts';
import { isOpen } from './hosts.ts';
import { type Certificate, type Listening, listen } from './http.ts';
import { type Journal, noJournal, openJournal } from './journal.ts';
import { type Life, startLife } from './life.ts';
import type { Feature } from './marathon/features.ts';
import { agentPlace } from './mesos/agents.ts';
import type { Language } from './orchestrator/language.ts';
import type { LoadBalancerKind } from './reach/load-balancer.ts';
import { releases } from './release.ts';
import { openStateDir } from './state-dir.ts';

export interface LocalClusterOptions {
  /** Which releases to speak; when absent that of the state folder, else `deep_1`. */
  readonly release?: Release;
  /** 1 when absent. */
  readonly agents?: number;
  /** What each agent offers. These are figures to schedule by, not limits that are held. */
  readonly cpus?: number;
  /** MiB. */
  readonly mem?: number;
  readonly gpus?: number;
  /**
   * As the agents' flags --resources and --attributes, `cpus:4;cpus(dev):2;ports:[31000-31999]` and `rack:a;ssd:1`: the n-th for the n-th
   * agent, the last for all further ones. What is not named is as said above.
   */
  readonly resources?: readonly string[];
  readonly attributes?: readonly string[];
  /** The role with which Marathon registers (--mesos_role); `*` when absent. */
  readonly mesosRole?: string;
  /**
   * Marathon gets this port, Chronos the next, then the Mesos master, the Orchestrator, and the agents those that follow; 0 takes free
   * ones. When absent each has its usual port.
   */
  readonly portBase?: number;
  /**
   * Folder in which everything is kept that a later start with it takes up again. When absent nothing is kept: the agents' work
   * directories are in a temporary one, removed at the end.
   */
  readonly stateDir?: string;
  /** `auto` when absent: images in containers where an engine answers, commands as processes, else stand-ins. */
  readonly executor?: ExecutorKind;
  /** `builtin` when absent. */
  readonly loadBalancer?: LoadBalancerKind;
  /** Where HTTP virtual hosts answer; when absent 8088, or a free port where `portBase` is given. */
  readonly httpPort?: number;
  /** Chronos: how long after a failure a task is tried again, in milliseconds; 60000 when absent. */
  readonly failureRetryMs?: number;
  /** Chronos: after how many failures in a row a job is disabled, 0 never; 1, as INDIGO has it, when absent. */
  readonly disableAfterFailures?: number;
  /** What Marathon is started with as --enable_features; `gpu_resources` comes with GPUs. */
  readonly marathonFeatures?: readonly Feature[];
  /** What the Orchestrator knows of TOSCA; without it, it takes no templates. */
  readonly language?: Language;
  /** Asked for by Marathon, Chronos, the Orchestrator and the Mesos master; nobody asks when absent. */
  readonly credentials?: Credentials;
  /** HTTPS for Marathon, Chronos and the Orchestrator: with a certificate of its own making, kept in the state folder, or with this one. */
  readonly tls?: 'own' | Certificate;
  /** The address on which everything listens; loopback when absent. Whoever reaches it can run commands as this user. */
  readonly listen?: string;
  /** How many times as fast time goes; 1 when absent. */
  readonly clockRate?: number;
  readonly log?: (line: string) => void;
}

export interface LocalCluster {
  readonly release: Release;
  /** Base URLs without a trailing slash. */
  readonly marathon: string;
  readonly chronos: string;
  readonly mesos: string;
  readonly orchestrator: string;
  /** Where HTTP virtual hosts answer; undefined when nothing does. A reset may change it. */
  readonly virtualHosts: string | undefined;
  readonly stateDir: string;
  /** With TLS: the certificate, PEM. */
  readonly certificate?: string;
  /** Forgets all apps, jobs, deployments, ids and sandboxes, and begins anew at the same addresses. */
  reset(): Promise<void>;
  /** Ends all tasks, then the servers; removes a temporary state folder. May be called again. */
  stop(): Promise<void>;
  /** Resolves when the cluster has stopped. */
  readonly done: Promise<void>;
}

/** The ports of the real ones, as INDIGO's clusters have them; the Orchestrator's own, 8080, is Marathon's. */
export const usualPorts = { marathon: 8080, chronos: 4400, master: 5050, orchestrator: 8081, agent: 5051 } as const;

const portsFrom = (base: number | undefined, usual: Readonly<Record<keyof typeof usualPorts, number>>) =>
  base === undefined
    ? usual
    : base === 0
      ? { marathon: 0, chronos: 0, master: 0, orchestrator: 0, agent: 0 }
      : { marathon: base, chronos: base + 1, master: base + 2, orchestrator: base + 3, agent: base + 4 };

/** With TLS, Marathon and Chronos have their other usual ports. */
const usualWithTls = { ...usualPorts, marathon: 8443, chronos: 4443 };

/** Throws one sentence when the cluster cannot start: a port is taken, the state folder cannot be used. */
export async function startLocalCluster(options: LocalClusterOptions = {}): Promise<LocalCluster> {
  const log = options.log ?? (() => {});
  const host = options.listen ?? '127.0.0.1';
  const stateDir = await openStateDir(options.stateDir);
  let journal = noJournal;
  const listening: Listening[] = [];
  const open = async (name: string, address: string, port: number, tls?: Certificate): Promise<Listening> => {
    const server = await listen(address, port, { tls, kept: () => journal.flushed(), log }).catch(
      (error: NodeJS.ErrnoException) => {
        throw new Error(cannotListen(name, address, port, error));
      },
    );
    listening.push(server);
    return server;
  };
  const ports = portsFrom(options.portBase, options.tls === undefined ? usualPorts : usualWithTls);
  try {
    if (options.stateDir !== undefined) journal = await openJournal(stateDir.path, log);
    const release = releases[releaseOf(journal, stateDir.path, options.release)];
    const tls = options.tls === 'own' ? await ownCertificate(stateDir.path, namesOf(host)) : options.tls;
    // Each service has one line here, and one in life.ts. INDIGO's Mesos speaks no TLS.
    const servers = {
      marathon: await open('Marathon', host, ports.marathon, tls),
      chronos: await open('Chronos', host, ports.chronos, tls),
      master: await open('the Mesos master', host, ports.master),
      orchestrator: await open('the Orchestrator', host, ports.orchestrator, tls),
      agents: [] as Listening[],
    };
    for (let n = 0; n < (options.agents ?? 1); n++) {
      const address = isOpen(host) ? host : agentPlace(n, options.agents ?? 1).address;
      servers.agents.push(await open(`Mesos agent ${n + 1}`, address, ports.agent === 0 ? 0 : ports.agent + n));
    }
    const begin = () => {
      const clock = systemClock({
        rate: options.clockRate ?? 1,
        from: Number(journal.read('cluster').get('time') ?? 0),
        onError: error => log(`timer: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
        log,
      });
      return startLife({ options, release, clock, stateDir: stateDir.path, journal, servers, reset, log });
    };
    let stopped: Promise<void> | undefined;
    let resetting: Promise<void> = Promise.resolve();
    let finish: () => void = () => {};
    const done = new Promise<void>(resolve => {
      finish = resolve;
    });
    const endLife = async () => {
      for (const server of listening) server.serve(undefined);
      await life.end();
    };
    const renew = async () => {
      if (stopped !== undefined) return;
      await endLife();
      await journal.clear();
      journal.put('cluster', 'release', release.name);
      await stateDir.empty();
      life = await begin();
    };
    const reset = (): Promise<void> => {
      resetting = resetting.catch(() => {}).then(renew);
      return resetting;
    };
    const stop = async () => {
      await resetting.catch(() => {});
      journal.put('cluster', 'time', options.clockRate === undefined ? undefined : life.now());
      await endLife();
      await Promise.all(listening.map(server => server.close()));
      await journal.close();
      await stateDir.release();
      finish();
    };
    let life: Life = await begin();
    return {
      release: release.name,
      marathon: servers.marathon.url,
      chronos: servers.chronos.url,
      mesos: servers.master.url,
      orchestrator: servers.orchestrator.url,
      get virtualHosts() {
        return life.virtualHosts;
      },
      ...(tls === undefined ? {} : { certificate: tls.cert }),
      stateDir: stateDir.path,
      reset,
      stop: () => {
        stopped ??= stop();
        return stopped;
      },
      done,
    };
  } catch (error) {
    await Promise.all(listening.map(server => server.close()));
    await journal.close();
    await stateDir.release();
    throw error;
  }
}

/** What a certificate must name: all by which somebody may call. */
const namesOf = (host: string): readonly string[] => [
  ...['localhost', '127.0.0.1', '::1'],
  ...(isOpen(host) ? [os.hostname(), ...(net.isIP(host) > 0 ? ownAddresses(host) : [host])] : []),
];

const ownAddresses = (host: string): readonly string[] =>
  host !== '0.0.0.0' && host !== '::'
    ? [host]
    : Object.values(os.networkInterfaces()).flatMap(all =>
        (all ?? []).filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address),
      );

/** A state folder belongs to the release that it was first used with: what the releases keep differs. */
function releaseOf(journal: Journal, folder: string, wanted: Release | undefined): Release {
  const kept = journal.read('cluster').get('release') as Release | undefined;
  if (kept !== undefined && wanted !== undefined && kept !== wanted) {
    throw new Error(
      `The state folder ${folder} holds a cluster of release ${kept}, not ${wanted}: leave out --release, or name another folder.`,
    );
  }
  const release = kept ?? wanted ?? 'deep_1';
  if (kept === undefined) journal.put('cluster', 'release', release);
  return release;
}

function cannotListen(name: string, address: string, port: number, error: NodeJS.ErrnoException): string {
  if (error.code === 'EADDRINUSE') {
    return `Port ${port} for ${name} is taken by another program: stop that, or choose other ports with --port-base (0 takes free ones).`;
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return `${address} is no address of this machine: name one of its own with --listen, or 0.0.0.0 for all.`;
  }
  return `Cannot listen on port ${port} for ${name}: ${error.message}.`;
}
