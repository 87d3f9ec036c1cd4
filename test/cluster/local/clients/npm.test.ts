// Clients that others wrote for the real Marathon, Chronos and Mesos, from the npm registry, unchanged.
import { createRequire } from 'node:module';
import { expect, onTestFinished, test } from 'vitest';
import { openCluster } from '../local.ts';

const require = createRequire(import.meta.url);
const releases = ['indigo_1', 'indigo_2', 'deep_1'] as const;
const sleeper = { cmd: 'sleep 1000', cpus: 0.1, mem: 16, instances: 1 };

// biome-ignore lint/suspicious/noExplicitAny: these packages come without types.
type Untyped = any;

test.each(releases)('marathon-node drives the Marathon of %s', async release => {
  const { cluster } = await openCluster({ release, executor: 'stand-in' });
  const marathon: Untyped = require('marathon-node')(cluster.marathon);
  const events = marathon.events.createEventSource({ eventType: ['deployment_success'] });
  onTestFinished(() => events.close());
  const seen: string[] = [];
  const waiting = new Map<string, () => void>();
  events.addEventListener('deployment_success', ({ data }: { data: string }) => {
    const { id } = JSON.parse(data);
    seen.push(id);
    waiting.get(id)?.();
  });
  const deployed = (id: string) =>
    new Promise<void>(resolve => (seen.includes(id) ? resolve() : waiting.set(id, resolve)));
  await new Promise(resolve => events.addEventListener('open', resolve));

  expect(await marathon.misc.ping()).toMatch(/^pong\s*$/);
  expect((await marathon.info.get()).name).toBe('marathon');
  expect(await marathon.leader.get()).toHaveProperty('leader');
  const created = await marathon.apps.create({ id: 'client/web', ...sleeper, labels: { team: 'a' } });
  await deployed(created.deployments[0].id);
  const { apps } = await marathon.apps.getList({ label: 'team==a' });
  expect(apps.map(({ id, tasksRunning }: Untyped) => [id, tasksRunning])).toEqual([['/client/web', 1]]);
  await deployed((await marathon.apps.update('client/web', { instances: 3 }, false)).deploymentId);
  const { tasks } = await marathon.apps.getTasks('client/web');
  expect(tasks).toHaveLength(3);
  expect((await marathon.tasks.getList()).tasks).toHaveLength(3);
  await deployed((await marathon.apps.killTask('client/web', tasks[0].id, true)).deploymentId);
  expect((await marathon.apps.getOne('client/web')).app.instances).toBe(2);
  const { versions } = await marathon.apps.getVersions('client/web');
  expect(versions.length).toBeGreaterThan(1);
  expect((await marathon.apps.getVersion('client/web', versions.at(-1))).id).toBe('/client/web');
  await deployed((await marathon.apps.restart('client/web', true)).deploymentId);
  expect((await marathon.queue.get()).queue).toEqual([]);
  await deployed((await marathon.groups.update('client', { dependencies: [] }, true)).deploymentId);
  await deployed((await marathon.groups.destroy('client', true)).deploymentId);
  await expect(marathon.apps.getOne('client/web')).rejects.toMatchObject({ statusCode: 404 });
  expect(await marathon.deployments.getList()).toEqual([]);
});

/** One call of a client that takes a Node callback. */
const call = (method: (options: object, done: (error: Error | null, result: Untyped) => void) => void, options = {}) =>
  new Promise<Untyped>((resolve, reject) => {
    method(options, (error, result) => (error === null || error === undefined ? resolve(result) : reject(error)));
  });

test.each(releases)('mesos drives the Marathon and the Chronos of %s', async release => {
  const { cluster, events } = await openCluster({ release, executor: 'stand-in' });
  const clients: Untyped = require('mesos');
  const { app } = clients.Marathon({ baseUrl: `${cluster.marathon}/v2` });
  const stream = await events();
  await call(app.create.bind(app), { id: 'web', ...sleeper });
  await stream.until(({ eventType }) => eventType === 'deployment_success');
  expect((await call(app.list.bind(app)))[0]).toMatchObject({ id: '/web' });
  expect(await call(app.get.bind(app), { id: 'web' })).toMatchObject({ id: '/web', tasksRunning: 1 });
  expect(await call(app.tasks.bind(app), { id: 'web' })).toHaveLength(1);
  await call(app.destroy.bind(app), { id: 'web' });

  const prefix = release === 'indigo_1' ? '/scheduler' : '/v1/scheduler';
  const { job, task } = clients.Chronos({ baseUrl: cluster.chronos + prefix });
  const given = {
    name: 'tidy',
    schedule: 'R0/2030-01-01T00:00:00Z/PT1H',
    command: 'true',
    epsilon: 'PT1M',
    owner: 'a@b.c',
  };
  await call(job.create.bind(job), given);
  expect((await call(job.list.bind(job))).map(({ name }: Untyped) => name)).toEqual(['tidy']);
  expect(await call(job.search.bind(job), { name: 'TIDY' })).toHaveLength(1);
  expect(await call(job.stats.bind(job), { name: 'tidy' })).toHaveProperty('histogram.count', 0);
  expect(await call(job.stats.bind(job), { percentile: 'mean' })).toEqual([{ jobNameLabel: 'tidy', time: 0 }]);
  await call(job.start.bind(job), { name: 'tidy' });
  await call(task.kill.bind(task), { job: 'tidy' });
  await call(job.destroy.bind(job), { name: 'tidy' });
  expect(await call(job.list.bind(job))).toEqual([]);
});

test.each(releases)('marathon-event-bus-client hears the events of %s', async release => {
  const { cluster, marathon } = await openCluster({ release, executor: 'stand-in' });
  const MarathonEventBusClient: Untyped = require('marathon-event-bus-client');
  const { hostname, port } = new URL(cluster.marathon);
  const eventTypes = ['deployment_info', 'deployment_success', 'status_update_event', 'app_terminated_event'];
  const heard: string[] = [];
  const bus = new MarathonEventBusClient({
    ...{ marathonHost: hostname, marathonPort: port, eventTypes },
    handlers: Object.fromEntries(eventTypes.map(type => [type, () => heard.push(type)])),
  });
  // it takes the end of its stream for a failure
  bus.on('error', () => {});
  const once = (type: string) => new Promise<Untyped>(resolve => bus.once(type, resolve));
  const subscribed = once('subscribed');
  bus.subscribe();
  await subscribed;
  const done = once('deployment_success');
  await marathon('POST', '/v2/apps', { id: '/heard', ...sleeper });
  await done;
  const terminated = once('app_terminated_event');
  await marathon('DELETE', '/v2/apps/heard');
  await terminated;
  bus.unsubscribe();
  expect(new Set(heard)).toEqual(new Set(eventTypes));
});

/** What this client, which is made for browsers, asks of their XMLHttpRequest. */
class BrowserRequest extends EventTarget {
  status = 0;
  statusText = '';
  response = '';
  readonly #headers: Record<string, string> = {};
  readonly #stop = new AbortController();
  #method = '';
  #url = '';

  open(method: string, url: string): void {
    this.#method = method;
    this.#url = url;
  }

  setRequestHeader(name: string, value: string): void {
    this.#headers[name] = value;
  }

  async send(body: string): Promise<void> {
    try {
      const init = { method: this.#method, headers: this.#headers, body, signal: this.#stop.signal };
      const answer = await fetch(this.#url, init);
      this.status = answer.status;
      this.statusText = answer.statusText;
      const decoder = new TextDecoder();
      for await (const chunk of answer.body ?? []) {
        this.response += decoder.decode(chunk, { stream: true });
        this.dispatchEvent(new Event('progress'));
      }
      this.dispatchEvent(new Event('load'));
    } catch {
      this.dispatchEvent(new Event(this.#stop.signal.aborted ? 'abort' : 'error'));
    }
  }

  abort(): void {
    this.#stop.abort();
  }
}

test.each(['indigo_2', 'deep_1'] as const)('@dcos/mesos-client follows the master of %s', async release => {
  const { cluster, marathon } = await openCluster({ release, executor: 'stand-in' });
  Object.assign(globalThis, { XMLHttpRequest: BrowserRequest });
  const { stream, request }: Untyped = require('@dcos/mesos-client');
  const url = `${cluster.mesos}/api/v1`;
  const version = await new Promise<string>((resolve, reject) => {
    request({ type: 'GET_VERSION' }, url).subscribe(resolve, reject);
  });
  expect(JSON.parse(version)).toMatchObject({ type: 'GET_VERSION', get_version: { version_info: {} } });
  const records: Untyped[] = [];
  let added = (_task: Untyped) => {};
  const task = new Promise<Untyped>(resolve => {
    added = resolve;
  });
  const snapshot = await new Promise<Untyped>((resolve, reject) => {
    const subscription = stream({ type: 'SUBSCRIBE' }, url).subscribe((record: string) => {
      const event = JSON.parse(record);
      records.push(event);
      if (event.type === 'SUBSCRIBED') resolve(event);
      if (event.type === 'TASK_ADDED') added(event.task_added.task);
    }, reject);
    onTestFinished(() => subscription.unsubscribe());
  });
  expect(snapshot.subscribed.get_state).toHaveProperty('get_frameworks');
  expect(records[0].type).toBe('SUBSCRIBED');
  await marathon('POST', '/v2/apps', { id: '/watched', ...sleeper });
  expect((await task).name).toBe('watched');
});
