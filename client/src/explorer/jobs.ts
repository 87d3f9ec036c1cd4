// The rows of Chronos jobs: those of one deployment together, and below each job its runs.
import { deploymentOfJob } from '../../../cluster/src/deploy/undeploy.ts';
import type { LiveJob } from '../../../cluster/src/live/state.ts';
import { compare, green, grey, type Icon, type Row, red, when } from './row.ts';

export function jobRows(cluster: string, jobs: readonly LiveJob[]): Row {
  const single: LiveJob[] = [];
  const deployments = new Map<string, LiveJob[]>();
  for (const job of jobs) {
    const deployment = deploymentOfJob(job.name);
    if (deployment === undefined) single.push(job);
    else deployments.set(deployment, [...(deployments.get(deployment) ?? []), job]);
  }
  return {
    id: `${cluster}\njobs`,
    label: 'Jobs',
    description: jobs.length === 0 ? 'none' : String(jobs.length),
    tooltip: 'Jobs of Chronos: run once, on a schedule, or after other jobs',
    icon: { name: 'calendar' },
    context: 'jobs',
    open: true,
    children: [
      ...[...deployments].sort(([a], [b]) => compare(a, b)).map(([name, own]) => deploymentRow(cluster, name, own)),
      ...inOrder(single).map(job => jobRow(cluster, job, job.name)),
    ],
    target: { kind: 'heading', cluster },
  };
}

function deploymentRow(cluster: string, deployment: string, jobs: readonly LiveJob[]): Row {
  const failed = jobs.filter(job => statusOf(job) === 'failed').length;
  const done = jobs.filter(job => job.last === 'success').length;
  return {
    id: `${cluster}\njobs of\n${deployment}`,
    label: deployment,
    description: failed > 0 ? `${failed} failed` : `${done}/${jobs.length} succeeded`,
    tooltip: `Jobs of the deployment ${deployment}: ${done} of ${jobs.length} have succeeded${failed > 0 ? `, ${failed} failed` : ''}`,
    icon: { name: 'folder', ...(failed > 0 ? { color: red } : done === jobs.length ? { color: green } : {}) },
    context: 'deployment',
    open: true,
    children: inOrder(jobs).map(job => jobRow(cluster, job, job.name.slice(deployment.length + 2))),
    target: { kind: 'deployment', cluster, deployment },
  };
}

type JobStatus = 'running' | 'queued' | 'failed' | 'succeeded' | 'disabled' | 'not run yet';

function statusOf(job: LiveJob): JobStatus {
  if (job.current !== 'idle') return job.current;
  if (job.last === 'failure') return 'failed';
  if (job.last === 'success') return 'succeeded';
  return job.disabled ? 'disabled' : 'not run yet';
}

const jobIcons: Readonly<Record<JobStatus, Icon>> = {
  running: { name: 'sync~spin' },
  queued: { name: 'watch' },
  failed: { name: 'error', color: red },
  succeeded: { name: 'pass-filled', color: green },
  disabled: { name: 'circle-slash', color: grey },
  'not run yet': { name: 'circle-outline' },
};

function jobRow(cluster: string, job: LiveJob, label: string): Row {
  const status = statusOf(job);
  const ran = job.taskIds.length;
  return {
    id: `${cluster}\njob\n${job.name}`,
    label,
    description: status,
    tooltip: [
      `Job ${job.name}: ${status}`,
      job.parents.length > 0 ? `Runs after ${job.parents.join(', ')}` : undefined,
      job.schedule ? `Schedule: ${job.schedule}${job.disabled ? ' (over or disabled)' : ''}` : undefined,
      `${job.successCount} succeeded, ${job.errorCount} failed`,
      job.lastSuccess === undefined ? undefined : `Last success: ${when(job.lastSuccess)}`,
      job.lastError === undefined ? undefined : `Last failure: ${when(job.lastError)}`,
      job.command === undefined ? undefined : `Command: ${job.command}`,
    ]
      .filter(line => line !== undefined)
      .join('\n'),
    icon: jobIcons[status],
    context: ran > 0 ? 'job.ran' : 'job',
    open: false,
    children: job.taskIds.map(task => runRow(cluster, job, task)),
    target: { kind: 'job', cluster, job: job.name },
  };
}

function runRow(cluster: string, job: LiveJob, task: string): Row {
  // A task's id tells when the run was due and which attempt it is: `ct:<ms>:<attempt>:<job>:<arguments>`.
  const [, due, attempt] = /^ct:(\d+):(\d+):/.exec(task) ?? [];
  return {
    id: `${cluster}\nrun\n${task}`,
    label: due === undefined ? task : new Date(Number(due)).toLocaleString(),
    description: attempt === undefined || attempt === '0' ? '' : `retry ${attempt}`,
    tooltip: `Task ${task}`,
    icon: { name: 'history' },
    context: 'run',
    open: false,
    children: [],
    target: { kind: 'run', cluster, job: job.name, task },
  };
}

/** Parents before children; otherwise by name. */
function inOrder(jobs: readonly LiveJob[]): readonly LiveJob[] {
  const byName = new Map(jobs.map(job => [job.name, job]));
  const ordered = new Set<LiveJob>();
  const visiting = new Set<LiveJob>();
  const visit = (job: LiveJob) => {
    if (ordered.has(job) || visiting.has(job)) return;
    visiting.add(job);
    for (const parent of job.parents) {
      const found = byName.get(parent);
      if (found !== undefined) visit(found);
    }
    ordered.add(job);
  };
  for (const job of jobs.toSorted((a, b) => compare(a.name, b.name))) visit(job);
  return [...ordered];
}
