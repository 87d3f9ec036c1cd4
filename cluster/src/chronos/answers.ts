// What Chronos answers, read into one form for 2.4 and 3.0 (chronos 2.4.0 and v3.0.2
// src/main/scala/org/apache/mesos/chronos/utils/JobSerializer.scala).
import { listOrEmpty, numberOr, object, objectOrEmpty, text, textOrNone } from '../connect/shape.ts';

export interface Job {
  readonly name: string;
  readonly command: string | undefined;
  readonly description: string | undefined;
  /** Absent for a job with parents. */
  readonly schedule: string | undefined;
  readonly parents: readonly string[];
  readonly disabled: boolean;
  readonly retries: number;
  readonly successCount: number;
  /** Runs that failed for good; attempts that are repeated do not count. */
  readonly errorCount: number;
  /** ISO 8601. */
  readonly lastSuccess: string | undefined;
  readonly lastError: string | undefined;
  readonly image: string | undefined;
}

export interface JobState {
  readonly name: string;
  readonly last: 'fresh' | 'success' | 'failure';
  readonly current: 'idle' | 'queued' | 'running';
}

export function readJob(value: unknown, where: string): Job {
  const job = object(value, where);
  return {
    name: text(job.name, `${where}.name`),
    command: textOrNone(job.command),
    description: textOrNone(job.description),
    schedule: textOrNone(job.schedule),
    parents: listOrEmpty(job.parents, `${where}.parents`, text).toSorted(),
    disabled: job.disabled === true,
    retries: numberOr(job.retries, 0),
    successCount: numberOr(job.successCount, 0),
    errorCount: numberOr(job.errorCount, 0),
    lastSuccess: textOrNone(job.lastSuccess),
    lastError: textOrNone(job.lastError),
    image: textOrNone(objectOrEmpty(job.container, `${where}.container`).image),
  };
}

/** The newer of the two dates tells; where they are equal it is a failure. */
export function lastState(job: Job): JobState['last'] {
  if (job.lastSuccess === undefined && job.lastError === undefined) return 'fresh';
  return time(job.lastSuccess) > time(job.lastError) ? 'success' : 'failure';
}

function time(date: string | undefined): number {
  const at = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(at) ? Number.NEGATIVE_INFINITY : at;
}

/** In the summary `status` is the last state and `state` the current one (chronos v3.0.2 api/JobSummaryWrapper.scala). */
export function readJobState(value: unknown, where: string): JobState {
  const state = object(value, where);
  const { status } = state;
  return {
    name: text(state.name, `${where}.name`),
    last: status === 'success' || status === 'failure' ? status : 'fresh',
    current: currentState(textOrNone(state.state) ?? ''),
  };
}

/** Lines `node,<name>,<last>,<current>` of the graph, where no name can hold a comma. */
export function currentStates(csv: string): ReadonlyMap<string, JobState['current']> {
  const nodes = csv.split(/\r?\n/).map(line => line.split(','));
  return new Map(
    nodes.filter(([kind]) => kind === 'node').map(([, name = '', , state = '']) => [name, currentState(state)]),
  );
}

function currentState(said: string): JobState['current'] {
  return said.endsWith('running') ? 'running' : said === 'queued' ? 'queued' : 'idle';
}
