// `tosca-mesos status`: what is deployed on a cluster, and how it stands.
import { parseArgs } from 'node:util';
import { type Deployed, deployments, type JobAlone, type LiveApp } from '../../cluster/src/index.ts';
import { columns } from './columns.ts';
import type { Command } from './main.ts';
import { findProfile, profileHelp } from './profiles.ts';

const help = `Usage: tosca-mesos status [DEPLOYMENT] --of PROFILE [--format text|json]

Shows what is deployed: apps with their tasks, jobs with their last outcome.

${profileHelp}
Exit code: 0 shown, 1 there is no such deployment, or a part of the cluster does not answer, 2 could not run.
`;

export const run: Command = async (args, terminal) => {
  const { stdout, stderr, signal } = terminal;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      of: { type: 'string' },
      format: { type: 'string', default: 'text' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    stdout(help);
    return 0;
  }
  const [name, second] = positionals;
  if (second !== undefined || values.of === undefined || !['text', 'json'].includes(values.format)) {
    stderr(help);
    return 2;
  }
  const profile = await findProfile(values.of, terminal);
  const { deployments: all, problems } = await deployments(profile, { signal });
  for (const problem of problems) stderr(`${problem}\n`);
  if (problems.length > 0 && all.length === 0) return 2;
  const shown = name === undefined ? all : all.filter(deployment => deployment.name === name);
  if (values.format === 'json') {
    stdout(`${JSON.stringify({ profile: profile.name, deployments: shown, problems }, null, 2)}\n`);
  } else if (name !== undefined && shown.length === 0) {
    stdout(`There is no deployment "${name}" on ${profile.name}.\n`);
  } else if (shown.length === 0) {
    stdout(`Nothing is deployed on ${profile.name}.\n`);
  } else {
    stdout(`${shown.flatMap(asText).join('\n')}\n`);
  }
  return problems.length > 0 || (name !== undefined && shown.length === 0) ? 1 : 0;
};

function asText({ name, state, apps, jobs }: Deployed): readonly string[] {
  const rows = [...apps.flatMap(appRows), ...jobs.map(jobRow)];
  return [`${name}: ${state}`, ...columns(rows, '  ')];
}

function appRows(app: LiveApp): readonly (readonly string[])[] {
  const health = app.hasHealthChecks ? `, ${app.healthy} healthy` : '';
  const failure = app.running < app.wanted && app.lastFailure ? `last failure: ${app.lastFailure.message}` : '';
  const tasks = app.tasks.map(task => [
    '',
    '',
    stateWord(task.state),
    task.ports.map(port => `${task.host}:${port}`).join(' ') || task.host,
  ]);
  return [['app', app.id, `${app.running} of ${app.wanted} running${health}`, failure], ...tasks];
}

function jobRow(job: JobAlone): readonly string[] {
  const last =
    job.last === 'fresh'
      ? 'has not run yet'
      : job.last === 'success'
        ? `succeeded ${job.lastSuccess ?? ''}`
        : `failed ${job.lastError ?? ''}`;
  const now = job.current === 'idle' ? (job.disabled && job.last !== 'success' ? 'disabled' : '') : job.current;
  return ['job', job.name, last.trimEnd(), now];
}

/** `running` of TASK_RUNNING. */
function stateWord(state: string): string {
  return state
    .replace(/^TASK_/, '')
    .toLowerCase()
    .replaceAll('_', ' ');
}
