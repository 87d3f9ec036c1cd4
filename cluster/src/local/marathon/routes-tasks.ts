// Tasks and the launch queue: /v2/tasks, /v2/apps/{id}/tasks, /v2/queue, /v2/deployments.
// Facts: marathon v1.1.1, v1.4.1, v1.5.6 api/v2/{AppTasksResource,TasksResource,QueueResource,DeploymentsResource}.scala.
import { timestamp } from '../clock.ts';
import type { Answer, Request, Route } from '../http.ts';
import { answerReleased, answerReserved, answerTask, answerVictim, readinessResults } from './answer-task.ts';
import { type App, portsOf } from './app.ts';
import { taskIds } from './app-shape.ts';
import { idleOf, listTasks } from './app-tasks.ts';
import type { Deployment } from './deployments.ts';
import { type Instance, isOfApp, isRunning, taskIdOf } from './instance.ts';
import { lastTaskId } from './launch.ts';
import { deploymentResult, failure, flag, type Marathon, refuse } from './marathon.ts';
import { absolute, isWithin } from './path-id.ts';
import { answerAction, answerSteps } from './plan.ts';
import { answerQueue } from './queue.ts';
import { withApps } from './root.ts';
import { readJson } from './shape.ts';

export function taskRoutes(marathon: Marathon): Route[] {
  const { version, deployments, runs } = marathon;
  const everyInstance = (): Instance<App>[] => [...runs.all.keys()].flatMap(runs.ofApp);

  const requireApp = (id: string): App => {
    const app = deployments.root.apps.get(id);
    if (app === undefined) throw refuse(404, `App '${id}' does not exist`);
    return app;
  };

  const wantsText = ({ headers }: Request): boolean => {
    const accept = headers.accept ?? '';
    return accept.includes('text/plain') && !accept.includes('application/json');
  };

  /** One line for each app and service port: where its running tasks are. */
  function endpoints(apps: readonly App[]): Answer {
    const lines = apps.flatMap(app => {
      const name = app.id.slice(1).replaceAll('/', '_');
      const running = runs.ofApp(app.id).filter(isRunning);
      if (version === '1.5.6') running.sort((a, b) => (taskIdOf(a) < taskIdOf(b) ? -1 : 1));
      const ports = portsOf(app);
      if (ports.length === 0) {
        const separator = version === '1.1.1' ? ' ' : '\t';
        return [`${name}\t \t${running.map(({ agent }) => `${agent.hostname}${separator}`).join('')}`];
      }
      return ports.map(({ servicePort }, n) => {
        const hosts = running.map(({ agent, tasks: [task] }) => `${agent.hostname}:${task.info.ports[n] ?? 0}\t`);
        return `${name}\t${servicePort}\t${hosts.join('')}`;
      });
    });
    return { status: 200, text: lines.map(line => `${line}\n`).join(''), type: 'text/plain' };
  }

  function appTasks(request: Request): Answer {
    const asked = request.params.id ?? '';
    if (asked === '*' || asked.endsWith('/*')) {
      const group = absolute(asked.slice(0, -1));
      if (!deployments.root.groups.has(group)) throw refuse(404, `Group '${group}' does not exist`);
      const apps = [...deployments.root.apps.values()].filter(({ id }) => isWithin(id, group));
      return {
        status: 200,
        json: { tasks: apps.flatMap(({ id }) => listTasks(marathon, id)) },
      };
    }
    const app = requireApp(absolute(asked));
    if (wantsText(request)) return endpoints([app]);
    return { status: 200, json: { tasks: listTasks(marathon, app.id) } };
  }

  function allTasks(request: Request): Answer {
    const apps = [...deployments.root.apps.values()];
    if (wantsText(request)) return endpoints(apps);
    const wanted = [...request.query.getAll('status'), ...request.query.getAll('status[]')].filter(
      status => status === 'running' || status === 'staging',
    );
    const tasks = everyInstance().filter(
      instance => wanted.length === 0 || wanted.includes(isRunning(instance) ? 'running' : 'staging'),
    );
    const reserved = wanted.includes('running')
      ? []
      : [...runs.all.keys()].flatMap(id => idleOf(marathon, id)).map(each => answerReserved(each, version));
    return { status: 200, json: { tasks: [...tasks.map(each => answerTask(each, version, true)), ...reserved] } };
  }

  function checkScaleAndWipe(query: URLSearchParams): boolean {
    const scale = flag(query, 'scale');
    if (scale && flag(query, 'wipe')) throw refuse(400, 'You cannot use scale and wipe at the same time.');
    return scale;
  }

  /** Kills these and lowers the number of instances that their apps want, as one deployment. */
  function killAndScale(victims: readonly Instance<App>[], force: boolean): Answer {
    const killed = new Map<string, number>();
    for (const { spec, killing } of victims) {
      if (!killing || version === '1.1.1') killed.set(spec.id, (killed.get(spec.id) ?? 0) + 1);
    }
    const deployment = deployments.start({
      force,
      groupId: '/',
      next: root =>
        withApps(
          root,
          [...killed].flatMap(([id, count]) => {
            const app = root.apps.get(id);
            return app === undefined ? [] : [{ ...app, instances: Math.max(0, app.instances - count) }];
          }),
        ),
    });
    for (const victim of victims) runs.kill(victim);
    return deploymentResult(marathon, deployment);
  }

  function killAppTasks({ params, query }: Request): Answer {
    const scale = checkScaleAndWipe(query);
    const id = absolute(params.id ?? '');
    const host = query.get('host') ?? '*';
    const victims = runs.ofApp(id).filter(({ agent }) => host === '*' || agent.hostname === host);
    if (scale) {
      if (version !== '1.1.1' && (!deployments.root.apps.has(id) || runs.ofApp(id).length === 0))
        throw refuse(404, `Path '${id}' does not exist`);
      requireApp(id);
      return killAndScale(victims, flag(query, 'force'));
    }
    const app = requireApp(id);
    const wiped = flag(query, 'wipe') ? idleOf(marathon, id).filter(each => host === '*' || each.host === host) : [];
    const tasks = [
      ...victims.map(victim => answerVictim(victim, version)),
      ...wiped.map(reservation => answerReleased(reservation, app, version)),
    ];
    for (const victim of victims) runs.kill(victim, flag(query, 'wipe'));
    for (const reservation of wiped) runs.release(reservation);
    return { status: 200, json: { tasks } };
  }

  function killAppTask({ params, query }: Request): Answer {
    const scale = checkScaleAndWipe(query);
    const id = absolute(params.id ?? '');
    const app = requireApp(id);
    const reservation = idleOf(marathon, id).find(each => lastTaskId(each, version) === params.task);
    if (reservation !== undefined && flag(query, 'wipe')) {
      runs.release(reservation);
      return { status: 200, json: { task: answerReleased(reservation, app, version) } };
    }
    const victim = runs.ofApp(id).find(instance => taskIdOf(instance) === params.task);
    if (victim === undefined) throw refuse(404, `Task '${params.task}' does not exist`);
    if (scale) return killAndScale([victim], flag(query, 'force'));
    const task = answerVictim(victim, version);
    runs.kill(victim, flag(query, 'wipe'));
    return { status: 200, json: { task } };
  }

  function killTasks({ body, query }: Request): Answer {
    const scale = checkScaleAndWipe(query);
    const { ids } = readJson(body, taskIds, version) as { ids: string[] };
    const bad = ids.find(id => !/^.+[._]([^._]+)(?:\.\d+)?$/.test(id));
    if (bad !== undefined)
      throw refuse(400, `Invalid task id '${bad}'.${version === '1.1.1' ? '' : ' [unable to extract the app id]'}`);
    const victims = ids.flatMap(id => runs.ofTask(id) ?? []).filter(isOfApp);
    if (scale) return killAndScale(victims, flag(query, 'force'));
    const tasks = victims.map(victim => answerTask(victim, version));
    for (const victim of victims) runs.kill(victim, flag(query, 'wipe'));
    return { status: 200, json: { tasks } };
  }

  const listDeployments = (): Answer => ({
    status: 200,
    json: [...deployments.running.values()].filter(({ steps }) => steps.length > 0).map(describe),
  });

  function describe({ id, version: time, affectedApps, affectedPods, steps, currentStep }: Deployment) {
    const current = steps[currentStep] ?? [];
    return {
      id,
      version: time,
      affectedApps,
      ...(version === '1.1.1' ? {} : { affectedPods }),
      steps: answerSteps(steps, version),
      currentActions: current.map(action => ({
        ...answerAction(action, '1.5.6'),
        readinessCheckResults: runs.ofApp(action.id).flatMap(readinessResults),
      })),
      currentStep: currentStep + 1,
      totalSteps: steps.length,
    };
  }

  function endDeployment({ params, query }: Request): Answer {
    const deployment = deployments.running.get(params.id ?? '');
    if (deployment === undefined) throw refuse(404, `DeploymentPlan ${params.id} does not exist`);
    if (flag(query, 'force')) {
      deployments.cancel(deployment);
      return { status: 202, text: '' };
    }
    return deploymentResult(marathon, deployments.revert(deployment));
  }

  function endDelay({ params }: Request): Answer {
    const id = absolute(params.id ?? '');
    const run = runs.all.get(id);
    if (run?.waiting === undefined) return failure(404, `Application ${id} not found in tasks queue.`);
    runs.resetDelay(run);
    return { status: 204 };
  }

  return [
    { method: 'GET', pattern: /^\/v2\/apps\/(?<id>.+)\/tasks\/?$/, handle: appTasks },
    { method: 'DELETE', pattern: /^\/v2\/apps\/(?<id>.+)\/tasks\/?$/, handle: killAppTasks },
    { method: 'DELETE', pattern: /^\/v2\/apps\/(?<id>.+)\/tasks\/(?<task>[^/]+)$/, handle: killAppTask },
    { method: 'GET', pattern: /^\/v2\/tasks\/?$/, handle: allTasks },
    { method: 'POST', pattern: /^\/v2\/tasks\/delete\/?$/, handle: killTasks },
    { method: 'GET', pattern: /^\/v2\/deployments\/?$/, handle: listDeployments },
    { method: 'DELETE', pattern: /^\/v2\/deployments\/(?<id>[^/]+)$/, handle: endDeployment },
    {
      method: 'GET',
      pattern: /^\/v2\/queue\/?$/,
      handle: ({ query }) => ({ status: 200, json: answerQueue(marathon, query, timestamp) }),
    },
    { method: 'DELETE', pattern: /^\/v2\/queue\/(?<id>.+)\/delay$/, handle: endDelay },
  ];
}
