// What is deployed: the groups of Marathon's first level and the jobs that bear a deployment's name, and how they stand.
import { chronosOf } from '../chronos/client.ts';
import { endpointOf } from '../connect/endpoint.ts';
import { ClusterError } from '../connect/error.ts';
import { type JobAlone, readApps, readJobs } from '../live/read.ts';
import type { LiveApp } from '../live/state.ts';
import { group } from '../marathon/client.ts';
import type { Profile } from '../profile.ts';
import { deploymentOfJob } from './undeploy.ts';

export interface Deployed {
  readonly name: string;
  /**
   * `changing`: on its way to what is wanted. `failing`: an app or the last run of a job failed. `running`: every app runs
   * as wanted, or a job runs. `finished`: jobs only, all have succeeded. `waiting`: a job is still to run, perhaps again.
   */
  readonly state: 'changing' | 'failing' | 'running' | 'finished' | 'waiting';
  readonly apps: readonly LiveApp[];
  readonly jobs: readonly JobAlone[];
}

export interface Deployments {
  /** By name. */
  readonly deployments: readonly Deployed[];
  /** One sentence for each part of the cluster that does not answer. */
  readonly problems: readonly string[];
}

/** Never throws: what does not answer is told in `problems`. */
export async function deployments(
  profile: Profile,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Deployments> {
  const problems: string[] = [];
  const patience = options.signal === undefined ? {} : { signal: options.signal };
  const attempt = async <T>(read: () => Promise<readonly T[]>): Promise<readonly T[]> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      problems.push(error.message);
      return [];
    }
  };
  const marathon = profile.marathon === undefined ? undefined : endpointOf(profile, 'marathon');
  const [groups, apps, jobs] = await Promise.all([
    marathon === undefined ? [] : attempt(async () => (await group(marathon, '/', patience)).groups),
    marathon === undefined ? [] : attempt(() => readApps(marathon, patience)),
    profile.chronos === undefined ? [] : attempt(() => readJobs(chronosOf(profile), patience)),
  ]);
  const names = new Set([
    ...groups.map(({ id }) => id.slice(1)),
    ...apps.flatMap(({ id }) => deploymentOfApp(id) ?? []),
    ...jobs.flatMap(({ name }) => deploymentOfJob(name) ?? []),
  ]);
  return {
    deployments: [...names].sort().map(name => {
      const ownApps = apps.filter(({ id }) => deploymentOfApp(id) === name);
      const ownJobs = jobs.filter(job => deploymentOfJob(job.name) === name);
      return { name, state: stateOf(ownApps, ownJobs), apps: ownApps, jobs: ownJobs };
    }),
    problems: [...new Set(problems)],
  };
}

/** `demo` of `/demo/web`; undefined for an app of the root. */
function deploymentOfApp(id: string): string | undefined {
  const [, name, below] = id.split('/');
  return below === undefined ? undefined : name;
}

function stateOf(apps: readonly LiveApp[], jobs: readonly JobAlone[]): Deployed['state'] {
  const short = apps.filter(app => app.running < app.wanted || (app.hasHealthChecks && app.healthy < app.wanted));
  if (short.some(app => app.lastFailure !== undefined) || jobs.some(job => job.last === 'failure')) return 'failing';
  if (short.length > 0 || apps.some(app => app.deployments.length > 0)) return 'changing';
  if (apps.length > 0 || jobs.some(job => job.current !== 'idle')) return 'running';
  return jobs.length === 0 || jobs.some(isToRun) ? 'waiting' : 'finished';
}

/** Chronos disables a job once its schedule has no run left, and writes R0. */
function isToRun({ last, disabled, schedule }: JobAlone): boolean {
  return last === 'fresh' || (!disabled && schedule !== undefined && !schedule.startsWith('R0/'));
}
