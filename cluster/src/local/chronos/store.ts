// The jobs of Chronos: the only place where they come, change and go, and the rules of who may depend on whom.
import type { Journal } from '../journal.ts';
import type { ReleaseParts } from '../release.ts';
import { type Job, parentsOf, scheduleOf } from './job.ts';

export interface JobStore {
  /** All jobs, also those that 3.0.2 hides; by name. */
  readonly all: ReadonlyMap<string, Job>;
  /** A job that can be seen: 3.0.2 leaves a dependent job out until all its parents are there. */
  get(name: string): Job | undefined;
  visible(): Job[];
  put(job: Job): void;
  /** Takes a job away; its children inherit what it depended on. Returns the children that changed. */
  remove(job: Job): Job[];
  childrenOf(name: string): Job[];
  /** Whether a job with these parents would depend on itself. */
  wouldCycle(name: string, parents: readonly string[]): boolean;
}

export function createJobStore({ chronos }: ReleaseParts, journal: Journal): JobStore {
  const jobs = new Map<string, Job>();
  /** By name of a parent, also one that is not there. */
  const children = new Map<string, Set<string>>();
  const visible = new Set<string>();

  function set(job: Job): void {
    const before = jobs.get(job.name);
    if (before?.trigger !== job.trigger) {
      for (const parent of (before && parentsOf(before)) ?? []) children.get(parent)?.delete(job.name);
      for (const parent of parentsOf(job) ?? []) {
        const own = children.get(parent) ?? new Set();
        children.set(parent, own.add(job.name));
      }
    }
    jobs.set(job.name, job);
    show(job);
  }

  /** A job that becomes visible may be the last that others have waited for. */
  function show(job: Job): void {
    const toShow = [job];
    for (let next = toShow.pop(); next !== undefined; next = toShow.pop()) {
      if (visible.has(next.name) || !hasAllParents(next)) continue;
      visible.add(next.name);
      toShow.push(...childrenOf(next.name));
    }
  }

  const hasAllParents = (job: Job): boolean =>
    chronos === '2.4.0' || (parentsOf(job) ?? []).every(name => visible.has(name));

  const childrenOf = (name: string): Job[] => [...(children.get(name) ?? [])].flatMap(child => jobs.get(child) ?? []);

  function put(job: Job): void {
    set(job);
    journal.put('chronos.job', job.name, job);
  }

  for (const job of journal.read('chronos.job').values()) set(job as Job);

  return {
    all: jobs,
    get: name => (visible.has(name) ? jobs.get(name) : undefined),
    visible: () => [...jobs.values()].filter(({ name }) => visible.has(name)),
    put,
    remove(job) {
      const grandparents = parentsOf(job);
      const schedule = scheduleOf(job);
      const changed = childrenOf(job.name).map(child => {
        if (schedule !== undefined) return orphan(child, schedule);
        const others = (parentsOf(child) ?? []).filter(name => name !== job.name);
        return { ...child, trigger: { parents: [...new Set([...others, ...(grandparents ?? [])])] } };
      });
      for (const child of changed) put(child);
      for (const parent of grandparents ?? []) children.get(parent)?.delete(job.name);
      children.delete(job.name);
      jobs.delete(job.name);
      visible.delete(job.name);
      journal.put('chronos.job', job.name, undefined);
      return changed;
    },
    childrenOf,
    wouldCycle(name, parents) {
      const seen = new Set<string>();
      const toSee = [...parents];
      for (let next = toSee.pop(); next !== undefined; next = toSee.pop()) {
        if (next === name) return true;
        if (seen.has(next)) continue;
        seen.add(next);
        const job = jobs.get(next);
        toSee.push(...((job && parentsOf(job)) ?? []));
      }
      return false;
    },
  };
}

/** The child of a deleted scheduled job takes over its schedule, and loses what Chronos forgets to copy. */
const orphan = (child: Job, { schedule, scheduleTimeZone }: { schedule: string; scheduleTimeZone: string }): Job => {
  const { container: _, ...rest } = child;
  return {
    ...rest,
    environmentVariables: [],
    arguments: [],
    shell: true,
    runAsUser: 'root',
    constraints: [],
    description: '',
    ownerName: '',
    concurrent: false,
    dataProcessingJobType: false,
    taskInfoData: '',
    trigger: { schedule, scheduleTimeZone },
  };
};
