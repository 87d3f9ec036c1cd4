// A deployment from plan to outcome: what is in the way is seen first, then the group and the jobs are created and watched.
// How each is created and watched is in apps.ts and jobs.ts.
import type { Json, Plan } from '../../../protocol/src/plan.ts';
import { chronosOf, jobs as listJobs } from '../chronos/client.ts';
import { endpointOf } from '../connect/endpoint.ts';
import { ClusterError, mayHaveHappened } from '../connect/error.ts';
import type { App } from '../marathon/answers.ts';
import type { Profile } from '../profile.ts';
import { AppFailure, appIds, createGroup, groupOrNone, waitForApps } from './apps.ts';
import { createJob, JobFailure, type Runs, runsOf, waitForJobs } from './jobs.ts';
import { lastWords, lastWordsOfJob } from './last-words.ts';
import { addressOf, resolveOutputs } from './outputs.ts';
import { removeGroup, removeJobs } from './remove.ts';
import { Failure, openRun, type Run } from './run.ts';
import { openSteps, type Step, type Steps } from './steps.ts';

export interface DeployOptions {
  /** Cancels: what is there by then stays, unless `rollback` says otherwise. */
  readonly signal?: AbortSignal;
  /** For everything but a rollback. Default 10 minutes. */
  readonly timeoutMs?: number;
  /** How long the cluster may be out of reach meanwhile. Default 15 s. */
  readonly awayMs?: number;
  /** Takes away what this deployment created when it fails, runs out of time or is cancelled. Default `never`. */
  readonly rollback?: 'on-failure' | 'never';
  /** Each step whenever it changes. */
  readonly onProgress?: (step: Step) => void;
}

export interface DeployedApp {
  /** Absolute, for example `/demo/web`. */
  readonly id: string;
  /** Running ones. */
  readonly tasks: readonly { readonly id: string; readonly host: string; readonly ports: readonly number[] }[];
  readonly servicePorts: readonly number[];
  /** `host:port` of its first port; absent when it has none, or no task. */
  readonly address?: string;
}

export interface DeployOutcome {
  readonly status: 'deployed' | 'failed' | 'cancelled';
  readonly name: string;
  readonly steps: readonly Step[];
  readonly apps: readonly DeployedApp[];
  readonly outputs: Readonly<Record<string, Json>>;
  /** By output: why it has no value. */
  readonly missingOutputs: Readonly<Record<string, string>>;
  /** One sentence; present unless deployed. */
  readonly failure?: string;
  /** What this deployment created, or may have created, and what is still there. */
  readonly left: { readonly group?: string; readonly jobs: readonly string[] };
}

/** What was sent, whatever became of it. */
interface Created {
  group?: string;
  readonly jobs: string[];
}

const defaultTimeoutMs = 600_000;
const rollbackTimeoutMs = 120_000;

/** Deploys the plan; resolves in every case, and tells the outcome. */
export async function deploy(plan: Plan, profile: Profile, options: DeployOptions = {}): Promise<DeployOutcome> {
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const steps = openSteps(
    [
      ...(plan.marathon === null ? [] : [{ id: plan.marathon.id, kind: 'group' as const }]),
      ...(plan.marathon === null ? [] : appIds(plan.marathon).map(id => ({ id, kind: 'app' as const }))),
      ...plan.chronos.map(({ name }) => ({ id: name, kind: 'job' as const })),
    ],
    options.onProgress,
  );
  const created: Created = { jobs: [] };
  const run = openRun(plan.marathon && profile.marathon ? endpointOf(profile, 'marathon') : undefined, {
    ...options,
    timeoutMs,
    onAway: steps.away,
  });
  try {
    await lookForObstacles(plan, profile, run);
    const apps = await carryOut(plan, profile, run, steps, created);
    const { values, missing } = resolveOutputs(plan, new Map(apps.map(app => [nodeOf(app), app])), profile);
    return {
      status: 'deployed',
      name: plan.name,
      steps: steps.all(),
      apps: apps.map(app => deployedApp(app, profile)),
      outputs: values,
      missingOutputs: missing,
      left: created,
    };
  } catch (error) {
    const cancelled = options.signal?.aborted ?? false;
    const told = cancelled ? 'The deployment was cancelled.' : await sentence(error, run, timeoutMs, steps, profile);
    steps.stop();
    const rolledBack = options.rollback === 'on-failure' ? await rollBack(profile, created, steps, options.awayMs) : '';
    return {
      status: cancelled ? 'cancelled' : 'failed',
      name: plan.name,
      steps: steps.all(),
      apps: [],
      outputs: {},
      missingOutputs: {},
      failure: `${told}${rolledBack}`,
      left: created,
    };
  } finally {
    run.close();
  }
}

async function lookForObstacles(plan: Plan, profile: Profile, run: Run): Promise<void> {
  if (plan.diagnostics.some(({ severity }) => severity === 1)) {
    throw new Failure('The template has errors: mend them first.');
  }
  if (plan.marathon === null && plan.chronos.length === 0) {
    throw new Failure('The template holds nothing that runs on Mesos: no Marathon app and no Chronos job.');
  }
  if (plan.marathon !== null) {
    const { id } = plan.marathon;
    const marathon = endpointOf(profile, 'marathon');
    if ((await run.reading(() => groupOrNone(marathon, id, run.signal))) !== undefined)
      throw new NameInUse(plan.name, `the group ${id}`);
  }
  if (plan.chronos.length > 0) {
    const chronos = chronosOf(profile);
    const all = await run.reading(() => listJobs(chronos, { signal: run.signal }));
    const taken = all.filter(({ name }) => name.startsWith(`${plan.name}--`)).map(({ name }) => name);
    if (taken.length > 0)
      throw new NameInUse(plan.name, taken.length === 1 ? `the job ${taken[0]}` : `the jobs ${taken.join(', ')}`);
  }
}

class NameInUse extends Failure {
  constructor(name: string, what: string) {
    super(`The cluster has a deployment "${name}" already (${what}): undeploy it first, or choose another name.`);
  }
}

async function carryOut(
  plan: Plan,
  profile: Profile,
  run: Run,
  steps: Steps,
  created: Created,
): Promise<readonly App[]> {
  const { marathon: group } = plan;
  const mesos = profile.mesos === undefined ? undefined : endpointOf(profile, 'mesos');
  let before: Runs = {};
  if (group !== null) {
    const endpoint = endpointOf(profile, 'marathon');
    steps.set(group.id, 'running', 'is being created');
    created.group = group.id;
    await unlessRefused(createGroup(endpoint, group, run), run, () => {
      delete created.group;
      steps.set(group.id, 'failed');
    });
    steps.set(group.id, 'done', 'created');
  }
  if (plan.chronos.length > 0) {
    const chronos = chronosOf(profile);
    before = await runsOf(mesos, run.signal);
    for (const job of plan.chronos) {
      steps.set(job.name, 'waiting', 'is being created');
      created.jobs.push(job.name);
      await unlessRefused(createJob(chronos, job, run), run, () => {
        created.jobs.pop();
        steps.set(job.name, 'failed');
      });
      steps.set(job.name, 'waiting', 'created');
    }
  }
  const apps = group === null ? [] : await waitForApps(endpointOf(profile, 'marathon'), appIds(group), run, steps);
  if (plan.chronos.length > 0) {
    await waitForJobs({ chronos: chronosOf(profile), mesos, before }, plan.chronos, run, steps);
  }
  return apps;
}

/** Only a server that said no has surely not done what it was asked. */
async function unlessRefused(creating: Promise<void>, run: Run, refused: () => void): Promise<void> {
  try {
    await creating;
  } catch (error) {
    if (!run.signal.aborted && !mayHaveHappened(error)) refused();
    throw error;
  }
}

/** Never throws: what could not be taken away stays in `created`. */
async function rollBack(profile: Profile, created: Created, steps: Steps, awayMs: number | undefined): Promise<string> {
  const run = openRun(created.group === undefined ? undefined : endpointOf(profile, 'marathon'), {
    awayMs,
    timeoutMs: rollbackTimeoutMs,
  });
  try {
    if (created.jobs.length > 0) {
      await removeJobs(chronosOf(profile), created.jobs.toReversed(), run, steps);
      created.jobs.length = 0;
    }
    if (created.group !== undefined) {
      await removeGroup(endpointOf(profile, 'marathon'), created.group, run, steps);
      delete created.group;
    }
    return '';
  } catch (error) {
    steps.stop();
    const why = error instanceof ClusterError ? error.message : String(error);
    return ` What it had created could not be taken away: ${why}`;
  } finally {
    run.close();
  }
}

async function sentence(error: unknown, run: Run, timeoutMs: number, steps: Steps, profile: Profile): Promise<string> {
  if (run.expired()) {
    const open = steps.all().filter(({ kind, status }) => kind !== 'group' && status !== 'done');
    const each = open.map(({ id, detail }) => (detail === '' ? id : `${id} (${detail})`));
    return `It is not ready after ${Math.round(timeoutMs / 100) / 10} s: ${each.join(', ')}.`;
  }
  if (error instanceof AppFailure) {
    const taskId = error.apps[0]?.lastTaskFailure?.taskId;
    return `${error.message}${taskId ? await lastWords(profile, taskId) : ''}`;
  }
  if (error instanceof JobFailure) return `${error.message}${await lastWordsOfJob(profile, error.job)}`;
  if (error instanceof Failure || error instanceof ClusterError) return error.message;
  throw error;
}

function deployedApp(app: App, profile: Profile): DeployedApp {
  const address = addressOf(app, profile);
  const port = address?.ports[0];
  const tasks = app.tasks.filter(({ state }) => state === 'TASK_RUNNING');
  return {
    id: app.id,
    tasks: tasks.map(({ id, host, ports }) => ({ id, host, ports })),
    servicePorts: app.servicePorts,
    ...(address === undefined || port === undefined ? {} : { address: `${address.host}:${port}` }),
  };
}

/** An app bears the name of its node template. */
function nodeOf(app: App): string {
  return app.id.slice(app.id.lastIndexOf('/') + 1);
}
