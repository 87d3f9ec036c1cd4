// The HTTP routes of the Mesos master and of an agent: which path gives what. The answers themselves are in the files beside.
import type { Clock } from '../clock.ts';
import type { Answer, Request, Route, Service } from '../http.ts';
import { agentFlags, agentState, containersAnswer } from './agent-state.ts';
import type { Agent } from './agents.ts';
import { browse, debug, download, read } from './files.ts';
import type { Mesos } from './mesos.ts';
import { agentMetrics, masterMetrics } from './metrics.ts';
import * as state from './state.ts';

/** Error bodies of Mesos are plain text, mostly empty. */
const problem = (status: number, message: string): Answer => ({ status, text: status === 404 ? '' : `${message}\n` });

type Give = (request: Request) => Answer | Promise<Answer>;

/** A route of the process itself: `/x`, `/<process>/x`, and anything longer, which falls back to its longest known prefix. */
const own =
  (process: string) =>
  (name: string, handle: Give): Route => ({
    method: 'GET',
    pattern: new RegExp(`^(?:/${process})?/${name}(?:\\.json)?(?:/.*)?$`),
    handle,
  });

/** A route of a process of its own: one form only. */
const fixed = (path: string, handle: Give): Route => ({ method: 'GET', pattern: new RegExp(`^${path}$`), handle });

/** JSON, or with `?jsonp=f` a call of f. */
const json =
  (give: (request: Request) => unknown): Give =>
  request => {
    const callback = request.query.get('jsonp');
    const value = give(request);
    if (callback === null) return { status: 200, json: value };
    return {
      status: 200,
      text: `${callback.replace(/[^\w$.]/g, '')}(${JSON.stringify(value)});`,
      type: 'text/javascript',
    };
  };

export function masterService(mesos: Mesos, clock: Clock, address: () => state.MasterAddress): Service {
  const route = own('master');
  const version = mesos.release.mesos;
  const leader: Give = () => ({ status: 307, text: '', headers: { Location: `//${address().ip}:${address().port}` } });
  return {
    problem,
    routes: [
      route(
        'state-summary',
        json(() => state.stateSummary(mesos, address())),
      ),
      route(
        'state',
        json(() => state.masterState(mesos, address())),
      ),
      route(
        'slaves',
        json(() => state.slavesAnswer(mesos)),
      ),
      route(
        'frameworks',
        json(() => state.frameworksAnswer(mesos)),
      ),
      route(
        'tasks',
        json(({ query }) => state.tasksAnswer(mesos, taskPage(query))),
      ),
      route(
        'roles',
        json(() => rolesAnswer(mesos)),
      ),
      route(
        'flags',
        json(() => ({ flags: state.masterFlags(address()) })),
      ),
      route('health', () => ({ status: 200, text: '' })),
      fixed('(?:/master)?/redirect', leader),
      fixed(
        '/version',
        json(() => state.versionAnswer(version)),
      ),
      fixed(
        '/metrics/snapshot',
        json(() => masterMetrics(mesos, clock.now())),
      ),
    ],
  };
}

export function agentService(mesos: Mesos, agent: Agent, clock: Clock, masterHostname: string): Service {
  const route = own('slave\\(1\\)');
  const version = mesos.release.mesos;
  return {
    problem,
    routes: [
      route(
        'state',
        json(() => agentState(mesos, agent, masterHostname)),
      ),
      route(
        'flags',
        json(() => ({ flags: agentFlags(agent) })),
      ),
      route('health', () => ({ status: 200, text: '' })),
      ...(version === '0.28.0'
        ? []
        : [
            route(
              'containers',
              json(() => containersAnswer(agent)),
            ),
          ]),
      fixed(
        '/version',
        json(() => state.versionAnswer(version)),
      ),
      fixed(
        '/metrics/snapshot',
        json(() => agentMetrics(mesos, agent, clock.now())),
      ),
      fixed('/files/browse(?:\\.json)?', ({ query }) => browse(agent, version, query)),
      fixed('/files/read(?:\\.json)?', ({ query }) => read(agent, version, query)),
      fixed('/files/download(?:\\.json)?', ({ query }) => download(agent, version, query)),
      fixed(
        '/files/debug(?:\\.json)?',
        json(() => debug(agent)),
      ),
    ],
  };
}

function taskPage(query: URLSearchParams): state.TaskPage {
  const number = (name: string, fallback: number) => {
    const text = query.get(name) ?? '';
    return /^\d{1,9}$/.test(text) ? Number(text) : fallback;
  };
  return {
    limit: number('limit', 100),
    offset: number('offset', 0),
    ascending: query.get('order') === 'asc',
    frameworkId: query.get('framework_id'),
    taskId: query.get('task_id'),
  };
}

const rolesAnswer = (mesos: Mesos): unknown => ({
  roles: [
    {
      name: '*',
      weight: 1,
      resources: state.frameworkTotals(mesos),
      frameworks: mesos.frameworks.map(({ id }) => id),
    },
  ],
});
