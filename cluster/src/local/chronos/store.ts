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
  const jobs = new Map(journal.read('chronos.job') as ReadonlyMap<string, Job>);

  function put(job: Job): void {
    jobs.set(job.name, job);
    journal.put('chronos.job', job.name, job);
  }

  function isVisible(job: Job, above: ReadonlySet<string> = new Set()): boolean {
    if (chronos === '2.4.0') return true;
    const parents = parentsOf(job);
    if (parents === undefined) return true;
    if (above.has(job.name)) return false;
    const path = new Set(above).add(job.name);
    return parents.every(name => {
      const parent = jobs.get(name);
      return parent !== undefined && isVisible(parent, path);
    });
  }

  const childrenOf = (name: string): Job[] => [...jobs.values()].filter(job => parentsOf(job)?.includes(name));

  return {
    all: jobs,
    get(name) {
      const job = jobs.get(name);
      return job !== undefined && isVisible(job) ? job : undefined;
    },
    visible: () => [...jobs.values()].filter(job => isVisible(job)),
    put,
    remove(job) {
      const children = childrenOf(job.name);
      jobs.delete(job.name);
      journal.put('chronos.job', job.name, undefined);
      const grandparents = parentsOf(job);
      const schedule = scheduleOf(job);
      const changed = children.map(child => {
        if (schedule !== undefined) return orphan(child, schedule);
        const others = (parentsOf(child) ?? []).filter(name => name !== job.name);
        return { ...child, trigger: { parents: [...new Set([...others, ...(grandparents ?? [])])] } };
      });
      for (const child of changed) put(child);
      return changed;
    },
    childrenOf,
    wouldCycle(name, parents) {
      const seen = new Set<string>();
      const reaches = (from: string): boolean => {
        if (from === name) return true;
        if (seen.has(from)) return false;
        seen.add(from);
        const job = jobs.get(from);
        return (job === undefined ? [] : (parentsOf(job) ?? [])).some(reaches);
      };
      return parents.some(reaches);
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
