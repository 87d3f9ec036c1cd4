// The Chronos part of a deployment: jobs are created in their order, and watched until each has succeeded once or is known
// to run later.
import type { ChronosJob } from '../../../protocol/src/chronos.ts';
import { type Chronos, create, jobs as listJobs, runNow } from '../chronos/client.ts';
import { pause } from '../connect/deadline.ts';
import type { Endpoint } from '../connect/endpoint.ts';
import { ClusterError, mayHaveHappened } from '../connect/error.ts';
import { type JobAlone, readJobs, readMesos } from '../live/read.ts';
import { type FirstRun, firstRun } from './first-run.ts';
import { Failure, type Run } from './run.ts';
import type { Steps } from './steps.ts';

/** Chronos 3 shows a new job only once its scheduler has woken. */
const appearsWithinMs = 10_000;
/** A child whose parents have all succeeded is queued at once; one that is not by then was created too late for that. */
const followsWithinMs = 3_000;

/** A job that failed for good. */
export class JobFailure extends Failure {
  readonly job: string;
  constructor(job: string) {
    super(`The job ${job} failed.`);
    this.job = job;
  }
}

/** Creates the job; a reply that was lost is no reason to create, and perhaps run, it twice. */
export async function createJob(chronos: Chronos, job: ChronosJob, run: Run): Promise<void> {
  const patience = { signal: run.signal, timeoutMs: 30_000 };
  try {
    await create(chronos, job, patience);
  } catch (error) {
    if (!mayHaveHappened(error)) throw error;
    for (const start = performance.now(); performance.now() - start < followsWithinMs; ) {
      const all = await run.reading(() => listJobs(chronos, { signal: run.signal }));
      if (all.some(({ name }) => name === job.name)) return;
      await pause(250, run.signal);
    }
    await create(chronos, job, patience);
  }
}

/** Mesos task ids by job. */
export type Runs = Readonly<Record<string, readonly string[]>>;

interface Places {
  readonly chronos: Chronos;
  readonly mesos: Endpoint | undefined;
  /** What Mesos knew before the jobs were created: runs of earlier jobs of the same names. */
  readonly before: Runs;
}

interface Waiting {
  readonly job: ChronosJob;
  readonly first: FirstRun;
  readonly createdAt: number;
  started: boolean;
  /** When its parents were first seen to have succeeded, and whether that was helped along. */
  dueSince: number | undefined;
  pushed: boolean;
}

/**
 * Waits until each job has succeeded once: what INDIGO's Orchestrator waits for. Jobs whose schedule begins later, and what
 * hangs on them, are not waited for. Fails with the first job that failed for good.
 */
export async function waitForJobs(
  { chronos, mesos, before }: Places,
  jobs: readonly ChronosJob[],
  run: Run,
  steps: Steps,
): Promise<void> {
  const createdAt = performance.now();
  const now = new Date();
  const later = new Map<string, string>();
  const waiting = new Map<string, Waiting>();
  for (const job of jobs) {
    const first: FirstRun = job.parents?.length
      ? { when: 'now' }
      : firstRun(job.schedule, job.epsilon, chronos.release, now);
    const parent = job.parents?.find(name => later.has(name));
    const words = parent === undefined ? wordsOf(first) : `runs after ${parent}`;
    if (words === undefined) {
      waiting.set(job.name, { job, first, createdAt, started: false, dueSince: undefined, pushed: false });
    } else {
      later.set(job.name, words);
      steps.set(job.name, 'done', words);
    }
  }
  while (waiting.size > 0) {
    const known = new Map(
      (await run.reading(() => readJobs(chronos, { signal: run.signal }))).map(job => [job.name, job]),
    );
    const runs = await runsOf(mesos, run.signal);
    for (const [name, one] of waiting) {
      const state = known.get(name);
      if (state === undefined) {
        if (performance.now() - createdAt < appearsWithinMs) continue;
        throw new Failure(
          `Chronos took the job ${name} but does not list it: it may have been removed by somebody else.`,
        );
      }
      // A success wins over errors, as with the Orchestrator.
      if (state.successCount > 0) {
        steps.set(name, 'done', 'succeeded');
        waiting.delete(name);
        continue;
      }
      if (state.errorCount > 0) {
        steps.set(name, 'failed', 'failed');
        throw new JobFailure(name);
      }
      if (state.disabled) throw new Failure(`The job ${name} was disabled before it ever ran.`);
      const attempts = (runs[name] ?? []).filter(id => !before[name]?.includes(id)).length;
      if (state.current !== 'idle' || attempts > 0) one.started = true;
      steps.set(name, one.started ? 'running' : 'waiting', progressOf(one, state, known, attempts));
      await pushIfForgotten(chronos, one, known, run.signal);
    }
    if (waiting.size > 0) await run.change();
  }
}

/**
 * A parent that ends before Chronos knows its child starts nothing, and Chronos never looks back (chronos v3.0.2
 * graph/JobGraph.scala counts finished parents edge by edge).
 */
async function pushIfForgotten(
  chronos: Chronos,
  one: Waiting,
  known: ReadonlyMap<string, JobAlone>,
  signal: AbortSignal,
): Promise<void> {
  const { job } = one;
  if (one.started || one.pushed || !job.parents?.length) return;
  if (!job.parents.every(parent => (known.get(parent)?.successCount ?? 0) > 0)) return;
  one.dueSince ??= performance.now();
  if (performance.now() - one.dueSince < followsWithinMs) return;
  one.pushed = true;
  await runNow(chronos, job.name, { signal });
}

function progressOf(one: Waiting, state: JobAlone, known: ReadonlyMap<string, JobAlone>, attempts: number): string {
  if (state.current !== 'idle') return state.current === 'queued' ? 'queued: waits for room on an agent' : 'running';
  if (attempts > 0) return `attempt ${attempts} ended without success; Chronos tries again after its retry delay`;
  const parent = one.job.parents?.find(name => (known.get(name)?.successCount ?? 0) === 0);
  return parent === undefined ? 'waits for Chronos to start it' : `waits for ${parent}`;
}

function wordsOf(first: FirstRun): string | undefined {
  if (first.when === 'later') return `scheduled, first run at ${first.at.toISOString().replace(/\.000Z$/, 'Z')}`;
  return first.when === 'never' ? 'its schedule leaves no run' : undefined;
}

/** Only for better words and to tell a job that never started: without Mesos it goes on as well. */
export async function runsOf(mesos: Endpoint | undefined, signal: AbortSignal): Promise<Runs> {
  if (mesos === undefined) return {};
  try {
    return (await readMesos(mesos, { signal, timeoutMs: 3_000 })).runs;
  } catch (error) {
    if (error instanceof ClusterError) return {};
    throw error;
  }
}
