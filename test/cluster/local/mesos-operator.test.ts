import { expect, onTestFinished, test } from 'vitest';
import { eventually, openCluster, type Send, sender } from './local.ts';

const call = (send: Send, type: string, payload?: object) =>
  send('POST', '/api/v1', { type, ...(payload === undefined ? {} : { [type.toLowerCase()]: payload }) });

/** The records of an event stream, as they come. */
async function subscribe(url: string) {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const response = await fetch(`${url}/api/v1`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify({ type: 'SUBSCRIBE' }),
    signal: stop.signal,
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('Content-Type')).toBe('application/json');
  expect(response.headers.get('Content-Length')).toBeNull();
  // biome-ignore lint/suspicious/noExplicitAny: records are held against expectations, whatever they are.
  const seen: any[] = [];
  void (async () => {
    let rest = Buffer.alloc(0);
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      rest = Buffer.concat([rest, chunk]);
      for (;;) {
        const at = rest.indexOf('\n');
        const size = Number(rest.subarray(0, Math.max(at, 0)).toString());
        if (at === -1 || rest.length < at + 1 + size) break;
        seen.push(JSON.parse(rest.subarray(at + 1, at + 1 + size).toString()));
        rest = rest.subarray(at + 1 + size);
      }
    }
  })().catch(() => {});
  return {
    seen,
    until: (type: string, holds: (record: (typeof seen)[number]) => boolean = () => true) =>
      eventually(async () => seen.find(record => record.type === type && holds(record))),
  };
}

test.for(['indigo_2', 'deep_1'] as const)('a subscriber hears of what happens (%s)', async release => {
  const { cluster, deploy, marathon, mesos } = await openCluster({ release, executor: 'stand-in', agents: 2 });
  const { seen, until } = await subscribe(cluster.mesos);
  await until('SUBSCRIBED');
  const newest = release === 'deep_1';
  expect(seen[0].subscribed.get_state.get_agents.agents).toHaveLength(2);
  expect(seen[0].subscribed.heartbeat_interval_seconds).toBe(newest ? 15 : undefined);
  if (newest) expect(seen[1]).toEqual({ type: 'HEARTBEAT' });
  await deploy({ id: '/web', cmd: 'sleep 1000', cpus: 0.1, mem: 16, labels: { a: 'b' } });
  const [{ id }] = (await marathon('GET', '/v2/tasks')).json.tasks;
  const { task_added: added } = await until('TASK_ADDED');
  expect(added.task).toMatchObject({
    task_id: { value: id },
    state: 'TASK_STAGING',
    labels: { labels: [{ key: 'a', value: 'b' }] },
  });
  const { task_updated: updated } = await until('TASK_UPDATED', record => record.task_updated.state === 'TASK_RUNNING');
  expect(updated.status).toMatchObject({ task_id: { value: id }, state: 'TASK_RUNNING', source: 'SOURCE_EXECUTOR' });
  const agents = seen[0].subscribed.get_state.get_agents.agents;
  await mesos('POST', '/local/agents/2/down');
  expect((await until('AGENT_REMOVED')).agent_removed.agent_id).toEqual(agents[1].agent_info.id);
  await mesos('POST', '/local/agents/2/up');
  expect((await until('AGENT_ADDED')).agent_added.agent.agent_info.hostname).toBe(agents[1].agent_info.hostname);
  const [framework] = (await call(mesos, 'GET_FRAMEWORKS')).json.get_frameworks.frameworks;
  if (newest) {
    expect((await call(mesos, 'TEARDOWN', { framework_id: framework.framework_info.id })).status).toBe(200);
    expect((await until('FRAMEWORK_REMOVED')).framework_removed.framework_info.name).toBe('marathon');
    expect((await until('FRAMEWORK_ADDED')).framework_added.framework.framework_info.name).toBe('marathon');
  } else expect((await call(mesos, 'TEARDOWN', {})).status).toBe(501);
});

test('a subscriber that does not read is let go', async () => {
  const { cluster, mesos, marathon, events } = await openCluster({ executor: 'stand-in' });
  const response = await fetch(`${cluster.mesos}/api/v1`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"type":"SUBSCRIBE"}',
  });
  const stream = await events();
  // Each event of it carries the label twice or more.
  const labels = { fat: 'x'.repeat(400_000) };
  await marathon('POST', '/v2/apps', { id: '/fat', cmd: 'sleep 1', cpus: 0.01, mem: 1, instances: 60, labels });
  await stream.until(({ eventType }) => eventType === 'deployment_success');
  const read = async () => {
    for await (const _ of response.body as unknown as AsyncIterable<Uint8Array>);
  };
  await expect(read()).rejects.toThrow();
  expect((await call(mesos, 'GET_HEALTH')).json).toEqual({ type: 'GET_HEALTH', get_health: { healthy: true } });
});

test('files are listed and read through the operator API', async () => {
  const { mesos, deploy } = await openCluster();
  await deploy({ id: '/web', cmd: 'printf hello; touch done; sleep 1000', cpus: 0.1, mem: 16 });
  const [agent] = (await mesos('GET', '/state')).json.slaves;
  const send = sender(`http://${agent.pid.split('@')[1]}`);
  const { json } = await send('GET', '/state');
  const path = json.frameworks[0].executors[0].directory;
  const listed = await eventually(async () => {
    const { list_files: list } = (await call(send, 'LIST_FILES', { path })).json;
    return list.file_infos?.length === 3 && list.file_infos;
  });
  expect(listed[2]).toMatchObject({ path: `${path}/stdout`, size: 5, mode: 0o100644 });
  const read = (payload: object) => call(send, 'READ_FILE', { path: `${path}/stdout`, ...payload });
  expect((await read({ offset: 1, length: 3 })).json.read_file).toEqual({ size: 5, data: 'ZWxs' });
  expect((await read({})).status).toBe(400);
  expect((await call(send, 'READ_FILE', { path: '/etc/passwd', offset: 0 })).status).toBe(404);
  const containers = (await call(send, 'GET_CONTAINERS')).json.get_containers.containers;
  expect(containers).toMatchObject([{ executor_id: { value: expect.stringMatching(/^web\./) } }]);
  const log = await mesos('GET', '/files/read?path=/master/log&offset=0');
  expect(log.json.data).toMatch(/^I\d{4} .*Elected as the leading master/);
  const own = await send('GET', '/files/read?path=/slave/log&offset=0');
  expect(own.json.data).toContain("Got assigned task 'web.");
});

test('a machine in maintenance takes its agent along, and brings it back', async () => {
  const { mesos } = await openCluster({ agents: 2, executor: 'stand-in' });
  const [, { hostname }] = (await mesos('GET', '/slaves')).json.slaves;
  const machines = [{ hostname }];
  expect((await mesos('POST', '/machine/down', machines)).text).toBe(
    `Machine '${hostname}' is not part of a maintenance schedule`,
  );
  const windows = [{ machine_ids: machines, unavailability: { start: { nanoseconds: 1 } } }];
  expect((await mesos('POST', '/maintenance/schedule', { windows })).status).toBe(200);
  expect((await mesos('GET', '/maintenance/schedule')).json).toEqual({ windows });
  expect((await mesos('GET', '/maintenance/status')).json).toEqual({ draining_machines: [{ id: { hostname } }] });
  expect((await mesos('POST', '/machine/down', machines)).status).toBe(200);
  expect((await mesos('GET', '/slaves')).json.slaves).toHaveLength(1);
  expect((await mesos('GET', '/maintenance/status')).json).toEqual({ down_machines: machines });
  expect((await mesos('POST', '/machine/up', machines)).status).toBe(200);
  expect((await mesos('GET', '/slaves')).json.slaves).toHaveLength(2);
  expect((await mesos('GET', '/maintenance/schedule')).json).toEqual({});
});
