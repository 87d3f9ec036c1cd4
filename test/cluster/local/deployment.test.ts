import { expect, test } from 'vitest';
import { type Event, eventually, openCluster } from './local.ts';

const sleeper = { cmd: 'sleep 1000', cpus: 0.1, mem: 16 };
const types = (seen: readonly Event[]) => seen.map(({ eventType }) => eventType);

test.for(['indigo_1', 'indigo_2', 'deep_1'] as const)(
  'an app goes through its deployment in order (%s)',
  async release => {
    const { marathon, events } = await openCluster({ release });
    const stream = await events();
    const created = await marathon('POST', '/v2/apps', { id: '/team/web', ...sleeper });
    expect(created.status).toBe(201);
    const [{ id }] = created.json.deployments;
    await stream.until(event => event.eventType === 'deployment_success' && event.id === id);
    const order = types(stream.seen).filter(type => type !== 'group_change_success' && type !== 'api_post_event');
    const task =
      release === 'indigo_1'
        ? ['status_update_event']
        : release === 'indigo_2'
          ? ['instance_changed_event', 'status_update_event', 'instance_changed_event']
          : [
              'instance_changed_event',
              ...['status_update_event', 'instance_changed_event', 'status_update_event', 'instance_changed_event'],
            ];
    expect(order).toEqual([
      'event_stream_attached',
      ...['deployment_info', 'deployment_step_success'],
      ...['deployment_info', ...task, 'deployment_step_success'],
      'deployment_success',
    ]);
    const key = release === 'indigo_1' ? 'type' : 'action';
    const success = stream.seen.find(({ eventType }) => eventType === 'deployment_success');
    expect(success?.plan.steps).toEqual([
      { actions: [{ [key]: 'StartApplication', app: '/team/web' }] },
      { actions: [{ [key]: 'ScaleApplication', app: '/team/web' }] },
    ]);
    const { app } = (await marathon('GET', '/v2/apps//team/web')).json;
    expect(app).toMatchObject({ tasksRunning: 1, tasksStaged: 0, deployments: [], instances: 1 });
    expect(app.tasks).toHaveLength(1);
    expect((await marathon('GET', '/v2/deployments')).json).toEqual([]);
  },
);

test('scaling starts and stops tasks, the youngest first', async () => {
  const { marathon, events, deploy } = await openCluster();
  await deploy({ id: '/web', ...sleeper });
  const [oldest] = (await marathon('GET', '/v2/apps/web/tasks')).json.tasks;
  const stream = await events();
  const up = await marathon('PUT', '/v2/apps/web', { instances: 3 });
  expect(up.status).toBe(200);
  expect(up.headers.get('Marathon-Deployment-Id')).toBe(up.json.deploymentId);
  await stream.until(event => event.id === up.json.deploymentId);
  expect((await marathon('GET', '/v2/apps/web')).json.app.tasksRunning).toBe(3);
  const down = await marathon('PUT', '/v2/apps/web', { instances: 1 });
  const done = await stream.until(event => event.id === down.json.deploymentId);
  expect(done.plan.steps).toEqual([{ actions: [{ action: 'ScaleApplication', app: '/web' }] }]);
  expect((await marathon('GET', '/v2/apps/web/tasks')).json.tasks.map(({ id }: { id: string }) => id)).toEqual([
    oldest.id,
  ]);
});

test('a restart and a change of configuration replace every task', async () => {
  const { marathon, events, deploy } = await openCluster();
  await deploy({ id: '/web', ...sleeper, instances: 2 });
  const ids = async () => (await marathon('GET', '/v2/apps/web/tasks')).json.tasks.map(({ id }: { id: string }) => id);
  const stream = await events();
  const first = await ids();
  const restarted = await marathon('POST', '/v2/apps/web/restart', {});
  expect((await stream.until(event => event.id === restarted.json.deploymentId)).plan.steps).toEqual([
    { actions: [{ action: 'RestartApplication', app: '/web' }] },
  ]);
  const second = await ids();
  expect(second).toHaveLength(2);
  expect(second.filter((id: string) => first.includes(id))).toEqual([]);
  const changed = await marathon('PUT', '/v2/apps/web', { env: { COLOUR: 'blue' } });
  await stream.until(event => event.id === changed.json.deploymentId);
  const third = await ids();
  expect(third).toHaveLength(2);
  expect(third.filter((id: string) => second.includes(id))).toEqual([]);
  const none = await marathon('PUT', '/v2/apps/web', { env: { COLOUR: 'blue' } });
  expect((await stream.until(event => event.id === none.json.deploymentId)).plan.steps).toEqual([]);
  expect(await ids()).toEqual(third);
});

test('a deployment that cannot end locks its app, and force overrides it', async () => {
  const { marathon, events } = await openCluster({ cpus: 1 });
  const stream = await events();
  const stuck = await marathon('POST', '/v2/apps', { id: '/big', cmd: 'sleep 1000', cpus: 5, mem: 16 });
  const [{ id }] = stuck.json.deployments;
  const queue = await eventually(async () => {
    const { queue: waiting } = (await marathon('GET', '/v2/queue?embed=lastUnusedOffers')).json;
    return waiting[0]?.lastUnusedOffers.length > 0 && waiting;
  });
  expect(queue[0]).toMatchObject({ count: 1, delay: { timeLeftSeconds: 0, overdue: true }, app: { id: '/big' } });
  expect(queue[0].lastUnusedOffers[0].reason).toEqual(['InsufficientCpus']);
  const cpus = queue[0].processedOffersSummary.rejectSummaryLaunchAttempt[3];
  expect(cpus.reason).toBe('InsufficientCpus');
  expect(cpus.declined).toBeGreaterThan(0);
  expect((await marathon('GET', '/v2/deployments')).json).toMatchObject([
    {
      id,
      affectedApps: ['/big'],
      currentStep: 2,
      totalSteps: 2,
      currentActions: [{ action: 'ScaleApplication', app: '/big' }],
    },
  ]);
  const locked = await marathon('PUT', '/v2/apps/big', { cpus: 0.1 });
  expect(locked.status).toBe(409);
  expect(locked.json.deployments).toEqual([{ id }]);
  expect(locked.json.message).toContain('App is locked by one or more deployments.');
  const forced = await marathon('PUT', '/v2/apps/big?force=true', { cpus: 0.1 });
  expect(forced.status).toBe(200);
  await stream.until(event => event.eventType === 'deployment_failed' && event.id === id);
  await stream.until(event => event.eventType === 'deployment_success' && event.id === forced.json.deploymentId);
  expect((await marathon('GET', '/v2/queue')).json).toEqual({ queue: [] });
});

test('a running deployment is taken back by DELETE, and ended as it stands by force', async () => {
  const { marathon, events, deploy } = await openCluster({ cpus: 1 });
  await deploy({ id: '/web', ...sleeper });
  const stream = await events();
  const stuck = await marathon('PUT', '/v2/apps/web', { cpus: 5 });
  await stream.until(event => event.eventType === 'deployment_info' && event.plan.id === stuck.json.deploymentId);
  const back = await marathon('DELETE', `/v2/deployments/${stuck.json.deploymentId}`);
  expect(back.status).toBe(200);
  await stream.until(event => event.eventType === 'deployment_failed' && event.id === stuck.json.deploymentId);
  await stream.until(event => event.eventType === 'deployment_success' && event.id === back.json.deploymentId);
  expect((await marathon('GET', '/v2/apps/web')).json.app).toMatchObject({ cpus: 0.1, tasksRunning: 1 });
  const again = await marathon('PUT', '/v2/apps/web', { cpus: 5 });
  const ended = await marathon('DELETE', `/v2/deployments/${again.json.deploymentId}?force=true`);
  expect(ended.status).toBe(202);
  expect(ended.text).toBe('');
  expect((await marathon('DELETE', `/v2/deployments/${again.json.deploymentId}`)).json).toEqual({
    message: `DeploymentPlan ${again.json.deploymentId} does not exist`,
  });
});

test('an app can be rolled back to a version', async () => {
  const { marathon, events, deploy } = await openCluster();
  await deploy({ id: '/web', ...sleeper, env: { A: '1' } });
  const stream = await events();
  const changed = await marathon('PUT', '/v2/apps/web', { env: { A: '2' } });
  await stream.until(event => event.id === changed.json.deploymentId);
  const { versions } = (await marathon('GET', '/v2/apps/web/versions')).json;
  expect(versions).toHaveLength(2);
  const back = await marathon('PUT', '/v2/apps/web', { version: versions[1] });
  await stream.until(event => event.id === back.json.deploymentId);
  expect((await marathon('GET', '/v2/apps/web')).json.app.env).toEqual({ A: '1' });
  expect((await marathon('PUT', '/v2/apps/web', { version: '2001-01-01T00:00:00.000Z' })).status).toBe(404);
  expect((await marathon('PUT', '/v2/apps/web', { version: versions[0], cpus: 1 })).json.details).toEqual([
    { path: '/version', errors: ["The 'version' field may only be combined with the 'id' field."] },
  ]);
});

test('an app that keeps failing says why and waits longer each time', async () => {
  const { marathon, events } = await openCluster();
  const stream = await events();
  const failing = {
    id: '/bad',
    cmd: 'echo no >&2; exit 3',
    cpus: 0.1,
    mem: 16,
    backoffSeconds: 1,
    backoffFactor: 1000,
  };
  await marathon('POST', '/v2/apps', failing);
  const failures = () => stream.seen.filter(({ taskStatus }) => taskStatus === 'TASK_FAILED');
  await stream.until(() => failures().length === 1);
  const { app } = (await marathon('GET', '/v2/apps/bad')).json;
  expect(app.lastTaskFailure).toMatchObject({
    appId: '/bad',
    state: 'TASK_FAILED',
    message: 'Command exited with status 3',
  });
  await stream.until(() => failures().length === 2);
  const [first, second] = failures();
  expect(Date.parse(second?.timestamp) - Date.parse(first?.timestamp)).toBeGreaterThanOrEqual(1000);
  const [waiting] = (await marathon('GET', '/v2/queue')).json.queue;
  expect(waiting.delay.overdue).toBe(false);
  expect(waiting.delay.timeLeftSeconds).toBeGreaterThan(500);
  expect(waiting.delay.timeLeftSeconds).toBeLessThanOrEqual(1000);
  expect((await marathon('DELETE', '/v2/queue/bad/delay')).status).toBe(204);
  await stream.until(() => failures().length === 3);
});

test('a dead task of an app is started again', async () => {
  const { marathon, events, deploy } = await openCluster();
  await deploy({ id: '/web', cmd: 'echo $$ > pid; sleep 1000', cpus: 0.1, mem: 16, backoffSeconds: 0 });
  const stream = await events();
  const [task] = (await marathon('GET', '/v2/apps/web/tasks')).json.tasks;
  const killed = await marathon('DELETE', `/v2/apps/web/tasks/${task.id}`);
  expect(killed.json.task.tasksMap[task.id].status.condition).toEqual({ str: 'running' });
  await stream.until(event => event.taskStatus === 'TASK_KILLED' && event.taskId === task.id);
  await stream.until(event => event.taskStatus === 'TASK_RUNNING' && event.taskId !== task.id);
});

test('killing with scale lowers the number of instances', async () => {
  const { marathon, events, deploy } = await openCluster();
  await deploy({ id: '/web', ...sleeper, instances: 3 });
  const stream = await events();
  const [{ id }] = (await marathon('GET', '/v2/apps/web/tasks')).json.tasks;
  expect((await marathon('POST', '/v2/tasks/delete?scale=true&wipe=true', { ids: [id] })).json).toEqual({
    message: 'You cannot use scale and wipe at the same time.',
  });
  const scaled = await marathon('POST', '/v2/tasks/delete?scale=true', { ids: [id] });
  await stream.until(event => event.id === scaled.json.deploymentId);
  const { app } = (await marathon('GET', '/v2/apps/web')).json;
  expect(app.instances).toBe(2);
  expect(app.tasks.map((task: { id: string }) => task.id)).not.toContain(id);
  const one = await marathon('POST', '/v2/tasks/delete', { ids: [app.tasks[0].id, 'web.unknown'] });
  expect(one.json.tasks.map((task: { id: string }) => task.id)).toEqual([app.tasks[0].id]);
});

test('apps of a group start after what they depend on, and go with the group', async () => {
  const { marathon, events } = await openCluster();
  const stream = await events();
  const group = {
    id: '/shop',
    apps: [
      { id: 'front', ...sleeper, dependencies: ['/shop/back'] },
      { id: 'back', ...sleeper, dependencies: ['/shop/data/base'] },
    ],
    groups: [{ id: 'data', apps: [{ id: 'base', ...sleeper }] }],
  };
  expect((await marathon('PUT', '/v2/groups?dryRun=true', group)).json.steps).toHaveLength(4);
  const created = await marathon('POST', '/v2/groups', group);
  expect(created.status).toBe(201);
  await stream.until(event => event.id === created.json.deploymentId);
  const running = stream.seen.filter(({ taskStatus }) => taskStatus === 'TASK_RUNNING').map(({ appId }) => appId);
  expect(running).toEqual(['/shop/data/base', '/shop/back', '/shop/front']);
  expect((await marathon('POST', '/v2/groups', group)).json.message).toBe(
    'Group /shop is already created. Use PUT to change this group.',
  );
  expect((await marathon('GET', '/v2/groups/shop')).json.groups[0].apps[0].id).toBe('/shop/data/base');
  const scaled = await marathon('PUT', '/v2/groups/shop', { scaleBy: 1.5 });
  await stream.until(event => event.id === scaled.json.deploymentId);
  expect((await marathon('GET', '/v2/tasks')).json.tasks).toHaveLength(6);
  const kept = await marathon('PUT', '/v2/groups/shop', { apps: [{ id: 'front', ...sleeper }] });
  await stream.until(event => event.id === kept.json.deploymentId);
  expect((await marathon('GET', '/v2/apps')).json.apps.map(({ id }: { id: string }) => id).sort()).toEqual([
    '/shop/data/base',
    '/shop/front',
  ]);
  const removed = await marathon('DELETE', '/v2/groups/shop');
  await stream.until(event => event.id === removed.json.deploymentId);
  expect((await marathon('GET', '/v2/groups/shop')).status).toBe(404);
  expect((await marathon('GET', '/v2/tasks')).json).toEqual({ tasks: [] });
  expect(types(stream.seen).filter(type => type === 'app_terminated_event')).toHaveLength(3);
});

test('a dependency cycle and an app beside its own group are refused', async () => {
  const { marathon, deploy } = await openCluster();
  const cycle = {
    id: '/c',
    apps: ['a', 'b'].map(id => ({ id, ...sleeper, dependencies: [id === 'a' ? '/c/b' : '/c/a'] })),
  };
  expect((await marathon('POST', '/v2/groups', cycle)).status).toBe(422);
  await deploy({ id: '/g/app', ...sleeper });
  expect((await marathon('POST', '/v2/apps', { id: '/g', ...sleeper })).status).toBe(422);
  expect(
    (await marathon('POST', '/v2/groups', { id: '/h', apps: [{ id: '/elsewhere/x', ...sleeper }] })).json.details,
  ).toEqual([{ path: '/apps(0)/id', errors: ['Identifier is not child of /h. Hint: use relative paths.'] }]);
});

test('health checks decide when a deployment is done and who is killed', async () => {
  const { marathon, events } = await openCluster();
  const stream = await events();
  const check = {
    protocol: 'COMMAND',
    command: { value: 'test -f healthy' },
    gracePeriodSeconds: 1,
    intervalSeconds: 1,
    delaySeconds: 0,
    maxConsecutiveFailures: 2,
  };
  const created = await marathon('POST', '/v2/apps', {
    id: '/web',
    cmd: 'if test -f ../../../../once; then touch healthy; fi; touch ../../../../once; sleep 1000',
    ...{ cpus: 0.1, mem: 16, healthChecks: [check] },
  });
  const [{ id }] = created.json.deployments;
  await stream.until(event => event.taskStatus === 'TASK_KILLED');
  await stream.until(event => event.eventType === 'deployment_success' && event.id === id);
  const { app } = (await marathon('GET', '/v2/apps/web')).json;
  expect(app).toMatchObject({ tasksRunning: 1, tasksHealthy: 1, tasksUnhealthy: 0 });
  expect(app.tasks[0].healthCheckResults[0]).toMatchObject({ alive: true, consecutiveFailures: 0, lastFailure: null });
  expect(types(stream.seen)).toContain('add_health_check_event');
  expect(
    stream.seen.filter(({ eventType }) => eventType === 'instance_health_changed_event').map(({ healthy }) => healthy),
  ).toEqual([false, true]);
});

test('an HTTP check is asked of the port that the task was given', async () => {
  const { marathon, deploy } = await openCluster({ executor: 'stand-in' });
  await deploy({
    id: '/web',
    container: { docker: { image: 'nginx' } },
    healthChecks: [{ path: '/', intervalSeconds: 1 }],
    cpus: 0.1,
    mem: 16,
  });
  const { app } = (await marathon('GET', '/v2/apps/web')).json;
  expect(app.tasksHealthy).toBe(1);
  const [{ host, ports }] = app.tasks;
  const page = await fetch(`http://${host}:${ports[0]}/`);
  expect(await page.text()).toContain('This is a stand-in');
});

test('tasks keep to their constraints, and wait where they cannot', async () => {
  const { marathon, events, deploy } = await openCluster({ agents: 2 });
  const stream = await events();
  await marathon('POST', '/v2/apps', {
    id: '/unique',
    ...sleeper,
    instances: 3,
    constraints: [['hostname', 'UNIQUE']],
  });
  await stream.until(() => stream.seen.filter(({ taskStatus }) => taskStatus === 'TASK_RUNNING').length === 2);
  const { tasks } = (await marathon('GET', '/v2/apps/unique/tasks')).json;
  expect(new Set(tasks.map(({ host }: { host: string }) => host)).size).toBe(2);
  const [waiting] = (await marathon('GET', '/v2/queue')).json.queue;
  expect(waiting).toMatchObject({ count: 1, app: { id: '/unique' } });
  await deploy({ id: '/one', ...sleeper, instances: 2, constraints: [['hostname', 'CLUSTER', tasks[0].host]] });
  const placed = (await marathon('GET', '/v2/apps/one/tasks')).json.tasks;
  expect(placed.map(({ host }: { host: string }) => host)).toEqual([tasks[0].host, tasks[0].host]);
});
