// What the Mesos master of each release answers, endpoint by endpoint.
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
import {
  addedByRelease,
  agentInfo,
  before,
  build,
  callContracts,
  callRefusals,
  commonContracts,
  empty,
  frameworkInfo,
  frameworkSummary,
  frameworksBody,
  id,
  resource,
  resources,
  since,
  slave,
  slaveSummary,
  task,
  time,
  v1Task,
  withTask,
} from './mesos-shapes.ts';

const send = async ({ mesos }: TestCluster): Promise<Send> => mesos;
const form = { 'Content-Type': 'application/x-www-form-urlencoded' };

const get = (path: string, body: Contract['body'], title?: string): Contract => ({
  endpoint: `GET ${path.split('?', 1)[0]}`,
  status: 200,
  ...(body === undefined ? {} : { body }),
  ...(title === undefined ? {} : { title }),
  ask: withTask(({ mesos }) => mesos('GET', path)),
});

const post = (path: string, status: number, body: unknown, text: Schema | undefined, title: string): Contract => ({
  endpoint: `POST ${path}`,
  status,
  title,
  ...(text === undefined ? {} : { body: text }),
  ask: ({ mesos }) => mesos('POST', path, body, typeof body === 'string' && !/^[[{]/.test(body) ? form : {}),
});

const frameworkId = async ({ mesos }: TestCluster, name: RegExp): Promise<string> =>
  (await mesos('GET', '/frameworks')).json.frameworks.find((each: { name: string }) => name.test(each.name)).id;
const agentId = async ({ mesos }: TestCluster): Promise<string> => (await mesos('GET', '/slaves')).json.slaves[0].id;

const state = (release: Release): Schema =>
  object({
    ...build(release),
    start_time: number,
    elected_time: number,
    id: string,
    pid: matching(/^master@127\.0\.0\.1:\d+$/),
    hostname: string,
    ...addedByRelease(release, 'deep_1', { capabilities: exactly(['AGENT_UPDATE']) }),
    activated_slaves: integer,
    deactivated_slaves: integer,
    ...addedByRelease(release, 'deep_1', { unreachable_slaves: integer }),
    leader: matching(/^master@/),
    ...addedByRelease(release, 'indigo_2', {
      leader_info: object({ id: string, pid: string, port: integer, hostname: string }),
    }),
    cluster: exactly('IndigoCluster'),
    log_dir: string,
    flags: mapOf(string),
    slaves: list(slave(release, release === 'deep_1')),
    ...addedByRelease(release, 'deep_1', { recovered_slaves: { type: 'array', maxItems: 0 } }),
    ...frameworksBody(release),
    orphan_tasks: { type: 'array', maxItems: 0 },
  });

const tasks = (least: number, most: number) => (release: Release) =>
  object({ tasks: { ...list(task(release)), minItems: least, maxItems: most } });

const reading: readonly Contract[] = [
  get('/state', state),
  { ...get('/state', state, 'by its older names'), ask: withTask(({ mesos }) => mesos('GET', '/master/state.json')) },
  get('/state?jsonp=f', matching(/^f\(\{.*\}\);$/), 'as JSONP'),
  get('/state-summary', release =>
    object({
      hostname: string,
      cluster: string,
      slaves: list(slaveSummary(release)),
      frameworks: list(frameworkSummary(release)),
    }),
  ),
  get('/slaves', release =>
    object({
      slaves: { ...list(slave(release, true)), minItems: 1 },
      ...addedByRelease(release, 'deep_1', { recovered_slaves: { type: 'array', maxItems: 0 } }),
    }),
  ),
  {
    ...get('/slaves?slave_id=none', release =>
      having({ slaves: { type: 'array', ...(release === 'deep_1' ? { maxItems: 0 } : { minItems: 1 }) } }),
    ),
    title: 'of one id, from 1.4 on',
  },
  get('/frameworks', release => object(frameworksBody(release))),
  get(
    '/frameworks?framework_id=none',
    release => having({ frameworks: { type: 'array', ...(release === 'deep_1' ? { maxItems: 0 } : { minItems: 2 }) } }),
    'of one id, from 1.4 on',
  ),
  get('/tasks', tasks(1, 100)),
  get('/tasks?limit=0', tasks(0, 0), 'of which none is wanted'),
  get(
    '/tasks?task_id=none',
    release => (release === 'deep_1' ? tasks(0, 0) : tasks(1, 100))(release),
    'of one id, from 1.4 on',
  ),
  get('/roles', release =>
    object({
      roles: list(
        object({
          name: string,
          weight: number,
          resources: resources(release),
          frameworks: list(string),
          ...addedByRelease(release, 'deep_1', { 'quota?': object({ role: string, guarantee: mapOf(number) }) }),
        }),
      ),
    }),
  ),
  {
    endpoint: 'GET /redirect',
    status: 307,
    body: empty,
    ask: ({ mesos }) => mesos('GET', '/master/redirect'),
  },
];

const lacking = (endpoint: string, first: Release): Contract => {
  const [method = '', path = ''] = endpoint.split(' ');
  return { endpoint, ...before(first), status: 404, body: empty, ask: ({ mesos }) => mesos(method, path) };
};

const window = (hostname: string) => ({
  windows: [{ machine_ids: [{ hostname }], unavailability: { start: { nanoseconds: 1 } } }],
});

/** On the only agent, which is back afterwards. */
const duringMaintenance = async ({ mesos }: TestCluster, path: string): Promise<Reply> => {
  const [{ hostname }] = (await mesos('GET', '/slaves')).json.slaves;
  await mesos('POST', '/maintenance/schedule', window(hostname));
  const down = await mesos('POST', '/machine/down', [{ hostname }]);
  const up = await mesos('POST', '/machine/up', [{ hostname }]);
  return path === '/machine/down' ? down : up;
};

const quota = (role: string, more = {}) => ({
  role,
  guarantee: [{ name: 'cpus', type: 'SCALAR', scalar: { value: 1 } }],
  ...more,
});

const reservations: readonly Contract[] = ['reserve', 'unreserve', 'create-volumes', 'destroy-volumes'].flatMap(
  name => {
    const parameter = name.endsWith('volumes') ? 'volumes' : 'resources';
    return [
      post(`/${name}`, 400, 'x=1', exactly("Missing 'slaveId' query parameter"), 'without agent'),
      post(`/${name}`, 400, 'slaveId=none', matching(/^No (agent|slave) found with specified ID$/), 'of no agent'),
      {
        endpoint: `POST /${name}`,
        status: 403,
        title: 'on an agent',
        ask: async (cluster: TestCluster) =>
          cluster.mesos('POST', `/${name}`, `slaveId=${await agentId(cluster)}&${parameter}=[]`, form),
      },
    ];
  },
);

const changing: readonly Contract[] = [
  {
    endpoint: 'POST /teardown',
    status: 200,
    body: empty,
    ask: async cluster =>
      cluster.mesos('POST', '/teardown', `frameworkId=${await frameworkId(cluster, /^chronos/)}`, form),
  },
  post('/teardown', 400, 'x=1', exactly("Missing 'frameworkId' query parameter"), 'without framework'),
  post('/teardown', 400, 'frameworkId=x', exactly('No framework found with specified ID'), 'of no framework'),
  {
    endpoint: 'POST /teardown',
    title: 'of another method',
    status: 405,
    headers: { allow: 'POST' },
    ask: ({ mesos }) => mesos('GET', '/teardown'),
  },
  {
    endpoint: 'POST /observe',
    in: ['indigo_1'],
    status: 200,
    body: exactly({ monitor: 'm', hosts: ['a', 'b'], isHealthy: false }),
    ask: ({ mesos }) => mesos('POST', '/observe', 'monitor=m&hosts=a,b&level=WARN', form),
  },
  {
    endpoint: 'POST /observe',
    title: 'without monitor',
    in: ['indigo_1'],
    status: 400,
    body: exactly("Missing value for 'monitor'"),
    ask: ({ mesos }) => mesos('POST', '/observe', 'hosts=a', form),
  },
  {
    endpoint: 'POST /observe',
    ...since('indigo_2'),
    status: 404,
    ask: ({ mesos }) => mesos('POST', '/observe', 'monitor=m&hosts=a', form),
  },
  get('/quota', object({ infos: list(anything) })),
  post('/quota', 200, quota('dev'), empty, 'for a role'),
  post('/quota', 400, quota('dev'), matching(/which already has quota$/), 'for a role that has one'),
  post('/quota', 400, '{', matching(/^Failed to parse set quota request JSON '\{': /), 'of what is no JSON'),
  post('/quota', 400, { role: 'x', guarantee: [] }, matching(/^Failed to validate set quota request: /), 'of nothing'),
  post(
    '/quota',
    409,
    { role: 'huge', guarantee: [{ name: 'cpus', type: 'SCALAR', scalar: { value: 1e9 } }] },
    matching(/^Heuristic capacity check for set quota request failed: /),
    'of more than there is',
  ),
  {
    endpoint: 'DELETE /quota/{role}',
    status: 200,
    body: empty,
    ask: async ({ mesos }) => {
      await mesos('POST', '/quota', quota('brief'));
      return mesos('DELETE', '/quota/brief');
    },
  },
  {
    endpoint: 'DELETE /quota/{role}',
    title: 'of a role without',
    status: 400,
    body: exactly("Failed to remove quota for path '/master/quota/none': Role 'none' has no quota set"),
    ask: ({ mesos }) => mesos('DELETE', '/master/quota/none'),
  },
  lacking('GET /weights', 'indigo_2'),
  lacking('PUT /weights', 'indigo_2'),
  { ...get('/weights', list(object({ role: string, weight: number }))), ...since('indigo_2') },
  {
    endpoint: 'PUT /weights',
    ...since('indigo_2'),
    status: 200,
    ask: ({ mesos }) => mesos('PUT', '/weights', [{ role: 'dev', weight: 2 }]),
  },
  {
    endpoint: 'PUT /weights',
    title: 'that is not positive',
    ...since('indigo_2'),
    status: 400,
    body: exactly(
      "Failed to validate update weights request JSON for role 'dev': Invalid weight '0': Weights must be positive",
    ),
    ask: ({ mesos }) => mesos('PUT', '/weights', [{ role: 'dev', weight: 0 }]),
  },
  ...reservations,
  get('/maintenance/schedule', object({ 'windows?': list(anything) })),
  get('/maintenance/status', object({ 'draining_machines?': list(anything), 'down_machines?': list(anything) })),
  post('/maintenance/schedule', 200, { windows: [] }, empty, 'of nothing'),
  post('/maintenance/schedule', 400, '{', matching(/^Failed to parse body into JSON: /), 'of what is no JSON'),
  post('/maintenance/schedule', 400, { windows: [{ machine_ids: [] }] }, string, 'without machines'),
  { endpoint: 'POST /machine/down', status: 200, ask: cluster => duringMaintenance(cluster, '/machine/down') },
  { endpoint: 'POST /machine/up', status: 200, ask: cluster => duringMaintenance(cluster, '/machine/up') },
  post('/machine/down', 400, [{ hostname: 'x' }], matching(/is not part of a maintenance schedule$/), 'of another'),
  post('/machine/up', 400, [{ hostname: 'x' }], matching(/is not part of a maintenance schedule$/), 'of another'),
  post('/machine/down', 400, [], string, 'of none'),
  {
    ...post('/api/v1/scheduler', 403, { type: 'SUBSCRIBE' }, string, 'for other frameworks'),
  },
];

const v1Agents = object({
  'agents?': list(
    object({
      agent_info: agentInfo,
      active: boolean,
      version: string,
      pid: string,
      registered_time: time,
      'reregistered_time?': time,
      total_resources: list(resource),
      'allocated_resources?': list(resource),
      'capabilities?': list(object({ type: string })),
    }),
  ),
});
const v1Frameworks = object({
  frameworks: list(
    object({
      framework_info: frameworkInfo,
      active: boolean,
      connected: boolean,
      'recovered?': boolean,
      registered_time: time,
      'allocated_resources?': list(resource),
    }),
  ),
  'completed_frameworks?': list(having({ framework_info: frameworkInfo, unregistered_time: time })),
});
const v1Tasks = object({
  'tasks?': list(v1Task),
  'unreachable_tasks?': list(v1Task),
  'completed_tasks?': list(v1Task),
});

const inBoth: [string, Parameters<typeof callContracts>[3]][] = [
  [
    'GET_STATE',
    {
      body: object({
        get_tasks: v1Tasks,
        get_executors: object({}),
        get_frameworks: v1Frameworks,
        get_agents: v1Agents,
      }),
    },
  ],
  ['GET_AGENTS', { body: v1Agents }],
  ['GET_FRAMEWORKS', { body: v1Frameworks }],
  ['GET_EXECUTORS', { body: object({}) }],
  ['GET_TASKS', { body: v1Tasks }],
  [
    'GET_ROLES',
    {
      body: object({
        roles: list(object({ name: string, weight: number, 'frameworks?': list(id), 'resources?': list(resource) })),
      }),
    },
  ],
  ['GET_WEIGHTS', { body: object({ 'weight_infos?': list(object({ role: string, weight: number })) }) }],
  ['UPDATE_WEIGHTS', { payload: { weight_infos: [{ role: 'ops', weight: 3 }] } }],
  ['GET_QUOTA', { body: object({ status: object({ 'infos?': list(anything) }) }) }],
  ['SET_QUOTA', { payload: { quota_request: quota('ops', { force: true }) } }],
  ['REMOVE_QUOTA', { payload: { role: 'ops' } }],
  [
    'GET_MASTER',
    {
      body: release =>
        object({
          master_info: object({
            id: string,
            ip: exactly(16_777_343),
            port: integer,
            pid: string,
            hostname: string,
            version: string,
            address: object({ hostname: string, ip: exactly('127.0.0.1'), port: integer }),
            ...addedByRelease(release, 'deep_1', { capabilities: exactly([{ type: 'AGENT_UPDATE' }]) }),
          }),
          ...addedByRelease(release, 'deep_1', { start_time: number, elected_time: number }),
        }),
    },
  ],
  ['RESERVE_RESOURCES', { payload: { agent_id: { value: 'x' } }, status: 403 }],
  ['UNRESERVE_RESOURCES', { payload: { agent_id: { value: 'x' } }, status: 403 }],
  ['CREATE_VOLUMES', { payload: { agent_id: { value: 'x' } }, status: 403 }],
  ['DESTROY_VOLUMES', { payload: { agent_id: { value: 'x' } }, status: 403 }],
  ['GET_MAINTENANCE_SCHEDULE', { body: object({ schedule: object({ 'windows?': list(anything) }) }) }],
  ['UPDATE_MAINTENANCE_SCHEDULE', { payload: { schedule: window('far.example') } }],
  ['GET_MAINTENANCE_STATUS', { body: object({ status: mapOf(anything) }) }],
  ['START_MAINTENANCE', { payload: { machines: [{ hostname: 'far.example' }] } }],
  ['STOP_MAINTENANCE', { payload: { machines: [{ hostname: 'far.example' }] } }],
];

/** The first record of a stream that is then left. */
const firstRecord = async ({ cluster }: TestCluster): Promise<Reply> => {
  const stop = new AbortController();
  const response = await fetch(`${cluster.mesos}/api/v1`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"type":"SUBSCRIBE"}',
    signal: stop.signal,
  });
  let text = '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString('utf8');
    const at = text.indexOf('\n');
    const size = Number(text.slice(0, at));
    if (response.status !== 200 || (at > 0 && text.length > at + size)) {
      text = text.slice(at + 1, at + 1 + size);
      break;
    }
  }
  stop.abort();
  const json = text === '' ? undefined : JSON.parse(text);
  return { status: response.status, headers: response.headers, text, json };
};

const calls: readonly Contract[] = [
  ...callRefusals(send, 'master'),
  ...inBoth.flatMap(([type, options]) => callContracts(send, type, 'indigo_2', options)),
  {
    endpoint: 'POST /api/v1 SUBSCRIBE',
    ...since('indigo_2'),
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: release =>
      object({
        type: exactly('SUBSCRIBED'),
        subscribed: object({
          get_state: having({ get_tasks: v1Tasks, get_agents: v1Agents }),
          ...addedByRelease(release, 'deep_1', { heartbeat_interval_seconds: exactly(15) }),
        }),
      }),
    ask: firstRecord,
  },
  { endpoint: 'POST /api/v1 SUBSCRIBE', in: ['indigo_1'], status: 404, ask: firstRecord },
  ...callContracts(send, 'TEARDOWN', 'deep_1', { payload: { framework_id: { value: 'x' } }, status: 400 }),
  {
    endpoint: 'POST /api/v1 TEARDOWN',
    in: ['deep_1'],
    status: 200,
    ask: async cluster =>
      cluster.mesos('POST', '/api/v1', {
        type: 'TEARDOWN',
        teardown: { framework_id: { value: await frameworkId(cluster, /^chronos/) } },
      }),
  },
  ...callContracts(send, 'MARK_AGENT_GONE', 'deep_1', { payload: { agent_id: { value: 'x' } }, status: 404 }),
  // The last one: afterwards the cluster has no agent.
  {
    endpoint: 'POST /api/v1 MARK_AGENT_GONE',
    title: 'of an agent',
    in: ['deep_1'],
    status: 200,
    ask: async cluster =>
      cluster.mesos('POST', '/api/v1', {
        type: 'MARK_AGENT_GONE',
        mark_agent_gone: { agent_id: { value: await agentId(cluster) } },
      }),
  },
];

export const contracts: readonly Contract[] = [
  ...reading,
  ...changing,
  ...commonContracts(send, '/master/log'),
  ...calls,
];
