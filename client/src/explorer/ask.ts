// Which app, task or job a command is about: the row it was called on, what a caller names, or what the user picks.
import * as vscode from 'vscode';
import type { LiveState } from '../../../cluster/src/live/state.ts';
import type { Cluster, Clusters } from '../profiles/clusters.ts';
import type { Target } from './row.ts';
import type { ClusterTree } from './view.ts';

export type TargetOf<Kind extends Target['kind']> = Extract<Target, { readonly kind: Kind }>;

/** What a command can be called with: an element of the tree, or the members of a target. */
export type Argument = string | Readonly<Record<string, unknown>> | undefined;

interface Choice<T> extends vscode.QuickPickItem {
  readonly target: T;
}

/** What may be picked where nothing is named. */
export interface Picking<T> {
  readonly title: string;
  readonly choices: (cluster: Cluster, state: LiveState) => readonly Choice<T>[];
  /** Said where there is nothing to pick. */
  readonly nothing: string;
}

/** Undefined when the user picks none. */
export async function targetOf<Kind extends Target['kind']>(
  kinds: readonly Kind[],
  members: readonly string[],
  argument: Argument,
  tree: ClusterTree,
  clusters: Clusters,
  picking: Picking<TargetOf<Kind>>,
): Promise<TargetOf<Kind> | undefined> {
  const named = typeof argument === 'string' ? tree.target(argument) : argument;
  if (named !== undefined) {
    const kind = 'kind' in named ? named.kind : kinds[0];
    const isOne =
      kinds.some(one => one === kind) &&
      members.every(member => typeof (named as Record<string, unknown>)[member] === 'string');
    if (isOne) return { ...named, kind } as TargetOf<Kind>;
    if (typeof argument === 'object') throw new TypeError(`The command needs ${members.join(' and ')}.`);
  }
  return pick(clusters, picking);
}

/** A list that fills while clusters answer, so that a silent one keeps nobody waiting. */
function pick<T>(clusters: Clusters, { title, choices, nothing }: Picking<T>): Promise<T | undefined> {
  return new Promise(resolve => {
    const watching = clusters.watch();
    const list = vscode.window.createQuickPick<Choice<T>>();
    const fill = () => {
      const all = clusters.list.flatMap(cluster =>
        cluster.state === undefined ? [] : choices(cluster, cluster.state),
      );
      list.busy = clusters.list.some(
        ({ state, local }) => state?.connection.status === 'connecting' || local?.status === 'starting',
      );
      list.placeholder = all.length > 0 || list.busy ? '' : nothing;
      if (JSON.stringify(all) !== JSON.stringify(list.items)) list.items = all;
    };
    const changes = clusters.onDidChange(fill);
    list.title = title;
    list.matchOnDescription = true;
    list.onDidAccept(() => {
      resolve(list.selectedItems[0]?.target);
      list.hide();
    });
    list.onDidHide(() => {
      resolve(undefined);
      changes.dispose();
      watching.dispose();
      list.dispose();
    });
    fill();
    list.show();
  });
}

export const pickApp = (title: string): Picking<TargetOf<'app'>> => ({
  title,
  nothing: 'No app runs on a cluster that answers.',
  choices: ({ name }, { apps }) =>
    apps.map(app => ({
      label: app.id,
      description: `${app.running}/${app.wanted} on ${name}`,
      target: { kind: 'app', cluster: name, app: app.id },
    })),
});

export const pickTask = (title: string): Picking<TargetOf<'task' | 'run'>> => ({
  title,
  nothing: 'There is no task on a cluster that answers.',
  choices: ({ name }, { apps, jobs }) => [
    ...apps.flatMap(app =>
      app.tasks.map(task => ({
        label: app.id,
        description: `${task.host}${task.ports.length > 0 ? `:${task.ports.join(', ')}` : ''} on ${name}`,
        detail: task.id,
        target: { kind: 'task', cluster: name, app: app.id, task: task.id } as const,
      })),
    ),
    ...apps.flatMap(({ id, lastFailure }) =>
      lastFailure === undefined
        ? []
        : [
            {
              label: id,
              description: `failed on ${lastFailure.host} on ${name}`,
              detail: lastFailure.taskId,
              target: { kind: 'task', cluster: name, app: id, task: lastFailure.taskId } as const,
            },
          ],
    ),
    ...jobs.flatMap(job =>
      job.taskIds.map(task => ({
        label: job.name,
        description: name,
        detail: task,
        target: { kind: 'run', cluster: name, job: job.name, task } as const,
      })),
    ),
  ],
});

export const pickJob = (title: string): Picking<TargetOf<'job'>> => ({
  title,
  nothing: 'There is no job on a cluster that answers.',
  choices: ({ name }, { jobs }) =>
    jobs.map(job => ({
      label: job.name,
      description: `${job.current === 'idle' ? job.last : job.current} on ${name}`,
      target: { kind: 'job', cluster: name, job: job.name },
    })),
});
