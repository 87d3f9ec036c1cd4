// What a cluster with a state folder takes up again after its end.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { LocalClusterOptions } from '../../../cluster/src/local/start.ts';
import { eventually, type Send, sender, startTestCluster, type TestCluster } from './local.ts';

/** Starts a cluster that keeps its state in a folder of this test, again and again. */
function lives(options: LocalClusterOptions = {}): () => Promise<TestCluster> {
  const stateDir = mkdtempSync(path.join(os.tmpdir(), 'state-'));
  let last: TestCluster | undefined;
  onTestFinished(async () => {
    await last?.cluster.stop();
    rmSync(stateDir, { recursive: true, force: true });
  });
  return async () => {
    await last?.cluster.stop();
    last = await startTestCluster({ stateDir, executor: 'stand-in', ...options });
    return last;
  };
}

const running = ({ marathon }: TestCluster, id: string, instances: number) =>
  eventually(async () => {
    const { app } = (await marathon('GET', `/v2/apps/${id}`)).json;
    return app?.tasksRunning === instances && app;
  });

test('apps, their versions and groups, and what runs of them', async () => {
  const live = lives();
  const first = await live();
  await first.deploy({ id: '/a/web', cmd: 'one', instances: 2, cpus: 0.1, mem: 16, ports: [0], labels: { l: '1' } });
  await first.marathon('PUT', '/v2/apps/a/web', { cmd: 'two' });
  await first.marathon('PUT', '/v2/groups/a', { dependencies: [], groups: [{ id: 'empty' }] });
  await first.deploy({ id: '/gone', cmd: 'one', cpus: 0.1, mem: 16 });
  await first.marathon('DELETE', '/v2/apps/gone');
  await eventually(async () => (await first.marathon('GET', '/v2/deployments')).json.length === 0);
  const tell = async ({ marathon }: TestCluster) => ({
    versions: (await marathon('GET', '/v2/apps/a/web/versions')).json,
    ofGroup: (await marathon('GET', '/v2/groups/a/versions')).json,
    group: (await marathon('GET', '/v2/groups')).json,
    info: (await marathon('GET', '/v2/info')).json.frameworkId,
  });
  const before = await tell(first);
  expect(before.versions.versions).toHaveLength(2);
  const tasks = (await running(first, 'a/web', 2)).tasks.map(({ id }: { id: string }) => id);
  const second = await live();
  expect(await tell(second)).toEqual(before);
  const app = await running(second, 'a/web', 2);
  expect(app.tasks.some(({ id }: { id: string }) => tasks.includes(id))).toBe(false);
  expect(app.lastTaskFailure).toMatchObject({ state: 'TASK_LOST', appId: '/a/web' });
  expect(tasks).toContain(app.lastTaskFailure.taskId);
  // An old definition, and an old tree, can be gone back to.
  const old = before.versions.versions[1];
  await second.marathon('PUT', '/v2/apps/a/web', { version: old });
  expect((await second.marathon('GET', '/v2/apps/a/web')).json.app.cmd).toBe('one');
  expect((await second.marathon('GET', `/v2/groups/a/versions/${before.ofGroup.at(-1)}`)).status).toBe(200);
});

test('a deployment that was going on', async () => {
  const live = lives();
  const first = await live();
  const big = { id: '/big', cmd: 'true', cpus: 10_000, mem: 16 };
  const { json } = await first.marathon('POST', '/v2/apps', big);
  const second = await live();
  const [deployment] = (await second.marathon('GET', '/v2/deployments')).json;
  expect(deployment).toMatchObject({ id: json.deployments[0].id, affectedApps: ['/big'] });
  expect((await second.marathon('PUT', '/v2/apps/big', { cpus: 0.1 })).status).toBe(409);
  expect((await second.marathon('PUT', '/v2/apps/big?force=true', { cpus: 0.1 })).status).toBe(200);
  await running(second, 'big', 1);
  await eventually(async () => (await second.marathon('GET', '/v2/deployments')).json.length === 0);
});

test.for(['indigo_1', 'deep_1'] as const)('jobs with their counters, and runs that wait (%s)', async release => {
  const live = lives({ release, failureRetryMs: 300 });
  const first = await live();
  const iso = '/iso8601';
  await first.chronos('POST', iso, { name: 'done', command: 'x', schedule: 'R1//PT24H' });
  await first.chronos('POST', iso, { name: 'large', command: 'x', cpus: 10_000, schedule: 'R2//PT24H' });
  const jobs = async ({ chronos }: TestCluster) => (await chronos('GET', '/jobs')).json;
  await eventually(async () =>
    (await jobs(first)).some(
      (job: { successCount: number; disabled: boolean }) => job.successCount === 1 && job.disabled,
    ),
  );
  await first.chronos('POST', iso, { name: 'later', command: 'x', schedule: 'R5/2999-01-01T00:00:00Z/PT24H' });
  await first.chronos('PUT', '/job/later');
  await eventually(async () =>
    (await jobs(first)).every(
      (job: { name: string; successCount: number }) => job.name === 'large' || job.successCount === 1,
    ),
  );
  const before = await jobs(first);
  const second = await live();
  expect(await jobs(second)).toEqual(before);
  const dot = await eventually(async () => {
    const { text } = await second.chronos('GET', '/graph/csv');
    return text.includes('queued') && text;
  });
  expect(dot).toContain('node,large,fresh,queued');
});

test('a run that was lost is tried again as the rules have it, and a run that was asked for is not forgotten', async () => {
  const live = lives({ failureRetryMs: 50, executor: 'process' });
  const first = await live();
  await first.chronos('POST', '/iso8601', { name: 'long', command: 'sleep 60', schedule: 'R1//PT24H', retries: 2 });
  const task = await eventually(async () => {
    const tasks = (await first.mesos('GET', '/tasks')).json.tasks;
    return tasks.find(({ state }: { state: string }) => state === 'TASK_RUNNING');
  });
  expect(task.id).toMatch(/^ct:\d+:0:long:/);
  const second = await live();
  const states = await eventually(async () => {
    const tasks: { id: string; state: string }[] = (await second.mesos('GET', '/tasks')).json.tasks;
    return tasks.length === 2 && tasks.some(({ state }) => state === 'TASK_RUNNING') && tasks;
  });
  expect(states).toContainEqual(expect.objectContaining({ id: task.id, state: 'TASK_LOST' }));
  expect(states.find(({ id }) => id !== task.id)?.id).toMatch(/^ct:\d+:1:long:/);
});

test("the cluster's ids, and the output of what has ended", async () => {
  const live = lives({ executor: 'process', agents: 2 });
  const first = await live();
  await first.chronos('POST', '/iso8601', { name: 'says', command: 'echo hello', schedule: 'R1//PT24H' });
  const state = async ({ mesos }: TestCluster) => (await mesos('GET', '/state')).json;
  await eventually(async () =>
    (await state(first)).frameworks.some(
      ({ completed_tasks: done }: { completed_tasks: unknown[] }) => done.length === 1,
    ),
  );
  const before = await state(first);
  const second = await live();
  const after = await state(second);
  const ids = (value: typeof before) => ({
    id: value.id,
    agents: value.slaves.map(({ id }: { id: string }) => id),
    frameworks: value.frameworks.map(({ id, name }: { id: string; name: string }) => [id, name]),
    done: value.frameworks.flatMap(({ completed_tasks: done }: { completed_tasks: unknown[] }) => done),
  });
  expect(ids(after)).toEqual(ids(before));
  const [done] = ids(after).done;
  const agent = after.slaves.find(({ id }: { id: string }) => id === done.slave_id).pid.split('@')[1];
  const own = (await sender(`http://${agent}`)('GET', '/state')).json;
  const { directory } = own.frameworks
    .concat(own.completed_frameworks)
    .flatMap((each: { completed_executors: unknown[] }) => each.completed_executors)[0];
  expect(readFileSync(path.join(directory, 'stdout'), 'utf8')).toBe('hello\n');
  const read = await fetch(`http://${agent}/files/read?offset=0&path=${encodeURIComponent(`${directory}/stdout`)}`);
  expect(await read.json()).toEqual({ data: 'hello\n', offset: 0 });
});

test('event callbacks and artifacts', async () => {
  const live = lives({ release: 'indigo_1' });
  const first = await live();
  const callback = 'http://127.0.0.1:1/events';
  expect((await first.marathon('POST', `/v2/eventSubscriptions?callbackUrl=${callback}`)).status).toBe(200);
  const upload = (send: Send, content: string) => {
    const body = `--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n${content}\r\n--b--\r\n`;
    return send('POST', '/v2/artifacts/a/f', body, { 'Content-Type': 'multipart/form-data; boundary=b' });
  };
  await upload(first.marathon, 'one');
  await upload(first.marathon, 'two');
  const second = await live();
  expect((await second.marathon('GET', '/v2/eventSubscriptions')).json).toEqual({ callbackUrls: [callback] });
  expect((await second.marathon('GET', '/v2/artifacts/a/f')).text).toBe('two');
  expect(readdirSync(path.join(second.cluster.stateDir, 'artifacts'))).toHaveLength(1);
  await second.marathon('DELETE', '/v2/artifacts/a/f');
  await second.marathon('DELETE', `/v2/eventSubscriptions?callbackUrl=${callback}`);
  const third = await live();
  expect((await third.marathon('GET', '/v2/artifacts/a/f')).status).toBe(404);
  expect((await third.marathon('GET', '/v2/eventSubscriptions')).json).toEqual({ callbackUrls: [] });
});

test('what an operator has set on the master', async () => {
  const live = lives();
  const first = await live();
  expect((await first.mesos('PUT', '/weights', [{ role: 'dev', weight: 2.5 }])).status).toBe(200);
  const second = await live();
  expect((await second.mesos('GET', '/weights')).json).toEqual([{ role: 'dev', weight: 2.5 }]);
});

test('a state folder keeps its release', async () => {
  const live = lives({ release: 'indigo_1' });
  const { cluster } = await live();
  await cluster.stop();
  const again = await startTestCluster({ stateDir: cluster.stateDir, executor: 'stand-in' });
  expect(again.cluster.release).toBe('indigo_1');
  await again.cluster.stop();
  const other = startTestCluster({ stateDir: cluster.stateDir, executor: 'stand-in', release: 'deep_1' });
  await expect(other).rejects.toThrow(/holds a cluster of release indigo_1, not deep_1: [^.]+\.$/);
});

test('after a reset it is as new, at the same addresses, and so it is after the next start', async () => {
  const live = lives({ executor: 'process' });
  const first = await live();
  await first.deploy({ id: '/web', cmd: 'sleep 1000', cpus: 0.1, mem: 16 });
  await first.chronos('POST', '/iso8601', { name: 'long', command: 'sleep 1000', schedule: 'R1//PT24H' });
  const state = async ({ mesos }: TestCluster) => (await mesos('GET', '/state')).json;
  const before = await state(first);
  await eventually(async () => (await first.mesos('GET', '/tasks')).json.tasks.length === 2);
  const sandboxes = path.join(first.cluster.stateDir, 'agents', '1', 'slaves', before.slaves[0].id);
  expect(existsSync(sandboxes)).toBe(true);
  expect((await first.mesos('GET', '/local/reset')).status).toBe(405);
  expect((await first.mesos('POST', '/local/reset')).status).toBe(204);
  expect((await first.marathon('GET', '/v2/apps')).json).toEqual({ apps: [] });
  expect((await first.chronos('GET', '/jobs')).json).toEqual([]);
  expect((await first.mesos('GET', '/tasks')).json.tasks).toEqual([]);
  expect((await state(first)).id).not.toBe(before.id);
  expect(existsSync(sandboxes)).toBe(false);
  await first.deploy({ id: '/again', cmd: 'sleep 1000', cpus: 0.1, mem: 16 });
  const second = await live();
  expect((await second.marathon('GET', '/v2/apps')).json.apps.map(({ id }: { id: string }) => id)).toEqual(['/again']);
});
