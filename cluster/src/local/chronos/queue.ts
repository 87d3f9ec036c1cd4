// Which runs wait for an offer and which go on, each found by its job at once: there may be ten thousand.
import type { Run } from './task.ts';

/** A run that is queued, or will be at its time. */
export interface Waiting {
  readonly id: string;
  readonly time: number;
  readonly run: Run;
}

/** Two queues, one before the other, each served in the order in which runs came. */
export function createQueue() {
  const [high, normal] = [new Set<Waiting>(), new Set<Waiting>()];
  /** By job, how many. */
  const counts = new Map<string, number>();
  const count = ({ run: { job } }: Waiting, more: number) => {
    const left = (counts.get(job) ?? 0) + more;
    if (left === 0) counts.delete(job);
    else counts.set(job, left);
  };
  return {
    add(waiting: Waiting, isHigh: boolean): void {
      (isHigh ? high : normal).add(waiting);
      count(waiting, 1);
    },
    remove(waiting: Waiting): void {
      if (high.delete(waiting) || normal.delete(waiting)) count(waiting, -1);
    },
    has: (job: string): boolean => counts.has(job),
    all: (): readonly Waiting[] => [...high, ...normal],
  };
}

export function createLaunched() {
  const runs = new Map<string, Run>();
  const byJob = new Map<string, Set<string>>();
  return {
    get: (id: string): Run | undefined => runs.get(id),
    add(id: string, run: Run): void {
      runs.set(id, run);
      byJob.set(run.job, (byJob.get(run.job) ?? new Set()).add(id));
    },
    remove(id: string): void {
      const run = runs.get(id);
      const own = run === undefined ? undefined : byJob.get(run.job);
      runs.delete(id);
      own?.delete(id);
      if (run !== undefined && own?.size === 0) byJob.delete(run.job);
    },
    /** Ids of the tasks of a job. */
    of: (job: string): readonly string[] => [...(byJob.get(job) ?? [])],
  };
}
