// What the Marathon of each release answers, endpoint by endpoint.
import type { Release } from '../../../../protocol/src/plan.ts';
import type { Reply, TestCluster } from '../local.ts';
import { anything, type Contract, exactly, having, list, matching, object, type Schema, string } from './contract.ts';
import * as schema from './marathon-schemas.ts';

const sleeper = { cmd: 'sleep 1000', cpus: 0.1, mem: 16 };
const fromFour: readonly Release[] = ['indigo_2', 'deep_1'];
const uptoFour: readonly Release[] = ['indigo_1', 'indigo_2'];

let made = 0;
/** An id that no other contract has. */
const fresh = (kind = 'app'): string => `/${kind}-${made++}`;

/** An app that runs. */
async function running({ deploy }: TestCluster, more: Record<string, unknown> = {}): Promise<string> {
  const id = fresh();
  await deploy({ id, ...sleeper, ...more });
  return id;
}

/** An app that waits for resources that there are not, and its deployment with it. */
async function waiting({ marathon, events }: TestCluster): Promise<{ id: string; deployment: string }> {
  const id = fresh();
  const stream = await events();
  const { json } = await marathon('POST', '/v2/apps', { id, ...sleeper, mem: 10_000_000 });
  const deployment = json.deployments[0].id;
  await stream.until(
    ({ eventType, plan, currentStep }) =>
      eventType === 'deployment_info' && plan.id === deployment && JSON.stringify(currentStep).includes('Scale'),
  );
  stream.close();
  return { id, deployment };
}

async function runningPod({ marathon, events }: TestCluster): Promise<string> {
  const id = fresh('pod');
  const stream = await events();
  const created = await marathon('POST', '/v2/pods', podOf(id));
  await stream.until(
    event => event.eventType === 'deployment_success' && event.id === created.headers.get('Marathon-Deployment-Id'),
  );
  stream.close();
  return id;
}

const podOf = (id: string) => ({
  id,
  containers: [{ name: 'main', resources: { cpus: 0.1, mem: 16 }, exec: { command: { shell: 'sleep 1000' } } }],
});
const upload = (name: string): { body: string; headers: Record<string, string> } => ({
  body: `--b\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\ncontent\r\n--b--\r\n`,
  headers: { 'Content-Type': 'multipart/form-data; boundary=b' },
});

/** The request without any preparation. */
const plain =
  (method: string, path: string, body?: unknown, headers?: Record<string, string>): Contract['ask'] =>
  ({ marathon }) =>
    marathon(method, path, body, headers);

/** A look at what is there then. */
const after =
  (prepare: (cluster: TestCluster) => Promise<unknown>, path: string, headers?: Record<string, string>) =>
  async (cluster: TestCluster): Promise<Reply> => {
    await prepare(cluster);
    return cluster.marathon('GET', path, undefined, headers);
  };

const json = { 'Content-Type': 'application/json; qs=2' };
const error = { 'Content-Type': 'application/json' };
const apps = (of: (release: Release) => Schema) => (release: Release) => object({ apps: list(of(release)) });
const tasks = (of: (release: Release) => Schema) => (release: Release) => object({ tasks: list(of(release)) });
const resultBody = { status: 200, body: schema.result, headers: json } as const;
const noUri = (path: string, releases: readonly Release[], endpoint: string): Contract => ({
  endpoint,
  in: releases,
  ask: plain(endpoint.split(' ')[0] ?? 'GET', path),
  status: 404,
  body: schema.message(`URI not found: ${path}`),
  headers: error,
});
const notThere = (endpoint: string, path: string, text: string, more: Partial<Contract> = {}): Contract => ({
  endpoint,
  title: 'of what is not there',
  ask: plain(endpoint.split(' ')[0] ?? 'GET', path),
  status: 404,
  body: schema.message(text),
  headers: error,
  ...more,
});

const ofApps: readonly Contract[] = [
  {
    endpoint: 'GET /v2/apps',
    ask: after(running, '/v2/apps'),
    status: 200,
    body: apps(schema.listedApp),
    headers: json,
  },
  {
    endpoint: 'GET /v2/apps',
    title: 'with a selector that cannot be read',
    ask: plain('GET', '/v2/apps?label=a%20b'),
    status: 422,
    body: schema.message(/^Can not parse label selector a b\. Reason: /),
  },
  {
    endpoint: 'POST /v2/apps',
    ask: ({ marathon }) => marathon('POST', '/v2/apps', { id: fresh(), ...sleeper }),
    status: 201,
    body: schema.createdApp,
    headers: json,
  },
  {
    endpoint: 'POST /v2/apps',
    title: 'that is no JSON',
    ask: plain('POST', '/v2/apps', '{'),
    status: 400,
    body: object({ message: exactly('Invalid JSON'), details: string }),
    headers: error,
  },
  {
    endpoint: 'POST /v2/apps',
    title: 'with nothing in it',
    ask: plain('POST', '/v2/apps'),
    status: 400,
    body: object({ message: exactly('Please specify data in JSON format'), details: string }),
  },
  {
    endpoint: 'POST /v2/apps',
    title: 'of the wrong shape',
    in: uptoFour,
    ask: plain('POST', '/v2/apps', { id: 1 }),
    status: 400,
    body: schema.invalid('Invalid JSON', '/id', 'error.expected.jsstring'),
  },
  {
    endpoint: 'POST /v2/apps',
    title: 'of the wrong shape',
    in: ['deep_1'],
    ask: plain('POST', '/v2/apps', { id: 1 }),
    status: 422,
    body: schema.invalid('Invalid JSON', '/id', 'error.expected.jsstring'),
  },
  {
    endpoint: 'POST /v2/apps',
    title: 'that is not valid',
    ask: plain('POST', '/v2/apps', { id: '/x' }),
    status: 422,
    body: schema.invalid(
      'Object is not valid',
      '/',
      "AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.",
    ),
  },
  {
    endpoint: 'POST /v2/apps',
    title: 'that is there',
    ask: async cluster => cluster.marathon('POST', '/v2/apps', { ...sleeper, id: await running(cluster) }),
    status: 409,
    body: schema.message(/^An app with id \[\/app-\d+\] already exists\.$/),
  },
  {
    endpoint: 'POST /v2/apps',
    title: 'that is said to be no JSON',
    ask: plain('POST', '/v2/apps', 'id: x', { 'Content-Type': 'text/yaml' }),
    status: 415,
    body: schema.message('Unsupported Media Type'),
  },
  {
    endpoint: 'PUT /v2/apps',
    ask: ({ marathon }) => marathon('PUT', '/v2/apps', [{ id: fresh(), ...sleeper }]),
    ...resultBody,
  },
  {
    endpoint: 'PATCH /v2/apps',
    in: fromFour,
    ask: async cluster => cluster.marathon('PATCH', '/v2/apps', [{ id: await running(cluster), instances: 2 }]),
    ...resultBody,
  },
  { endpoint: 'PATCH /v2/apps', in: ['indigo_1'], ask: plain('PATCH', '/v2/apps', []), status: 405 },
  {
    endpoint: 'GET /v2/apps/{id}',
    ask: async cluster => cluster.marathon('GET', `/v2/apps/${await running(cluster)}`),
    status: 200,
    body: release => object({ app: schema.shownApp(release) }),
    headers: json,
  },
  notThere('GET /v2/apps/{id}', '/v2/apps/none', "App '/none' does not exist"),
  {
    endpoint: 'GET /v2/apps/{group}/*',
    ask: after(running, '/v2/apps/*'),
    status: 200,
    body: release => object({ '*': list(schema.shownApp(release)) }),
    headers: json,
  },
  notThere('GET /v2/apps/{group}/*', '/v2/apps/none/*', "Group '/none' does not exist"),
  {
    endpoint: 'PUT /v2/apps/{id}',
    title: 'of a new one',
    ask: ({ marathon }) => marathon('PUT', `/v2/apps${fresh()}`, sleeper),
    ...resultBody,
    status: 201,
  },
  {
    endpoint: 'PUT /v2/apps/{id}',
    title: 'of one that is there',
    ask: async cluster => cluster.marathon('PUT', `/v2/apps${await running(cluster)}`, { instances: 2 }),
    ...resultBody,
  },
  {
    endpoint: 'PUT /v2/apps/{id}',
    title: 'while a deployment runs',
    ask: async cluster => cluster.marathon('PUT', `/v2/apps${(await waiting(cluster)).id}`, { instances: 2 }),
    status: 409,
    body: object({
      message: matching(/^App is locked by one or more deployments\./),
      deployments: list(object({ id: schema.uuid })),
    }),
    headers: error,
  },
  {
    endpoint: 'PATCH /v2/apps/{id}',
    in: fromFour,
    ask: async cluster => cluster.marathon('PATCH', `/v2/apps${await running(cluster)}`, { instances: 2 }),
    ...resultBody,
  },
  { endpoint: 'PATCH /v2/apps/{id}', in: ['indigo_1'], ask: plain('PATCH', '/v2/apps/none', {}), status: 405 },
  notThere('PATCH /v2/apps/{id}', '/v2/apps/none', "App '/none' does not exist", {
    in: fromFour,
    ask: plain('PATCH', '/v2/apps/none', { instances: 2 }),
  }),
  {
    endpoint: 'DELETE /v2/apps/{id}',
    ask: async cluster => cluster.marathon('DELETE', `/v2/apps${await running(cluster)}`),
    ...resultBody,
  },
  notThere('DELETE /v2/apps/{id}', '/v2/apps/none', "App '/none' does not exist"),
  {
    endpoint: 'POST /v2/apps/{id}/restart',
    ask: async cluster => cluster.marathon('POST', `/v2/apps${await running(cluster)}/restart`),
    ...resultBody,
  },
  notThere('POST /v2/apps/{id}/restart', '/v2/apps/none/restart', "App '/none' does not exist"),
  {
    endpoint: 'GET /v2/apps/{id}/tasks',
    ask: async cluster => cluster.marathon('GET', `/v2/apps${await running(cluster)}/tasks`),
    status: 200,
    body: tasks(schema.task),
    headers: json,
  },
  {
    endpoint: 'GET /v2/apps/{id}/tasks',
    title: 'as text',
    ask: async cluster =>
      cluster.marathon('GET', `/v2/apps${await running(cluster)}/tasks`, undefined, { Accept: 'text/plain' }),
    status: 200,
    body: matching(/^app-\d+\t\d+\t127\.0\.0\.1:\d+\t\n$/),
    headers: { 'Content-Type': 'text/plain' },
  },
  notThere('GET /v2/apps/{id}/tasks', '/v2/apps/none/tasks', "App '/none' does not exist"),
  {
    endpoint: 'GET /v2/apps/{group}/*/tasks',
    ask: after(running, '/v2/apps/*/tasks'),
    status: 200,
    body: tasks(schema.task),
    headers: json,
  },
  {
    endpoint: 'DELETE /v2/apps/{id}/tasks',
    ask: async cluster => cluster.marathon('DELETE', `/v2/apps${await running(cluster)}/tasks`),
    status: 200,
    body: tasks(schema.victim),
    headers: json,
  },
  {
    endpoint: 'DELETE /v2/apps/{id}/tasks',
    title: 'with scale',
    ask: async cluster => cluster.marathon('DELETE', `/v2/apps${await running(cluster)}/tasks?scale=true`),
    ...resultBody,
  },
  {
    endpoint: 'DELETE /v2/apps/{id}/tasks',
    title: 'with scale and wipe',
    ask: plain('DELETE', '/v2/apps/none/tasks?scale=true&wipe=true'),
    status: 400,
    body: schema.message('You cannot use scale and wipe at the same time.'),
  },
  notThere('DELETE /v2/apps/{id}/tasks', '/v2/apps/none/tasks', "App '/none' does not exist"),
  notThere('DELETE /v2/apps/{id}/tasks', '/v2/apps/none/tasks?scale=true', "Path '/none' does not exist", {
    title: 'with scale, of what is not there',
    in: fromFour,
  }),
  {
    endpoint: 'DELETE /v2/apps/{id}/tasks/{task}',
    ask: killOne(''),
    status: 200,
    body: release => object({ task: schema.victim(release) }),
    headers: json,
  },
  { endpoint: 'DELETE /v2/apps/{id}/tasks/{task}', title: 'with scale', ask: killOne('?scale=true'), ...resultBody },
  {
    endpoint: 'DELETE /v2/apps/{id}/tasks/{task}',
    title: 'of no task',
    ask: async cluster => cluster.marathon('DELETE', `/v2/apps${await running(cluster)}/tasks/x.y`),
    status: 404,
    body: schema.message("Task 'x.y' does not exist"),
  },
  {
    endpoint: 'GET /v2/apps/{id}/versions',
    ask: async cluster => cluster.marathon('GET', `/v2/apps${await running(cluster)}/versions`),
    status: 200,
    body: object({ versions: list(schema.time) }),
    headers: json,
  },
  notThere('GET /v2/apps/{id}/versions', '/v2/apps/none/versions', "App '/none' does not exist"),
  { endpoint: 'GET /v2/apps/{id}/versions/{version}', ask: showVersion, status: 200, body: schema.app, headers: json },
  {
    endpoint: 'GET /v2/apps/{id}/versions/{version}',
    title: 'of no version',
    ask: async cluster =>
      cluster.marathon('GET', `/v2/apps${await running(cluster)}/versions/2001-01-01T00:00:00.000Z`),
    status: 404,
    body: schema.message(/^App '\/app-\d+' does not exist in version 2001-01-01T00:00:00\.000Z$/),
  },
];

function killOne(query: string): Contract['ask'] {
  return async cluster => {
    const id = await running(cluster);
    const { json: all } = await cluster.marathon('GET', `/v2/apps${id}/tasks`);
    return cluster.marathon('DELETE', `/v2/apps${id}/tasks/${all.tasks[0].id}${query}`);
  };
}

async function showVersion(cluster: TestCluster): Promise<Reply> {
  const id = await running(cluster);
  const { json: all } = await cluster.marathon('GET', `/v2/apps${id}/versions`);
  return cluster.marathon('GET', `/v2/apps${id}/versions/${all.versions[0]}`);
}

/** A group that is there. */
async function group({ marathon }: TestCluster): Promise<string> {
  const id = fresh('group');
  await marathon('PUT', '/v2/groups', { id });
  return id;
}

const ofGroups: readonly Contract[] = [
  { endpoint: 'GET /v2/groups', ask: plain('GET', '/v2/groups'), status: 200, body: schema.group, headers: json },
  {
    endpoint: 'GET /v2/groups/{id}',
    ask: async cluster => cluster.marathon('GET', `/v2/groups${await group(cluster)}`),
    status: 200,
    body: schema.group,
    headers: json,
  },
  notThere('GET /v2/groups/{id}', '/v2/groups/none', "Group '/none' does not exist"),
  {
    endpoint: 'GET /v2/groups/{id}/apps',
    ask: async cluster => cluster.marathon('GET', `/v2/groups${await group(cluster)}/apps`),
    status: 200,
    body: release => list(schema.app(release)),
    headers: json,
  },
  {
    endpoint: 'POST /v2/groups',
    ask: ({ marathon }) => marathon('POST', '/v2/groups', { id: fresh('group'), apps: [{ id: 'a', ...sleeper }] }),
    ...resultBody,
    status: 201,
  },
  {
    endpoint: 'POST /v2/groups',
    title: 'of one that is there',
    ask: async cluster => cluster.marathon('POST', '/v2/groups', { id: await group(cluster) }),
    status: 409,
    body: schema.message(/^Group \/group-\d+ is already created\. Use PUT to change this group\.$/),
  },
  {
    endpoint: 'POST /v2/groups',
    title: 'of an app',
    ask: async cluster => cluster.marathon('POST', '/v2/groups', { id: await running(cluster) }),
    status: 409,
    body: schema.message(/^An app with the path \/app-\d+ already exists\.$/),
  },
  {
    endpoint: 'POST /v2/groups/{id}',
    ask: async cluster => cluster.marathon('POST', `/v2/groups${await group(cluster)}`, { id: 'inner' }),
    ...resultBody,
    status: 201,
  },
  {
    endpoint: 'PUT /v2/groups',
    ask: ({ marathon }) => marathon('PUT', '/v2/groups', { id: fresh('group') }),
    ...resultBody,
  },
  {
    endpoint: 'PUT /v2/groups/{id}',
    ask: ({ marathon }) => marathon('PUT', `/v2/groups${fresh('group')}`, { apps: [{ id: 'a', ...sleeper }] }),
    ...resultBody,
  },
  {
    endpoint: 'PUT /v2/groups/{id}',
    title: 'as a trial',
    ask: ({ marathon }) =>
      marathon('PUT', `/v2/groups${fresh('group')}?dryRun=true`, { apps: [{ id: 'a', ...sleeper }] }),
    status: 200,
    body: release => object({ steps: schema.steps(release) }),
    headers: json,
  },
  {
    endpoint: 'PUT /v2/groups/{id}',
    title: 'with an app from elsewhere',
    ask: plain('PUT', '/v2/groups/here', { apps: [{ id: '/there/a', ...sleeper }] }),
    status: 422,
    body: schema.invalid(
      'Object is not valid',
      '/apps(0)/id',
      'Identifier is not child of /here. Hint: use relative paths.',
    ),
  },
  {
    endpoint: 'PUT /v2/groups/{id}',
    title: 'back to no version',
    ask: async cluster =>
      cluster.marathon('PUT', `/v2/groups${await group(cluster)}`, { version: '2001-01-01T00:00:00.000Z' }),
    status: 422,
    body: object({ message: string }),
  },
  {
    endpoint: 'DELETE /v2/groups/{id}',
    ask: async cluster => cluster.marathon('DELETE', `/v2/groups${await group(cluster)}`),
    ...resultBody,
  },
  notThere('DELETE /v2/groups/{id}', '/v2/groups/none', "Group '/none' does not exist"),
  {
    endpoint: 'GET /v2/groups/versions',
    ask: plain('GET', '/v2/groups/versions'),
    status: 200,
    body: list(schema.time),
    headers: json,
  },
  {
    endpoint: 'GET /v2/groups/{id}/versions',
    ask: async cluster => cluster.marathon('GET', `/v2/groups${await group(cluster)}/versions`),
    status: 200,
    body: list(schema.time),
    headers: json,
  },
  {
    endpoint: 'GET /v2/groups/{id}/versions/{version}',
    ask: async cluster => {
      const id = await group(cluster);
      const { json: all } = await cluster.marathon('GET', `/v2/groups${id}/versions`);
      return cluster.marathon('GET', `/v2/groups${id}/versions/${all[0]}`);
    },
    status: 200,
    body: schema.group,
    headers: json,
  },
  notThere(
    'GET /v2/groups/{id}/versions/{version}',
    '/v2/groups/none/versions/2001-01-01T00:00:00.000Z',
    "Group '/none' does not exist in version 2001-01-01T00:00:00.000Z",
  ),
];

const ofTasks: readonly Contract[] = [
  {
    endpoint: 'GET /v2/tasks',
    ask: after(running, '/v2/tasks'),
    status: 200,
    body: tasks(schema.taskWithServicePorts),
    headers: json,
  },
  {
    endpoint: 'GET /v2/tasks',
    title: 'as text',
    ask: after(running, '/v2/tasks', { Accept: 'text/plain' }),
    status: 200,
    body: matching(/^([a-z0-9_-]+\t\d+\t(127\.0\.0\.1:\d+\t)*\n)+$/),
    headers: { 'Content-Type': 'text/plain' },
  },
  {
    endpoint: 'POST /v2/tasks/delete',
    ask: async cluster => {
      const id = await running(cluster);
      const { json: all } = await cluster.marathon('GET', `/v2/apps${id}/tasks`);
      return cluster.marathon('POST', '/v2/tasks/delete', { ids: [all.tasks[0].id] });
    },
    status: 200,
    body: tasks(schema.task),
    headers: json,
  },
  {
    endpoint: 'POST /v2/tasks/delete',
    title: 'of what is no id of a task',
    ask: plain('POST', '/v2/tasks/delete', { ids: ['x'] }),
    status: 400,
    body: release => schema.message(release === 'indigo_1' ? "Invalid task id 'x'." : /^Invalid task id 'x'\. \[.+\]$/),
  },
  {
    endpoint: 'GET /v2/deployments',
    ask: after(waiting, '/v2/deployments'),
    status: 200,
    body: release => ({ ...list(schema.deployment(release)), minItems: 1 }),
    headers: json,
  },
  {
    endpoint: 'DELETE /v2/deployments/{id}',
    ask: async cluster => cluster.marathon('DELETE', `/v2/deployments/${(await waiting(cluster)).deployment}`),
    ...resultBody,
  },
  {
    endpoint: 'DELETE /v2/deployments/{id}',
    title: 'with force',
    ask: async cluster =>
      cluster.marathon('DELETE', `/v2/deployments/${(await waiting(cluster)).deployment}?force=true`),
    status: 202,
    body: exactly(''),
  },
  notThere('DELETE /v2/deployments/{id}', '/v2/deployments/none', 'DeploymentPlan none does not exist'),
  {
    endpoint: 'GET /v2/queue',
    ask: after(waiting, '/v2/queue?embed=lastUnusedOffers'),
    status: 200,
    body: schema.queue,
    headers: json,
  },
  {
    endpoint: 'DELETE /v2/queue/{id}/delay',
    ask: async cluster => cluster.marathon('DELETE', `/v2/queue${(await waiting(cluster)).id}/delay`),
    status: 204,
    body: exactly(''),
  },
  notThere('DELETE /v2/queue/{id}/delay', '/v2/queue/none/delay', 'Application /none not found in tasks queue.'),
];

const podsIn = (endpoint: string, contract: Omit<Contract, 'endpoint' | 'in'>): Contract[] => {
  const [method = '', path = ''] = endpoint.split(' ');
  const concrete = path.replace('{id}', 'none').replace('{version}', 'v').replace('{instance}', 'i');
  return [
    { endpoint, in: fromFour, ...contract },
    { endpoint, in: ['indigo_1'], ask: plain(method, concrete), status: 404 },
  ];
};
const noPod = schema.message("Pod '/none' does not exist");

const ofPods: readonly Contract[] = [
  ...podsIn('HEAD /v2/pods', { ask: plain('HEAD', '/v2/pods'), status: 200, body: exactly('') }),
  ...podsIn('GET /v2/pods', {
    ask: after(runningPod, '/v2/pods'),
    status: 200,
    body: release => list(schema.pod(release)),
    headers: json,
  }),
  ...podsIn('POST /v2/pods', {
    ask: ({ marathon }) => marathon('POST', '/v2/pods', podOf(fresh('pod'))),
    status: 201,
    body: schema.pod,
    headers: json,
  }),
  {
    endpoint: 'POST /v2/pods',
    title: 'of one that is there',
    in: fromFour,
    ask: async cluster => cluster.marathon('POST', '/v2/pods', podOf(await runningPod(cluster))),
    status: 409,
    body: schema.message(/^A pod with id \[\/pod-\d+\] already exists\.$/),
  },
  ...podsIn('GET /v2/pods::status', {
    ask: after(runningPod, '/v2/pods::status'),
    status: 200,
    body: release => list(schema.podStatus(release)),
    headers: json,
  }),
  ...podsIn('GET /v2/pods/{id}', {
    ask: async cluster => cluster.marathon('GET', `/v2/pods${await runningPod(cluster)}`),
    status: 200,
    body: schema.pod,
    headers: json,
  }),
  {
    endpoint: 'GET /v2/pods/{id}',
    title: 'of none',
    in: fromFour,
    ask: plain('GET', '/v2/pods/none'),
    status: 404,
    body: noPod,
  },
  ...podsIn('PUT /v2/pods/{id}', {
    ask: async cluster => {
      const id = await runningPod(cluster);
      return cluster.marathon('PUT', `/v2/pods${id}`, { ...podOf(id), user: 'nobody' });
    },
    status: 200,
    body: schema.pod,
    headers: json,
  }),
  {
    endpoint: 'PUT /v2/pods/{id}',
    title: 'of another',
    in: fromFour,
    ask: plain('PUT', '/v2/pods/x', podOf('/y')),
    status: 400,
    body: schema.message("'/x' does not match definition's id ('/y')"),
  },
  ...podsIn('DELETE /v2/pods/{id}', {
    ask: async cluster => cluster.marathon('DELETE', `/v2/pods${await runningPod(cluster)}`),
    status: 202,
    body: exactly(''),
  }),
  {
    endpoint: 'DELETE /v2/pods/{id}',
    title: 'of none',
    in: fromFour,
    ask: plain('DELETE', '/v2/pods/none'),
    status: 404,
    body: noPod,
  },
  ...podsIn('GET /v2/pods/{id}::status', {
    ask: async cluster => cluster.marathon('GET', `/v2/pods${await runningPod(cluster)}::status`),
    status: 200,
    body: schema.podStatus,
    headers: json,
  }),
  ...podsIn('GET /v2/pods/{id}::versions', {
    ask: async cluster => cluster.marathon('GET', `/v2/pods${await runningPod(cluster)}::versions`),
    status: 200,
    body: list(schema.time),
    headers: json,
  }),
  ...podsIn('GET /v2/pods/{id}::versions/{version}', {
    ask: async cluster => {
      const id = await runningPod(cluster);
      const { json: all } = await cluster.marathon('GET', `/v2/pods${id}::versions`);
      return cluster.marathon('GET', `/v2/pods${id}::versions/${all[0]}`);
    },
    status: 200,
    body: schema.pod,
    headers: json,
  }),
  ...podsIn('DELETE /v2/pods/{id}::instances/{instance}', {
    ask: killInstance(id => [`/v2/pods${id.pod}::instances/${id.instance}`]),
    status: 200,
    body: schema.instance,
    headers: json,
  }),
  {
    endpoint: 'DELETE /v2/pods/{id}::instances/{instance}',
    title: 'of none',
    in: fromFour,
    ask: async cluster => cluster.marathon('DELETE', `/v2/pods${await runningPod(cluster)}::instances/x.instance-y`),
    status: 404,
    body: schema.message("Task 'x.instance-y' does not exist"),
  },
  ...podsIn('DELETE /v2/pods/{id}::instances', {
    ask: killInstance(id => [`/v2/pods${id.pod}::instances`, [id.instance]]),
    status: 200,
    body: release => list(schema.instance(release)),
    headers: json,
  }),
];

function killInstance(of: (id: { pod: string; instance: string }) => readonly [string, unknown?]): Contract['ask'] {
  return async cluster => {
    const pod = await runningPod(cluster);
    const { json: status } = await cluster.marathon('GET', `/v2/pods${pod}::status`);
    return cluster.marathon('DELETE', ...of({ pod, instance: status.instances[0].id }));
  };
}

/** The head of the stream and its first event, as if that were all. */
async function firstEvent({ cluster }: TestCluster): Promise<Reply> {
  const stop = new AbortController();
  const response = await fetch(`${cluster.marathon}/v2/events`, {
    headers: { Accept: 'text/event-stream' },
    signal: stop.signal,
  });
  const { value } = (await response.body?.getReader().read()) ?? {};
  stop.abort();
  return {
    status: response.status,
    headers: response.headers,
    text: Buffer.from(value ?? []).toString(),
    json: undefined,
  };
}

const callback = '?callbackUrl=http%3A%2F%2F127.0.0.1%3A9%2Fevents';
const subscription = (eventType: string) =>
  object({ clientIp: string, callbackUrl: string, eventType: exactly(eventType), timestamp: schema.time });
const oldOnly = (endpoint: string, contract: Omit<Contract, 'endpoint' | 'in'>): Contract[] => {
  const [, path = ''] = endpoint.split(' ');
  return [{ endpoint, in: uptoFour, ...contract }, noUri(path.replace('{path}', 'x'), ['deep_1'], endpoint)];
};

const ofItself: readonly Contract[] = [
  {
    endpoint: 'GET /ping',
    in: ['indigo_1'],
    ask: plain('GET', '/ping'),
    status: 200,
    body: exactly('pong\n'),
    headers: { 'Content-Type': 'text/plain' },
  },
  {
    endpoint: 'GET /ping',
    in: ['indigo_2'],
    ask: plain('GET', '/ping'),
    status: 200,
    body: exactly('pong'),
    headers: json,
  },
  {
    endpoint: 'GET /ping',
    in: ['deep_1'],
    ask: plain('GET', '/ping'),
    status: 200,
    body: exactly('pong'),
    headers: { 'Content-Type': 'text/plain' },
  },
  { endpoint: 'GET /v2/info', ask: plain('GET', '/v2/info'), status: 200, body: schema.info, headers: json },
  {
    endpoint: 'GET /v2/leader',
    ask: plain('GET', '/v2/leader'),
    status: 200,
    body: object({ leader: matching(/^127\.0\.0\.1:\d+$/) }),
    headers: json,
  },
  {
    endpoint: 'DELETE /v2/leader',
    ask: plain('DELETE', '/v2/leader'),
    status: 200,
    body: schema.message('Leadership abdicated'),
    headers: json,
  },
  {
    endpoint: 'DELETE /v2/leader',
    title: 'with a backup',
    in: ['deep_1'],
    ask: plain('DELETE', '/v2/leader?backup=file:///x'),
    status: 422,
    body: having({ message: exactly('Object is not valid') }),
  },
  {
    endpoint: 'GET /v2/plugins',
    ask: plain('GET', '/v2/plugins'),
    status: 200,
    body: object({ plugins: list(anything) }),
    headers: json,
  },
  {
    endpoint: 'GET /v2/schemas/app',
    ask: plain('GET', '/v2/schemas/app'),
    status: 200,
    body: having({ type: exactly('object'), properties: having({ id: anything }) }),
  },
  {
    endpoint: 'GET /v2/schemas/group',
    ask: plain('GET', '/v2/schemas/group'),
    status: 200,
    body: having({ type: exactly('object'), properties: having({ apps: anything }) }),
  },
  {
    endpoint: 'GET /v2/events',
    ask: firstEvent,
    status: 200,
    body: matching(/^event: event_stream_attached\r\ndata: \{.*\}\r\n\r\n$/),
    headers: { 'Content-Type': 'text/event-stream;charset=UTF-8' },
  },
  { endpoint: 'GET /v2/events', title: 'by whoever takes anything', ask: plain('GET', '/v2/events'), status: 405 },
  { endpoint: 'GET /metrics', ask: plain('GET', '/metrics'), status: 200, body: schema.metrics, headers: json },
  {
    endpoint: 'GET /logging',
    in: uptoFour,
    ask: plain('GET', '/logging'),
    status: 200,
    headers: { 'Content-Type': 'text/html;charset=UTF-8' },
  },
  {
    endpoint: 'GET /logging',
    in: ['deep_1'],
    ask: plain('GET', '/logging'),
    status: 200,
    body: { type: 'object', additionalProperties: string },
    headers: json,
  },
  {
    endpoint: 'POST /logging',
    in: uptoFour,
    ask: plain('POST', '/logging', 'logger=a&level=DEBUG', { 'Content-Type': 'application/x-www-form-urlencoded' }),
    status: 200,
    body: matching(/<li>a: DEBUG<\/li>/),
  },
  {
    endpoint: 'POST /logging',
    in: ['deep_1'],
    ask: plain('POST', '/logging', { logger: 'a', level: 'debug' }),
    status: 200,
    body: exactly({ level: 'debug', logger: 'a' }),
    headers: json,
  },
  {
    endpoint: 'POST /logging',
    title: 'with no level',
    in: ['deep_1'],
    ask: plain('POST', '/logging', { logger: 'a', level: 'x' }),
    status: 422,
    body: schema.invalid('Invalid JSON', '/level', 'error.unknown.enum.literal'),
  },
  { endpoint: 'GET /help', ask: plain('GET', '/help'), status: 302, headers: { Location: 'api-console/index.html' } },
  { endpoint: 'GET /', ask: plain('GET', '/'), status: 302, headers: { Location: 'ui/' } },
  ...oldOnly('GET /v2/eventSubscriptions', {
    ask: plain('GET', '/v2/eventSubscriptions'),
    status: 200,
    body: object({ callbackUrls: list(string) }),
  }),
  ...oldOnly('POST /v2/eventSubscriptions', {
    ask: plain('POST', `/v2/eventSubscriptions${callback}`),
    status: 200,
    body: subscription('subscribe_event'),
  }),
  ...oldOnly('DELETE /v2/eventSubscriptions', {
    ask: plain('DELETE', `/v2/eventSubscriptions${callback}`),
    status: 200,
    body: subscription('unsubscribe_event'),
  }),
  ...oldOnly('POST /v2/artifacts', {
    ask: ({ marathon }) => {
      const { body, headers } = upload('a.txt');
      return marathon('POST', '/v2/artifacts', body, headers);
    },
    status: 201,
    body: exactly(''),
  }),
  {
    endpoint: 'POST /v2/artifacts',
    title: 'that is no form',
    in: uptoFour,
    ask: plain('POST', '/v2/artifacts', {}),
    status: 415,
    body: schema.message('Unsupported Media Type'),
  },
  ...oldOnly('POST /v2/artifacts/{path}', {
    ask: ({ marathon }) => {
      const { body, headers } = upload('b');
      return marathon('POST', '/v2/artifacts/b/c.txt', body, headers);
    },
    status: 201,
    body: exactly(''),
  }),
  ...oldOnly('PUT /v2/artifacts/{path}', {
    ask: ({ marathon }) => {
      const { body, headers } = upload('c');
      return marathon('PUT', '/v2/artifacts/d.txt', body, headers);
    },
    status: 201,
    body: exactly(''),
  }),
  ...oldOnly('GET /v2/artifacts/{path}', {
    ask: async ({ marathon }) => {
      const { body, headers } = upload('e.txt');
      await marathon('POST', '/v2/artifacts', body, headers);
      return marathon('GET', '/v2/artifacts/e.txt');
    },
    status: 200,
    body: exactly('content'),
  }),
  {
    endpoint: 'GET /v2/artifacts/{path}',
    title: 'of none',
    in: uptoFour,
    ask: plain('GET', '/v2/artifacts/none'),
    status: 404,
    body: schema.message('No artifact with path none'),
  },
  ...oldOnly('DELETE /v2/artifacts/{path}', {
    ask: plain('DELETE', '/v2/artifacts/none'),
    status: 200,
    body: exactly(''),
  }),
];

/** Leaves nothing: it comes last. */
const theEnd: Contract = {
  endpoint: 'DELETE /v2/groups',
  ask: plain('DELETE', '/v2/groups?force=true'),
  ...resultBody,
};

export const contracts: readonly Contract[] = [...ofApps, ...ofGroups, ...ofTasks, ...ofPods, ...ofItself, theEnd];
