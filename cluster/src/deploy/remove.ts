// Takes things away: jobs, children before their parents, and a group with everything in it.
import { type Chronos, remove } from '../chronos/client.ts';
import type { Endpoint } from '../connect/endpoint.ts';
import { ClusterError } from '../connect/error.ts';
import { deleteGroup, deployments, tasks } from '../marathon/client.ts';
import { groupOrNone } from './apps.ts';
import type { Run } from './run.ts';
import type { Steps } from './steps.ts';

/** Children first: Chronos gives the children of a removed job a schedule of their own. */
export function childrenFirst(
  jobs: readonly { readonly name: string; readonly parents: readonly string[] }[],
): readonly string[] {
  const order: string[] = [];
  const visit = (name: string, path: readonly string[]) => {
    if (order.includes(name) || path.includes(name)) return;
    for (const job of jobs) if (job.parents.includes(name)) visit(job.name, [...path, name]);
    order.push(name);
  };
  for (const job of jobs) visit(job.name, []);
  return order;
}

export async function removeJobs(chronos: Chronos, names: readonly string[], run: Run, steps: Steps): Promise<void> {
  for (const name of names) {
    steps.set(name, 'running', 'is being removed');
    const removed = await run.reading(() => remove(chronos, name, { signal: run.signal }));
    steps.set(name, 'done', removed ? 'removed' : 'was gone already');
  }
}

/**
 * Removes the group and waits until its last task has ended. Marathon forgets a group at once, while its tasks may take their
 * time to stop (marathon v1.5.6 core/group/impl/GroupManagerImpl.scala).
 */
export async function removeGroup(endpoint: Endpoint, id: string, run: Run, steps: Steps): Promise<void> {
  const { signal } = run;
  steps.set(id, 'running', 'is being removed');
  let change: string | undefined;
  try {
    change = (await run.reading(() => deleteGroup(endpoint, id, { signal, timeoutMs: 30_000 }))).deploymentId;
  } catch (error) {
    if (!(error instanceof ClusterError) || error.code !== 'not-found') throw error;
  }
  for (;;) {
    const [group, ending, changes] = await run.reading(() =>
      Promise.all([groupOrNone(endpoint, id, signal), tasks(endpoint, { signal }), deployments(endpoint, { signal })]),
    );
    const left = ending.filter(({ appId }) => appId.startsWith(`${id}/`)).length;
    if (group === undefined && left === 0 && changes.every(one => one.id !== change)) break;
    if (left > 0) steps.set(id, 'running', `${left} ${left === 1 ? 'task' : 'tasks'} to stop`);
    await run.change();
  }
  steps.set(id, 'done', 'removed');
}
