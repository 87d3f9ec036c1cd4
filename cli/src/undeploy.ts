// `tosca-mesos undeploy`: takes a deployment away.
import { parseArgs } from 'node:util';
import { planUndeploy, type UndeployPlan, undeploy } from '../../cluster/src/index.ts';
import type { Command } from './main.ts';
import { findProfile, profileHelp } from './profiles.ts';
import { progressTo } from './progress.ts';

const help = `Usage: tosca-mesos undeploy DEPLOYMENT --from PROFILE [--dry-run] [--format text|json] [--timeout SECONDS]

Removes the Marathon group /DEPLOYMENT with all its apps, and the Chronos jobs DEPLOYMENT--NODE, and waits until they are
gone.

--dry-run    only say what would be removed
--timeout    how long to wait; default 120

${profileHelp}
Exit code: 0 removed, 1 not removed or not there, 2 could not run.
`;

export const run: Command = async (args, terminal) => {
  const { stdout, stderr, signal } = terminal;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      from: { type: 'string' },
      format: { type: 'string', default: 'text' },
      timeout: { type: 'string', default: '120' },
      'dry-run': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    stdout(help);
    return 0;
  }
  const [name, second] = positionals;
  const seconds = Number(values.timeout);
  if (
    name === undefined ||
    second !== undefined ||
    values.from === undefined ||
    !['text', 'json'].includes(values.format) ||
    !(seconds > 0 && seconds <= 2_000_000)
  ) {
    stderr(help);
    return 2;
  }
  const profile = await findProfile(values.from, terminal);
  const plan = await planUndeploy(name, profile, { signal });
  const show = (result: object, text: string) =>
    stdout(
      values.format === 'json' ? `${JSON.stringify({ ...result, profile: profile.name }, null, 2)}\n` : `${text}\n`,
    );
  const nothing = plan.group === undefined && plan.jobs.length === 0;
  if (nothing) {
    show({ name, status: 'nothing-there', steps: [] }, `There is no deployment "${name}" on ${profile.name}.`);
    return 1;
  }
  if (values['dry-run']) {
    show(plan, `Would remove: ${listed(plan)}.`);
    return 0;
  }
  stderr(`Removing: ${listed(plan)}.\n`);
  const outcome = await undeploy(name, profile, {
    signal,
    timeoutMs: seconds * 1000,
    onProgress: progressTo(stderr),
  });
  const removed = outcome.status === 'removed' || outcome.status === 'nothing-there';
  show(
    outcome,
    removed
      ? `${name} is removed from ${profile.name}.`
      : `${name} is not removed from ${profile.name}: ${outcome.failure}`,
  );
  return removed ? 0 : 1;
};

function listed({ group, apps, jobs }: UndeployPlan): string {
  const ofGroup =
    group === undefined
      ? []
      : [apps.length === 0 ? `the empty group ${group}` : `the group ${group} with ${apps.join(', ')}`];
  return [...ofGroup, ...jobs.map(job => `the job ${job}`)].join(', ');
}
