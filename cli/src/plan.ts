// `tosca-mesos plan`: what would be sent for a template. Also how deploy makes its plan.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import type { Json, Plan, PlanDiagnostic, Release } from '../../protocol/src/plan.ts';
import { isArchive, nameInArchive } from '../../server/src/workspace/archive-uri.ts';
import { type ImportValues, importHelp, importOptions, importUsage, workspaceFor } from './imports.ts';
import type { Command, Terminal } from './main.ts';

export interface PlanFileOptions {
  /** Deployment name; made of the file's where absent. */
  readonly name?: string | undefined;
  readonly release?: Release | undefined;
  readonly inputs?: Readonly<Record<string, Json>> | undefined;
  readonly localVolumesHostBasePath?: string | undefined;
  readonly imports?: ImportValues | undefined;
  readonly env: Terminal['env'];
}

/** Something that keeps a plan from being made at all; `message` is one sentence for the user. */
export class PlanError extends Error {}

/**
 * Of a template, or of the one that an archive is there for; `file` is what the plan's diagnostics speak of. Throws PlanError when it cannot
 * be read. What is wrong in it stands in the plan's diagnostics.
 */
export async function planFile(
  given: string,
  options: PlanFileOptions,
): Promise<{ readonly plan: Plan; readonly file: string }> {
  const own = pathToFileURL(path.resolve(given)).href;
  const { inputs = {}, name, release, localVolumesHostBasePath, imports = {}, env } = options;
  const workspace = workspaceFor(imports, env);
  const uri = isArchive(own) ? await workspace.templateOf(own) : own;
  if (typeof uri !== 'string') throw new PlanError(uri.problem);
  await workspace.ready([uri], true);
  await workspace.giveUp();
  const plan = workspace.plan({
    uri,
    inputs,
    ...(name !== undefined && { name }),
    ...(release !== undefined && { release }),
    ...(localVolumesHostBasePath !== undefined && { localVolumesHostBasePath }),
  });
  if ('problem' in plan) throw new PlanError(plan.problem);
  return { plan, file: uri === own ? given : `${given}!/${nameInArchive(uri)}` };
}

/** Inputs of `--inputs FILE` (YAML or JSON, a map), overlaid by those of `--set NAME=VALUE`. Throws PlanError. */
export function readInputs(file: string | undefined, settings: readonly string[]): Readonly<Record<string, Json>> {
  const inputs: Record<string, Json> = {};
  if (file !== undefined) Object.assign(inputs, inputsFile(file));
  for (const setting of settings) {
    const at = setting.indexOf('=');
    if (at < 1) throw new PlanError(`--set wants NAME=VALUE, not "${setting}".`);
    inputs[setting.slice(0, at)] = setting.slice(at + 1);
  }
  return inputs;
}

function inputsFile(file: string): Readonly<Record<string, Json>> {
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new PlanError(
      `The inputs file ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (content === null) return {};
  if (typeof content !== 'object' || Array.isArray(content))
    throw new PlanError(`The inputs file ${file} must hold a map of names to values.`);
  return content as Readonly<Record<string, Json>>;
}

export const releases: readonly Release[] = ['indigo_1', 'indigo_2', 'deep_1'];

export function readRelease(written: string | undefined): Release | undefined {
  const release = releases.find(each => each === written);
  if (written !== undefined && release === undefined)
    throw new PlanError(`There is no release "${written}": ${releases.join(', ')}.`);
  return release;
}

export const severityWords: Readonly<Record<number, string>> = {
  1: 'error',
  2: 'warning',
  3: 'information',
  4: 'hint',
};

export function diagnosticLine(file: string, { range, severity, code, message }: PlanDiagnostic): string {
  return `${file}:${range.start.line + 1}:${range.start.character + 1}: ${severityWords[severity]} ${code}: ${message}`;
}

const help = `Usage: tosca-mesos plan TEMPLATE [--inputs FILE] [--set NAME=VALUE]... [--name DEPLOYMENT]
                        [--release indigo_1|indigo_2|deep_1] [--fail-on error|warning] [--format text|json]
                        ${importUsage}

Prints the bodies that a deployment of the template (or of an archive's, *.csar or *.zip) would send to Marathon and
Chronos. Nothing is sent.

${importHelp}
Exit code: 0 the plan is good, 1 it has problems at or above --fail-on (default error), 2 could not run.
`;

export const run: Command = async (args, { stdout, stderr, env }) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      inputs: { type: 'string' },
      set: { type: 'string', multiple: true, default: [] },
      name: { type: 'string' },
      release: { type: 'string' },
      format: { type: 'string', default: 'text' },
      'fail-on': { type: 'string', default: 'error' },
      help: { type: 'boolean', short: 'h', default: false },
      ...importOptions,
    },
  });
  if (values.help) {
    stdout(help);
    return 0;
  }
  const [given, second] = positionals;
  if (
    given === undefined ||
    second !== undefined ||
    !['text', 'json'].includes(values.format) ||
    !['error', 'warning'].includes(values['fail-on'])
  ) {
    stderr(help);
    return 2;
  }
  const { plan, file } = await planFile(given, {
    name: values.name,
    release: readRelease(values.release),
    inputs: readInputs(values.inputs, values.set),
    imports: values,
    env,
  });
  if (values.format === 'json') {
    const { hosts: _, ...shown } = plan;
    stdout(`${JSON.stringify(shown, null, 2)}\n`);
  } else stdout(planText(file, plan));
  const limit = values['fail-on'] === 'warning' ? 2 : 1;
  return plan.diagnostics.some(({ severity }) => severity <= limit) ? 1 : 0;
};

function planText(file: string, plan: Plan): string {
  const { marathon, chronos, outputs, diagnostics } = plan;
  const body = (value: unknown) => JSON.stringify(value, null, 2);
  return [
    ...diagnostics.map(diagnostic => diagnosticLine(file, diagnostic)),
    `Deployment ${plan.name} for ${plan.release}`,
    ...(marathon === null ? [] : ['', 'POST /v2/groups', body(marathon)]),
    ...chronos.flatMap(job => [
      '',
      `POST ${prefix(plan.release)}/${job.parents === undefined ? 'iso8601' : 'dependency'}`,
      body(job),
    ]),
    ...(marathon === null && chronos.length === 0
      ? ['', 'The template has no Marathon app and no Chronos job: nothing would be sent.']
      : []),
    ...(Object.keys(outputs).length === 0 ? [] : ['', 'Outputs', body(outputs)]),
    '',
  ].join('\n');
}

/** Chronos 2.4.0 answers below /scheduler, later ones below /v1/scheduler. */
const prefix = (release: Release) => (release === 'indigo_1' ? '/scheduler' : '/v1/scheduler');
