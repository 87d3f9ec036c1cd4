// Takes a deployment away: first what would be removed is told, then it is removed.
import { chronosOf, jobs as listJobs } from '../chronos/client.ts';
import { endpointOf } from '../connect/endpoint.ts';
import { ClusterError } from '../connect/error.ts';
import type { Group } from '../marathon/answers.ts';
import type { Profile } from '../profile.ts';
import { groupOrNone } from './apps.ts';
import { childrenFirst, removeGroup, removeJobs } from './remove.ts';
import { Failure, openRun, type Run } from './run.ts';
import { openSteps, type Step } from './steps.ts';

export interface UndeployPlan {
  readonly name: string;
  /** Absolute id; absent when there is none of the name. */
  readonly group?: string;
  /** Absolute ids of the apps in the group, at any depth. */
  readonly apps: readonly string[];
  /** In the order of their removal: children before parents. */
  readonly jobs: readonly string[];
}

export interface UndeployOptions {
  readonly signal?: AbortSignal;
  /** Default 2 minutes. */
  readonly timeoutMs?: number;
  /** How long the cluster may be out of reach meanwhile. Default 15 s. */
  readonly awayMs?: number;
  readonly onProgress?: (step: Step) => void;
}

export interface UndeployOutcome {
  readonly status: 'removed' | 'nothing-there' | 'failed' | 'cancelled';
  readonly name: string;
  readonly steps: readonly Step[];
  /** One sentence; present when failed or cancelled. */
  readonly failure?: string;
}

/** What `undeploy` would remove. Throws a ClusterError when the cluster cannot be asked, or the name is none. */
export async function planUndeploy(
  name: string,
  profile: Profile,
  options: { readonly signal?: AbortSignal; readonly awayMs?: number } = {},
): Promise<UndeployPlan> {
  const run = openRun(undefined, { ...options, timeoutMs: 60_000 });
  try {
    return await look(name, profile, run);
  } finally {
    run.close();
  }
}

async function look(name: string, profile: Profile, run: Run): Promise<UndeployPlan> {
  // A name of several segments, or of none, could take away what others deployed.
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name)) {
    throw new ClusterError(
      'invalid',
      `"${name}" is no name of a deployment: give one segment of a Marathon path, such as demo.`,
    );
  }
  const group =
    profile.marathon === undefined
      ? undefined
      : await run.reading(() => groupOrNone(endpointOf(profile, 'marathon'), `/${name}`, run.signal));
  const jobs =
    profile.chronos === undefined ? [] : await run.reading(() => listJobs(chronosOf(profile), { signal: run.signal }));
  return {
    name,
    ...(group === undefined ? {} : { group: group.id }),
    apps: group === undefined ? [] : appsIn(group),
    jobs: childrenFirst(jobs.filter(job => deploymentOfJob(job.name) === name)),
  };
}

/** Removes what `planUndeploy` tells and waits until it is gone; resolves in every case. */
export async function undeploy(
  name: string,
  profile: Profile,
  options: UndeployOptions = {},
): Promise<UndeployOutcome> {
  const timeoutMs = options.timeoutMs ?? 120_000;
  const run = openRun(profile.marathon === undefined ? undefined : endpointOf(profile, 'marathon'), {
    ...options,
    timeoutMs,
  });
  let steps = openSteps([], undefined);
  try {
    const plan = await look(name, profile, run);
    steps = openSteps(
      [
        ...plan.jobs.map(id => ({ id, kind: 'job' as const })),
        ...(plan.group === undefined ? [] : [{ id: plan.group, kind: 'group' as const }]),
      ],
      options.onProgress,
    );
    if (plan.group === undefined && plan.jobs.length === 0) return { status: 'nothing-there', name, steps: [] };
    if (plan.jobs.length > 0) await removeJobs(chronosOf(profile), plan.jobs, run, steps);
    if (plan.group !== undefined) await removeGroup(endpointOf(profile, 'marathon'), plan.group, run, steps);
    return { status: 'removed', name, steps: steps.all() };
  } catch (error) {
    const cancelled = options.signal?.aborted ?? false;
    if (!(error instanceof ClusterError) && !(error instanceof Failure)) throw error;
    const failure = cancelled
      ? 'It was cancelled: what was not removed by then is still there.'
      : run.expired()
        ? `It is not gone after ${Math.round(timeoutMs / 1000)} s: a task may take long to stop; try again.`
        : error.message;
    steps.stop();
    return { status: cancelled ? 'cancelled' : 'failed', name, steps: steps.all(), failure };
  } finally {
    run.close();
  }
}

/** `demo` of `demo--clean`; undefined for a job that no deployment made. */
export function deploymentOfJob(job: string): string | undefined {
  return /^([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)--\w+$/.exec(job)?.[1];
}

function appsIn(group: Group): readonly string[] {
  return [...group.apps, ...group.groups.flatMap(appsIn)];
}
