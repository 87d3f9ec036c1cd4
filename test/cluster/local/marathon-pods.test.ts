import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Event, type Events, eventually, openCluster, startTestCluster } from './local.ts';

const resources = { cpus: 0.1, mem: 16 };
const ended = (events: Events, id: string | null) =>
  events.until(event => event.eventType === 'deployment_success' && event.id === id);
const deploymentOf = (reply: { headers: Headers }) => reply.headers.get('Marathon-Deployment-Id');

const pair = {
  id: '/team/pair',
  volumes: [{ name: 'shared' }],
  networks: [{ mode: 'host' }],
  containers: [
    {
      name: 'writer',
      resources,
      exec: { command: { shell: 'echo $ENDPOINT_WEB-$MARATHON_CONTAINER_ID; sleep 1000' } },
      volumeMounts: [{ name: 'shared', mountPath: 'shared' }],
    },
    {
      name: 'server',
      resources,
      exec: { command: { argv: ['sleep', '1000'] } },
      endpoints: [{ name: 'web', hostPort: 0 }],
    },
  ],
};

test.for(['indigo_2', 'deep_1'] as const)('a pod runs its containers together (%s)', async release => {
  const { marathon, events } = await openCluster({ release });
  const stream = await events();
  const created = await marathon('POST', '/v2/pods', pair);
  expect(created.status, created.text).toBe(201);
  const done = await ended(stream, deploymentOf(created));
  expect(done.plan.steps).toEqual([
    { actions: [{ action: 'StartPod', pod: '/team/pair' }] },
    { actions: [{ action: 'ScalePod', pod: '/team/pair' }] },
  ]);
  expect(stream.seen.find(({ eventType }) => eventType === 'pod_created_event')).toMatchObject({ uri: '/v2/pods' });
  const status = (await marathon('GET', '/v2/pods//team/pair::status')).json;
  expect(status).toMatchObject({ id: '/team/pair', status: 'STABLE', spec: { id: '/team/pair' } });
  expect(status.instances).toHaveLength(1);
  const [{ id, containers, resources: total }] = status.instances;
  expect(id).toMatch(/^team_pair\.instance-/);
  expect(containers.map(({ name, status: state }: Event) => [name, state])).toEqual([
    ['writer', 'TASK_RUNNING'],
    ['server', 'TASK_RUNNING'],
  ]);
  expect(containers[0].containerId).toBe(`${id}.writer`);
  expect(containers[1].endpoints).toEqual([{ name: 'web', allocatedHostPort: expect.any(Number) }]);
  expect(total).toEqual({ cpus: 0.3, mem: 64, disk: 10, gpus: 0 });
  expect((await marathon('GET', '/v2/groups/team')).json.pods[0].id).toBe('/team/pair');
  expect((await marathon('GET', '/v2/apps')).json).toEqual({ apps: [] });
  expect((await marathon('GET', '/v2/tasks')).json).toEqual({ tasks: [] });
});

/** Waits in the shell for a file. */
const until = (file: string) => `until test -f ${file}; do sleep 0.02; done`;

test('a container that fails takes its pod with it; one that is done does not', async () => {
  const { marathon, events } = await openCluster();
  const stream = await events();
  const pod = {
    id: '/p',
    scheduling: { backoff: { backoff: 0 } },
    containers: [
      { name: 'init', resources, exec: { command: { shell: 'exit 0' } } },
      {
        name: 'main',
        resources,
        // It fails once, when its neighbour runs.
        exec: {
          command: { shell: `cd ../../../..; test -f once || { ${until('side')}; touch once; exit 3; }; sleep 1000` },
        },
      },
      { name: 'side', resources, exec: { command: { shell: 'touch ../../../../side; sleep 1000' } } },
    ],
  };
  await ended(stream, deploymentOf(await marathon('POST', '/v2/pods', pod)));
  const states = () => stream.seen.filter(({ eventType }) => eventType === 'status_update_event');
  await stream.until(({ taskStatus }) => taskStatus === 'TASK_FAILED');
  await stream.until(({ taskStatus, taskId }) => taskStatus === 'TASK_KILLED' && taskId.endsWith('.side'));
  const running = () =>
    states().filter(({ taskStatus, taskId }) => taskStatus === 'TASK_RUNNING' && taskId.endsWith('.side'));
  await stream.until(() => running().length === 2);
  const [first, second] = running();
  expect(first?.taskId).not.toBe(second?.taskId);
});

test('a pod is changed, scaled, rolled out and removed; its instances can be killed', async () => {
  const { marathon, events } = await openCluster({ executor: 'stand-in' });
  const stream = await events();
  const pod = { id: '/p', containers: [{ name: 'c', resources, image: { kind: 'DOCKER', id: 'nginx' } }] };
  await ended(stream, deploymentOf(await marathon('POST', '/v2/pods', pod)));
  const again = await marathon('POST', '/v2/pods', pod);
  expect([again.status, again.json]).toEqual([409, { message: 'A pod with id [/p] already exists.' }]);
  const ids = async (): Promise<string[]> =>
    ((await marathon('GET', '/v2/pods/p::status')).json.instances ?? []).map(({ id }: { id: string }) => id);
  const [first] = await ids();
  const scaled = await marathon('PUT', '/v2/pods/p', { ...pod, scaling: { kind: 'fixed', instances: 2 } });
  expect((await ended(stream, deploymentOf(scaled))).plan.steps).toEqual([
    { actions: [{ action: 'ScalePod', pod: '/p' }] },
  ]);
  expect(await ids()).toContain(first);
  const changed = await marathon('PUT', '/v2/pods/p', { ...pod, environment: { A: 'b' } });
  expect((await ended(stream, deploymentOf(changed))).plan.steps).toEqual([
    { actions: [{ action: 'RestartPod', pod: '/p' }] },
  ]);
  const [only] = await ids();
  expect(only).not.toBe(first);
  const versions = (await marathon('GET', '/v2/pods/p::versions')).json;
  expect(versions).toHaveLength(3);
  expect((await marathon('GET', `/v2/pods/p::versions/${versions[2]}`)).json).not.toHaveProperty('environment');
  expect((await marathon('PUT', '/v2/pods/p', { ...pod, id: '/q' })).status).toBe(400);
  const killed = await marathon('DELETE', `/v2/pods/p::instances/${only}`);
  expect(killed.json).toMatchObject({ instanceId: { idString: only }, state: { condition: { str: 'running' } } });
  await stream.until(({ taskStatus, taskId }) => taskStatus === 'TASK_KILLED' && taskId === `${only}.c`);
  expect((await marathon('DELETE', `/v2/pods/p::instances/${only}`)).json).toEqual({
    message: `Task '${only}' does not exist`,
  });
  expect((await marathon('POST', '/v2/apps', { id: '/p', cmd: 'sleep 1' })).status).toBe(422);
  const removed = await marathon('DELETE', '/v2/pods/p?force=true');
  expect([removed.status, removed.text]).toEqual([202, '']);
  await ended(stream, deploymentOf(removed));
  expect((await marathon('GET', '/v2/pods/p')).json).toEqual({ message: "Pod '/p' does not exist" });
});

test('what is wrong with a pod is refused with its path', async () => {
  const { marathon } = await openCluster();
  const refused = async (pod: unknown) => {
    const { status, json } = await marathon('POST', '/v2/pods', pod);
    expect(status).toBe(422);
    return json.details;
  };
  expect(await refused({ id: '/p' })).toEqual([{ path: '/containers', errors: ['error.path.missing'] }]);
  expect(await refused({ id: '/p', containers: [] })).toEqual([{ path: '/containers', errors: ['error.minLength'] }]);
  const container = { name: 'c', resources };
  expect(
    await refused({ id: '/p', containers: [{ ...container, endpoints: [{ name: 'e', containerPort: 80 }] }] }),
  ).toEqual([
    { path: '/containers(0)/endpoints(0)/hostPort', errors: ['is required when using host-mode networking'] },
    { path: '/containers(0)/endpoints(0)/containerPort', errors: ['is not allowed when using host-mode networking'] },
  ]);
  expect(await refused({ id: '/p', containers: [container, container] })).toEqual([
    { path: '/containers', errors: ['container names are unique'] },
  ]);
  expect(await refused({ id: '/p', containers: [container], secrets: { s: { source: 'x' } } })).toEqual([
    {
      path: '/secrets',
      errors: ['must be empty', 'Feature secrets is not enabled. Enable with --enable_features secrets)'],
    },
  ]);
});

test('pods are kept over a restart, with their versions', async () => {
  const stateDir = mkdtempSync(path.join(os.tmpdir(), 'pods-'));
  onTestFinished(() => rmSync(stateDir, { recursive: true, force: true }));
  const first = await startTestCluster({ stateDir, executor: 'stand-in' });
  const stream = await first.events();
  const pod = { id: '/p', containers: [{ name: 'c', resources }] };
  await ended(stream, deploymentOf(await first.marathon('POST', '/v2/pods', pod)));
  const changed = await first.marathon('PUT', '/v2/pods/p', { ...pod, labels: { a: 'b' } });
  await ended(stream, deploymentOf(changed));
  await first.cluster.stop();
  const { marathon } = await openCluster({ stateDir, executor: 'stand-in' });
  expect((await marathon('GET', '/v2/pods/p')).json).toEqual(changed.json);
  expect((await marathon('GET', '/v2/pods/p::versions')).json).toHaveLength(2);
  await eventually(async () => (await marathon('GET', '/v2/pods/p::status')).json.status === 'STABLE');
});

test('1.1 has no pods', async () => {
  const { marathon } = await openCluster({ release: 'indigo_1' });
  expect((await marathon('GET', '/v2/pods')).json).toEqual({ message: 'URI not found: /v2/pods' });
});
