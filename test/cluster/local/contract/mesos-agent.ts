// What the Mesos agent of each release answers, endpoint by endpoint.
import type { Release } from '../../../../protocol/src/plan.ts';
import { type Send, sender, type TestCluster } from '../local.ts';
import {
  anything,
  type Contract,
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
  build,
  callContracts,
  callRefusals,
  commonContracts,
  empty,
  frameworkInfo,
  id,
  resource,
  resources,
  since,
  task,
  v1Task,
  withTask,
} from './mesos-shapes.ts';

const send = async ({ mesos }: TestCluster): Promise<Send> => {
  const [{ pid }] = (await mesos('GET', '/slaves')).json.slaves;
  return sender(`http://${pid.split('@')[1]}`);
};

const get = (path: string, body: Contract['body'], title?: string): Contract => ({
  endpoint: `GET ${path}`,
  status: 200,
  ...(body === undefined ? {} : { body }),
  ...(title === undefined ? {} : { title }),
  ask: withTask(async cluster => (await send(cluster))('GET', path)),
});

const executor = (release: Release): Schema =>
  object({
    id: string,
    name: matching(/^Command Executor \(Task: .*\)$/),
    source: string,
    container: string,
    directory: matching(/\/slaves\/.*\/frameworks\/.*\/executors\/.*\/runs\//),
    resources: resources(release),
    ...addedByRelease(release, 'deep_1', { role: string }),
    tasks: list(task(release)),
    queued_tasks: list(having({ id: string, slave_id: string })),
    completed_tasks: list(task(release)),
  });

const framework = (release: Release): Schema =>
  object({
    id: string,
    name: string,
    user: string,
    failover_timeout: number,
    checkpoint: { type: 'boolean' },
    hostname: string,
    role: string,
    executors: list(executor(release)),
    completed_executors: list(executor(release)),
  });

const state = (release: Release): Schema =>
  object({
    ...build(release),
    start_time: number,
    id: string,
    pid: matching(/^slave\(1\)@/),
    hostname: string,
    ...addedByRelease(release, 'deep_1', { capabilities: list(string) }),
    resources: resources(release),
    ...addedByRelease(release, 'indigo_2', {
      reserved_resources: mapOf(anything),
      unreserved_resources: resources(release),
      reserved_resources_full: mapOf(list(resource)),
    }),
    ...addedByRelease(release, 'deep_1', {
      unreserved_resources_full: list(resource),
      reserved_resources_allocated: mapOf(anything),
      unreserved_resources_allocated: resources(release),
    }),
    attributes: mapOf({ type: ['string', 'number'] }),
    master_hostname: string,
    log_dir: string,
    flags: having({ work_dir: string }),
    frameworks: { ...list(framework(release)), minItems: 1 },
    completed_frameworks: list(framework(release)),
  });

const statistics = having({ timestamp: number, cpus_limit: number, mem_limit_bytes: integer });
const running = (more: Record<string, Schema>): Schema =>
  list(
    object({
      executor_id: string,
      executor_name: string,
      framework_id: string,
      source: string,
      statistics,
      ...more,
    }),
  );

const v1Tasks = object({
  'queued_tasks?': list(v1Task),
  'launched_tasks?': list(v1Task),
  'completed_tasks?': list(v1Task),
});
const v1Executors = object({
  'executors?': list(object({ executor_info: having({ executor_id: id, framework_id: id, name: string }) })),
  'completed_executors?': list(anything),
});
const v1Frameworks = object({
  'frameworks?': list(object({ framework_info: frameworkInfo })),
  'completed_frameworks?': list(object({ framework_info: frameworkInfo })),
});

const container = { container_id: { value: 'none', parent: { value: 'x' } } };

/** By call: the first release that has it, what is sent, and what is answered. */
const calls: readonly (readonly [string, Release, Parameters<typeof callContracts>[3]])[] = [
  [
    'GET_STATE',
    'indigo_2',
    { body: object({ get_tasks: v1Tasks, get_executors: v1Executors, get_frameworks: v1Frameworks }) },
  ],
  ['GET_TASKS', 'indigo_2', { body: v1Tasks }],
  ['GET_EXECUTORS', 'indigo_2', { body: v1Executors }],
  ['GET_FRAMEWORKS', 'indigo_2', { body: v1Frameworks }],
  ['GET_AGENT', 'deep_1', { body: object({ agent_info: agentInfo }) }],
  [
    'GET_CONTAINERS',
    'indigo_2',
    {
      body: object({
        'containers?': list(
          object({
            framework_id: id,
            executor_id: id,
            executor_name: string,
            container_id: id,
            container_status: having({ container_id: id }),
            resource_statistics: statistics,
          }),
        ),
      }),
    },
  ],
  ['LAUNCH_NESTED_CONTAINER', 'indigo_2', { payload: container, status: 403 }],
  ['WAIT_NESTED_CONTAINER', 'indigo_2', { payload: container, status: 404 }],
  ['KILL_NESTED_CONTAINER', 'indigo_2', { payload: container, status: 404 }],
  ['REMOVE_NESTED_CONTAINER', 'deep_1', { payload: container, status: 404 }],
  ['LAUNCH_NESTED_CONTAINER_SESSION', 'deep_1', { payload: container, status: 403 }],
  ['ATTACH_CONTAINER_INPUT', 'deep_1', { payload: container, status: 404 }],
  ['ATTACH_CONTAINER_OUTPUT', 'deep_1', { payload: container, status: 404 }],
  ['LAUNCH_CONTAINER', 'deep_1', { payload: container, status: 403 }],
  ['WAIT_CONTAINER', 'deep_1', { payload: container, status: 404 }],
  ['KILL_CONTAINER', 'deep_1', { payload: container, status: 404 }],
  ['REMOVE_CONTAINER', 'deep_1', { payload: container, status: 404 }],
  ['ADD_RESOURCE_PROVIDER_CONFIG', 'deep_1', { payload: { info: {} }, status: 403 }],
  ['UPDATE_RESOURCE_PROVIDER_CONFIG', 'deep_1', { payload: { info: {} }, status: 403 }],
  ['REMOVE_RESOURCE_PROVIDER_CONFIG', 'deep_1', { payload: { type: 'x' }, status: 403 }],
  ['PRUNE_IMAGES', 'deep_1', {}],
];

export const contracts: readonly Contract[] = [
  get('/state', state),
  {
    ...get('/state', state, 'by its older names'),
    ask: withTask(async cluster => (await send(cluster))('GET', '/slave(1)/state.json')),
  },
  get('/monitor/statistics', running({})),
  {
    ...get('/containers', running({ container_id: string, status: having({ container_id: id }) })),
    ...since('indigo_2'),
  },
  {
    endpoint: 'GET /containers',
    in: ['indigo_1'],
    status: 404,
    body: empty,
    ask: async cluster => (await send(cluster))('GET', '/containers'),
  },
  {
    endpoint: 'POST /api/v1/executor',
    ...since('indigo_2'),
    status: 403,
    ask: async cluster => (await send(cluster))('POST', '/api/v1/executor', { type: 'SUBSCRIBE' }),
  },
  {
    endpoint: 'POST /api/v1/executor',
    in: ['indigo_1'],
    status: 404,
    ask: async cluster => (await send(cluster))('POST', '/api/v1/executor', { type: 'SUBSCRIBE' }),
  },
  ...commonContracts(send, '/slave/log'),
  ...callRefusals(send, 'agent'),
  ...calls.flatMap(([type, first, options]) => callContracts(send, type, first, options)),
];
