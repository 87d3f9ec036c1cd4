// The HTTP routes of the Mesos master and of an agent: which path gives what. The answers themselves are in the files beside.
import path from 'node:path';
import type { Clock } from '../clock.ts';
import { seconds } from '../clock.ts';
import { type Answer, type Request, type Route, type Service, taken } from '../http.ts';
import { agentState } from './agent-state.ts';
import type { Agent } from './agents.ts';
import { containersAnswer, containersOf, statisticsAnswer } from './containers.ts';
import { duration } from './duration.ts';
import { type Attached, browse, debug, download, read, sandboxes } from './files.ts';
import { agentFlags, logDirOf, masterFlags } from './flags.ts';
import { localRoutes } from './local-routes.ts';
import type { Mesos } from './mesos.ts';
import { agentMetrics, masterMetrics } from './metrics.ts';
import * as operator from './operator.ts';
import { systemStats, toggleLogging } from './process-routes.ts';
import { rolesAnswer } from './roles.ts';
import { since as isSince } from './since.ts';
import * as state from './state.ts';
import { agentCall } from './v1/agent-calls.ts';
import { masterCall } from './v1/master-calls.ts';

/** Error bodies of Mesos are plain text, mostly empty. */
const problem = (status: number, message: string): Answer => ({ status, text: status === 404 ? '' : `${message}\n` });

type Give = (request: Request) => ReturnType<Route['handle']>;

/** Reading routes look at no method. */
const anyMethod = ['GET', 'POST', 'PUT', 'DELETE'];

/** A route of the process itself: `/x`, `/<process>/x`, and anything longer, which falls back to its longest known prefix. */
const own =
  (process: string) =>
  (name: string, handle: Give, methods: readonly string[] = anyMethod): Route[] =>
    routes(`(?:/${process})?/${name}(?:\\.json)?(?:/.*)?`, handle, methods);

/** A route of a process of its own: one form only. */
const fixed = (pattern: string, handle: Give): Route[] => routes(pattern, handle, anyMethod);

/** Methods that are not among these get 405 with those that are. */
function routes(pattern: string, handle: Give, methods: readonly string[]): Route[] {
  const refuse: Give = ({ method }) => notAllowed(methods, method);
  return anyMethod.map(method => ({
    method,
    pattern: new RegExp(`^${pattern}$`),
    handle: methods.includes(method) ? handle : refuse,
  }));
}

/** Source: mesos 3rdparty/libprocess/include/process/http.hpp, MethodNotAllowed. */
const notAllowed = (methods: readonly string[], method: string): Answer => ({
  status: 405,
  text: `Expecting one of { '${methods.join("', '")}' }, but received '${method}'.`,
  headers: { Allow: methods.join(', ') },
});

/** JSON, or with `?jsonp=f` a call of f. */
const json =
  (give: (request: Request) => unknown): Give =>
  async request => {
    const callback = request.query.get('jsonp');
    const value = await give(request);
    if (callback === null) return { status: 200, json: value };
    return {
      status: 200,
      text: `${callback.replace(/[^\w$.]/g, '')}(${JSON.stringify(value)});`,
      type: 'text/javascript',
    };
  };

const fileRoutes = (attached: Attached, version: Mesos['release']['mesos']): Route[] => [
  ...fixed('/files/browse(?:\\.json)?', ({ query }) => browse(attached, version, query)),
  ...fixed('/files/read(?:\\.json)?', ({ query }) => read(attached, version, query)),
  ...fixed('/files/download(?:\\.json)?', ({ query }) => download(attached, version, query)),
  ...fixed(
    '/files/debug(?:\\.json)?',
    json(() => debug(attached)),
  ),
];

/** Nothing here takes so long that a time-out could matter. */
const metricsRoute = (metrics: () => Readonly<Record<string, number>>): Route[] =>
  fixed('/metrics/snapshot', request => {
    const timeout = request.query.get('timeout');
    if (timeout !== null && duration(timeout) === undefined) {
      return { status: 400, text: `Failed to parse timeout '${timeout}': Invalid duration.\n` };
    }
    return json(metrics)(request);
  });

/** `name` tells the processes apart. */
const processRoutes = (mesos: Mesos, clock: Clock, name: () => string): Route[] => [
  ...routes(
    '/logging/toggle',
    ({ query }) => toggleLogging(mesos.settings, clock, name(), query),
    mesos.release.mesos === '0.28.0' ? anyMethod : ['GET', 'POST'],
  ),
  ...fixed('/system/stats\\.json', json(systemStats)),
];

export function masterService(mesos: Mesos, clock: Clock, address: () => state.MasterAddress): Service {
  const route = own('master');
  const version = mesos.release.mesos;
  const since = (first: Parameters<typeof isSince>[1], added: Route[]) => (isSince(version, first) ? added : []);
  const attached: Attached = () => new Map([['/master/log', path.join(address().logDir, 'mesos-master.INFO')]]);
  const leader: Give = () => ({ status: 307, text: '', headers: { Location: `//${address().ip}:${address().port}` } });
  const filter = (query: URLSearchParams, name: string) => (isSince(version, '1.4') ? query.get(name) : null);
  const reservation = (name: string, list: 'resources' | 'volumes') =>
    route(name, request => operator.changeReservations(mesos, request, list), ['POST']);
  return {
    problem,
    routes: [
      ...route(
        'state-summary',
        json(() => state.stateSummary(mesos, address())),
      ),
      ...route(
        'state',
        json(() => state.masterState(mesos, address())),
      ),
      ...route(
        'slaves',
        json(({ query }) => state.slavesAnswer(mesos, filter(query, 'slave_id'))),
      ),
      ...route(
        'frameworks',
        json(({ query }) => state.frameworksAnswer(mesos, filter(query, 'framework_id'))),
      ),
      ...route(
        'tasks',
        json(({ query }) =>
          state.tasksAnswer(mesos, {
            ...taskPage(query),
            frameworkId: filter(query, 'framework_id'),
            taskId: filter(query, 'task_id'),
          }),
        ),
      ),
      ...route(
        'roles',
        json(() => rolesAnswer(mesos)),
      ),
      ...route(
        'flags',
        json(() => ({ flags: masterFlags(version, address()) })),
        ['GET'],
      ),
      ...route('health', () => ({ status: 200, text: '' })),
      ...route('teardown', request => operator.teardown(mesos, request), ['POST']),
      ...route(
        'quota',
        request => {
          if (request.method === 'GET') return json(() => operator.quotaStatus(mesos))(request);
          if (request.method === 'POST') return operator.postQuota(mesos, request);
          return operator.removeQuota(mesos, /\/quota\/(.+)$/.exec(request.path)?.[1] ?? '', request.path);
        },
        ['GET', 'POST', 'DELETE'],
      ),
      ...since(
        '1.0',
        route(
          'weights',
          request =>
            request.method === 'GET'
              ? json(() => operator.weightInfos(mesos))(request)
              : operator.putWeights(mesos, request),
          ['GET', 'PUT'],
        ),
      ),
      ...reservation('reserve', 'resources'),
      ...reservation('unreserve', 'resources'),
      ...reservation('create-volumes', 'volumes'),
      ...reservation('destroy-volumes', 'volumes'),
      ...route(
        'maintenance/schedule',
        request =>
          request.method === 'GET'
            ? json(() => operator.schedule(mesos))(request)
            : operator.postSchedule(mesos, request),
        ['GET', 'POST'],
      ),
      ...route(
        'maintenance/status',
        json(() => operator.maintenanceStatus(mesos)),
        ['GET'],
      ),
      ...route('machine/down', ({ body }) => operator.postMachines(mesos, body, operator.machinesDown), ['POST']),
      ...route('machine/up', ({ body }) => operator.postMachines(mesos, body, operator.machinesUp), ['POST']),
      ...route('api/v1/scheduler', () => frameworksRefused, ['POST']),
      ...since(
        '1.0',
        route('api/v1', request => masterCall({ mesos, clock, address: address(), attached }, request), ['POST']),
      ),
      ...fixed('(?:/master)?/redirect', leader),
      ...fixed(
        '/version',
        json(() => state.versionAnswer(version)),
      ),
      ...metricsRoute(() => masterMetrics(mesos, clock.now())),
      ...(version === '0.28.0' ? route('observe', operator.observe, ['POST']) : []),
      ...processRoutes(mesos, clock, () => 'master'),
      ...fileRoutes(attached, version),
      ...localRoutes(mesos),
    ],
  };
}

/** `agent` gives the one that is registered; while there is none nobody answers. */
export function agentService(
  mesos: Mesos,
  agent: () => Agent | undefined,
  clock: Clock,
  masterHostname: string,
): Service {
  const route = own('slave\\(1\\)');
  const version = mesos.release.mesos;
  const old = version === '0.28.0';
  const present = (): Agent => {
    const found = agent();
    if (found === undefined) throw new Error('The agent is down.');
    return found;
  };
  const attached: Attached = () =>
    new Map([
      ...sandboxes(present(), version),
      ['/slave/log', path.join(logDirOf(present().workDir), 'mesos-slave.INFO')],
    ]);
  const containers = () => containersOf(present(), seconds(clock.now()));
  const statistics = json(async () => statisticsAnswer(await containers()));
  const up: Route[] = [
    ...route(
      'state',
      json(() => agentState(mesos, present(), masterHostname)),
    ),
    ...route(
      'flags',
      json(() => ({ flags: agentFlags(present()) })),
      ['GET'],
    ),
    ...route('health', () => ({ status: 200, text: '' })),
    ...(old
      ? fixed('/monitor/statistics(?:\\.json)?', statistics)
      : [
          ...route('monitor/statistics', statistics),
          ...route(
            'containers',
            json(async () => containersAnswer(await containers())),
            ['GET'],
          ),
        ]),
    ...(old ? [] : route('api/v1/executor', () => executorsRefused, ['POST'])),
    ...(old
      ? []
      : route('api/v1', request => agentCall({ mesos, agent: present(), clock, attached }, request), ['POST'])),
    ...fixed(
      '/version',
      json(() => state.versionAnswer(version)),
    ),
    ...metricsRoute(() => agentMetrics(mesos, present(), clock.now())),
    ...processRoutes(mesos, clock, () => present().id),
    ...fileRoutes(attached, version),
  ];
  /** A machine that is off does not say so. */
  const down = routes(
    '.*',
    ({ response }) => {
      response.destroy();
      return taken;
    },
    anyMethod,
  );
  return {
    problem,
    get routes() {
      return agent() === undefined ? down : up;
    },
  };
}

/** What a master and an agent say to those that lack the right. */
const frameworksRefused: Answer = {
  status: 403,
  text: 'The local cluster takes no frameworks but its own Marathon and Chronos.',
};
const executorsRefused: Answer = { status: 403, text: 'The local cluster takes no executors but its own.' };

function taskPage(query: URLSearchParams) {
  const number = (name: string, fallback: number) => {
    const text = query.get(name) ?? '';
    return /^\d{1,9}$/.test(text) ? Number(text) : fallback;
  };
  return { limit: number('limit', 100), offset: number('offset', 0), ascending: query.get('order') === 'asc' };
}
