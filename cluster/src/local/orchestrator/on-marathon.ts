// A deployment on Marathon: a group of its id, whose apps are waited for. Facts: indigo-dc/orchestrator MarathonServiceImpl.java.
import type { Plan } from '../../../../protocol/src/plan.ts';
import { type App, readApp } from '../../marathon/answers.ts';
import type { Service } from '../http.ts';
import { ask, type Reply } from './ask.ts';
import { Failure, type Run } from './run.ts';

/** Creates the group, unless it is there from before a restart. */
export async function createGroup(marathon: Service, plan: Plan): Promise<void> {
  const { status } = await ask(marathon, 'GET', `/v2/groups/${plan.name}`);
  if (status === 200) return;
  const created = await ask(marathon, 'POST', '/v2/groups', plan.marathon ?? { id: `/${plan.name}`, apps: [] });
  if (created.status >= 400) throw new Failure(`Error creating Marathon App Group\n${wordsOf(created)}`);
}

/** The apps by the name of their node templates, once all of them run. */
export async function waitForApps(marathon: Service, plan: Plan, run: Run): Promise<ReadonlyMap<string, App>> {
  return run.until(async () => {
    const apps = await appsOf(marathon, plan);
    return apps.every(isDeployed)
      ? new Map(apps.map(app => [app.id.slice(app.id.lastIndexOf('/') + 1), app]))
      : undefined;
  });
}

async function appsOf(marathon: Service, plan: Plan): Promise<readonly App[]> {
  const apps: App[] = [];
  for (const { id } of plan.marathon?.apps ?? []) {
    const { status, json } = await ask(marathon, 'GET', `/v2/apps/${plan.name}/${id}`);
    if (status !== 200) throw new Failure(`The app /${plan.name}/${id} doesn't exist on Marathon`);
    apps.push(readApp((json as { readonly app: unknown }).app));
  }
  return apps;
}

const isDeployed = ({ deployments, hasHealthChecks, instances, tasksHealthy, tasksRunning }: App) =>
  deployments.length === 0 && instances <= (hasHealthChecks ? tasksHealthy : tasksRunning);

/** What has kept the apps from running, for a deployment whose time is over. */
export async function timeoutReason(marathon: Service, plan: Plan): Promise<string> {
  const messages = (await appsOf(marathon, plan)).map(({ lastTaskFailure }) => lastTaskFailure?.message ?? '');
  const told = messages.filter(message => message !== '').map(message => `${message}\n`);
  return told.length === 0 ? 'Deployment timeout' : `Deployment timeout: ${told.join('')}`;
}

/** Removes the group with all that is in it; resolves when it is gone. */
export async function removeGroup(marathon: Service, id: string, run: Run): Promise<void> {
  const removed = await ask(marathon, 'DELETE', `/v2/groups/${id}?force=true`);
  if (removed.status >= 400 && removed.status !== 404)
    throw new Failure(`Error deleting Marathon App Group\n${wordsOf(removed)}`);
  await run.until(async () => (await ask(marathon, 'GET', `/v2/groups/${id}`)).status === 404 || undefined);
}

/** Marathon's message, with its details. */
function wordsOf({ status, json }: Reply): string {
  const { message, details } = (json ?? {}) as { readonly message?: unknown; readonly details?: unknown };
  const words = typeof message === 'string' ? message : `HTTP ${status}`;
  return details === undefined ? words : `${words} (${JSON.stringify(details)})`;
}
