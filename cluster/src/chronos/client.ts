// Chronos' REST API, 2.4.0 and 3.0.2: one function a request. All throw ClusterErrors. What the answers hold is in
// answers.ts.
import type { ChronosJob } from '../../../protocol/src/chronos.ts';
import type { Release } from '../../../protocol/src/plan.ts';
import { type Endpoint, endpointOf } from '../connect/endpoint.ts';
import { ClusterError } from '../connect/error.ts';
import { ask, askJson, type Patience } from '../connect/request.ts';
import { list, object } from '../connect/shape.ts';
import type { Profile } from '../profile.ts';
import { currentStates, type Job, type JobState, lastState, readJob, readJobState } from './answers.ts';

export interface Chronos extends Endpoint {
  readonly release: Release;
}

export function chronosOf(profile: Profile): Chronos {
  return { ...endpointOf(profile, 'chronos'), release: profile.release };
}

/** 3.0 moved everything below `/v1` and left no alias behind. */
function prefix(chronos: Chronos): string {
  return chronos.release === 'indigo_1' ? '/scheduler' : '/v1/scheduler';
}

/** All jobs, by name. */
export async function jobs(chronos: Chronos, patience: Patience = {}): Promise<readonly Job[]> {
  const all = await askJson(chronos, { path: `${prefix(chronos)}/jobs` }, patience, value =>
    list(value, 'the answer', readJob),
  );
  return all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** How each job stands. Chronos 2 has no summary: read from the jobs and the graph there. */
export async function summary(chronos: Chronos, patience: Patience = {}): Promise<readonly JobState[]> {
  if (chronos.release !== 'indigo_1') {
    return askJson(chronos, { path: `${prefix(chronos)}/jobs/summary` }, patience, value =>
      list(object(value, '').jobs, 'jobs', readJobState),
    );
  }
  const [all, graph] = await Promise.all([
    jobs(chronos, patience),
    ask(chronos, { path: `${prefix(chronos)}/graph/csv` }, patience),
  ]);
  const current = currentStates(graph.body.toString('utf8'));
  return all.map(job => ({ name: job.name, last: lastState(job), current: current.get(job.name) ?? 'idle' }));
}

/**
 * Creates the job, or replaces the one of this name. Chronos 3 shows a new job only after its scheduler has woken, mostly
 * within a second. A failure with `timeout` or `cut` may have created it.
 */
export async function create(chronos: Chronos, job: ChronosJob, patience: Patience = {}): Promise<void> {
  const kind = (job.parents ?? []).length > 0 ? 'dependency' : 'iso8601';
  try {
    await ask(chronos, { method: 'POST', path: `${prefix(chronos)}/${kind}`, body: job }, patience);
  } catch (error) {
    // Chronos 2 says nothing at all when it cannot read a schedule.
    const mute = error instanceof ClusterError && error.status === 400 && /\(400\)\.$/.test(error.message);
    if (!mute || chronos.release !== 'indigo_1' || job.schedule === undefined) throw error;
    throw new ClusterError(
      'invalid',
      `Chronos refuses the job "${job.name}": it cannot read the schedule "${job.schedule}".`,
      {
        status: 400,
      },
    );
  }
}

/** Queues a run of the job now, whatever its schedule. */
export async function runNow(chronos: Chronos, name: string, patience: Patience = {}): Promise<void> {
  await ask(chronos, { method: 'PUT', path: `${prefix(chronos)}/job/${encodeURIComponent(name)}` }, patience);
}

/**
 * Removes the job and kills its tasks; false when Chronos has no such job. Its children stay and change: those of a
 * scheduled job take over its schedule, so remove children first.
 */
export async function remove(chronos: Chronos, name: string, patience: Patience = {}): Promise<boolean> {
  try {
    await ask(chronos, { method: 'DELETE', path: `${prefix(chronos)}/job/${encodeURIComponent(name)}` }, patience);
    return true;
  } catch (error) {
    // An unknown name is a 400, whose text a proxying Chronos loses.
    if (error instanceof ClusterError && (error.status === 400 || error.status === 404)) return false;
    throw error;
  }
}
