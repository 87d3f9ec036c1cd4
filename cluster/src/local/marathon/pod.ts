// A pod as it is kept: several containers that run together on one agent. How it is read is in read-pod.ts, how it is answered in
// answer-pod.ts. Facts: marathon v1.4.1 and v1.5.6 core/pod/PodDefinition.scala, docs/docs/rest-api/public/api/v2/types/pod*.raml.
import type { EnvValue, HealthCheck, Network } from './app.ts';
import type { RunSpec, RunSpecFields } from './run-spec.ts';

export interface Resources {
  readonly cpus: number;
  readonly mem: number;
  readonly disk: number;
  readonly gpus: number;
}

export interface Endpoint {
  readonly name: string;
  readonly containerPort?: number;
  /** 0: any. Absent: none. */
  readonly hostPort?: number;
  readonly protocol: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

export interface Artifact {
  readonly uri: string;
  readonly extract: boolean;
  readonly executable: boolean;
  readonly cache: boolean;
  readonly destPath?: string;
}

export type PodCommand = { readonly shell: string } | { readonly argv: readonly string[] };

/** One of `http`, `tcp` and `exec`. */
export interface PodHealthCheck {
  readonly http?: { readonly endpoint: string; readonly path?: string; readonly scheme: string };
  readonly tcp?: { readonly endpoint: string };
  readonly exec?: { readonly command: PodCommand };
  readonly gracePeriodSeconds: number;
  readonly intervalSeconds: number;
  readonly maxConsecutiveFailures: number;
  readonly timeoutSeconds: number;
  readonly delaySeconds: number;
}

export interface PodContainer {
  readonly name: string;
  readonly exec?: { readonly command: PodCommand; readonly overrideEntrypoint?: boolean };
  readonly resources: Resources;
  readonly endpoints: readonly Endpoint[];
  readonly image?: { readonly kind: string; readonly id: string; readonly forcePull?: boolean };
  readonly environment: Readonly<Record<string, EnvValue>>;
  readonly user?: string;
  readonly healthCheck?: PodHealthCheck;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly artifacts: readonly Artifact[];
  readonly labels: Readonly<Record<string, string>>;
  readonly lifecycle?: { readonly killGracePeriodSeconds?: number };
}

export interface Pod extends RunSpecFields {
  readonly containers: readonly [PodContainer, ...PodContainer[]];
  readonly networks: readonly Network[];
  /** Without `host`: as long as the instance lives. */
  readonly volumes: readonly { readonly name: string; readonly host?: string }[];
  readonly environment: Readonly<Record<string, EnvValue>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, { readonly source: string }>>;
  readonly user?: string;
  readonly executorResources: Omit<Resources, 'gpus'>;
}

export const isPod = (spec: RunSpec): spec is Pod => 'containers' in spec;

export const defaultExecutorResources: Pod['executorResources'] = { cpus: 0.1, mem: 32, disk: 10 };

/** What all containers and their executor take together. */
export function podResources(
  containers: readonly Pick<PodContainer, 'resources'>[],
  executor: Pod['executorResources'],
): Resources {
  const sum = (name: keyof Resources) => containers.reduce((all, { resources }) => all + resources[name], 0);
  const exact = (value: number) => Math.round(value * 1000) / 1000;
  return {
    cpus: exact(executor.cpus + sum('cpus')),
    mem: exact(executor.mem + sum('mem')),
    disk: exact(executor.disk + sum('disk')),
    gpus: sum('gpus'),
  };
}

/** The same as the check that a Mesos-level check of an app would be. */
export function healthCheckOf({ http, tcp, exec, ...times }: PodHealthCheck): HealthCheck {
  const rest = { ...times, ignoreHttp1xx: false };
  if (http !== undefined) {
    return { ...rest, protocol: `MESOS_${http.scheme}`, ...(http.path === undefined ? {} : { path: http.path }) };
  }
  if (tcp !== undefined) return { ...rest, protocol: 'MESOS_TCP' };
  const command = exec?.command;
  const value = command === undefined ? '' : 'shell' in command ? command.shell : quoted(command.argv);
  return { ...rest, protocol: 'COMMAND', command: { value } };
}

/** Arguments as one line for the shell. */
const quoted = (argv: readonly string[]): string =>
  argv.map(arg => `'${arg.replaceAll("'", String.raw`'\''`)}'`).join(' ');
