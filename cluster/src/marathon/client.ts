// Marathon's REST API, 1.1 to 1.5: one function a request. All throw ClusterErrors. What the answers hold is in answers.ts,
// the event stream in events.ts.
import type { MarathonGroup } from '../../../protocol/src/marathon.ts';
import type { Endpoint } from '../connect/endpoint.ts';
import { ask, askJson, type Patience } from '../connect/request.ts';
import { list, object } from '../connect/shape.ts';
import {
  type App,
  type Change,
  type Deployment,
  type Group,
  type Info,
  readApp,
  readChange,
  readDeployments,
  readGroup,
  readInfo,
  readTask,
  type Task,
} from './answers.ts';

const embedded = ['apps.tasks', 'apps.counts', 'apps.deployments', 'apps.lastTaskFailure'];

export function info(marathon: Endpoint, patience: Patience = {}): Promise<Info> {
  return askJson(marathon, { path: '/v2/info' }, patience, readInfo);
}

/** All apps, with their tasks, counts, deployments and last failures. */
export function apps(marathon: Endpoint, patience: Patience = {}): Promise<readonly App[]> {
  const asking = { path: '/v2/apps', query: { embed: embedded } };
  return askJson(marathon, asking, patience, value => list(object(value, '').apps, 'apps', readApp));
}

/** @param id Absolute, for example `/demo/web`. */
export function app(marathon: Endpoint, id: string, patience: Patience = {}): Promise<App> {
  const asking = {
    path: `/v2/apps${encoded(id)}`,
    query: { embed: embedded.map(one => one.replace('apps.', 'app.')) },
  };
  return askJson(marathon, asking, patience, value => readApp(object(value, '').app));
}

/** The group with its apps' ids and its groups; `/` is the root. */
export function group(marathon: Endpoint, id: string, patience: Patience = {}): Promise<Group> {
  const query = { embed: ['group.groups', 'group.apps'] };
  return askJson(marathon, { path: `/v2/groups${encoded(id)}`, query }, patience, value => readGroup(value));
}

/** Fails with `conflict` when the group exists. A failure with `timeout` or `cut` may have created it. */
export function createGroup(marathon: Endpoint, body: MarathonGroup, patience: Patience = {}): Promise<Change> {
  return askJson(marathon, { method: 'POST', path: '/v2/groups', body }, patience, readChange);
}

/** Stops and removes everything below the group, whatever deployment is changing it. */
export async function deleteGroup(marathon: Endpoint, id: string, patience: Patience = {}): Promise<Change> {
  if (encoded(id) === '') throw new TypeError('The root group holds the whole cluster and is not removed.');
  const asking = { method: 'DELETE', path: `/v2/groups${encoded(id)}`, query: { force: 'true' } } as const;
  return askJson(marathon, asking, patience, readChange);
}

/** @param instances How many tasks are wanted; 0 stops the app and keeps its definition. */
export function scale(marathon: Endpoint, id: string, instances: number, patience: Patience = {}): Promise<Change> {
  const asking = { method: 'PUT', path: `/v2/apps${encoded(id)}`, body: { instances } } as const;
  return askJson(marathon, asking, patience, readChange);
}

/** Stops all tasks and keeps the app's definition. */
export function stop(marathon: Endpoint, id: string, patience: Patience = {}): Promise<Change> {
  return scale(marathon, id, 0, patience);
}

/** Replaces all tasks by new ones, as the app's upgrade strategy says. */
export function restart(marathon: Endpoint, id: string, patience: Patience = {}): Promise<Change> {
  return askJson(marathon, { method: 'POST', path: `/v2/apps${encoded(id)}/restart` }, patience, readChange);
}

/** Kills one task; Marathon starts another in its place. */
export async function killTask(marathon: Endpoint, id: string, task: string, patience: Patience = {}): Promise<void> {
  const path = `/v2/apps${encoded(id)}/tasks/${encodeURIComponent(task)}`;
  await ask(marathon, { method: 'DELETE', path }, patience);
}

/** The tasks of all apps, also of apps that are removed already and whose tasks still end. */
export function tasks(marathon: Endpoint, patience: Patience = {}): Promise<readonly Task[]> {
  return askJson(marathon, { path: '/v2/tasks' }, patience, value =>
    list(object(value, '').tasks, 'tasks', (task, where) => readTask(task, where)),
  );
}

export function deployments(marathon: Endpoint, patience: Patience = {}): Promise<readonly Deployment[]> {
  return askJson(marathon, { path: '/v2/deployments' }, patience, readDeployments);
}

/** Stops a deployment and starts one that undoes it, or with `keep` leaves everything as it stands. */
export async function cancelDeployment(
  marathon: Endpoint,
  id: string,
  options: Patience & { readonly keep?: boolean } = {},
): Promise<void> {
  const path = `/v2/deployments/${encodeURIComponent(id)}`;
  await ask(marathon, { method: 'DELETE', path, query: { force: String(options.keep ?? false) } }, options);
}

/** `/demo/web` from `demo/web`, `/demo/web/` and the like; empty for the root. */
function encoded(id: string): string {
  const segments = id.split('/').filter(segment => segment !== '');
  return segments.map(segment => `/${encodeURIComponent(segment)}`).join('');
}
