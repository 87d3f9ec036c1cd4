// `tosca-mesos local`: runs the embedded cluster in the foreground until it is told to stop. The cluster is cluster/src/local.
import { appendFileSync } from 'node:fs';
import { certificateFile } from '../../cluster/src/local/certificate.ts';
import { isOpen } from '../../cluster/src/local/hosts.ts';
import { defaultSize, localVolumesIn } from '../../cluster/src/local/life.ts';
import { featureNames } from '../../cluster/src/local/marathon/features.ts';
import type { Language } from '../../cluster/src/local/orchestrator/language.ts';
import { type LocalCluster, startLocalCluster, usualPorts } from '../../cluster/src/local/start.ts';
import { readLocalAddress, removeLocalAddress, writeLocalAddress } from '../../cluster/src/local-address.ts';
import type { Release } from '../../protocol/src/plan.ts';
import { switchAgent } from './agents.ts';
import { startInBackground, stopRunning } from './background.ts';
import { type CommandOptions, readOptions } from './local-options.ts';
import type { Command, Terminal } from './main.ts';
import { resetRunning, showRunning } from './running.ts';

const usage = () => `Usage: tosca-mesos local [OPTIONS]

Runs a Mesos with Marathon, Chronos and an Orchestrator on this machine, for one developer, on loopback only. When it is ready it prints
one line, {"marathon": URL, "chronos": URL, "mesos": URL, "orchestrator": URL, "pid": N}, on standard output. It stops, with all its
tasks, on SIGTERM and SIGINT.

  --release R      indigo_1 (Mesos 0.28.0, Marathon 1.1.1, Chronos 2.4.0), indigo_2 (1.1.0, 1.4.1, 3.0.2) or
                   deep_1 (1.5.0, 1.5.6, 3.0.2 with GPUs); deep_1 when not given
  --agents N       how many agents; 1
  --cpus N         what each agent offers; ${defaultSize().cpus} here. These are figures to schedule by: nothing holds a task to them
  --mem MB         MiB of memory that each agent offers; ${defaultSize().mem} here
  --gpus N         GPUs that each agent offers; 0
  --enable-features LIST
                   what Marathon is started with, joined by commas: ${featureNames.join(', ')}; GPUs bring
                   gpu_resources
  --resources T    what an agent offers, as Mesos's own flag: "cpus:4;mem:8192;cpus(dev):2;ports:[31000-31999]"; what is not named is
                   as above. Once for each agent; the last one holds for those that follow
  --attributes T   its attributes, as "rack:a;ssd:1"; once for each agent as well
  --mesos-role R   the role with which Marathon registers: it is offered what is reserved for it, and what is for all
  --port-base N    Marathon answers on port N, Chronos on N+1, the Mesos master on N+2, the Orchestrator on N+3, the
                   agents from N+4 on; 0 takes free ports. When not given: Marathon ${usualPorts.marathon}, Chronos ${usualPorts.chronos}, Mesos ${usualPorts.master},
                   Orchestrator ${usualPorts.orchestrator}, agents from ${usualPorts.agent} on
  --state DIR      a folder in which everything is kept, for the next start with it to go on with: apps, jobs, deployments, ids,
                   sandboxes. When not given nothing is kept
  --executor E     process runs the commands of apps and jobs on this machine as they stand, without their images; docker runs
                   images in a Docker or Podman engine, and what has none as process does; stand-in runs nothing, and answers
                   on the tasks' ports; auto, when not given, takes for each task the first of docker, process and stand-in
                   that can run it
  --load-balancer L
                   who answers on the apps' service ports, as marathon-lb does: builtin, when not given; haproxy, where it is
                   installed, with the apps' HAPROXY_* labels whole; or none
  --http-port N    where the load balancer serves HTTP virtual hosts; 8088, or with --port-base a free port
  --credentials USER:PASSWORD
                   Marathon, Chronos, the Orchestrator and the Mesos master ask for them (HTTP Basic). Better from a file that
                   only you can read, --credentials-file FILE, or from the variable TOSCA_MESOS_LOCAL_CREDENTIALS
  --tls            Marathon (port 8443), Chronos (4443) and the Orchestrator speak HTTPS, with a certificate made for this, or with
                   yours: --tls-cert FILE --tls-key FILE
  --listen A       the address on which everything listens, 0.0.0.0 for all; 127.0.0.1 when not given. Whoever can reach it can
                   run commands as you
  --clock-rate N   time runs N times as fast: schedules, back-offs, health checks
  --log FILE       what it has to say goes to this file, not to standard error. With --detach, when not given: local.log in the
                   state folder, or beside the file that says where the cluster is
  --detach         runs in the background: prints the line when it is ready, and leaves the cluster running
  --status         says what runs, where and since when
  --reset          takes everything from the one that runs: apps, jobs, deployments, sandboxes. It goes on at the same addresses
  --stop           stops the one that runs, wherever it was started
  --agent-down N   takes the N-th agent of the one that runs away, with its tasks, as if its machine had gone; --agent-up N lets it
                   come back
  --help           this text

Exit codes: 0 stopped as told (with --detach: runs), 1 does not stop, 2 could not start. Of --status: 0 runs, 1 does not answer, 3 does
not run. Of --reset: 0 done, 1 could not, 3 does not run.
`;

export const run: Command = async (args, terminal) => {
  if (args.length === 1 && args[0] === '--stop') return stopRunning(terminal);
  if (args.length === 1 && args[0] === '--status') return showRunning(terminal);
  if (args.length === 1 && args[0] === '--reset') return resetRunning(terminal);
  const switched = await switchAgent(args, terminal);
  if (switched !== undefined) return switched;
  const options = readOptions(args, terminal.env);
  if (options === 'help') {
    terminal.stdout(usage());
    return 0;
  }
  if (typeof options === 'string') {
    terminal.stderr(`${options}\n`);
    return 2;
  }
  if (options.detach) {
    terminal.stdout(`${await startInBackground(args, options, terminal)}\n`);
    return 0;
  }
  // It overwrites the arguments, of which one may be the password: `ps` does not show it for long.
  if (options.credentials !== undefined) process.title = 'tosca-mesos local';
  const log = logOf(options, terminal);
  let release: Release = 'deep_1';
  const language = languageWhenAsked(() => release, terminal.env);
  const cluster = await startLocalCluster({ ...options, language, log });
  ({ release } = cluster);
  const { marathon, chronos, mesos, orchestrator } = cluster;
  const ready = { marathon, chronos, mesos, orchestrator, pid: process.pid };
  const other = await readLocalAddress();
  // Others find the cluster by this file; without it it still runs.
  if (other === undefined) {
    await writeLocalAddress({ ...ready, ...about(cluster, options) }).catch((error: unknown) =>
      log(`The cluster's address cannot be noted: ${String(error)}`),
    );
  } else log(`Another local cluster runs already (process ${other.pid}): "local" goes on meaning that one.`);
  terminal.stdout(`${JSON.stringify(ready)}\n`);
  if (cluster.virtualHosts !== undefined) log(`Virtual hosts answer on ${cluster.virtualHosts}.`);
  if (options.tls === 'own')
    log(`Clients that should trust it need the certificate ${certificateFile(cluster.stateDir)}.`);
  if (options.listen !== undefined && isOpen(options.listen)) {
    log(`Warning: it listens on ${options.listen}, and whoever can reach it there can run commands as you.`);
    if (options.credentials === undefined) log('Warning: nobody is asked for a password: see --credentials.');
  }
  log(`The local cluster (${release}) runs; its sandboxes are below ${cluster.stateDir}.`);
  if (!terminal.signal.aborted) {
    await new Promise<void>(resolve => {
      terminal.signal.addEventListener('abort', () => resolve(), { once: true });
      // Whoever started it over an IPC channel, as an editor does, is gone, however it ended.
      process.once('disconnect', resolve);
      process.channel?.unref();
    });
  }
  await removeLocalAddress(process.pid).catch(() => {});
  await cluster.stop();
  return 0;
};

/** Where lines go: to a file where one is named, else to standard error. */
function logOf({ logFile }: CommandOptions, terminal: Terminal): (line: string) => void {
  if (logFile === undefined) return line => terminal.stderr(`${line}\n`);
  return line => {
    try {
      appendFileSync(logFile, `${new Date().toISOString()} ${line}\n`, { mode: 0o600 });
    } catch {
      // A disk that is full must not end the cluster.
    }
  };
}

/** What the address file says beside the addresses. */
const about = ({ release, stateDir, certificate }: LocalCluster, options: CommandOptions) => ({
  release,
  stateDir,
  startedAt: new Date().toISOString(),
  executor: options.executor ?? 'auto',
  ...(options.loadBalancer === 'none' ? {} : { loadBalancerIps: ['127.0.0.1'] }),
  localVolumesHostBasePath: localVolumesIn(stateDir),
  ...(options.logFile === undefined ? {} : { log: options.logFile }),
  ...(options.credentials === undefined && certificate === undefined
    ? {}
    : {
        access: {
          ...(options.credentials === undefined ? {} : { login: options.credentials }),
          ...(certificate === undefined ? {} : { certificate }),
        },
      }),
});

/** The language is the greater part of the program: it is loaded when the first template comes. */
function languageWhenAsked(release: () => Release, env: Terminal['env']): Language {
  let opened: Promise<Language> | undefined;
  return {
    async read(...template) {
      opened ??= import('./language.ts').then(({ openLanguage }) => openLanguage(release(), {}, env));
      return (await opened).read(...template);
    },
  };
}
