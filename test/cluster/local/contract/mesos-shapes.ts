// What the answers of Mesos look like, by release: shared by the contracts of master and agent.
import type { Release } from '../../../../protocol/src/plan.ts';
import type { Reply, Send, TestCluster } from '../local.ts';
import {
  anything,
  boolean,
  type Contract,
  exactly,
  having,
  integer,
  list,
  mapOf,
  matching,
  number,
  object,
  type Schema,
  string,
} from './contract.ts';

const versions = { indigo_1: '0.28.0', indigo_2: '1.1.0', deep_1: '1.5.0' } as const;
const order: readonly Release[] = ['indigo_1', 'indigo_2', 'deep_1'];

/** Members that the newer releases have: all from 1.1 on, or 1.5 alone. */
const from = (release: Release, first: Release, members: Record<string, Schema>): Record<string, Schema> =>
  order.indexOf(release) >= order.indexOf(first) ? members : {};

export const since = (first: Release): { in: readonly Release[] } => ({ in: order.slice(order.indexOf(first)) });
export const before = (first: Release): { in: readonly Release[] } => ({ in: order.slice(0, order.indexOf(first)) });

export const empty: Schema = { type: 'string', maxLength: 0 };
export const id = having({ value: string });
const uuid = matching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
export const ranges = matching(/^\[\d+-\d+(, \d+-\d+)*\]$/);

export const build = (release: Release): Record<string, Schema> => ({
  version: exactly(versions[release]),
  build_date: string,
  build_time: number,
  build_user: string,
});

export const resources = (release: Release): Schema =>
  object({
    cpus: number,
    mem: number,
    disk: number,
    ...from(release, 'indigo_2', { gpus: number }),
    'ports?': ranges,
  });

/** A Resource message. */
export const resource: Schema = {
  oneOf: [
    object({ name: string, type: exactly('SCALAR'), scalar: object({ value: number }), role: string }),
    object({
      name: exactly('ports'),
      type: exactly('RANGES'),
      ranges: object({ range: list(object({ begin: integer, end: integer })) }),
      role: string,
    }),
  ],
};

/** An agent as the master shows it; `full` as in /slaves. */
export const slave = (release: Release, full: boolean, more: Record<string, Schema> = {}): Schema =>
  object({
    id: matching(/-S\d+$/),
    hostname: string,
    ...from(release, 'deep_1', { port: integer, capabilities: list(string) }),
    attributes: mapOf({ type: ['string', 'number'] }),
    pid: matching(/^slave\(1\)@[\d.]+:\d+$/),
    registered_time: number,
    'reregistered_time?': number,
    resources: resources(release),
    used_resources: resources(release),
    offered_resources: resources(release),
    reserved_resources: mapOf(resources(release)),
    unreserved_resources: resources(release),
    active: boolean,
    version: exactly(versions[release]),
    ...(full
      ? {
          reserved_resources_full: mapOf(list(resource)),
          used_resources_full: list(resource),
          offered_resources_full: list(resource),
          ...from(release, 'deep_1', { unreserved_resources_full: list(resource) }),
        }
      : {}),
    ...more,
  });

export const task = (release: Release): Schema =>
  object({
    id: string,
    name: string,
    framework_id: string,
    executor_id: string,
    slave_id: string,
    state: matching(/^TASK_[A-Z_]+$/),
    resources: resources(release),
    ...from(release, 'deep_1', { role: string }),
    statuses: list(
      object({
        state: matching(/^TASK_[A-Z_]+$/),
        timestamp: number,
        'healthy?': boolean,
        container_status: object({
          ...from(release, 'deep_1', { container_id: object({ value: uuid }) }),
          network_infos: list(having({ ip_addresses: list(having({ ip_address: string })) })),
        }),
      }),
    ),
    'user?': string,
    'labels?': list(object({ key: string, value: string })),
    'discovery?': anything,
    'container?': anything,
  });

const frameworkHead = (release: Release): Record<string, Schema> => ({
  id: matching(/-\d{4}$/),
  name: string,
  pid: matching(/^scheduler-[\da-f-]{36}@127\.0\.0\.1:\d+$/),
  used_resources: resources(release),
  offered_resources: resources(release),
  capabilities: list(string),
  hostname: string,
  webui_url: string,
  active: boolean,
  ...from(release, 'deep_1', { connected: boolean, recovered: boolean }),
});

export const framework = (release: Release): Schema =>
  object({
    ...frameworkHead(release),
    user: string,
    failover_timeout: number,
    checkpoint: boolean,
    registered_time: number,
    unregistered_time: number,
    resources: resources(release),
    role: string,
    tasks: list(task(release)),
    ...from(release, 'deep_1', { unreachable_tasks: list(task(release)) }),
    completed_tasks: list(task(release)),
    offers: list(anything),
    executors: list(anything),
  });

const counts = (release: Release): Record<string, Schema> =>
  Object.fromEntries(
    [
      ...['STAGING', 'STARTING', 'RUNNING', 'KILLING', 'FINISHED', 'KILLED', 'FAILED', 'LOST', 'ERROR'],
      ...(release === 'deep_1' ? ['UNREACHABLE'] : []),
    ].map(state => [`TASK_${state}`, integer]),
  );

export const frameworkSummary = (release: Release): Schema =>
  object({ ...frameworkHead(release), ...counts(release), slave_ids: list(string) });
export const slaveSummary = (release: Release): Schema =>
  slave(release, false, { ...counts(release), framework_ids: list(string) });

export const frameworksBody = (release: Release): Record<string, Schema> => ({
  frameworks: list(framework(release)),
  completed_frameworks: list(framework(release)),
  unregistered_frameworks: { type: 'array', maxItems: 0 },
});

export const addedByRelease = from;

/** By cluster: whether its app is there. */
const deployed = new WeakMap<TestCluster, Promise<void>>();

/** With a task that runs. */
export const withTask =
  (ask: (cluster: TestCluster, release: Release) => Promise<Reply>): Contract['ask'] =>
  async (cluster, release) => {
    const app = { id: '/contract', cmd: 'sleep 1000', cpus: 0.1, mem: 16, labels: { a: 'b' } };
    const ready = deployed.get(cluster) ?? cluster.deploy(app);
    deployed.set(cluster, ready);
    await ready;
    return ask(cluster, release);
  };

export const call = (send: Send, type: string, payload?: unknown): Promise<Reply> =>
  send('POST', '/api/v1', { type, ...(payload === undefined ? {} : { [type.toLowerCase()]: payload }) });

/** What a call answers: its type, and what stands under its name. */
export const answerOf = (type: string, payload: Schema): Schema =>
  object({ type: exactly(type), [type.toLowerCase()]: payload });

export const time = object({ nanoseconds: number });

export const v1Task = object({
  name: string,
  task_id: id,
  framework_id: id,
  agent_id: id,
  state: matching(/^TASK_/),
  resources: list(resource),
  'statuses?': list(
    object({
      task_id: id,
      state: matching(/^TASK_/),
      'message?': string,
      source: matching(/^SOURCE_(MASTER|AGENT|EXECUTOR)$/),
      'reason?': matching(/^REASON_/),
      agent_id: id,
      'executor_id?': id,
      timestamp: number,
      uuid: string,
      'healthy?': boolean,
      container_status: having({ container_id: id }),
    }),
  ),
  'status_update_state?': matching(/^TASK_/),
  'status_update_uuid?': string,
  'labels?': object({ labels: list(object({ key: string, value: string })) }),
  'discovery?': anything,
  'container?': anything,
  'user?': string,
});

export const frameworkInfo = having({ id, name: string, user: string, hostname: string, role: string });
export const agentInfo = object({
  id,
  hostname: string,
  port: integer,
  resources: list(resource),
  'attributes?': list(having({ name: string, type: string })),
});

/** The same refusals of the operator API on master and agent. */
export const callRefusals = (send: (cluster: TestCluster) => Promise<Send>, process: string): readonly Contract[] => {
  const refusal = (title: string, status: number, body: Schema, ask: (send: Send) => Promise<Reply>): Contract => ({
    endpoint: 'POST /api/v1',
    title,
    ...since('indigo_2'),
    status,
    body,
    ask: async cluster => ask(await send(cluster)),
  });
  const post =
    (headers: Record<string, string>, body = '{"type":"GET_HEALTH"}') =>
    (to: Send) =>
      to('POST', '/api/v1', body, headers);
  const json = { 'Content-Type': 'application/json' };
  return [
    refusal('of another method', 405, exactly("Expecting one of { 'POST' }, but received 'GET'."), to =>
      to('GET', '/api/v1'),
    ),
    refusal(
      'of protobuf',
      415,
      matching(/^Expecting 'Content-Type' of /),
      post({ 'Content-Type': 'application/x-protobuf' }),
    ),
    refusal(
      'of an answer in protobuf',
      406,
      matching(/^Expecting 'Accept' to allow /),
      post({ ...json, Accept: 'application/x-protobuf' }),
    ),
    refusal('of what is no JSON', 400, matching(/^Failed to parse body into JSON: /), post(json, '{')),
    refusal('of an array', 400, matching(/^Failed to convert JSON into Call protobuf: /), post(json, '[]')),
    refusal(
      'without type',
      400,
      exactly(`Failed to validate ${process}::Call: Expecting 'type' to be present`),
      post(json, '{}'),
    ),
    refusal(
      'without what the call wants',
      400,
      exactly(`Failed to validate ${process}::Call: Expecting 'get_metrics' to be present`),
      post(json, '{"type":"GET_METRICS"}'),
    ),
    refusal('of a call that there is not', 501, empty, post(json, '{"type":"DANCE"}')),
    {
      endpoint: 'POST /api/v1',
      in: ['indigo_1'],
      status: 404,
      ask: async cluster => (await send(cluster))('POST', '/api/v1', { type: 'GET_HEALTH' }),
    },
    {
      endpoint: 'POST /api/v1',
      ...since('indigo_2'),
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: answerOf('GET_HEALTH', object({ healthy: exactly(true) })),
      ask: async cluster => call(await send(cluster), 'GET_HEALTH'),
    },
  ];
};

/** A call of the operator API, in the releases that have it and in those that have it not. */
export function callContracts(
  send: (cluster: TestCluster) => Promise<Send>,
  type: string,
  first: Release,
  {
    payload,
    status = 200,
    body,
  }: { payload?: unknown; status?: number; body?: Schema | ((release: Release) => Schema) },
): readonly Contract[] {
  const endpoint = `POST /api/v1 ${type}`;
  const ask: Contract['ask'] = async cluster => call(await send(cluster), type, payload);
  const missing = before(first).in;
  return [
    {
      endpoint,
      ...since(first),
      status,
      ask: withTask(ask),
      ...(body === undefined
        ? {}
        : { body: release => answerOf(type, typeof body === 'function' ? body(release) : body) }),
    },
    ...(missing.includes('indigo_1') ? [{ endpoint, in: ['indigo_1'] as const, status: 404, body: empty, ask }] : []),
    ...(missing.includes('indigo_2') ? [{ endpoint, in: ['indigo_2'] as const, status: 501, body: empty, ask }] : []),
  ];
}

/** What both processes answer. */
export const commonContracts = (send: (cluster: TestCluster) => Promise<Send>, log: string): readonly Contract[] => {
  const get = (endpoint: string, status: number, path: string, body?: Contract['body'], title?: string): Contract => ({
    endpoint: `GET ${endpoint}`,
    status,
    ask: async cluster => (await send(cluster))('GET', path),
    ...(body === undefined ? {} : { body }),
    ...(title === undefined ? {} : { title }),
  });
  const calls: [string, Parameters<typeof callContracts>[3]][] = [
    ['GET_HEALTH', { body: object({ healthy: exactly(true) }) }],
    ['GET_FLAGS', { body: object({ flags: list(object({ name: string, value: string })) }) }],
    ['GET_VERSION', { body: release => object({ version_info: object(build(release)) }) }],
    [
      'GET_METRICS',
      {
        payload: {},
        body: object({ metrics: list(object({ name: string, value: number })) }),
      },
    ],
    ['GET_LOGGING_LEVEL', { body: object({ level: integer }) }],
    ['SET_LOGGING_LEVEL', { payload: { level: 1, duration: { nanoseconds: 1000 } }, status: 202 }],
    ['READ_FILE', { payload: { path: log, offset: 0, length: 4 }, body: object({ size: integer, data: string }) }],
  ];
  return [
    get('/health', 200, '/health', empty),
    get('/version', 200, '/version', release => object(build(release))),
    get('/flags', 200, '/flags', object({ flags: mapOf(string) })),
    {
      endpoint: 'GET /flags',
      title: 'of another method',
      status: 405,
      body: exactly("Expecting one of { 'GET' }, but received 'POST'."),
      headers: { allow: 'GET' },
      ask: async cluster => (await send(cluster))('POST', '/flags'),
    },
    get('/logging/toggle', 200, '/logging/toggle', {}),
    get('/logging/toggle', 200, '/logging/toggle?level=1&duration=1ms', empty, 'to another level'),
    get(
      '/logging/toggle',
      400,
      '/logging/toggle?level=1',
      exactly("Expecting 'duration=value' in query.\n"),
      'without end',
    ),
    get(
      '/system/stats.json',
      200,
      '/system/stats.json',
      object({
        avg_load_1min: number,
        avg_load_5min: number,
        avg_load_15min: number,
        cpus_total: integer,
        mem_total_bytes: integer,
        mem_free_bytes: integer,
      }),
    ),
    get('/metrics/snapshot', 200, '/metrics/snapshot?timeout=1secs', mapOf(number)),
    get(
      '/metrics/snapshot',
      400,
      '/metrics/snapshot?timeout=x',
      matching(/^Failed to parse timeout 'x': /),
      'of no duration',
    ),
    get(
      '/files/read',
      200,
      `/files/read?path=${log}&offset=0&length=1`,
      object({ data: matching(/^I$/), offset: exactly(0) }),
    ),
    get('/files/read', 400, '/files/read', exactly("Expecting 'path=value' in query.\n"), 'without path'),
    get('/files/read', 400, `/files/read?path=${log}&offset=x`, matching(/^Failed to parse offset: /), 'of no number'),
    get('/files/read', 404, '/files/read?path=/etc/passwd&offset=0', empty, 'of what is not attached'),
    get('/files/browse', 200, `/files/browse?path=${log}`, { type: 'array', maxItems: 0 }, 'of a file'),
    get('/files/browse', 400, '/files/browse', exactly("Expecting 'path=value' in query.\n"), 'without path'),
    get('/files/browse', 404, '/files/browse?path=/etc', empty, 'of what is not attached'),
    get('/files/download', 200, `/files/download?path=${log}`, string),
    get('/files/download', 404, '/files/download?path=/etc/passwd', empty, 'of what is not attached'),
    get('/files/debug', 200, '/files/debug', mapOf(string)),
    ...calls.flatMap(([type, options]) => callContracts(send, type, 'indigo_2', options)),
    ...callContracts(send, 'LIST_FILES', 'indigo_2', {
      payload: { path: log },
      body: object({ 'file_infos?': list(anything) }),
    }),
    {
      endpoint: 'POST /api/v1 LIST_FILES',
      title: 'of what is not attached',
      ...since('indigo_2'),
      status: 404,
      ask: async cluster => call(await send(cluster), 'LIST_FILES', { path: '/etc' }),
    },
  ];
};
