// A Marathon 1.4, Chronos 3 and Mesos on one server that do what a test tells them, and no more: nothing runs by itself.
import type http from 'node:http';
import type { Profile } from '../../../cluster/src/profile.ts';
import type { ChronosJob } from '../../../protocol/src/chronos.ts';
import type { MarathonApp } from '../../../protocol/src/marathon.ts';
import type { Plan } from '../../../protocol/src/plan.ts';
import { serve, type TestServer } from '../server.ts';

export interface FakeApp {
  readonly id: string;
  instances: number;
  tasksRunning: number;
  tasksHealthy: number;
  tasksStaged: number;
  healthChecks: unknown[];
  deployments: { id: string }[];
  tasks: unknown[];
  lastTaskFailure?: unknown;
  container?: unknown;
}

export interface FakeJob {
  readonly name: string;
  parents: readonly string[];
  schedule: string;
  successCount: number;
  errorCount: number;
  disabled: boolean;
  state: string;
}

/** True when it has answered itself. */
type Intercept = (request: { method: string; path: string; body: string }, response: http.ServerResponse) => boolean;

export class FakeCluster {
  /** By absolute id. */
  readonly groups = new Map<string, Map<string, FakeApp>>();
  readonly jobs = new Map<string, FakeJob>();
  /** `PUT d--b` and the like, in order. */
  readonly actions: string[] = [];
  tasks: unknown[] = [];
  /** Tasks that Marathon lists though their app may be gone. */
  ending: { id: string; appId: string }[] = [];
  deployments: { id: string }[] = [];
  files = new Map<string, string>();
  onGroup: (apps: Map<string, FakeApp>) => void = () => {};
  onJob: (job: FakeJob) => void = () => {};
  onRun: (job: FakeJob) => void = () => {};
  intercept: Intercept = () => false;
  readonly streams = new Set<http.ServerResponse>();

  async start(): Promise<{ server: TestServer; profile: Profile }> {
    const server = await serve((request, response) => {
      const url = new URL(request.url ?? '', 'http://x');
      const call = { method: request.method ?? '', path: decodeURIComponent(url.pathname), body: request.body };
      if (this.intercept(call, response)) return;
      this.answer(call, url.searchParams, response, server);
    });
    const { url } = server;
    return { server, profile: { name: 'fake', release: 'indigo_2', marathon: url, chronos: url, mesos: url } };
  }

  createGroup(body: string): void {
    const group = JSON.parse(body) as { id: string; apps: MarathonApp[] };
    const apps = new Map<string, FakeApp>();
    for (const app of group.apps) {
      const id = `${group.id}/${app.id}`;
      apps.set(id, {
        id,
        instances: app.instances,
        tasksRunning: 0,
        tasksHealthy: 0,
        tasksStaged: 0,
        healthChecks: [],
        deployments: [{ id: 'd-1' }],
        tasks: [],
      });
    }
    this.groups.set(group.id, apps);
    this.onGroup(apps);
  }

  createJob(body: string): void {
    const { name, parents = [], schedule = '' } = JSON.parse(body) as ChronosJob;
    const job: FakeJob = { name, parents, schedule, successCount: 0, errorCount: 0, disabled: false, state: 'idle' };
    this.jobs.set(name, job);
    this.onJob(job);
  }

  /** Marathon tells that something happened. */
  tell(): void {
    for (const stream of this.streams) stream.write('event: status_update_event\r\ndata: {}\r\n\r\n');
  }

  private answer(
    { method, path, body }: { method: string; path: string; body: string },
    query: URLSearchParams,
    response: http.ServerResponse,
    server: TestServer,
  ): unknown {
    const send = (value: unknown, status = 200) => response.writeHead(status).end(JSON.stringify(value));
    const change = { version: '2018-02-01T10:01:00.000Z', deploymentId: 'd-1' };
    const none = () => send({ message: `${path} does not exist` }, 404);
    const groupId = path.replace(/^\/v2\/groups/, '');
    const jobName = path.replace(/^\/v1\/scheduler\/job\//, '');
    switch (`${method} ${path.split('/').slice(0, 4).join('/')}`.replace(/(\/v2\/(?:apps|groups)).*/, '$1')) {
      case 'GET /v2/tasks':
        return send({ tasks: this.ending });
      case 'GET /v2/deployments':
        return send(this.deployments);
      case 'GET /v2/events':
        response.writeHead(200, { 'content-type': 'text/event-stream', connection: 'close' }).write('\r\n');
        this.streams.add(response);
        return response.on('close', () => this.streams.delete(response));
      case 'POST /v2/groups':
        this.createGroup(body);
        return send(change, 201);
      case 'GET /v2/groups': {
        const view = (id: string) => ({
          id,
          apps: [...(this.groups.get(id)?.keys() ?? [])].map(app => ({ id: app })),
          groups: [],
        });
        if (groupId === '') return send({ id: '/', apps: [], groups: [...this.groups.keys()].map(view) });
        return this.groups.has(groupId) ? send(view(groupId)) : none();
      }
      case 'DELETE /v2/groups':
        this.actions.push(`DELETE ${groupId}`);
        return this.groups.delete(groupId) ? send(change) : none();
      case 'GET /v2/apps': {
        const all = [...this.groups.values()].flatMap(apps => [...apps.values()]);
        const id = path.replace(/^\/v2\/apps/, '');
        if (id === '') return send({ apps: all });
        const app = all.find(one => one.id === id);
        return app === undefined ? none() : send({ app });
      }
      case 'GET /v1/scheduler/jobs':
        if (path.endsWith('/summary')) {
          return send({
            jobs: [...this.jobs.values()].map(({ name, state, successCount }) => ({
              name,
              status: successCount > 0 ? 'success' : 'fresh',
              state,
            })),
          });
        }
        return send([...this.jobs.values()]);
      case 'POST /v1/scheduler/iso8601':
      case 'POST /v1/scheduler/dependency':
        this.createJob(body);
        return response.writeHead(204).end();
      case 'PUT /v1/scheduler/job': {
        this.actions.push(`PUT ${jobName}`);
        const job = this.jobs.get(jobName);
        if (job !== undefined) this.onRun(job);
        return response.writeHead(204).end();
      }
      case 'DELETE /v1/scheduler/job':
        this.actions.push(`DELETE ${jobName}`);
        return response.writeHead(this.jobs.delete(jobName) ? 204 : 400).end();
      case 'GET /state': {
        const executors = this.tasks
          .map(task => (task as { id: string }).id)
          .map(id => ({ id, directory: `/w/${id}` }));
        return send({
          slaves: [{ id: 'S0', hostname: '127.0.0.1', pid: `slave(1)@127.0.0.1:${server.port}`, active: true }],
          frameworks: [{ id: 'F0', tasks: this.tasks, executors }],
        });
      }
      case 'GET /files/read': {
        const content = this.files.get(query.get('path') ?? '');
        if (content === undefined) return none();
        const offset = Number(query.get('offset'));
        return send(offset === -1 ? { data: '', offset: content.length } : { data: content.slice(offset), offset });
      }
      default:
        return none();
    }
  }
}

/** Lets every task of the app run, on ports from 31000. */
export function runAll(app: FakeApp, host = '10.0.0.2'): void {
  app.deployments = [];
  app.tasksRunning = app.instances;
  app.tasks = Array.from({ length: app.instances }, (_, index) => ({
    id: `${app.id.slice(1).replace('/', '_')}.${index}`,
    host,
    slaveId: 'S0',
    ports: [31_000 + index, 31_100 + index],
    state: 'TASK_RUNNING',
    startedAt: '2018-02-01T10:00:02.000Z',
  }));
}

const app = (id: string, instances = 1): MarathonApp => ({
  id,
  instances,
  env: {},
  labels: {},
  uris: [],
  constraints: [],
  container: { type: 'DOCKER', docker: { image: 'nginx', forcePullImage: false, privileged: false }, volumes: [] },
});

export const job = (name: string, more: Partial<ChronosJob> = {}): ChronosJob => ({
  name,
  command: 'date',
  uris: [],
  environmentVariables: [],
  constraints: [],
  container: { type: 'DOCKER', image: 'busybox', forcePullImage: false, volumes: [] },
  ...more,
});

export function plan(more: Partial<Plan> & { readonly apps?: Readonly<Record<string, number>> } = {}): Plan {
  const { apps = {}, ...rest } = more;
  const all = Object.entries(apps).map(([id, instances]) => app(id, instances));
  return {
    name: 'demo',
    release: 'indigo_2',
    marathon: all.length === 0 ? null : { id: '/demo', apps: all },
    chronos: [],
    outputs: {},
    diagnostics: [],
    hosts: {},
    ...rest,
  };
}
