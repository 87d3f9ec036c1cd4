// An app with what its readers ask to have embedded: tasks, counts, deployments, the last failure, readiness, statistics.

import { answerApp } from './answer-app.ts';
import { counts, readinessResults, taskStats } from './answer-task.ts';
import type { App } from './app.ts';
import { listTasks } from './app-tasks.ts';
import type { Marathon } from './marathon.ts';

export type Embed = 'tasks' | 'counts' | 'deployments' | 'readiness' | 'lastTaskFailure' | 'taskStats';

/** Reads the values of `embed`; what is not known is passed over. */
export function embeds(
  values: readonly string[],
  prefixes: readonly string[] = ['apps.', 'app.', 'group.apps.'],
): Set<Embed> {
  const found = new Set<Embed>();
  for (const value of values) {
    const name = value.slice(prefixes.find(prefix => value.startsWith(prefix))?.length ?? 0);
    if (name === 'failures') for (const each of ['lastTaskFailure', 'tasks', 'deployments'] as const) found.add(each);
    else if (name === 'tasks') found.add('tasks').add('deployments');
    else if (['counts', 'deployments', 'readiness', 'lastTaskFailure', 'taskStats'].includes(name))
      found.add(name as Embed);
  }
  return found;
}

export function appInfo(marathon: Marathon, app: App, embed: ReadonlySet<Embed>): Record<string, unknown> {
  const { version, runs, deployments, clock } = marathon;
  const instances = runs.ofApp(app.id);
  const lastFailure = runs.all.get(app.id)?.lastFailure;
  const running = [...deployments.running.values()].filter(({ affectedApps }) => affectedApps.includes(app.id));
  const { lastScalingAt = app.version, lastConfigChangeAt = app.version } = app.versionInfo ?? {};
  return {
    ...answerApp(app, version),
    ...(embed.has('counts') ? counts(instances) : {}),
    ...(embed.has('deployments') ? { deployments: running.map(({ id }) => ({ id })) } : {}),
    ...(embed.has('readiness') && running.length > 0
      ? {
          readinessCheckResults: instances.flatMap(readinessResults),
        }
      : {}),
    ...(embed.has('tasks') ? { tasks: listTasks(marathon, app.id) } : {}),
    ...(embed.has('lastTaskFailure') && lastFailure !== undefined ? { lastTaskFailure: lastFailure } : {}),
    ...(embed.has('taskStats')
      ? { taskStats: taskStats(instances, lastScalingAt, lastConfigChangeAt, clock.now()) }
      : {}),
  };
}
