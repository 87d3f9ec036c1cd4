import { expect, test } from 'vitest';
import { type Event, eventually, openCluster, type TestCluster } from './local.ts';

const sleeper = { cmd: 'sleep 1000', cpus: 0.1, mem: 16 };

/** Two tasks, one on each of two agents; answers the one on the second. */
async function onTheSecondAgent(cluster: TestCluster, more: Record<string, unknown> = {}): Promise<Event> {
  await cluster.deploy({ id: '/web', ...sleeper, instances: 2, ...more });
  const [, { hostname }] = (await cluster.mesos('GET', '/state')).json.slaves;
  const { tasks } = (await cluster.marathon('GET', '/v2/apps/web/tasks')).json;
  return tasks.find(({ host }: Event) => host === hostname);
}

test('1.5 starts the task of a lost agent elsewhere at once and forgets it', async () => {
  const cluster = await openCluster({ agents: 2 });
  const task = await onTheSecondAgent(cluster, { constraints: [['hostname', 'UNIQUE']] });
  const stream = await cluster.events();
  await cluster.mesos('POST', '/local/agents/2/down');
  const lost = await stream.until(({ taskStatus }) => taskStatus === 'TASK_UNREACHABLE');
  expect(lost.taskId).toBe(task.id);
  await eventually(async () => {
    const left = (await cluster.marathon('GET', '/v2/apps/web/tasks')).json.tasks;
    return left.length === 1 && left[0].id !== lost.taskId;
  });
  const conditions = stream.seen
    .filter(({ eventType, agentId }) => eventType === 'instance_changed_event' && agentId === lost.slaveId)
    .map(({ condition }) => condition);
  expect(conditions.slice(0, 2)).toContain('Unreachable');
  expect((await cluster.marathon('GET', '/v2/queue')).json.queue).toMatchObject([{ count: 1, app: { id: '/web' } }]);
  await cluster.mesos('POST', '/local/agents/2/up');
  await stream.until(({ taskStatus, appId }) => taskStatus === 'TASK_RUNNING' && appId === '/web');
});

test('1.4 shows an unreachable task as long as it may come back', async () => {
  const cluster = await openCluster({ release: 'indigo_2', agents: 2 });
  const task = await onTheSecondAgent(cluster, {
    unreachableStrategy: { inactiveAfterSeconds: 60, expungeAfterSeconds: 120 },
  });
  const stream = await cluster.events();
  await cluster.mesos('POST', '/local/agents/2/down');
  await stream.until(({ taskStatus }) => taskStatus === 'TASK_UNREACHABLE');
  const { app } = (await cluster.marathon('GET', '/v2/apps/web')).json;
  expect(app.tasksRunning).toBe(1);
  expect(app.tasks.find(({ id }: Event) => id === task.id).state).toBe('TASK_UNREACHABLE');
  const killed = await cluster.marathon('DELETE', `/v2/apps/web/tasks/${task.id}`);
  expect(killed.json.task.state.condition).toEqual({ str: 'unreachable' });
  await stream.until(({ taskStatus, taskId }) => taskStatus === 'TASK_RUNNING' && taskId !== task.id);
});

test('1.1 replaces a lost task', async () => {
  const cluster = await openCluster({ release: 'indigo_1', agents: 2 });
  const task = await onTheSecondAgent(cluster, { backoffSeconds: 0 });
  const stream = await cluster.events();
  await cluster.mesos('POST', '/local/agents/2/down');
  await stream.until(({ taskStatus, taskId }) => taskStatus === 'TASK_LOST' && taskId === task.id);
  await stream.until(({ taskStatus, taskId }) => taskStatus === 'TASK_RUNNING' && taskId !== task.id);
});
