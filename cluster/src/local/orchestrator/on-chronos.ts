// A deployment on Chronos: a job for each node, named by its resource's id; they are waited for one by one.
// Facts: indigo-dc/orchestrator ChronosServiceImpl.java.
import type { ChronosJob } from '../../../../protocol/src/chronos.ts';
import type { Service } from '../http.ts';
import { ask } from './ask.ts';
import { Failure, type Run } from './run.ts';

export interface OnChronos {
  readonly service: Service;
  /** `/v1/scheduler`, or `/scheduler` before 3. */
  readonly prefix: string;
}

interface JobState {
  readonly name: string;
  readonly successCount: number;
  readonly errorCount: number;
}

async function find({ service, prefix }: OnChronos, name: string): Promise<JobState | undefined> {
  const { status, json } = await ask(service, 'GET', `${prefix}/jobs/search?name=${name}`);
  if (status !== 200) throw new Failure(`Unable to retrieve job ${name} status on Chronos`);
  return (json as readonly JobState[]).find(job => job.name === name);
}

/** Creates the job, unless it is there from before a restart. */
export async function createJob(chronos: OnChronos, job: ChronosJob): Promise<void> {
  if ((await find(chronos, job.name)) !== undefined) return;
  const kind = (job.parents ?? []).length > 0 ? 'dependency' : 'iso8601';
  const { status } = await ask(chronos.service, 'POST', `${chronos.prefix}/${kind}`, job);
  if (status >= 400) throw new Failure(`Failed to launch job <${job.name}> on Chronos`);
}

/** Resolves when the job has succeeded once; a success wins over errors. */
export async function waitForJob(chronos: OnChronos, name: string, run: Run): Promise<void> {
  await run.until(async () => {
    const job = await find(chronos, name);
    if (job === undefined) throw new Failure(`Job ${name} doesn't exist on Chronos`);
    if (job.successCount > 0) return true;
    if (job.errorCount > 0) throw new Failure(`Chronos job ${name} failed to execute`);
    return undefined;
  });
}

export async function removeJob({ service, prefix }: OnChronos, name: string): Promise<void> {
  const { status } = await ask(service, 'DELETE', `${prefix}/job/${name}`);
  if (status >= 400 && status !== 400 && status !== 404) throw new Failure(`Failed to delete job ${name} on Chronos`);
}
