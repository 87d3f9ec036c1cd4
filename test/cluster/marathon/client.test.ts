import { afterEach, describe, expect, it } from 'vitest';
import type { Endpoint } from '../../../cluster/src/connect/endpoint.ts';
import * as marathon from '../../../cluster/src/marathon/client.ts';
import { hasCorpus, recorded } from '../corpus.ts';
import { answers, type Handler, serve, type TestServer } from '../server.ts';

let server: TestServer | undefined;
afterEach(() => server?.close());

async function open(handler: Handler): Promise<Endpoint> {
  server = await serve(handler);
  return { service: 'Marathon', url: server.url };
}

const change = { version: '2018-02-01T10:01:00.000Z', deploymentId: 'd-1' };
const task = { id: 'web.1', host: 'agent1', slaveId: 'S0', ports: [31005], stagedAt: '2016-05-02T10:00:01.000Z' };

describe('an app', () => {
  const read = async (app: unknown) =>
    marathon.app(await open(answers({ 'GET /v2/apps/demo/web': { app } })), '/demo/web');

  it('of Marathon 1.1, where unset members are null and tasks have no state', async () => {
    const app = await read({
      id: '/demo/web',
      cmd: null,
      args: null,
      instances: 2,
      container: {
        type: 'DOCKER',
        docker: { image: 'nginx', network: 'BRIDGE', portMappings: [{ containerPort: 80, servicePort: 10001 }] },
      },
      ports: [10001],
      healthChecks: [],
      labels: { a: 'b' },
      tasksStaged: 1,
      tasksRunning: 1,
      tasksHealthy: 0,
      tasksUnhealthy: 0,
      deployments: [{ id: 'd-1' }],
      tasks: [
        { ...task, startedAt: null },
        { ...task, id: 'web.2', startedAt: '2016-05-02T10:00:02.000Z', healthCheckResults: [{ alive: true }, null] },
      ],
    });
    expect(app).toEqual({
      id: '/demo/web',
      command: undefined,
      image: 'nginx',
      instances: 2,
      tasksStaged: 1,
      tasksRunning: 1,
      tasksHealthy: 0,
      tasksUnhealthy: 0,
      hasHealthChecks: false,
      labels: { a: 'b' },
      servicePorts: [10001],
      deployments: ['d-1'],
      tasks: [
        {
          id: 'web.1',
          appId: '/demo/web',
          state: 'TASK_STAGING',
          host: 'agent1',
          agentId: 'S0',
          ports: [31005],
          stagedAt: '2016-05-02T10:00:01.000Z',
          startedAt: undefined,
          alive: [],
        },
        {
          id: 'web.2',
          appId: '/demo/web',
          state: 'TASK_RUNNING',
          host: 'agent1',
          agentId: 'S0',
          ports: [31005],
          stagedAt: '2016-05-02T10:00:01.000Z',
          startedAt: '2016-05-02T10:00:02.000Z',
          alive: [true, false],
        },
      ],
      lastTaskFailure: undefined,
    });
    expect(server?.requests).toEqual([
      'GET /v2/apps/demo/web?embed=app.tasks&embed=app.counts&embed=app.deployments&embed=app.lastTaskFailure',
    ]);
  });

  it('of Marathon 1.5, where unset members are left out and mappings stand in the container', async () => {
    const app = await read({
      id: '/demo/web',
      instances: 1,
      container: { type: 'DOCKER', docker: { image: 'nginx' }, portMappings: [{ servicePort: 10002 }, {}] },
      networks: [{ mode: 'container/bridge' }],
      healthChecks: [{ protocol: 'HTTP' }],
      tasks: [{ ...task, state: 'TASK_KILLING' }],
      lastTaskFailure: {
        appId: '/demo/web',
        host: 'agent1',
        message: 'Command exited with status 1',
        state: 'TASK_FAILED',
        taskId: 'web.0',
        timestamp: '2018-02-01T10:00:00.000Z',
        version: '2018-02-01T09:00:00.000Z',
        slaveId: null,
      },
    });
    expect(app).toMatchObject({
      servicePorts: [10002, 0],
      hasHealthChecks: true,
      tasksRunning: 0,
      deployments: [],
      labels: {},
    });
    expect(app.tasks[0]?.state).toBe('TASK_KILLING');
    expect(app.lastTaskFailure).toEqual({
      taskId: 'web.0',
      host: 'agent1',
      message: 'Command exited with status 1',
      state: 'TASK_FAILED',
      at: '2018-02-01T10:00:00.000Z',
    });
  });

  it('of Marathon 1.4, whose empty mappings say nothing about its port definitions', async () => {
    const app = await read({
      id: '/demo/web',
      container: { type: 'MESOS', docker: { image: 'nginx', portMappings: [] } },
      portDefinitions: [{ port: 10003 }],
      ports: [10003],
    });
    expect(app.servicePorts).toEqual([10003]);
  });

  it.each([[undefined], [null], [{ id: 7 }], [{ id: '/x', tasks: {} }], [{ id: '/x', container: 'docker' }], [[]]])(
    'that is %j is a ClusterError',
    async app => {
      await expect(read(app)).rejects.toMatchObject({ name: 'ClusterError', code: 'unexpected-shape' });
    },
  );
});

describe('a change', () => {
  it('is asked for as Marathon wants it', async () => {
    const endpoint = await open((_, response) => response.end(JSON.stringify(change)));
    const group = { id: '/demo', apps: [] };
    await marathon.createGroup(endpoint, group);
    await marathon.scale(endpoint, '/demo/web', 3);
    await marathon.stop(endpoint, 'demo/web/');
    await marathon.restart(endpoint, '/demo/web');
    expect(await marathon.deleteGroup(endpoint, '/demo')).toEqual(change);
    await marathon.killTask(endpoint, '/demo/web', 'demo_web.1/2');
    await marathon.cancelDeployment(endpoint, 'd-1');
    await marathon.cancelDeployment(endpoint, 'd-1', { keep: true });
    expect(server?.requests).toEqual([
      'POST /v2/groups',
      'PUT /v2/apps/demo/web',
      'PUT /v2/apps/demo/web',
      'POST /v2/apps/demo/web/restart',
      'DELETE /v2/groups/demo?force=true',
      'DELETE /v2/apps/demo/web/tasks/demo_web.1/2',
      'DELETE /v2/deployments/d-1?force=false',
      'DELETE /v2/deployments/d-1?force=true',
    ]);
    expect(server?.bodies.slice(0, 3)).toEqual([JSON.stringify(group), '{"instances":3}', '{"instances":0}']);
  });

  it('never removes the root group, which is the whole cluster', async () => {
    const endpoint = await open(answers({}));
    for (const id of ['/', '', '//']) await expect(marathon.deleteGroup(endpoint, id)).rejects.toThrow(TypeError);
    expect(server?.requests).toEqual([]);
  });
});

describe('deployments', () => {
  it('name their actions alike in 1.1 and later', async () => {
    const endpoint = await open(
      answers({
        'GET /v2/deployments': [
          {
            id: 'd-1',
            affectedApps: ['/foo'],
            currentActions: [
              { type: 'ScaleApplication', app: '/foo' },
              { action: 'ScalePod', pod: '/bla' },
            ],
            currentStep: 2,
            totalSteps: 3,
          },
        ],
      }),
    );
    expect(await marathon.deployments(endpoint)).toEqual([
      {
        id: 'd-1',
        affectedApps: ['/foo'],
        currentStep: 2,
        totalSteps: 3,
        currentActions: [
          { action: 'ScaleApplication', app: '/foo' },
          { action: 'ScalePod', app: '/bla' },
        ],
      },
    ]);
  });
});

describe.skipIf(!hasCorpus)('what real clusters answered (skipped where it is not at hand)', () => {
  it.each([
    ['recorded/marathon-1-task/app.json', 1],
    ['recorded/marathon-1-task/app-suspended.json', 1],
    ['recorded/1-service-with-executor-task/app.json', 1],
    ['recorded/1-app-for-each-health/app.json', 4],
    ['marathon-api-examples/app_list.json', 1],
  ])('%s', async (file, count) => {
    const apps = await marathon.apps(await open(answers({ 'GET /v2/apps': recorded(file) })));
    expect(apps).toHaveLength(count);
    for (const app of apps) expect(app.id).toMatch(/^\/[a-z]/);
  });

  it.each([
    'recorded/marathon-1-group/groups.json',
    'recorded/marathon-1-task/groups.json',
    'marathon-api-examples/group.json',
  ])('%s', async file => {
    const root = await marathon.group(await open(answers({ 'GET /v2/groups': recorded(file) })), '/');
    expect(root.id).toBe('/');
    expect(root.apps.length + root.groups.length).toBeGreaterThan(0);
  });

  it('information and deployments', async () => {
    const endpoint = await open(
      answers({
        'GET /v2/info': recorded('marathon-api-examples/info.json'),
        'GET /v2/deployments': recorded('marathon-api-examples/deployments.json'),
      }),
    );
    expect((await marathon.info(endpoint)).version).toBe('1.5.0-SNAPSHOT');
    expect((await marathon.deployments(endpoint))[0]?.currentActions).toEqual([
      { action: 'ScaleApplication', app: '/foo' },
    ]);
  });
});
