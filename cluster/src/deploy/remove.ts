// Takes things away: jobs, children before their parents, and a group with everything in it.
import { type Chronos, remove } from '../chronos/client.ts';
import type { Endpoint } from '../connect/endpoint.ts';
import { ClusterError } from '../connect/error.ts';
import { deleteGroup } from '../marathon/client.ts';
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

/** Removes the group and waits until its last task has ended and Marathon has forgotten it. */
export async function removeGroup(endpoint: Endpoint, id: string, run: Run, steps: Steps): Promise<void> {
  steps.set(id, 'running', 'is being removed');
  try {
    await run.reading(() => deleteGroup(endpoint, id, { signal: run.signal, timeoutMs: 30_000 }));
  } catch (error) {
    if (!(error instanceof ClusterError) || error.code !== 'not-found') throw error;
  }
  while ((await run.reading(() => groupOrNone(endpoint, id, run.signal))) !== undefined) await run.change();
  steps.set(id, 'done', 'removed');
}
