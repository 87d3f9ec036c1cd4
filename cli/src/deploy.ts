// `tosca-mesos deploy`: a template, planned and then run on a cluster.
import { parseArgs } from 'node:util';
import { type DeployOutcome, deploy, type Profile } from '../../cluster/src/index.ts';
import type { Json } from '../../protocol/src/plan.ts';
import { columns } from './columns.ts';
import { importHelp, importOptions, importUsage } from './imports.ts';
import type { Command } from './main.ts';
import { diagnosticLine, planFile, readInputs } from './plan.ts';
import { findProfile, profileHelp } from './profiles.ts';
import { progressTo } from './progress.ts';

const help = `Usage: tosca-mesos deploy TEMPLATE --to PROFILE [--inputs FILE] [--set NAME=VALUE]... [--name DEPLOYMENT]
                          [--format text|json] [--timeout SECONDS] [--rollback]
                          ${importUsage}

Deploys the Marathon apps and Chronos jobs of the template (or of an archive's, *.csar or *.zip), and waits until the apps run and each job has
succeeded once.
A job whose schedule begins later is not waited for. The local cluster is started when it does not run.

--timeout    how long to wait; default 600
--rollback   when it fails, is cancelled or takes too long: take away what it created
${importHelp}
${profileHelp}
Exit code: 0 deployed, 1 not deployed, 2 could not run.
`;

export const run: Command = async (args, terminal) => {
  const { stdout, stderr, signal } = terminal;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      to: { type: 'string' },
      inputs: { type: 'string' },
      set: { type: 'string', multiple: true, default: [] },
      name: { type: 'string' },
      format: { type: 'string', default: 'text' },
      timeout: { type: 'string', default: '600' },
      rollback: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
      ...importOptions,
    },
  });
  if (values.help) {
    stdout(help);
    return 0;
  }
  const [given, second] = positionals;
  const seconds = Number(values.timeout);
  // A timer cannot be set for longer than 2^31 ms.
  if (
    given === undefined ||
    second !== undefined ||
    values.to === undefined ||
    !['text', 'json'].includes(values.format) ||
    !(seconds > 0 && seconds <= 2_000_000)
  ) {
    stderr(help);
    return 2;
  }
  const profile = await findProfile(values.to, terminal, true);
  const { plan, file } = await planFile(given, {
    name: values.name,
    release: profile.release,
    inputs: readInputs(values.inputs, values.set),
    localVolumesHostBasePath: profile.localVolumesHostBasePath,
    imports: values,
    env: terminal.env,
  });
  for (const diagnostic of plan.diagnostics) {
    if (diagnostic.severity <= 2) stderr(`${diagnosticLine(file, diagnostic)}\n`);
  }
  const outcome = await deploy(plan, profile, {
    signal,
    timeoutMs: seconds * 1000,
    rollback: values.rollback ? 'on-failure' : 'never',
    onProgress: progressTo(stderr),
  });
  if (values.format === 'json') {
    stdout(`${JSON.stringify({ ...outcome, profile: profile.name, release: profile.release }, null, 2)}\n`);
  } else stdout(asText(outcome, profile, values.to));
  return outcome.status === 'deployed' ? 0 : 1;
};

function asText(outcome: DeployOutcome, profile: Profile, to: string): string {
  const { name, status, steps, apps, outputs, missingOutputs, failure, left } = outcome;
  if (status !== 'deployed') {
    const still = [
      ...(left.group === undefined ? [] : [`the group ${left.group}`]),
      ...left.jobs.map(job => `the job ${job}`),
    ];
    return [
      `${name} is not deployed on ${profile.name}: ${failure}`,
      ...(still.length === 0
        ? []
        : [`Still there: ${still.join(', ')}. To take it away: tosca-mesos undeploy ${name} --from ${to}`]),
      '',
    ].join('\n');
  }
  const details = new Map(steps.map(step => [step.id, step.detail]));
  const rows = [
    ...apps.map(({ id, address = '' }) => ['app', id, details.get(id) ?? '', address]),
    ...left.jobs.map(job => ['job', job, details.get(job) ?? '']),
  ];
  const values = [
    ...Object.entries(outputs).map(([output, value]) => `  ${output}: ${plain(value)}`),
    ...Object.entries(missingOutputs).map(([output, why]) => `  ${output} has no value: ${why}`),
  ];
  return [
    `${name} is deployed on ${profile.name} (${profile.release}).`,
    ...columns(rows, '  '),
    ...(values.length === 0 ? [] : ['Outputs:', ...values]),
    '',
  ].join('\n');
}

function plain(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
