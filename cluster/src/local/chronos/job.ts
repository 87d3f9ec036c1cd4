// A Chronos job, and how the release reads it from JSON. How it is written is in answer-job.ts.
// Facts: chronos 2.4.0 and v3.0.2 utils/JobDeserializer.scala; the GPU build of INDIGO.
import type { DockerNetwork } from '../mesos/container.ts';
import type { ReleaseParts } from '../release.ts';

export interface Job {
  readonly name: string;
  readonly command: string;
  readonly shell: boolean;
  /** 2.4.0 */
  readonly epsilon: string;
  readonly executor: string;
  readonly executorFlags: string;
  /** 3.0.2 */
  readonly taskInfoData: string;
  readonly retries: number;
  readonly owner: string;
  readonly ownerName: string;
  readonly description: string;
  /** 2.4.0 */
  readonly async: boolean;
  readonly successCount: number;
  readonly errorCount: number;
  /** ISO 8601, or empty. */
  readonly lastSuccess: string;
  readonly lastError: string;
  readonly cpus: number;
  readonly disk: number;
  readonly mem: number;
  /** GPU build. */
  readonly gpus: number;
  readonly disabled: boolean;
  readonly softError: boolean;
  readonly dataProcessingJobType: boolean;
  readonly errorsSinceLastSuccess: number;
  readonly fetch: readonly Fetch[];
  readonly uris: readonly string[];
  readonly environmentVariables: readonly { readonly name: string; readonly value: string }[];
  readonly arguments: readonly string[];
  readonly highPriority: boolean;
  readonly runAsUser: string;
  /** 3.0.2 */
  readonly concurrent: boolean;
  /** GPU build, seconds. */
  readonly maxCompletionTime: number;
  readonly container?: Container;
  readonly constraints: readonly (readonly [string, string, string])[];
  readonly trigger: Trigger;
}

export type Trigger =
  | { readonly parents: readonly string[] }
  | { readonly schedule: string; readonly scheduleTimeZone: string };

export interface Fetch {
  readonly uri: string;
  readonly executable: boolean;
  readonly cache: boolean;
  readonly extract: boolean;
  readonly output_file: string;
}

export interface Container {
  readonly type: 'DOCKER' | 'MESOS';
  readonly image: string;
  readonly network: DockerNetwork;
  readonly networkName: string;
  readonly networkInfos: readonly Members[];
  readonly volumes: readonly Members[];
  readonly forcePullImage: boolean;
  readonly parameters: readonly { readonly key: string; readonly value: string }[];
}

export type Members = Readonly<Record<string, unknown>>;

/** The body cannot be decoded: Chronos answers 500 with its container's page. */
export class Undecodable extends Error {}

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// How Jackson turns any JSON into what is asked for: null is not as if absent.
const asText = (value: unknown): string => (value === null || typeof value !== 'object' ? String(value) : '');
const asBoolean = (value: unknown): boolean =>
  value === true || value === 'true' || (typeof value === 'number' && value !== 0);
const asNumber = (value: unknown): number => {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : 0;
};
const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Reads a body; `now` (ISO 8601) is the start of a job that has neither schedule nor parents. */
export function readJob(body: string, release: ReleaseParts, now: string): Job {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (error) {
    throw new Undecodable(error instanceof Error ? error.message : String(error));
  }
  if (!isObject(json)) throw new Undecodable('The body is no JSON object');
  const newer = release.chronos === '3.0.2';
  const has = (key: string) => json[key] !== undefined;
  const text = (key: string, fallback = '') => (has(key) ? asText(json[key]) : fallback);
  const boolean = (key: string, fallback = false) => (has(key) ? asBoolean(json[key]) : fallback);
  const integer = (key: string, fallback = 0) => (has(key) ? Math.trunc(asNumber(json[key])) : fallback);
  const resource = (key: string, fallback: number) => asNumber(json[key]) || fallback;
  if (!has('name')) throw new Undecodable('name is missing');
  if (!newer && !has('command')) throw new Undecodable('command is missing');
  const trigger = readTrigger(json, newer, now);
  const container = readContainer(json.container, newer);
  const isOnce = newer && !has('parents') && !has('schedule');
  return {
    name: text('name'),
    command: text('command'),
    shell: boolean('shell', true),
    epsilon: text('epsilon', 'PT60S'),
    executor: text('executor'),
    executorFlags: text('executorFlags'),
    taskInfoData: text('taskInfoData'),
    retries: integer('retries', 2),
    owner: text('owner'),
    ownerName: text('ownerName'),
    description: text('description'),
    async: boolean('async'),
    successCount: integer('successCount'),
    errorCount: integer('errorCount'),
    lastSuccess: text('lastSuccess'),
    lastError: text('lastError'),
    cpus: resource('cpus', 0.1),
    disk: resource('disk', 256),
    mem: resource('mem', 128),
    gpus: release.gpuJobs ? Math.trunc(resource('gpus', 0)) : 0,
    disabled: boolean('disabled'),
    softError: boolean('softError'),
    dataProcessingJobType: boolean('dataProcessingJobType'),
    errorsSinceLastSuccess: integer('errorsSinceLastSuccess'),
    fetch: newer ? asList(json.fetch).map(readFetch) : [],
    uris: asList(json.uris).map(asText),
    environmentVariables: asList(json.environmentVariables).map(variable => {
      if (!isObject(variable) || variable.name === undefined || variable.value === undefined) {
        throw new Undecodable('An environment variable needs name and value');
      }
      return { name: asText(variable.name), value: asText(variable.value) };
    }),
    arguments: asList(json.arguments).map(asText),
    highPriority: boolean('highPriority'),
    runAsUser: text('runAsUser', 'root'),
    concurrent: newer && !isOnce && boolean('concurrent'),
    maxCompletionTime: release.gpuJobs ? integer('maxCompletionTime') : 0,
    ...(container === undefined ? {} : { container }),
    constraints: asList(json.constraints).flatMap(constraint => readConstraint(constraint, newer)),
    trigger,
  };
}

/** With parents it is a dependent job, whatever else it has; with neither it runs once, now. */
function readTrigger(json: Members, newer: boolean, now: string): Trigger {
  if (json.parents !== undefined) return { parents: [...new Set(asList(json.parents).map(asText))] };
  const scheduleTimeZone = json.scheduleTimeZone === undefined ? '' : asText(json.scheduleTimeZone);
  if (json.schedule !== undefined) return { schedule: asText(json.schedule), scheduleTimeZone };
  return { schedule: newer ? `R1/${now}/PT24H` : 'R1//PT24H', scheduleTimeZone };
}

function readFetch(value: unknown): Fetch {
  if (!isObject(value) || value.uri === undefined) throw new Undecodable('An entry of fetch needs a uri');
  return {
    uri: asText(value.uri),
    executable: asBoolean(value.executable ?? false),
    cache: asBoolean(value.cache ?? false),
    extract: value.extract === undefined || asBoolean(value.extract),
    output_file: value.output_file === undefined ? '' : asText(value.output_file),
  };
}

/** Operators that the release does not know are dropped without a word. */
function readConstraint(value: unknown, newer: boolean): [string, string, string][] {
  const [attribute, operator, wanted] = asList(value).map(asText);
  const known = operator === 'EQUALS' || operator === 'LIKE' || (newer && operator === 'UNLIKE');
  return attribute !== undefined && wanted !== undefined && known ? [[attribute, operator, wanted]] : [];
}

function readContainer(value: unknown, newer: boolean): Container | undefined {
  if (value === undefined || (newer && value === null)) return undefined;
  if (!isObject(value) || value.image === undefined) {
    if (newer) return undefined;
    throw new Undecodable('container.image is missing');
  }
  const type = newer && value.type !== undefined ? asText(value.type).toUpperCase() : 'DOCKER';
  if (type !== 'DOCKER' && type !== 'MESOS') throw new Undecodable(`Unknown container type ${type}`);
  const network = value.network === undefined ? 'HOST' : asText(value.network);
  if (network !== 'BRIDGE' && network !== 'HOST' && network !== (newer ? 'USER' : 'NONE'))
    throw new Undecodable(`Unknown network ${network}`);
  return {
    type,
    image: asText(value.image),
    network,
    networkName: value.networkName === undefined ? '' : asText(value.networkName),
    networkInfos: newer ? asList(value.networkInfos).filter(isObject).map(readNetworkInfo) : [],
    volumes: asList(value.volumes)
      .filter(isObject)
      .map(volume => readVolume(volume, newer)),
    forcePullImage: asBoolean(value.forcePullImage ?? false),
    parameters: newer
      ? asList(value.parameters)
          .filter(isObject)
          .map(({ key, value: given }) => ({ key: asText(key), value: asText(given) }))
      : [],
  };
}

function readVolume(volume: Members, newer: boolean): Members {
  const mode = volume.mode === undefined ? undefined : asText(volume.mode).toUpperCase();
  if (mode !== undefined && mode !== 'RO' && mode !== 'RW') throw new Undecodable(`Unknown volume mode ${mode}`);
  return {
    ...(volume.hostPath === undefined ? {} : { hostPath: asText(volume.hostPath) }),
    containerPath: asText(volume.containerPath ?? ''),
    ...(mode === undefined ? {} : { mode }),
    ...(newer && isObject(volume.external) ? { external: volume.external } : {}),
  };
}

/** Ports are read as numbers and returned as text. */
function readNetworkInfo(info: Members): Members {
  return {
    name: asText(info.name ?? ''),
    ...(info.protocol === undefined ? {} : { protocol: asText(info.protocol) }),
    labels: asList(info.labels)
      .filter(isObject)
      .map(({ key, value }) => ({ key: asText(key), value: asText(value) })),
    portMappings: asList(info.portMappings)
      .filter(isObject)
      .map(({ hostPort, containerPort, protocol }) => ({
        hostPort: String(asNumber(hostPort)),
        containerPort: String(asNumber(containerPort)),
        ...(protocol === undefined ? {} : { protocol: asText(protocol) }),
      })),
  };
}

export const parentsOf = ({ trigger }: Job): readonly string[] | undefined =>
  'parents' in trigger ? trigger.parents : undefined;

export const scheduleOf = ({
  trigger,
}: Job): { readonly schedule: string; readonly scheduleTimeZone: string } | undefined =>
  'schedule' in trigger ? trigger : undefined;

/** `fresh`, or the newer of the last success and the last error. */
export function lastState({ lastSuccess, lastError }: Job): 'fresh' | 'success' | 'failure' {
  if (lastSuccess === '' && lastError === '') return 'fresh';
  if (lastError === '') return 'success';
  if (lastSuccess === '') return 'failure';
  return Date.parse(lastSuccess) > Date.parse(lastError) ? 'success' : 'failure';
}
