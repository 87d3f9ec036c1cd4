import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { eventually, openCluster, sender } from './local.ts';

const releases = ['indigo_1', 'indigo_2', 'deep_1'] as const;

/** Walks as clients do: master, agent, directory. */
async function findSandbox(mesos: ReturnType<typeof sender>, taskId: string) {
  const master = (await mesos('GET', '/master/state.json')).json;
  const framework = master.frameworks.find((each: { name: string }) => each.name === 'marathon');
  const task = [...framework.tasks, ...framework.completed_tasks].find(({ id }: { id: string }) => id === taskId);
  const agent = master.slaves.find(({ id }: { id: string }) => id === task.slave_id);
  const files = sender(`http://${agent.pid.split('@')[1]}`);
  const { frameworks } = (await files('GET', '/slave(1)/state')).json;
  const own = frameworks.find(({ id }: { id: string }) => id === framework.id);
  const executor = [...own.executors, ...own.completed_executors].find(
    ({ id }: { id: string }) => id === (task.executor_id || task.id),
  );
  return { files, task, executor, directory: executor.directory as string, framework };
}

test.for(releases)('a sandbox is found and read as on a real cluster (%s)', async release => {
  const { marathon, mesos, deploy } = await openCluster({ release });
  await deploy({
    id: '/web',
    cmd: 'printf hello; printf oops >&2; mkdir sub; echo in > sub/file; touch done; sleep 1000',
    cpus: 0.1,
    mem: 16,
  });
  const [{ id }] = (await marathon('GET', '/v2/tasks')).json.tasks;
  const { files, directory, task, executor } = await findSandbox(mesos, id);
  expect(task).toMatchObject({ state: 'TASK_RUNNING', name: 'web', resources: { cpus: 0.1, mem: 16 } });
  expect(executor).toMatchObject({ source: id, queued_tasks: [], completed_tasks: [], tasks: [{ id }] });
  const query = (name: string, more = '') => `?path=${encodeURIComponent(path.join(directory, name))}${more}`;
  await eventually(async () => (await files('GET', `/files/read${query('done')}`)).status === 200);
  expect((await files('GET', `/files/read${query('stdout', '&offset=0&length=4')}`)).json).toEqual({
    data: 'hell',
    offset: 0,
  });
  expect((await files('GET', `/files/read${query('stdout', '&offset=4')}`)).json).toEqual({ data: 'o', offset: 4 });
  expect((await files('GET', `/files/read${query('stdout')}`)).json).toEqual({ data: '', offset: 5 });
  expect((await files('GET', `/files/read${query('stdout', '&offset=99')}`)).json).toEqual({
    data: '',
    offset: release === 'indigo_1' ? 5 : 99,
  });
  expect((await files('GET', `/files/read${query('stderr', '&offset=0')}`)).json.data).toBe('oops');
  const browsed = (await files('GET', `/files/browse${query('')}`)).json;
  expect(browsed.map((file: { path: string; mode: string }) => [path.basename(file.path), file.mode[0]])).toEqual([
    ['done', '-'],
    ['stderr', '-'],
    ['stdout', '-'],
    ['sub', 'd'],
  ]);
  expect((await files('GET', `/files/browse${query('stdout')}`)).json).toEqual([]);
  const download = await files('GET', `/files/download${query('stdout')}`);
  expect(download.text).toBe('hello');
  expect(download.headers.get('Content-Disposition')).toBe('attachment; filename=stdout');
  expect((await files('GET', `/files/read${query('sub', '&offset=0')}`)).text).toBe('Cannot read a directory.\n');
  expect((await files('GET', `/files/read${query('none', '&offset=0')}`)).status).toBe(404);
  expect((await files('GET', '/files/read')).text).toBe("Expecting 'path=value' in query.\n");
  expect((await files('GET', `/files/read${query('stdout', '&offset=x')}`)).status).toBe(400);
  expect((await files('GET', `/files/read${query('stdout', '&offset=-5')}`)).status).toBe(
    release === 'indigo_1' ? 200 : 400,
  );
  expect((await files('GET', '/files/debug')).json).toMatchObject({ [directory]: directory });
  if (release === 'deep_1') {
    const virtual = `/frameworks/${task.framework_id}/executors/${id}/runs/latest/stdout`;
    expect((await files('GET', `/files/read?path=${virtual}&offset=0`)).json.data).toBe('hello');
  }
});

test('a character that a reading cuts in two loses no byte', async () => {
  const { marathon, mesos, deploy } = await openCluster();
  await deploy({ id: '/web', cmd: "printf 'a\\303\\251b'; touch done; sleep 1000", cpus: 0.1, mem: 16 });
  const [{ id }] = (await marathon('GET', '/v2/tasks')).json.tasks;
  const { files, directory, task } = await findSandbox(mesos, id);
  const master = (await mesos('GET', '/state')).json;
  const agent = master.slaves.find((each: { id: string }) => each.id === task.slave_id);
  await eventually(async () => (await files('GET', `/files/browse?path=${directory}`)).json.length === 3);
  const read = async (offset: number, length: number) => {
    const query = `path=${encodeURIComponent(`${directory}/stdout`)}&offset=${offset}&length=${length}`;
    const answer = await fetch(`http://${agent.pid.split('@')[1]}/files/read?${query}`);
    const { data } = JSON.parse(Buffer.from(await answer.arrayBuffer()).toString('latin1')) as { data: string };
    return Buffer.from(data, 'latin1');
  };
  expect(Buffer.concat([await read(0, 2), await read(2, 2)]).toString('utf8')).toBe('a\u00e9b');
});

test('nothing outside of a sandbox can be read', async () => {
  const { marathon, mesos, deploy, cluster } = await openCluster();
  await deploy({ id: '/web', cmd: 'sleep 1000', cpus: 0.1, mem: 16 });
  const [{ id }] = (await marathon('GET', '/v2/tasks')).json.tasks;
  const { files, directory } = await findSandbox(mesos, id);
  const secret = path.join(cluster.stateDir, 'secret');
  await writeFile(secret, 'secret');
  await symlink(secret, path.join(directory, 'link'));
  await symlink(cluster.stateDir, path.join(directory, 'folder'));
  await mkdir(path.join(directory, 'inner'));
  await writeFile(path.join(directory, 'inner/file'), 'fine');
  await symlink('inner/file', path.join(directory, 'within'));
  const read = async (file: string) => files('GET', `/files/read?path=${encodeURIComponent(file)}&offset=0`);
  expect((await read(path.join(directory, 'within'))).json.data).toBe('fine');
  expect((await read(path.join(directory, 'link'))).text).toBe(`'${directory}/link' is inaccessible.\n`);
  for (const file of [
    ...['/folder/secret', '/../../../../../../../../../secret', '/inner/../../x', '/./../..'].map(
      tail => directory + tail,
    ),
    ...['/etc/passwd', secret, path.dirname(directory), cluster.stateDir, `${directory}x`, 'etc/passwd', '/'],
  ]) {
    const { status, text } = await read(file);
    expect([400, 404], file).toContain(status);
    expect(text).not.toContain('secret\n');
    expect((await files('GET', `/files/download?path=${encodeURIComponent(file)}`)).status, file).not.toBe(200);
    expect((await files('GET', `/files/browse?path=${encodeURIComponent(file)}`)).status, file).not.toBe(200);
  }
});

test('the state has the members of its release', async () => {
  const old = (await (await openCluster({ release: 'indigo_1' })).mesos('GET', '/state')).json;
  expect(old).toMatchObject({
    version: '0.28.0',
    activated_slaves: 1,
    orphan_tasks: [],
    unregistered_frameworks: [],
    cluster: 'IndigoCluster',
  });
  for (const absent of ['leader_info', 'recovered_slaves', 'unreachable_slaves', 'capabilities'])
    expect(old).not.toHaveProperty(absent);
  expect(old.slaves[0]).not.toHaveProperty('port');
  expect(old.slaves[0].resources).not.toHaveProperty('gpus');
  const middle = (await (await openCluster({ release: 'indigo_2' })).mesos('GET', '/state')).json;
  expect(middle).toMatchObject({ version: '1.1.0', leader_info: { id: middle.id } });
  expect(middle).not.toHaveProperty('recovered_slaves');
  expect(middle.slaves[0].resources.gpus).toBe(0);
  const { mesos, cluster } = await openCluster({ gpus: 2, agents: 3 });
  const { json: newest } = await mesos('GET', '/state');
  expect(newest).toMatchObject({
    version: '1.5.0',
    capabilities: ['AGENT_UPDATE'],
    recovered_slaves: [],
    unreachable_slaves: 0,
    activated_slaves: 3,
  });
  expect(newest.slaves.map(({ resources }: { resources: { gpus: number } }) => resources.gpus)).toEqual([2, 2, 2]);
  expect(new Set(newest.slaves.map(({ hostname }: { hostname: string }) => hostname)).size).toBe(3);
  expect(newest.frameworks.map(({ name }: { name: string }) => name)).toEqual(['marathon', 'chronos']);
  for (const { pid, id, port } of newest.slaves) {
    const agent = sender(`http://${pid.split('@')[1]}`);
    expect((await agent('GET', '/state')).json).toMatchObject({ id, pid, version: '1.5.0', frameworks: [] });
    expect(pid.endsWith(`:${port}`)).toBe(true);
    expect((await agent('GET', '/metrics/snapshot')).json['slave/registered']).toBe(1);
    expect((await agent('GET', '/containers')).json).toEqual([]);
  }
  const redirect = await mesos('GET', '/redirect');
  expect(redirect.status).toBe(307);
  expect(redirect.headers.get('Location')).toBe(cluster.mesos.replace('http:', ''));
});

test('the other routes of the master', async () => {
  const { mesos, deploy, marathon } = await openCluster();
  await deploy({ id: '/web', cmd: 'sleep 1000', cpus: 0.5, mem: 16, instances: 2 });
  await marathon('DELETE', '/v2/apps/web/tasks');
  const summary = await eventually(async () => {
    const { json } = await mesos('GET', '/state-summary');
    return json.frameworks[0].TASK_KILLED === 2 && json.frameworks[0].TASK_RUNNING === 2 && json;
  });
  expect(summary.slaves[0]).toMatchObject({
    TASK_KILLED: 2,
    TASK_RUNNING: 2,
    TASK_UNREACHABLE: 0,
    used_resources: { cpus: 1, mem: 32 },
  });
  expect(summary).not.toHaveProperty('flags');
  expect((await mesos('GET', '/health')).status).toBe(200);
  expect((await mesos('GET', '/version')).json.version).toBe('1.5.0');
  expect((await mesos('GET', '/metrics/snapshot')).json).toMatchObject({
    'master/elected': 1,
    'master/tasks_running': 2,
    'master/tasks_killed': 2,
    'master/cpus_used': 1,
  });
  const { tasks } = (await mesos('GET', '/tasks?limit=3&order=asc')).json;
  expect(tasks).toHaveLength(3);
  expect((await mesos('GET', `/tasks?task_id=${tasks[0].id}`)).json.tasks).toHaveLength(1);
  expect((await mesos('GET', '/slaves')).json.slaves[0].used_resources_full[0]).toMatchObject({
    name: 'cpus',
    scalar: { value: 0.5 },
  });
  expect((await mesos('GET', '/version?jsonp=f')).text).toMatch(/^f\(\{.*\}\);$/);
  expect((await mesos('GET', '/state/anything')).status).toBe(200);
  expect(await mesos('GET', '/nothing')).toMatchObject({ status: 404, text: '' });
  expect((await mesos('GET', '/master/metrics/snapshot')).status).toBe(404);
});
