import { afterEach, describe, expect, it } from 'vitest';
import type { Endpoint } from '../../../cluster/src/connect/endpoint.ts';
import { browse, locateSandbox } from '../../../cluster/src/mesos/sandbox.ts';
import { agents, masterState } from '../../../cluster/src/mesos/state.ts';
import { hasCorpus, recorded } from '../corpus.ts';
import { answers, type Handler, serve, type TestServer } from '../server.ts';

const servers: TestServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map(server => server.close()));
});

async function open(handler: Handler): Promise<Endpoint & { readonly port: number }> {
  const server = await serve(handler);
  servers.push(server);
  return { service: 'Mesos', url: server.url, port: server.port };
}

const resources = { cpus: 2, mem: 1024, disk: 1000, gpus: 1, ports: '[31000-32000]' };
const agent = (pid: string, hostname = 'agent1') => ({
  id: 'S0',
  hostname,
  pid,
  active: true,
  resources,
  used_resources: { cpus: 0.5, mem: 32, disk: 0 },
});
const task = (id: string, more: object = {}) => ({
  id,
  name: id,
  framework_id: 'F0',
  executor_id: '',
  slave_id: 'S0',
  state: 'TASK_RUNNING',
  statuses: [
    { state: 'TASK_STARTING', timestamp: 5 },
    { state: 'TASK_RUNNING', timestamp: 7.5 },
  ],
  ...more,
});
const master = (pid: string, hostname?: string) => ({
  version: '1.1.0',
  slaves: [agent(pid, hostname)],
  frameworks: [
    {
      id: 'F0',
      tasks: [task('running')],
      completed_tasks: [task('ended', { state: 'TASK_FINISHED', statuses: [] }), task('collected')],
    },
  ],
  completed_frameworks: [{ id: 'F1', completed_tasks: [task('old', { framework_id: 'F1', executor_id: 'pod' })] }],
});
const agentState = {
  frameworks: [
    {
      id: 'F0',
      executors: [{ id: 'running', directory: '/w/running/runs/1' }],
      completed_executors: [{ id: 'ended', directory: '/w/ended/runs/2' }],
    },
  ],
  completed_frameworks: [
    { id: 'F1', executors: [], completed_executors: [{ id: 'pod', type: 'DEFAULT', directory: '/w/pod/runs/3' }] },
  ],
};

describe("the master's state", () => {
  it('gives agents and the tasks of all frameworks', async () => {
    const state = await masterState(await open(answers({ 'GET /state': master('slave(1)@10.0.0.2:5051') })));
    expect(state.agents).toEqual([
      {
        id: 'S0',
        hostname: 'agent1',
        active: true,
        urls: ['http://10.0.0.2:5051', 'http://agent1:5051'],
        total: { cpus: 2, mem: 1024, disk: 1000, gpus: 1 },
        used: { cpus: 0.5, mem: 32, disk: 0, gpus: 0 },
      },
    ]);
    expect(state.tasks.map(({ id, state, executorId, since }) => [id, state, executorId, since])).toEqual([
      ['running', 'TASK_RUNNING', 'running', 7.5],
      ['ended', 'TASK_FINISHED', 'ended', 0],
      ['collected', 'TASK_RUNNING', 'collected', 7.5],
      ['old', 'TASK_RUNNING', 'pod', 7.5],
    ]);
  });

  it('knows addresses of version 6, and none where the process id is odd', async () => {
    const slaves = [agent('slave(1)@[::1]:5051', '::1'), agent('', 'x'), agent('slave(1)', '')];
    const all = await agents(await open(answers({ 'GET /slaves': { slaves } })));
    expect(all.map(({ urls }) => urls)).toEqual([['http://[::1]:5051'], [], []]);
  });

  it('of another shape is a ClusterError', async () => {
    for (const body of ['{}', '[]', '{"slaves":[{}],"frameworks":[]}', '{"slaves":[],"frameworks":[{"tasks":[{}]}]}']) {
      await expect(masterState(await open(answers({ 'GET /state': body })))).rejects.toMatchObject({
        code: 'unexpected-shape',
      });
    }
  });
});

describe('a sandbox', () => {
  const cluster = async () => {
    const files = [
      {
        path: '/w/running/runs/1/stdout',
        mode: '-rw-r--r--',
        size: 11,
        mtime: 1500000000,
        nlink: 1,
        uid: 'root',
        gid: 'root',
      },
      {
        path: '/w/running/runs/1/data',
        mode: 'drwxr-xr-x',
        size: 4096,
        mtime: 1500000000,
        nlink: 2,
        uid: 'root',
        gid: 'root',
      },
    ];
    const { port } = await open(answers({ 'GET /state': agentState, 'GET /files/browse': files }));
    return open(answers({ 'GET /state': master(`slave(1)@127.0.0.1:${port}`) }));
  };

  it('of a running, of an ended task, and of a task of a pod', async () => {
    const mesos = await cluster();
    expect((await locateSandbox(mesos, 'running')).directory).toBe('/w/running/runs/1');
    expect((await locateSandbox(mesos, 'ended')).directory).toBe('/w/ended/runs/2');
    expect((await locateSandbox(mesos, 'old')).directory).toBe('/w/pod/runs/3/tasks/old');
  });

  it('that nobody knows any more is said so', async () => {
    const mesos = await cluster();
    await expect(locateSandbox(mesos, 'never')).rejects.toMatchObject({ code: 'not-found' });
    await expect(locateSandbox(mesos, 'collected')).rejects.toThrow(
      'The agent agent1 has no sandbox of the task collected (yet, or any more).',
    );
  });

  it('is found by the name of the agent when its address is not reachable', async () => {
    const { port } = await open(answers({ 'GET /state': agentState }));
    const pid = `slave(1)@127.255.255.254:${port}`;
    const mesos = await open(answers({ 'GET /state': master(pid, '127.0.0.1') }));
    expect((await locateSandbox(mesos, 'running')).agent.url).toBe(`http://127.0.0.1:${port}`);
  });

  it('lists its files', async () => {
    const sandbox = await locateSandbox(await cluster(), 'running');
    expect(await browse(sandbox)).toEqual([
      { name: 'stdout', path: '/w/running/runs/1/stdout', directory: false, size: 11, modified: 1500000000 },
      { name: 'data', path: '/w/running/runs/1/data', directory: true, size: 4096, modified: 1500000000 },
    ]);
  });

  it.skipIf(!hasCorpus)('as a real agent knows it (skipped where it is not at hand)', async () => {
    const folder = 'recorded/1-service-with-executor-task';
    const state = recorded(`${folder}/slave-state.json`);
    const [framework] = (
      JSON.parse(state) as { frameworks: { id: string; executors: { id: string; directory: string }[] }[] }
    ).frameworks;
    const [executor] = framework?.executors ?? [];
    const { port } = await open(
      answers({ 'GET /state': state, 'GET /files/browse': recorded(`${folder}/browse.json`) }),
    );
    const mesos = await open(
      answers({
        'GET /state': {
          slaves: [agent(`slave(1)@127.0.0.1:${port}`)],
          frameworks: [
            { id: framework?.id, tasks: [task('t', { framework_id: framework?.id, executor_id: executor?.id })] },
          ],
        },
      }),
    );
    const sandbox = await locateSandbox(mesos, 't');
    expect(sandbox.directory).toBe(executor?.directory);
    expect((await browse(sandbox)).map(({ name }) => name)).toContain('stdout');
  });
});
