// The Marathon part of a deployment: the group is created, and watched until every app runs.
import type { MarathonGroup } from '../../../protocol/src/marathon.ts';
import type { Endpoint } from '../connect/endpoint.ts';
import { ClusterError, mayHaveHappened } from '../connect/error.ts';
import type { App, Group } from '../marathon/answers.ts';
import * as marathon from '../marathon/client.ts';
import { Failure, type Run } from './run.ts';
import type { Steps } from './steps.ts';

/** Where nothing checks an app's health, its tasks must at least stay up for that long. */
const settleMs = 1_000;
/** Marathon tries for ever; this is when nobody believes in it any more. */
const givenUpAfter = 5;

/** Absolute ids of the group's apps. */
export function appIds(group: MarathonGroup): readonly string[] {
  return group.apps.map(app => `${group.id}/${app.id}`);
}

/** Creates the group; a reply that was lost is no reason to send it twice. */
export async function createGroup(endpoint: Endpoint, group: MarathonGroup, run: Run): Promise<void> {
  const patience = { signal: run.signal, timeoutMs: 30_000 };
  try {
    await marathon.createGroup(endpoint, group, patience);
  } catch (error) {
    if (!mayHaveHappened(error)) throw error;
    const there = await run.reading(() => groupOrNone(endpoint, group.id, run.signal));
    if (there === undefined) await marathon.createGroup(endpoint, group, patience);
  }
}

export async function groupOrNone(endpoint: Endpoint, id: string, signal: AbortSignal): Promise<Group | undefined> {
  try {
    return await marathon.group(endpoint, id, { signal });
  } catch (error) {
    if (error instanceof ClusterError && error.code === 'not-found') return undefined;
    throw error;
  }
}

/**
 * Waits until no deployment changes an app any more and as many tasks run (with health checks: are healthy) as wanted:
 * what INDIGO's Orchestrator waits for, and that they stay up for a moment. Fails once every app that is not ready has
 * failed again and again.
 */
export async function waitForApps(
  endpoint: Endpoint,
  ids: readonly string[],
  run: Run,
  steps: Steps,
): Promise<readonly App[]> {
  const watched = ids.map(id => ({ id, failures: new Set<string>(), tasks: '', since: 0 }));
  for (const { id } of watched) steps.set(id, 'running');
  for (;;) {
    const apps = await run.reading(() => Promise.all(ids.map(id => readApp(endpoint, id, run.signal))));
    const waiting: { readonly app: App; readonly failures: number }[] = [];
    for (const [index, app] of apps.entries()) {
      const one = watched[index];
      if (one === undefined) continue;
      const { lastTaskFailure: failure } = app;
      if (failure !== undefined) one.failures.add(`${failure.taskId} ${failure.at}`);
      const tasks = app.tasks
        .map(task => task.id)
        .toSorted()
        .join();
      if (tasks !== one.tasks) {
        one.tasks = tasks;
        one.since = performance.now();
      }
      const settled = app.hasHealthChecks || app.instances === 0 || performance.now() - one.since >= settleMs;
      if (isReady(app) && settled) {
        steps.set(app.id, 'done', progressOf(app));
      } else {
        const trouble = failure === undefined ? '' : `; a task failed: ${reasonOf(app)}`;
        steps.set(app.id, 'running', `${progressOf(app)}${trouble}`);
        waiting.push({ app, failures: one.failures.size });
      }
    }
    if (waiting.length === 0) return apps;
    if (waiting.every(({ failures }) => failures >= givenUpAfter)) {
      for (const { app, failures } of waiting)
        steps.set(app.id, 'failed', `failed ${failures} times: ${reasonOf(app)}`);
      throw new AppFailure(waiting.map(({ app }) => app));
    }
    await run.change();
  }
}

/** Apps that do not stay up. */
export class AppFailure extends Failure {
  readonly apps: readonly App[];
  constructor(apps: readonly App[]) {
    const each = apps.map(app => `${app.id} does not stay up: ${reasonOf(app)}`);
    super(`${each.join('; ')}.`);
    this.apps = apps;
  }
}

/** What Marathon said of the last failure, or what there is to say without. */
function reasonOf(app: App): string {
  const failure = app.lastTaskFailure;
  if (failure === undefined) {
    return app.tasksStaged > 0
      ? 'its tasks are still starting'
      : 'no agent has room for it, or fulfils its constraints';
  }
  return failure.message.replace(/\.$/, '') || failure.state;
}

async function readApp(endpoint: Endpoint, id: string, signal: AbortSignal): Promise<App> {
  try {
    return await marathon.app(endpoint, id, { signal });
  } catch (error) {
    if (!(error instanceof ClusterError) || error.code !== 'not-found') throw error;
    throw new Failure(`${id} was removed by somebody else while it was being deployed.`);
  }
}

function isReady(app: App): boolean {
  return app.deployments.length === 0 && app.instances <= (app.hasHealthChecks ? app.tasksHealthy : app.tasksRunning);
}

function progressOf(app: App): string {
  const now = app.hasHealthChecks ? app.tasksHealthy : app.tasksRunning;
  return `${now} of ${app.instances} ${app.instances === 1 ? 'task' : 'tasks'} ${app.hasHealthChecks ? 'healthy' : 'running'}`;
}
