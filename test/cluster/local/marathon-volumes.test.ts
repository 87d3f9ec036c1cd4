import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Event, eventually, openCluster, startTestCluster, type TestCluster } from './local.ts';

const app = {
  id: '/db',
  cmd: 'echo run >> data/runs; wc -l < data/runs; sleep 1000',
  ...{ cpus: 0.1, mem: 16, backoffSeconds: 0 },
  container: { type: 'MESOS', volumes: [{ containerPath: 'data', mode: 'RW', persistent: { size: 10 } }] },
};

test.for(['indigo_1', 'indigo_2', 'deep_1'] as const)(
  'a resident app finds its volume again, on its agent, until it is wiped (%s)',
  async release => {
    const { marathon, events, deploy } = await openCluster({ release, agents: 3 });
    await deploy(app);
    const stream = await events();
    const shown = (await marathon('GET', '/v2/apps/db')).json.app;
    expect(shown.residency).toEqual({ relaunchEscalationTimeoutSeconds: 3600, taskLostBehavior: 'WAIT_FOREVER' });
    expect(shown.upgradeStrategy).toEqual({ minimumHealthCapacity: 0.5, maximumOverCapacity: 0 });
    const [task] = shown.tasks;
    expect(task.localVolumes).toEqual([
      {
        ...(release === 'indigo_1' ? {} : { runSpecId: '/db', uuid: expect.any(String) }),
        containerPath: 'data',
        persistenceId: expect.stringMatching(/^db#data#/),
      },
    ]);
    const again = async (old: Event, query = ''): Promise<Event> => {
      const before = stream.seen.length;
      await marathon('DELETE', `/v2/apps/db/tasks/${old.id}${query}`);
      await stream.until(event => stream.seen.indexOf(event) >= before && event.taskStatus === 'TASK_RUNNING');
      return (await marathon('GET', '/v2/apps/db/tasks')).json.tasks[0];
    };
    const second = await again(task);
    expect(second).toMatchObject({ host: task.host, localVolumes: task.localVolumes });
    expect(second.id).toBe(release === 'deep_1' ? task.id.replace(/\.1$/, '.2') : task.id);
    const wiped = await again(second, '?wipe=true');
    expect(wiped.localVolumes).not.toEqual(task.localVolumes);
    const { deploymentId } = (await marathon('PUT', '/v2/apps/db', { instances: 0 })).json;
    await stream.until(event => event.eventType === 'deployment_success' && event.id === deploymentId);
    const [reserved, ...others] = (await marathon('GET', '/v2/apps/db/tasks')).json.tasks;
    expect(others).toEqual([]);
    expect(reserved).toMatchObject({ id: wiped.id, host: wiped.host, localVolumes: wiped.localVolumes });
    expect(reserved).not.toHaveProperty('stagedAt');
    expect((await marathon('DELETE', `/v2/apps/db/tasks/${reserved.id}?wipe=true`)).status).toBe(200);
    expect((await marathon('GET', '/v2/apps/db/tasks')).json).toEqual({ tasks: [] });
  },
);

test('what a task leaves in its volume is there for the next one, over a restart of the cluster too', async () => {
  const stateDir = mkdtempSync(path.join(os.tmpdir(), 'volumes-'));
  onTestFinished(() => rmSync(stateDir, { recursive: true, force: true }));
  const runs = async ({ marathon }: TestCluster) => {
    const [{ localVolumes }] = (await marathon('GET', '/v2/apps/db/tasks')).json.tasks;
    const folder = path.join(stateDir, 'agents', '1', 'volumes', 'roles', 'marathon', localVolumes[0].persistenceId);
    try {
      return readFileSync(path.join(folder, 'runs'), 'utf8').split('\n').length - 1;
    } catch {
      return 0;
    }
  };
  const first = await startTestCluster({ stateDir });
  await first.deploy(app);
  await eventually(async () => (await runs(first)) === 1);
  const stream = await first.events();
  const { deploymentId } = (await first.marathon('POST', '/v2/apps/db/restart')).json;
  await stream.until(event => event.eventType === 'deployment_success' && event.id === deploymentId);
  await eventually(async () => (await runs(first)) === 2);
  await first.cluster.stop();
  const second = await openCluster({ stateDir });
  await eventually(async () => (await second.marathon('GET', '/v2/apps/db')).json.app.tasksRunning === 1);
  await eventually(async () => (await runs(second)) === 3);
});

test('external volumes are refused unless the feature is on', async () => {
  const external = {
    id: '/ext',
    cmd: 'sleep 1000',
    instances: 0,
    container: {
      type: 'DOCKER',
      docker: { image: 'a' },
      volumes: [
        {
          containerPath: '/data',
          mode: 'RW',
          external: { name: 'v', provider: 'dvdi', options: { 'dvdi/driver': 'rexray' } },
        },
      ],
    },
  };
  const off = await openCluster();
  expect((await off.marathon('POST', '/v2/apps', external)).json.details).toEqual([
    {
      path: '/container/volumes(0)',
      errors: ['Feature external_volumes is not enabled. Enable with --enable_features external_volumes)'],
    },
  ]);
  const on = await openCluster({ marathonFeatures: ['external_volumes'] });
  expect((await on.marathon('POST', '/v2/apps', external)).status).toBe(201);
  const shared = await on.marathon('POST', '/v2/apps', { ...external, id: '/other' });
  expect(shared.json.details).toEqual([
    { path: '/', errors: ["Volume name 'v' in /other conflicts with volume(s) of same name in app(s): /ext"] },
  ]);
  const two = await on.marathon('PUT', '/v2/apps/ext', { instances: 2 });
  expect(two.json.details).toEqual([
    { path: '/', errors: ['Number of instances is limited to 1 when declaring DVDI volumes in app [/ext]'] },
  ]);
  expect((await on.marathon('GET', '/v2/info')).json.marathon_config.features).toEqual(['external_volumes']);
});
