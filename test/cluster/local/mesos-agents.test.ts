import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Share } from '../../../cluster/src/local/mesos/agents.ts';
import { parseAttributes, parseResources } from '../../../cluster/src/local/mesos/resources-text.ts';
import { eventually, openCluster, sender } from './local.ts';

const usual: Share = { role: '*', amount: { cpus: 8, mem: 100, disk: 50, gpus: 0 }, portRanges: [[31000, 32000]] };

test('resources are read as Mesos reads them', () => {
  expect(parseResources('', usual)).toEqual([usual]);
  expect(parseResources('cpus:2; cpus(dev):1.5 ;mem(dev):10;ports:[1-2, 5-6]', usual)).toEqual([
    {
      role: '*',
      amount: { cpus: 2, mem: 0, disk: 50, gpus: 0 },
      portRanges: [
        [1, 2],
        [5, 6],
      ],
    },
    { role: 'dev', amount: { cpus: 1.5, mem: 10, disk: 0, gpus: 0 }, portRanges: [] },
  ]);
  const json = JSON.stringify([
    { name: 'cpus', type: 'SCALAR', scalar: { value: 3 }, role: 'dev' },
    { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 1, end: 9 }] } },
  ]);
  expect(parseResources(json, usual)).toEqual([
    { role: '*', amount: { cpus: 0, mem: 100, disk: 50, gpus: 0 }, portRanges: [[1, 9]] },
    { role: 'dev', amount: { cpus: 3, mem: 0, disk: 0, gpus: 0 }, portRanges: [] },
  ]);
});

test('attributes are read as Mesos reads them', () => {
  expect(parseAttributes('rack:a-1;ssd:1;slots:[1-10,20-30];zones:{a,b}')).toEqual({
    rack: 'a-1',
    ssd: 1,
    slots: '[1-10, 20-30]',
    zones: '{a, b}',
  });
  expect(parseAttributes('')).toEqual({});
});

test.for([
  ['cpus', 'The resource "cpus" makes no sense: write name:value or name(role):value, and ";" between two.'],
  ['cpus:many', 'The resource "cpus:many" makes no sense: the value is a number.'],
  ['tapes:2', 'The resource "tapes:2" makes no sense: there are cpus, mem, disk, gpus and ports.'],
  ['ports:31000', 'The range "ports:31000" makes no sense: ranges are written as [31000-31999,32100-32199].'],
  ['ports:[9-1]', 'The range "ports:[9-1]" makes no sense: ranges are written as [31000-31999,32100-32199].'],
] as const)('%s is refused with one sentence', ([text, sentence]) => {
  expect(() => parseResources(text, usual)).toThrow(sentence);
});

test('a cluster does not start with attributes that make no sense', async () => {
  await expect(openCluster({ attributes: ['rack'] })).rejects.toThrow(
    'The attribute "rack" makes no sense: write name:value, and ";" between two.',
  );
});

const sleeper = { cmd: 'sleep 1000', cpus: 1, mem: 16 };

test('what is reserved for a role goes to apps that accept it, and to no others', async () => {
  const { marathon, mesos, events, deploy } = await openCluster({
    agents: 2,
    resources: ['cpus:1;mem:512;cpus(dev):2;mem(dev):512;ports:[31000-31009];ports(dev):[33000-33009]', 'cpus:1'],
    attributes: ['rack:a;ssd:1', 'rack:b'],
    mesosRole: 'dev',
  });
  await deploy({ id: '/own', ...sleeper, instances: 2, acceptedResourceRoles: ['dev'] });
  const { json } = await mesos('GET', '/slaves');
  const [first, second] = json.slaves;
  expect([first.attributes, second.attributes]).toEqual([{ rack: 'a', ssd: 1 }, { rack: 'b' }]);
  expect(first).toMatchObject({
    resources: { cpus: 3 },
    used_resources: { cpus: 2 },
    reserved_resources: { dev: { cpus: 2, mem: 512, ports: '[33000-33009]' } },
    unreserved_resources: { cpus: 1 },
  });
  expect(first.used_resources_full.map(({ role }: { role: string }) => role)).toEqual(
    first.used_resources_full.map(() => 'dev'),
  );
  expect(second.used_resources.cpus).toBe(0);
  const stream = await events();
  await marathon('POST', '/v2/apps', { id: '/all', ...sleeper, instances: 2, acceptedResourceRoles: ['*'] });
  await stream.until(({ eventType }) => eventType === 'deployment_success');
  await marathon('POST', '/v2/apps', { id: '/other', ...sleeper, acceptedResourceRoles: ['prod'] });
  const queue = await eventually(async () => (await marathon('GET', '/v2/queue')).json.queue[0]);
  const reasons: { reason: string; declined: number }[] = queue.processedOffersSummary.rejectSummaryLastOffers;
  expect(reasons.find(({ reason }) => reason === 'UnfulfilledRole')?.declined).toBe(2);
  expect((await mesos('GET', '/roles')).json.roles.map(({ name }: { name: string }) => name)).toEqual(['*', 'dev']);
});

const losses = [
  ['indigo_1', 'TASK_LOST', 'Slave 127.0.0.2 removed: health check timed out', false],
  ['indigo_2', 'TASK_UNREACHABLE', 'Slave 127.0.0.2 is unreachable', false],
  ['deep_1', 'TASK_UNREACHABLE', 'Agent 127.0.0.2 is unreachable: health check timed out', true],
] as const;

test.runIf(process.platform === 'linux').for(losses)(
  'an agent goes down and comes back (%s)',
  async ([release, state, message, sameAgent]) => {
    const { mesos, deploy, events } = await openCluster({ release, agents: 2, executor: 'stand-in' });
    await deploy({ id: '/web', ...sleeper, constraints: [['hostname', 'LIKE', '127.0.0.2']] });
    const { slaves } = (await mesos('GET', '/state')).json;
    const second = slaves[1];
    const agent = sender(`http://${second.pid.split('@')[1]}`);
    expect((await agent('GET', '/state')).json.frameworks[0].executors).toHaveLength(1);
    const stream = await events();
    const down = await mesos('POST', '/local/agents/2/down');
    expect(down).toMatchObject({ status: 200, json: { agent: 2, hostname: '127.0.0.2' } });
    expect(await stream.until(({ taskStatus }) => taskStatus === state)).toMatchObject({ message });
    expect((await mesos('POST', '/local/agents/2/down')).json.message).toBe('Agent 2 (127.0.0.2) is down already.');
    expect((await mesos('POST', '/local/agents/3/down')).status).toBe(404);
    await expect(agent('GET', '/state')).rejects.toThrow();
    const lost = (await mesos('GET', '/state')).json;
    expect(lost.slaves.map(({ id }: { id: string }) => id)).toEqual([slaves[0].id]);
    const [marathon] = lost.frameworks;
    const where = release === 'deep_1' ? marathon.unreachable_tasks : marathon.completed_tasks;
    expect(where[0]).toMatchObject({ state, slave_id: second.id });
    if (release === 'deep_1') {
      expect(lost.unreachable_slaves).toBe(1);
      expect((await mesos('GET', '/metrics/snapshot')).json['master/tasks_unreachable']).toBe(1);
    }
    expect((await mesos('POST', '/local/agents/2/up')).status).toBe(200);
    const back = (await mesos('GET', '/state')).json;
    expect(back.slaves).toHaveLength(2);
    expect(back.slaves[1].id === second.id).toBe(sameAgent);
    expect((await agent('GET', '/state')).json.id).toBe(back.slaves[1].id);
    expect(back.frameworks[0].unreachable_tasks ?? []).toEqual([]);
    expect((await mesos('POST', '/local/agents/2/up')).status).toBe(409);
  },
);

test('an agent that is marked gone never comes back, and its tasks are gone', async () => {
  const { mesos, deploy, events } = await openCluster({ agents: 2, executor: 'stand-in' });
  await deploy({ id: '/web', ...sleeper, instances: 2, constraints: [['hostname', 'UNIQUE']] });
  const { slaves } = (await mesos('GET', '/slaves')).json;
  const gone = (agentId: string) =>
    mesos('POST', '/api/v1', { type: 'MARK_AGENT_GONE', mark_agent_gone: { agent_id: { value: agentId } } });
  const stream = await events();
  expect((await gone(slaves[0].id)).status).toBe(200);
  await stream.until(({ taskStatus, slaveId }) => taskStatus === 'TASK_GONE_BY_OPERATOR' && slaveId === slaves[0].id);
  expect((await mesos('POST', '/local/agents/1/up')).status).toBe(409);
  await mesos('POST', '/local/agents/2/down');
  expect((await gone(slaves[1].id)).status).toBe(200);
  const [framework] = (await mesos('GET', '/frameworks')).json.frameworks;
  expect(framework.unreachable_tasks).toEqual([]);
  expect(framework.completed_tasks.map(({ state }: { state: string }) => state)).toEqual([
    'TASK_GONE_BY_OPERATOR',
    'TASK_GONE_BY_OPERATOR',
  ]);
});

test('processes on an agent that goes down end, and so does a cluster that stops meanwhile', async () => {
  const { mesos, deploy, cluster } = await openCluster();
  await deploy({ id: '/web', ...sleeper, cmd: "trap '' TERM; sleep 1000 & wait; sleep 1000" });
  const [agent] = (await mesos('GET', '/state')).json.slaves;
  const { json } = await sender(`http://${agent.pid.split('@')[1]}`)('GET', '/state');
  expect(json.frameworks[0].executors).toHaveLength(1);
  await mesos('POST', '/local/agents/1/down');
  await cluster.stop();
});

test('a framework that is torn down ends its tasks, and registers anew', async () => {
  const { mesos, marathon, events, deploy } = await openCluster({ executor: 'stand-in' });
  await deploy({ id: '/web', ...sleeper });
  const [before] = (await mesos('GET', '/frameworks')).json.frameworks;
  const stream = await events();
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  expect(await mesos('POST', '/teardown', 'frameworkId=none', form)).toMatchObject({
    status: 400,
    text: 'No framework found with specified ID',
  });
  expect((await mesos('POST', '/master/teardown', `frameworkId=${before.id}`, form)).status).toBe(200);
  await stream.until(({ taskStatus }) => taskStatus === 'TASK_GONE');
  await stream.until(({ taskStatus }) => taskStatus === 'TASK_RUNNING');
  const { frameworks, completed_frameworks: completed } = (await mesos('GET', '/frameworks')).json;
  expect(completed).toMatchObject([
    { id: before.id, active: false, completed_tasks: [{ state: 'TASK_KILLED', framework_id: before.id }] },
  ]);
  expect(frameworks[0].id).not.toBe(before.id);
  expect((await marathon('GET', '/v2/info')).json.frameworkId).toBe(frameworks[0].id);
});

test('a sandbox that cannot be made is one clear message, and the agent goes on', async () => {
  const { events, deploy, marathon, cluster } = await openCluster();
  const work = path.join(cluster.stateDir, 'agents', '1', 'slaves');
  await mkdir(path.dirname(work), { recursive: true });
  await writeFile(work, 'in the way');
  const stream = await events();
  await marathon('POST', '/v2/apps', { id: '/web', ...sleeper });
  const failed = await stream.until(({ taskStatus }) => taskStatus === 'TASK_FAILED');
  expect(failed.message).toMatch(/^Failed to launch container: Cannot make the sandbox: \w+: /);
  await rm(work);
  await stream.until(({ taskStatus }) => taskStatus === 'TASK_RUNNING');
  await deploy({ id: '/next', ...sleeper });
});
