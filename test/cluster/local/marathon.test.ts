import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eventually, openCluster } from './local.ts';

const sleeper = { cmd: 'sleep 1000', cpus: 0.1, mem: 16 };
const releases = ['indigo_1', 'indigo_2', 'deep_1'] as const;

test('1.5 leaves out what is not set', async () => {
  const { marathon, deploy } = await openCluster();
  await deploy({ id: 'web', ...sleeper });
  const { app } = (await marathon('GET', '/v2/apps/web')).json;
  for (const absent of [
    'args',
    'user',
    'container',
    'residency',
    'env',
    'constraints',
    'fetch',
    'uris',
    'ports',
    'healthChecks',
    'ipAddress',
    'storeUrls',
  ]) {
    expect(app).not.toHaveProperty(absent);
  }
  expect(app).toMatchObject({
    ...{ id: '/web', labels: {}, executor: '', gpus: 0, killSelection: 'YOUNGEST_FIRST', networks: [{ mode: 'host' }] },
    unreachableStrategy: { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 },
    portDefinitions: [{ port: 10_000, name: 'default', protocol: 'tcp' }],
    versionInfo: { lastScalingAt: app.version, lastConfigChangeAt: app.version },
  });
  expect(app.portDefinitions[0]).not.toHaveProperty('labels');
});

test('1.1 and 1.4 write null and empty lists, each its own', async () => {
  const old = await openCluster({ release: 'indigo_1' });
  const older = (await old.marathon('POST', '/v2/apps', { id: '/web', ...sleeper })).json;
  expect(older).toMatchObject({
    ...{ args: null, user: null, container: null, ipAddress: null, residency: null, acceptedResourceRoles: null },
    ...{ constraints: [], uris: [], fetch: [], storeUrls: [], env: {}, labels: {}, ports: [0], healthChecks: [] },
    portDefinitions: [{ port: 0, protocol: 'tcp', labels: {} }],
    ...{ tasks: [], tasksStaged: 0, tasksRunning: 0, tasksHealthy: 0, tasksUnhealthy: 0 },
  });
  for (const absent of [
    'gpus',
    'secrets',
    'killSelection',
    'unreachableStrategy',
    'networks',
    'versionInfo',
    'taskKillGracePeriodSeconds',
  ]) {
    expect(older).not.toHaveProperty(absent);
  }
  const middle = await openCluster({ release: 'indigo_2' });
  const newer = (
    await middle.marathon('POST', '/v2/apps', { id: '/web', ...sleeper, container: { docker: { image: 'a' } } })
  ).json;
  expect(newer).toMatchObject({
    ...{ args: null, gpus: 0, secrets: {}, taskKillGracePeriodSeconds: null, killSelection: 'YOUNGEST_FIRST' },
    unreachableStrategy: { inactiveAfterSeconds: 300, expungeAfterSeconds: 600 },
    container: {
      type: 'DOCKER',
      volumes: [],
      docker: { image: 'a', network: null, portMappings: [], privileged: false, parameters: [] },
    },
    portDefinitions: [{ port: 0, name: 'default', protocol: 'tcp', labels: {} }],
  });
  expect(newer).not.toHaveProperty('acceptedResourceRoles');
});

test('the network model is that of the release', async () => {
  const bridged = {
    id: '/web',
    cmd: 'sleep 1000',
    container: {
      type: 'DOCKER',
      docker: { image: 'nginx', network: 'BRIDGE', portMappings: [{ containerPort: 80, hostPort: 0 }] },
    },
  };
  const { marathon } = await openCluster();
  await marathon('POST', '/v2/apps', bridged);
  const newest = (await marathon('GET', '/v2/apps/web')).json.app;
  expect(newest.networks).toEqual([{ mode: 'container/bridge' }]);
  expect(newest.container).toEqual({
    type: 'DOCKER',
    docker: { image: 'nginx', forcePullImage: false, privileged: false, parameters: [] },
    volumes: [],
    portMappings: [{ containerPort: 80, hostPort: 0, servicePort: 10_000, protocol: 'tcp', labels: {} }],
  });
  expect(newest).not.toHaveProperty('portDefinitions');
  const old = await openCluster({ release: 'indigo_1' });
  await old.marathon('POST', '/v2/apps', bridged);
  const older = (await old.marathon('GET', '/v2/apps/web')).json.app;
  expect(older).toMatchObject({ ports: [10_000], portDefinitions: [{ port: 10_000, protocol: 'tcp', labels: {} }] });
  expect(older.container.docker).toMatchObject({
    network: 'BRIDGE',
    portMappings: [{ containerPort: 80, hostPort: 0, servicePort: 10_000 }],
  });
});

test('a network mode of any case is taken in 1.5, an unknown one is not', async () => {
  const { marathon } = await openCluster();
  const host = await marathon('POST', '/v2/apps', { id: '/gpu', ...sleeper, networks: [{ mode: 'HOST' }] });
  expect(host.json.networks).toEqual([{ mode: 'host' }]);
  const unknown = await marathon('POST', '/v2/apps', { id: '/x', ...sleeper, networks: [{ mode: 'USER' }] });
  expect(unknown.status).toBe(422);
  expect(unknown.json).toEqual({
    message: 'Invalid JSON',
    details: [{ path: '/networks(0)/mode', errors: ['error.unknown.enum.literal'] }],
  });
  const none = { id: '/n', ...sleeper, container: { docker: { image: 'a', network: 'NONE' } } };
  expect((await marathon('POST', '/v2/apps', none)).status).toBe(500);
});

test.for(releases)('bodies that cannot be read are refused as the release does (%s)', async release => {
  const { marathon } = await openCluster({ release });
  const wrong = release === 'deep_1' ? 422 : 400;
  const broken = await marathon('POST', '/v2/apps', '{"id": ');
  expect(broken.status).toBe(400);
  expect(broken.json.message).toBe('Invalid JSON');
  expect(broken.json.details).toBeTypeOf('string');
  expect((await marathon('POST', '/v2/apps', '')).json.message).toBe('Please specify data in JSON format');
  const shape = await marathon('POST', '/v2/apps', { cmd: 3, env: [] });
  expect(shape.status).toBe(wrong);
  expect(shape.headers.get('Content-Type')).toBe('application/json');
  expect(shape.json).toEqual({
    message: 'Invalid JSON',
    details: [
      { path: '/id', errors: ['error.path.missing'] },
      { path: '/cmd', errors: ['error.expected.jsstring'] },
      { path: '/env', errors: ['error.expected.jsobject'] },
    ],
  });
  const negative = await marathon('POST', '/v2/apps', { id: '/a', cmd: 'sleep 1', cpus: -1 });
  expect(negative.status).toBe(422);
  expect(negative.json.message).toBe(release === 'deep_1' ? 'Invalid JSON' : 'Object is not valid');
  expect(negative.json.details[0].path).toBe('/cpus');
  const nothing = await marathon('POST', '/v2/apps', { id: '/a' });
  expect(nothing.status).toBe(422);
  expect(nothing.json).toEqual({
    message: 'Object is not valid',
    details: [
      { path: '/', errors: ["AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'."] },
    ],
  });
  const both = await marathon('POST', '/v2/apps', {
    id: '/a',
    cmd: 'sleep 1',
    uris: ['http://a/b'],
    fetch: [{ uri: 'http://a/b' }],
  });
  expect(both.status).toBe(wrong);
  const badId = await marathon('POST', '/v2/apps', { id: '/A_b', cmd: 'sleep 1' });
  expect(badId.status).toBe(422);
  expect(badId.json.details[0].path).toBe('/id');
  expect((await marathon('GET', '/v2/apps')).json).toEqual({ apps: [] });
});

test('constraints are held against the rules of the release', async () => {
  const bodies = (constraint: string[]) => ({ id: '/a', ...sleeper, constraints: [constraint] });
  const newest = await openCluster();
  const refused = async (constraint: string[]) =>
    (await newest.marathon('POST', '/v2/apps', bodies(constraint))).json.details;
  expect(await refused(['hostname', 'NEAR'])).toEqual([
    {
      path: '/constraints(0)',
      errors: ['operator must be one of the following UNIQUE, CLUSTER, GROUP_BY, LIKE, MAX_PER or UNLIKE'],
    },
  ]);
  expect(await refused(['hostname', 'unique', 'x'])).toEqual([
    { path: '/constraints(0)', errors: ['UNIQUE does not accept a value'] },
  ]);
  expect(await refused(['hostname'])).toEqual([
    { path: '/constraints(0)', errors: ['Each constraint must have either 2 or 3 fields'] },
  ]);
  expect(
    (await newest.marathon('POST', '/v2/apps', { ...bodies(['hostname', 'like', '.*']), instances: 0 })).json
      .constraints,
  ).toEqual([['hostname', 'LIKE', '.*']]);
  const old = await openCluster({ release: 'indigo_1' });
  expect((await old.marathon('POST', '/v2/apps', bodies(['hostname', 'unique']))).status).toBe(400);
  expect(
    (await old.marathon('POST', '/v2/apps', { ...bodies(['hostname', 'UNIQUE', 'x']), instances: 0 })).status,
  ).toBe(201);
});

test('members that Marathon does not know are passed over, and null is as if absent', async () => {
  const { marathon } = await openCluster();
  const created = await marathon('POST', '/v2/apps', {
    id: '/a',
    ...sleeper,
    nonsense: 1,
    args: null,
    user: null,
    instances: 0,
  });
  expect(created.status).toBe(201);
  expect(created.json).not.toHaveProperty('nonsense');
});

test('service ports are given from 10000 on, kept, and not given twice', async () => {
  const { marathon, deploy, events } = await openCluster();
  await deploy({ id: '/a', ...sleeper, portDefinitions: [{ port: 10_001 }, { port: 0 }] });
  await deploy({ id: '/b', ...sleeper });
  const ports = async (id: string) =>
    (await marathon('GET', `/v2/apps/${id}`)).json.app.portDefinitions.map(({ port }: { port: number }) => port);
  expect(await ports('a')).toEqual([10_001, 10_000]);
  expect(await ports('b')).toEqual([10_002]);
  const stream = await events();
  const again = await marathon('PUT', '/v2/apps/a', { portDefinitions: [{ port: 0 }, { port: 0 }] });
  await stream.until(event => event.id === again.json.deploymentId);
  expect((await ports('a')).sort()).toEqual([10_000, 10_001]);
  expect(
    (await marathon('POST', '/v2/apps', { id: '/c', ...sleeper, portDefinitions: [{ port: 10_002 }] })).status,
  ).toBe(422);
});

test('what is not there is 404 with the words of Marathon', async () => {
  const { marathon, deploy } = await openCluster();
  await deploy({ id: '/a', ...sleeper });
  const message = async (method: string, url: string) => {
    const { status, json } = await marathon(method, url);
    expect(status).toBe(404);
    return json.message;
  };
  expect(await message('GET', '/v2/x')).toBe('URI not found: /v2/x');
  expect(await message('GET', '/v2/apps/x')).toBe("App '/x' does not exist");
  expect(await message('DELETE', '/v2/apps/x')).toBe("App '/x' does not exist");
  expect(await message('GET', '/v2/apps/x/tasks')).toBe("App '/x' does not exist");
  expect(await message('GET', '/v2/groups/x')).toBe("Group '/x' does not exist");
  expect(await message('DELETE', '/v2/apps/a/tasks/y')).toBe("Task 'y' does not exist");
  expect(await message('DELETE', '/v2/queue/x/delay')).toBe('Application /x not found in tasks queue.');
  expect(await message('GET', '/v2/apps/a/versions/2001-01-01T00:00:00.000Z')).toContain(
    'in version 2001-01-01T00:00:00.000Z',
  );
  expect((await marathon('POST', '/v2/apps', { id: '/a', ...sleeper })).json.message).toBe(
    'An app with id [/a] already exists.',
  );
  expect((await marathon('DELETE', '/ping')).status).toBe(405);
});

test('apps are found by id, command and label, with what is asked for embedded', async () => {
  const { marathon, deploy } = await openCluster();
  await deploy({ id: '/team/web', ...sleeper, labels: { tier: 'front', owner: 'a' } });
  await deploy({ id: '/team/db', cmd: 'sleep 2000', cpus: 0.1, mem: 16, labels: { tier: 'back' } });
  const ids = async (query: string) =>
    (await marathon('GET', `/v2/apps?${query}`)).json.apps.map(({ id }: { id: string }) => id).sort();
  expect(await ids('')).toEqual(['/team/db', '/team/web']);
  expect(await ids('id=WEB')).toEqual(['/team/web']);
  expect(await ids('cmd=2000')).toEqual(['/team/db']);
  for (const [selector, found] of [
    ['owner', ['/team/web']],
    ['tier==back', ['/team/db']],
    ['tier != back', ['/team/web']],
    ['tier in (back, front)', ['/team/db', '/team/web']],
    ['tier notin (back)', ['/team/web']],
    ['tier in (back, front), owner == a', ['/team/web']],
    ['owner != a', []],
  ] as const) {
    expect(await ids(`label=${encodeURIComponent(selector)}`), selector).toEqual(found);
  }
  const bad = await marathon('GET', `/v2/apps?label=${encodeURIComponent('a === b')}`);
  expect(bad.status).toBe(422);
  expect(bad.json.message).toContain('Can not parse label selector a === b. Reason: ');
  const [app] = (await marathon('GET', '/v2/apps?id=web')).json.apps;
  expect(app).toMatchObject({ tasksRunning: 1, deployments: [] });
  expect(app).not.toHaveProperty('tasks');
  const [full] = (await marathon('GET', '/v2/apps?id=web&embed=apps.tasks&embed=apps.taskStats&embed=what')).json.apps;
  expect(full.tasks[0]).toMatchObject({ appId: '/team/web', state: 'TASK_RUNNING' });
  expect(Object.keys(full.taskStats)).toEqual(['startedAfterLastScaling', 'withLatestConfig', 'totalSummary']);
  expect((await marathon('GET', '/v2/apps/team/*')).json['*']).toHaveLength(2);
});

test('tasks are told as the release does, as JSON and as text', async () => {
  const { marathon, deploy } = await openCluster({ release: 'indigo_1' });
  await deploy({ id: '/team/web', ...sleeper });
  const [task] = (await marathon('GET', '/v2/tasks')).json.tasks;
  expect(task).toMatchObject({ appId: '/team/web', servicePorts: [10_000] });
  expect(task).not.toHaveProperty('state');
  expect(task.id).toMatch(/^team_web\.[0-9a-f-]{36}$/);
  const [ofApp] = (await marathon('GET', '/v2/apps/team/web/tasks')).json.tasks;
  expect(ofApp).not.toHaveProperty('servicePorts');
  const { text } = await marathon('GET', '/v2/tasks', undefined, { Accept: 'text/plain' });
  expect(text).toBe(`team_web\t10000\t${task.host}:${task.ports[0]}\t\n`);
  const killed = await marathon('DELETE', '/v2/apps/team/web/tasks');
  expect(killed.json.tasks[0].id).toBe(task.id);
  expect(killed.json.tasks[0]).not.toHaveProperty('appId');
  expect((await marathon('GET', '/v2/tasks?status=nonsense')).status).toBe(200);
});

test.for(releases)('Marathon tells of itself (%s)', async release => {
  const { marathon, cluster } = await openCluster({ release });
  const ping = await marathon('GET', '/ping');
  expect(ping.text.trim()).toBe('pong');
  const info = await marathon('GET', '/v2/info');
  const versions = { indigo_1: '1.1.1', indigo_2: '1.4.1', deep_1: '1.5.6' };
  expect(info.json).toMatchObject({
    name: 'marathon',
    version: versions[release],
    elected: true,
    marathon_config: { master: cluster.mesos },
  });
  expect(info.headers.get('X-Marathon-Leader')).toBe(cluster.marathon);
  expect(info.headers.get('Cache-Control')).toBe('no-cache, no-store, must-revalidate');
  expect((await marathon('GET', '/v2/leader')).json).toEqual({ leader: cluster.marathon.slice('http://'.length) });
  expect((await marathon('PATCH', '/v2/apps', [])).status).toBe(release === 'indigo_1' ? 405 : 200);
  expect((await marathon('GET', '/v2/groups')).json).not.toBe(undefined);
  expect('pods' in (await marathon('GET', '/v2/groups')).json).toBe(release !== 'indigo_1');
});

test('the event stream filters by type, and wants to be asked for', async () => {
  const { marathon, events, deploy } = await openCluster();
  expect((await marathon('GET', '/v2/events')).status).toBe(405);
  expect((await marathon('GET', '/v2/events', undefined, { Accept: 'text/event-stream, */*' })).status).toBe(405);
  const stream = await events('?event_type=api_post_event&event_type=deployment_success');
  await deploy({ id: '/a', ...sleeper });
  await stream.until(({ eventType }) => eventType === 'deployment_success');
  expect(stream.seen.map(({ eventType }) => eventType)).toEqual(['api_post_event', 'deployment_success']);
  expect(stream.seen[0]).toMatchObject({ uri: '/v2/apps', clientIp: '127.0.0.1', appDefinition: { id: '/a' } });
});

const examples = path.join(
  process.env.TOSCA_CORPUS ?? path.join(__dirname, '../../../../shared/corpus'),
  'wire/marathon-api-examples',
);
test.skipIf(!existsSync(examples))(
  'example bodies of the API description are taken (skipped without the corpus)',
  async () => {
    const { marathon, events } = await openCluster();
    const stream = await events();
    const read = (name: string) => JSON.parse(readFileSync(path.join(examples, name), 'utf8'));
    const created = await marathon('PUT', '/v2/apps', read('apps_create.json'));
    expect(created.status, created.text).toBe(200);
    await stream.until(event => event.eventType === 'deployment_info');
    const patched = await marathon('PATCH', '/v2/apps?force=true', read('apps_patch.json'));
    expect(patched.status, patched.text).toBe(200);
    await stream.until(event => event.eventType === 'deployment_success' && event.id === patched.json.deploymentId);
    const { apps } = (await marathon('GET', '/v2/apps')).json;
    expect(apps.map(({ id, instances }: { id: string; instances: number }) => [id, instances])).toEqual([
      ['/test/sleep60', 2],
      ['/test/sleep120', 2],
    ]);
  },
);

test('events are posted to whoever has subscribed, in order', async () => {
  const { marathon, deploy } = await openCluster({ release: 'indigo_1' });
  const posted: string[] = [];
  const receiver = http.createServer((request, response) => {
    let body = '';
    request.on('data', data => {
      body += data;
    });
    request.on('end', () => {
      posted.push(JSON.parse(body).eventType);
      response.end();
    });
  });
  await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void receiver.close());
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/events`;
  const query = `?callbackUrl=${encodeURIComponent(url)}`;
  expect((await marathon('POST', `/v2/eventSubscriptions${query}`)).json).toMatchObject({ callbackUrl: url });
  expect((await marathon('GET', '/v2/eventSubscriptions')).json).toEqual({ callbackUrls: [url] });
  await deploy({ id: '/a', ...sleeper });
  await eventually(async () => posted.includes('deployment_success'));
  expect(posted[0]).toBe('subscribe_event');
  expect(posted.indexOf('deployment_info')).toBeLessThan(posted.indexOf('deployment_success'));
  await marathon('DELETE', `/v2/eventSubscriptions${query}`);
  expect((await marathon('GET', '/v2/eventSubscriptions')).json).toEqual({ callbackUrls: [] });
});

test('a task fetches what was sent to the artifact store', async () => {
  const { cluster, marathon, deploy } = await openCluster({ release: 'indigo_1' });
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array([0, 255, 10])]), 'data.bin');
  const stored = await fetch(`${cluster.marathon}/v2/artifacts`, { method: 'POST', body: form });
  expect(stored.status).toBe(201);
  const uri = stored.headers.get('Location') ?? '';
  expect(new Uint8Array(await (await fetch(uri)).arrayBuffer())).toEqual(new Uint8Array([0, 255, 10]));
  await deploy({ id: '/a', ...sleeper, cmd: 'test $(wc -c < data.bin) = 3 && sleep 1000', uris: [uri] });
  expect((await marathon('GET', '/v2/apps/a')).json.app.tasksRunning).toBe(1);
});

test('gpus and secrets want their features', async () => {
  const { marathon } = await openCluster();
  const errors = async (app: Record<string, unknown>) =>
    (await marathon('POST', '/v2/apps', { id: '/a', ...sleeper, ...app })).json.details;
  expect(await errors({ gpus: 1 })).toEqual([
    { path: '/', errors: ['Feature gpu_resources is not enabled. Enable with --enable_features gpu_resources)'] },
  ]);
  expect(await errors({ secrets: { s: { source: '/x' } } })).toMatchObject([{ path: '/secrets' }]);
  const withGpus = await openCluster({ gpus: 1 });
  expect((await withGpus.marathon('POST', '/v2/apps', { id: '/a', ...sleeper, gpus: 1 })).status).toBe(201);
});
