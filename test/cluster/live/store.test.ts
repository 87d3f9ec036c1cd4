import type http from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { LiveState } from '../../../cluster/src/live/state.ts';
import { type LiveStore, openLiveStore } from '../../../cluster/src/live/store.ts';
import { retryDelay } from '../../../cluster/src/live/watch.ts';
import type { Profile } from '../../../cluster/src/profile.ts';
import { deadUrl, type Handler, serve, type TestServer } from '../server.ts';

const servers: TestServer[] = [];
const stores: LiveStore[] = [];
afterEach(async () => {
  for (const store of stores.splice(0)) store.dispose();
  await Promise.all(servers.splice(0).map(server => server.close()));
});

/** One server that is Marathon, Chronos and Mesos, whose answers a test changes. */
class Cluster {
  apps: unknown = [];
  jobs: unknown = [];
  summary: unknown = { jobs: [] };
  state: unknown = { slaves: [], frameworks: [] };
  readonly streams = new Set<http.ServerResponse>();

  readonly handle: Handler = (request, response) => {
    const path = (request.url ?? '').split('?')[0];
    const send = (body: unknown) => response.end(typeof body === 'string' ? body : JSON.stringify(body));
    if (path === '/v2/apps') send(typeof this.apps === 'string' ? this.apps : { apps: this.apps });
    else if (path === '/v1/scheduler/jobs') send(this.jobs);
    else if (path === '/v1/scheduler/jobs/summary') send(this.summary);
    else if (path === '/state') send(this.state);
    else if (path === '/v2/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream;charset=UTF-8', connection: 'close' });
      response.write('event: event_stream_attached\r\ndata: {}\r\n\r\n');
      this.streams.add(response);
      response.on('close', () => this.streams.delete(response));
    } else response.writeHead(404).end('{}');
  };

  tell(event: string): void {
    for (const stream of this.streams) stream.write(`event: ${event}\r\ndata: {"eventType":"${event}"}\r\n\r\n`);
  }
}

const app = (id: string, running: number, more: object = {}) => ({ id, instances: 1, tasksRunning: running, ...more });
const job = (name: string, more: object = {}) => ({ name, command: 'date', parents: [], ...more });

async function start(cluster: Cluster, port = 0): Promise<TestServer> {
  const server = await serve(cluster.handle, port);
  servers.push(server);
  return server;
}

function open(profile: Omit<Profile, 'name' | 'release'>, options = {}): LiveStore {
  const store = openLiveStore({ name: 'test', release: 'indigo_2', ...profile }, options);
  stores.push(store);
  return store;
}

const all = ({ url }: TestServer) => ({ marathon: url, chronos: url, mesos: url });

/** The first state for which it holds. */
function until(store: LiveStore, holds: (state: LiveState) => boolean): Promise<LiveState> {
  if (holds(store.state)) return Promise.resolve(store.state);
  return new Promise(resolve => {
    const end = store.onDidChange(state => {
      if (!holds(state)) return;
      end();
      resolve(state);
    });
  });
}

describe('the live store', () => {
  it('reads apps, jobs with their tasks, and agents', async () => {
    const cluster = new Cluster();
    cluster.apps = [
      app('/z', 0),
      app('/demo/web', 1, {
        cmd: 'sleep 1',
        healthChecks: [{}],
        tasks: [
          { id: 'b', host: 'h', slaveId: 'S0', ports: [1], startedAt: null, stagedAt: '2018-02-01T10:00:02.000Z' },
          {
            id: 'a',
            host: 'h',
            slaveId: 'S0',
            ports: [2],
            state: 'TASK_RUNNING',
            startedAt: '2018-02-01T10:00:00.000Z',
            healthCheckResults: [{ alive: true }],
          },
        ],
        lastTaskFailure: {
          state: 'TASK_FAILED',
          message: 'no',
          taskId: 'x',
          host: 'h',
          timestamp: '2018-02-01T09:00:00.000Z',
        },
      }),
    ];
    cluster.jobs = [job('d--b', { parents: ['d--a'] }), job('d--a', { schedule: 'R1//PT1M', successCount: 1 })];
    cluster.summary = {
      jobs: [
        { name: 'd--a', status: 'success', state: 'idle' },
        { name: 'd--b', status: 'fresh', state: '1 running' },
      ],
    };
    const resources = { cpus: 2, mem: 10, disk: 20, gpus: 0 };
    cluster.state = {
      slaves: [
        { id: 'S0', hostname: 'h', pid: 'slave(1)@127.0.0.1:1', active: true, resources, used_resources: resources },
      ],
      frameworks: [
        {
          id: 'F',
          tasks: [{ id: 'ct:20:0:d--a:' }, { id: 'ct:20:1:d--a:' }, { id: 'web.1' }],
          completed_tasks: [{ id: 'ct:3:0:d--a:x y' }],
        },
      ],
    };
    const store = open(all(await start(cluster)));
    expect(store.state.connection).toEqual({ status: 'connecting' });
    await store.refresh();
    const { state } = store;
    expect(state).toMatchObject({ connection: { status: 'online' }, problems: [] });
    expect(state.apps.map(({ id }) => id)).toEqual(['/demo/web', '/z']);
    expect(state.apps[0]).toMatchObject({ command: 'sleep 1', wanted: 1, running: 1, hasHealthChecks: true });
    expect(state.apps[0]?.tasks).toEqual([
      {
        id: 'a',
        state: 'TASK_RUNNING',
        host: 'h',
        agentId: 'S0',
        ports: [2],
        healthy: true,
        startedAt: '2018-02-01T10:00:00.000Z',
      },
      {
        id: 'b',
        state: 'TASK_STAGING',
        host: 'h',
        agentId: 'S0',
        ports: [1],
        healthy: undefined,
        startedAt: undefined,
      },
    ]);
    expect(state.apps[0]?.lastFailure).toEqual({
      message: 'no',
      state: 'TASK_FAILED',
      at: '2018-02-01T09:00:00.000Z',
      taskId: 'x',
      host: 'h',
    });
    expect(state.jobs).toMatchObject([
      {
        name: 'd--a',
        last: 'success',
        current: 'idle',
        taskIds: ['ct:20:1:d--a:', 'ct:20:0:d--a:', 'ct:3:0:d--a:x y'],
      },
      { name: 'd--b', last: 'fresh', current: 'running', parents: ['d--a'], taskIds: [] },
    ]);
    expect(state.agents).toEqual([{ id: 'S0', hostname: 'h', active: true, total: resources, used: resources }]);
  });

  it('hears of a change by an event, reads once for many, and keeps what did not change', async () => {
    const cluster = new Cluster();
    cluster.apps = [app('/a', 1)];
    cluster.jobs = [job('j')];
    const server = await start(cluster);
    const store = open(all(server));
    await until(store, ({ apps, jobs }) => apps.length === 1 && jobs.length === 1);
    // The reading that follows the opening of the stream.
    while (cluster.streams.size === 0) await server.until(server.requests.length + 1);
    await store.refresh();
    const before = store.state;
    const reads = () => server.requests.filter(request => request.startsWith('GET /v2/apps')).length;
    const readsBefore = reads();
    cluster.apps = [app('/a', 1), app('/b', 1)];
    for (let count = 0; count < 50; count++) cluster.tell('status_update_event');
    const after = await until(store, ({ apps }) => apps.length === 2);
    expect(after.jobs).toBe(before.jobs);
    expect(after.agents).toBe(before.agents);
    expect(reads() - readsBefore).toBeLessThan(5);
  });

  it('tells nothing when nothing changed', async () => {
    const cluster = new Cluster();
    const store = open(all(await start(cluster)));
    await store.refresh();
    let calls = 0;
    store.onDidChange(() => calls++);
    const before = store.state;
    await store.refresh();
    await store.refresh();
    expect(calls).toBe(0);
    expect(store.state).toBe(before);
  });

  it('finds jobs that appear, though Chronos has no events', async () => {
    const cluster = new Cluster();
    const { url } = await start(cluster);
    const store = open({ chronos: url });
    const found = until(store, ({ jobs }) => jobs.length === 1);
    await store.refresh();
    cluster.jobs = [job('new')];
    expect((await found).jobs[0]?.name).toBe('new');
  });

  it('shows a killed cluster as offline at once, keeps what it knew, and finds it again', async () => {
    const cluster = new Cluster();
    cluster.apps = [app('/a', 1)];
    const server = await start(cluster);
    const store = open(all(server));
    await until(store, ({ apps }) => apps.length === 1);
    while (cluster.streams.size === 0) await server.until(server.requests.length + 1);
    const offline = until(store, ({ connection }) => connection.status === 'offline');
    const start0 = performance.now();
    await server.close();
    const state = await offline;
    expect(performance.now() - start0).toBeLessThan(2_000);
    expect(state.connection).toMatchObject({ reason: expect.stringContaining('the connection is refused') });
    expect(state.apps.map(({ id }) => id)).toEqual(['/a']);
    cluster.apps = [];
    const online = until(store, ({ connection, apps }) => connection.status === 'online' && apps.length === 0);
    await start(cluster, server.port);
    await online;
    await until(store, ({ problems }) => problems.length === 0);
  });

  it('stays online with one part gone, and says which', async () => {
    const cluster = new Cluster();
    const { url } = await start(cluster);
    const chronos = await deadUrl();
    const store = open({ marathon: url, chronos });
    await store.refresh();
    expect(store.state.connection).toEqual({ status: 'online' });
    expect(store.state.problems).toEqual([expect.stringContaining(`Chronos at ${chronos} cannot be reached`)]);
  });

  it('says what is wrong with an answer, a silence and an empty profile, and goes on', async () => {
    const cluster = new Cluster();
    cluster.apps = '<html>';
    const page = open({ marathon: (await start(cluster)).url });
    const hung = await serve(() => {});
    servers.push(hung);
    const silent = open({ mesos: hung.url }, { timeoutMs: 50 });
    const none = open({});
    expect(none.state.connection).toMatchObject({ status: 'offline' });
    await Promise.all([page.refresh(), silent.refresh(), none.refresh()]);
    expect(page.state.connection).toMatchObject({ reason: expect.stringContaining('with a web page') });
    expect(silent.state.connection).toMatchObject({ reason: expect.stringContaining('did not answer within') });
    cluster.apps = [];
    await until(page, ({ connection }) => connection.status === 'online');
  });

  it('drops an event stream that hangs, and opens another', async () => {
    const cluster = new Cluster();
    const server = await start(cluster);
    const store = open({ marathon: server.url }, { silenceMs: 100 });
    store.onDidChange(() => {});
    const streams = () => server.requests.filter(request => request === 'GET /v2/events').length;
    while (streams() < 2) await server.until(server.requests.length + 1);
    expect(store.state.connection.status).toBe('online');
  });

  it('survives a listener that throws', async () => {
    const cluster = new Cluster();
    const store = open(all(await start(cluster)));
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on('warning', note);
    store.onDidChange(() => {
      throw new Error('a bad listener');
    });
    await until(store, ({ connection }) => connection.status === 'online');
    await new Promise(setImmediate);
    process.off('warning', note);
    expect(warnings.map(({ message }) => message)).toContain('a bad listener');
  });

  it('is silent and asks nothing after its end', async () => {
    const cluster = new Cluster();
    const server = await start(cluster);
    const store = open(all(server));
    await store.refresh();
    while (cluster.streams.size === 0) await server.until(server.requests.length + 1);
    let calls = 0;
    store.onDidChange(() => calls++);
    const closed = Promise.all([...cluster.streams].map(stream => new Promise(resolve => stream.on('close', resolve))));
    store.dispose();
    await closed;
    cluster.apps = [app('/late', 1)];
    const asked = server.requests.length;
    await store.refresh();
    expect(calls).toBe(0);
    expect(server.requests.length).toBe(asked);
  });

  it('retries sooner after the first failure than after many', () => {
    expect([1, 2, 3, 4, 5, 6, 100].map(retryDelay)).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000]);
  });
});
