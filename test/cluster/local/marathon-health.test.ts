import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type Event, eventually, openCluster } from './local.ts';

const sleeper = { cmd: 'sleep 1000', cpus: 0.1, mem: 16, backoffSeconds: 0 };

/** Answers with whatever status is wanted. */
async function server(): Promise<{ port: number; asked: () => number; status: number }> {
  let count = 0;
  const answering = { port: 0, asked: () => count, status: 200 };
  const listening = http.createServer((_, response) => {
    count++;
    if (answering.status === 101)
      response.socket?.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n');
    else response.writeHead(answering.status).end();
  });
  await new Promise<void>(resolve => listening.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void listening.close());
  answering.port = (listening.address() as AddressInfo).port;
  return answering;
}

const check = (port: number, more: Record<string, unknown> = {}) => ({
  ...{ protocol: 'HTTP', port, intervalSeconds: 1, gracePeriodSeconds: 0, maxConsecutiveFailures: 1 },
  ...more,
});

test.for([
  ['indigo_1', 'unhealthy_task_kill_event', 'taskId'],
  ['indigo_2', 'unhealthy_instance_kill_event', 'instanceId'],
  ['deep_1', 'unhealthy_instance_kill_event', 'instanceId'],
] as const)('a task that is not well is killed, and the app says why (%s)', async ([release, eventType, id]) => {
  const answering = await server();
  const { marathon, events, deploy } = await openCluster({ release });
  const stream = await events();
  await deploy({ id: '/web', ...sleeper, healthChecks: [check(answering.port)] });
  const [task] = (await marathon('GET', '/v2/apps/web')).json.app.tasks;
  expect(task.healthCheckResults).toMatchObject([{ alive: true, [id]: expect.stringContaining('web.') }]);
  answering.status = 500;
  const kill = await stream.until(event => event.eventType === eventType);
  expect(kill).toMatchObject({ appId: '/web', taskId: task.id, reason: '500 Internal Server Error' });
  await stream.until(({ taskStatus, taskId }) => taskStatus === 'TASK_KILLED' && taskId === task.id);
  expect((await marathon('GET', '/v2/apps/web')).json.app.lastTaskFailure).toMatchObject({
    taskId: task.id,
    state: 'TASK_KILLED',
    message: 'Task was killed since health check failed. Reason: 500 Internal Server Error',
  });
  answering.status = 200;
  await stream.until(({ taskStatus, taskId }) => taskStatus === 'TASK_RUNNING' && taskId !== task.id);
  const changes = (event: Event) => event.eventType === 'health_status_changed_event';
  expect(
    stream.seen
      .filter(changes)
      .slice(0, 2)
      .map(({ alive }) => alive),
  ).toEqual([true, false]);
});

test('an answer of 1xx counts for nothing where it is to be ignored', async () => {
  const answering = await server();
  answering.status = 101;
  const { marathon, deploy, events } = await openCluster();
  const stream = await events();
  const app = { id: '/web', ...sleeper, healthChecks: [check(answering.port, { ignoreHttp1xx: true })] };
  const created = await marathon('POST', '/v2/apps', app);
  const other = check(answering.port, { maxConsecutiveFailures: 0 });
  await marathon('POST', '/v2/apps', { id: '/strict', ...sleeper, healthChecks: [other] });
  await stream.until(({ eventType, appId }) => eventType === 'failed_health_check_event' && appId === '/strict');
  await deploy({ id: '/after', ...sleeper });
  expect((await marathon('GET', '/v2/apps/web')).json.app.tasks[0]).not.toHaveProperty('healthCheckResults');
  answering.status = 204;
  const [{ id }] = created.json.deployments;
  await stream.until(event => event.eventType === 'deployment_success' && event.id === id);
  expect((await marathon('GET', '/v2/apps/web')).json.app.tasksHealthy).toBe(1);
});

test('the oldest go first where the app says so', async () => {
  const { marathon, deploy, events } = await openCluster({ executor: 'stand-in' });
  await deploy({ id: '/web', ...sleeper, killSelection: 'OLDEST_FIRST' });
  const [oldest] = (await marathon('GET', '/v2/apps/web/tasks')).json.tasks;
  const stream = await events();
  const scale = async (instances: number) => {
    const { deploymentId } = (await marathon('PUT', '/v2/apps/web', { instances })).json;
    await stream.until(event => event.eventType === 'deployment_success' && event.id === deploymentId);
  };
  await scale(2);
  await scale(1);
  const [left] = (await marathon('GET', '/v2/apps/web/tasks')).json.tasks;
  expect(left.id).not.toBe(oldest.id);
});

test('a deployment waits until its tasks say that they are ready', async () => {
  const { marathon, deploy, events } = await openCluster({ executor: 'stand-in' });
  const ready = { portName: 'default', intervalSeconds: 2, timeoutSeconds: 1, preserveLastResponse: true };
  await deploy({ id: '/ready', ...sleeper, readinessChecks: [ready] });
  const stream = await events();
  const created = await marathon('POST', '/v2/apps', {
    ...{ id: '/never', ...sleeper },
    readinessChecks: [{ ...ready, name: 'ask', httpStatusCodesForReady: [201] }],
  });
  await stream.until(({ taskStatus, appId }) => taskStatus === 'TASK_RUNNING' && appId === '/never');
  const [result] = await eventually(async () => {
    const [deployment] = (await marathon('GET', '/v2/deployments')).json;
    const { readinessCheckResults } = deployment.currentActions[0];
    return readinessCheckResults[0]?.lastResponse !== undefined && readinessCheckResults;
  });
  const [task] = (await marathon('GET', '/v2/apps/never')).json.app.tasks;
  expect(result).toMatchObject({ name: 'ask', taskId: task.id, ready: false, lastResponse: { status: 200 } });
  expect((await marathon('GET', '/v2/apps/never')).json.app.deployments).toEqual(created.json.deployments);
});
