// `tosca-mesos local`: runs the embedded cluster in the foreground until it is told to stop. The cluster is cluster/src/local.
import os from 'node:os';
import { parseArgs } from 'node:util';
import { executorKinds } from '../../cluster/src/local/executors/open.ts';
import { defaultSize } from '../../cluster/src/local/life.ts';
import { featureNames } from '../../cluster/src/local/marathon/features.ts';
import type { Language } from '../../cluster/src/local/orchestrator/language.ts';
import { loadBalancerKinds } from '../../cluster/src/local/reach/load-balancer.ts';
import { type LocalClusterOptions, startLocalCluster, usualPorts } from '../../cluster/src/local/start.ts';
import { readLocalAddress, removeLocalAddress, writeLocalAddress } from '../../cluster/src/local-address.ts';
import type { Release } from '../../protocol/src/plan.ts';
import { switchAgent } from './agents.ts';
import { startInBackground, stopRunning } from './background.ts';
import type { Command, Terminal } from './main.ts';

const releases: readonly Release[] = ['indigo_1', 'indigo_2', 'deep_1'];

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
  --state DIR      where the agents keep sandboxes; a temporary folder, removed at the end, when not given
  --executor E     process runs the commands of apps and jobs on this machine as they stand, without their images; docker runs
                   images in a Docker or Podman engine, and what has none as process does; stand-in runs nothing, and answers
                   on the tasks' ports; auto, when not given, takes for each task the first of docker, process and stand-in
                   that can run it
  --load-balancer L
                   who answers on the apps' service ports, as marathon-lb does: builtin, when not given; haproxy, where it is
                   installed, with the apps' HAPROXY_* labels whole; or none
  --http-port N    where the load balancer serves HTTP virtual hosts; 8088, or with --port-base a free port
  --detach         runs in the background: prints the line when it is ready, and leaves the cluster running
  --stop           stops the one that runs, wherever it was started
  --agent-down N   takes the N-th agent of the one that runs away, with its tasks, as if its machine had gone; --agent-up N lets it
                   come back
  --help           this text

Exit codes: 0 stopped as told (with --detach: runs), 1 does not stop, 2 could not start.
`;

export const run: Command = async (args, terminal) => {
  if (args.length === 1 && args[0] === '--stop') return stopRunning(terminal);
  const switched = await switchAgent(args, terminal);
  if (switched !== undefined) return switched;
  const own = args.filter(argument => argument !== '--detach');
  const options = readOptions(own);
  if (options === 'help') {
    terminal.stdout(usage());
    return 0;
  }
  if (typeof options === 'string') {
    terminal.stderr(`${options}\n`);
    return 2;
  }
  if (own.length < args.length) {
    terminal.stdout(`${await startInBackground(own, terminal.env)}\n`);
    return 0;
  }
  const log = (line: string) => terminal.stderr(`${line}\n`);
  const language = languageWhenAsked(options.release ?? 'deep_1', terminal.env);
  const cluster = await startLocalCluster({ ...options, language, log });
  const { marathon, chronos, mesos, orchestrator, release } = cluster;
  const ready = { marathon, chronos, mesos, orchestrator, pid: process.pid };
  const other = await readLocalAddress();
  // Others find the cluster by this file; without it it still runs.
  if (other === undefined) {
    await writeLocalAddress({ ...ready, release }).catch((error: unknown) =>
      log(`The cluster's address cannot be noted: ${String(error)}`),
    );
  } else log(`Another local cluster runs already (process ${other.pid}): "local" goes on meaning that one.`);
  terminal.stdout(`${JSON.stringify(ready)}\n`);
  if (cluster.virtualHosts !== undefined) log(`Virtual hosts answer on ${cluster.virtualHosts}.`);
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

/** The language is the greater part of the program: it is loaded when the first template comes. */
function languageWhenAsked(release: Release, env: Terminal['env']): Language {
  let opened: Promise<Language> | undefined;
  return {
    async read(...template) {
      opened ??= import('./language.ts').then(({ openLanguage }) => openLanguage(release, {}, env));
      return (await opened).read(...template);
    },
  };
}

/** The options, `help`, or one sentence that says what is wrong with them. */
function readOptions(args: readonly string[]): LocalClusterOptions | string {
  const text = { type: 'string' } as const;
  const texts = { type: 'string', multiple: true } as const;
  let values: Partial<Record<string, string | boolean | string[]>>;
  try {
    values = parseArgs({
      args: [...args],
      options: {
        ...{
          release: text,
          agents: text,
          cpus: text,
          mem: text,
          gpus: text,
          'port-base': text,
          state: text,
          executor: text,
          'enable-features': text,
          resources: texts,
          attributes: texts,
          'mesos-role': text,
          'load-balancer': text,
          'http-port': text,
        },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)} See tosca-mesos local --help.`;
  }
  if (values.help === true) return 'help';
  const release = releases.find(each => each === values.release);
  if (values.release !== undefined && release === undefined)
    return `There is no release "${values.release}": ${releases.join(', ')}.`;
  const executor = executorKinds.find(each => each === values.executor);
  if (values.executor !== undefined && executor === undefined)
    return `There is no executor "${values.executor}": ${executorKinds.join(', ')}.`;
  const wanted = values['enable-features'] === undefined ? [] : String(values['enable-features']).split(',');
  const features = featureNames.filter(each => wanted.includes(each));
  const unknown = wanted.find(each => !featureNames.some(name => name === each));
  if (unknown !== undefined) return `Marathon has no feature "${unknown}": ${featureNames.join(', ')}.`;
  const loadBalancer = loadBalancerKinds.find(each => each === values['load-balancer']);
  if (values['load-balancer'] !== undefined && loadBalancer === undefined)
    return `There is no load balancer "${values['load-balancer']}": ${loadBalancerKinds.join(', ')}.`;
  const numbers: Record<string, number> = {};
  for (const [name, least, most, whole] of limits) {
    const given = values[name];
    if (given === undefined) continue;
    const value = Number(given);
    if (
      given === '' ||
      !Number.isFinite(value) ||
      value < least ||
      value > most ||
      (whole && !Number.isInteger(value))
    ) {
      return `--${name} wants a ${whole ? 'whole ' : ''}number from ${least} to ${most}, not "${given}".`;
    }
    numbers[name] = value;
  }
  const { agents, cpus, mem, gpus, 'port-base': portBase, 'http-port': httpPort } = numbers;
  if (portBase !== undefined && portBase + 4 + (agents ?? 1) > 65_536)
    return `--port-base ${portBase} leaves no room for the ports after it.`;
  return {
    ...(release === undefined ? {} : { release }),
    ...(executor === undefined ? {} : { executor }),
    ...(features.length === 0 ? {} : { marathonFeatures: features }),
    ...(loadBalancer === undefined ? {} : { loadBalancer }),
    ...(httpPort === undefined ? {} : { httpPort }),
    ...(agents === undefined ? {} : { agents }),
    ...(cpus === undefined ? {} : { cpus }),
    ...(mem === undefined ? {} : { mem }),
    ...(gpus === undefined ? {} : { gpus }),
    ...(portBase === undefined ? {} : { portBase }),
    ...(Array.isArray(values.resources) ? { resources: values.resources } : {}),
    ...(Array.isArray(values.attributes) ? { attributes: values.attributes } : {}),
    ...(typeof values['mesos-role'] === 'string' ? { mesosRole: values['mesos-role'] } : {}),
    ...(typeof values.state === 'string' ? { stateDir: values.state.replace(/^~(?=\/|$)/, os.homedir()) } : {}),
  };
}

/** Name, least, most, whether whole. */
const limits: readonly (readonly [string, number, number, boolean])[] = [
  ['agents', 1, 100, true],
  ['cpus', 0.01, 10_000, false],
  ['mem', 1, 100_000_000, false],
  ['gpus', 0, 1000, true],
  ['port-base', 0, 65_000, true],
  ['http-port', 0, 65_535, true],
];
