// A template and its inputs -> what is sent to Marathon and Chronos.
// Sources: indigo-dc/orchestrator ToscaServiceImpl, MarathonServiceImpl, ChronosServiceImpl.
import type { ChronosJob } from '../../../protocol/src/chronos.ts';
import type { MarathonApp } from '../../../protocol/src/marathon.ts';
import type { Json, OutputValue, Plan, PlanDiagnostic, Release } from '../../../protocol/src/plan.ts';
import { type CodedFinding, check } from '../checks/check.ts';
import { marathonSegment } from '../checks/marathon-app-name.ts';
import type { Severity } from '../checks/rule.ts';
import { rangeOf } from '../syntax/section.ts';
import type { NodeTemplate, Template } from '../template/template.ts';
import { chronosJobType, marathonAppType } from '../types/indigo.ts';
import { chronosJob } from './chronos.ts';
import { readContainer } from './container.ts';
import { evaluate, type Scope } from './evaluate.ts';
import { inOrder, parentsOf } from './hosting.ts';
import { inputValues } from './inputs.ts';
import { type AppOrigin, marathonApp } from './marathon.ts';
import { openReport, type Report } from './report.ts';

export interface PlanOptions extends AppOrigin {
  /** Deployment name; `nameFrom` makes one of a file's name. */
  readonly name: string;
  readonly release: Release;
  readonly inputs: Readonly<Record<string, Json>>;
  /** Directory on the agents below which local volumes lie. */
  readonly localVolumesHostBasePath: string;
}

/** Where INDIGO's agents keep local volumes unless their operator says otherwise. */
export const defaultVolumesBasePath = '/tmp/tosca-mesos/volumes/';

export function planTemplate(template: Template, options: PlanOptions): Plan {
  const { report, findings } = openReport();
  checkName(options.name, template, report);
  const inputs = inputValues(template, options.inputs, report);
  const scope: Scope = { template, inputs, report, self: undefined };
  const order = inOrder(template);
  if ('loop' in order) {
    const names = order.loop.map(node => node.name).join(', ');
    for (const node of order.loop)
      report('dependency-loop', node.entry.key, `These node templates depend on each other in a circle: ${names}.`);
  }
  const nodes = 'loop' in order ? [...template.nodes.values()] : order.nodes;
  const apps: MarathonApp[] = [];
  const jobs: ChronosJob[] = [];
  const hosts: Record<string, string> = {};
  const basePath = options.localVolumesHostBasePath;
  for (const node of nodes) {
    if (node.typeName === marathonAppType) {
      const container = readContainer(template, node, scope);
      if (container.host !== undefined) hosts[node.name] = container.host;
      apps.push(marathonApp(container, { deployment: options.name, hostPath: `${basePath}${options.name}` }, options));
    } else if (node.typeName === chronosJobType) {
      const container = readContainer(template, node, scope);
      const name = jobName(options.name, node);
      const parents = parentsOf(template, node).map(edge => jobName(options.name, edge.node));
      jobs.push(chronosJob(container, name, parents, `${basePath}${name}`));
    }
  }
  warnOfMixture(template, apps, jobs, report);
  warnOfRelease(options.release, apps, jobs, template, report);
  return {
    name: options.name,
    release: options.release,
    marathon: apps.length === 0 ? null : { id: `/${options.name}`, apps },
    chronos: jobs,
    outputs: outputs(template, scope),
    diagnostics: diagnostics([...check(template), ...findings]),
    hosts,
  };
}

/** `<deployment>--<node>`, in characters that every release of Chronos takes. */
function jobName(deployment: string, node: NodeTemplate): string {
  return `${deployment}--${node.name.replace(/\W/g, '_')}`;
}

/** A deployment name made of a file's: lower case, digits and dashes. */
export function nameFrom(uri: string): string {
  const file = decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1)).replace(/(\.tosca)?(\.ya?ml)?$/i, '');
  const name = file
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name === '' ? 'deployment' : name;
}

function checkName(name: string, { document }: Template, report: Report): void {
  if (marathonSegment.test(name) && !name.includes('.')) return;
  report(
    'deployment-name',
    document.root,
    `"${name}" is no deployment name: write lower-case letters, digits and dashes, with none at either end.`,
  );
}

function outputs(template: Template, scope: Scope): Readonly<Record<string, OutputValue>> {
  const result: Record<string, OutputValue> = {};
  for (const output of template.outputs.values()) {
    const own = openReport();
    const value = evaluate(output.value, { ...scope, report: own.report });
    // As with the Orchestrator, an output that cannot be evaluated holds the reason.
    result[output.name] = value ?? own.findings[0]?.message ?? 'This output has no value: an input is missing.';
  }
  return result;
}

function warnOfMixture(
  template: Template,
  apps: readonly MarathonApp[],
  jobs: readonly ChronosJob[],
  report: Report,
): void {
  if (apps.length === 0 || jobs.length === 0) return;
  const first = [...template.nodes.values()].find(
    ({ typeName }) => typeName === marathonAppType || typeName === chronosJobType,
  );
  if (first === undefined) return;
  const [taken, ignored] =
    first.typeName === marathonAppType ? ['Marathon apps', 'Chronos jobs'] : ['Chronos jobs', 'Marathon apps'];
  report(
    'mixed-kinds',
    first.entry.key,
    `This template has Marathon apps and Chronos jobs: the Orchestrator would deploy only the ${taken} and ignore the ${ignored}.`,
    'warning',
  );
}

function warnOfRelease(
  release: Release,
  apps: readonly MarathonApp[],
  jobs: readonly ChronosJob[],
  template: Template,
  report: Report,
): void {
  if (release !== 'indigo_1') return;
  const at = template.document.root;
  if (apps.some(app => app.gpus !== undefined))
    report('release-gpus', at, 'Marathon 1.1.1 of indigo_1 has no GPUs.', 'warning');
  if (apps.some(app => app.secrets !== undefined))
    report('release-secrets', at, 'Marathon 1.1.1 of indigo_1 has no secrets.', 'warning');
  if (jobs.some(job => job.gpus !== undefined))
    report('release-gpus', at, 'Chronos 2.4.0 of indigo_1 has no GPUs.', 'warning');
}

const severities: Readonly<Record<Severity, PlanDiagnostic['severity']>> = {
  error: 1,
  warning: 2,
  information: 3,
  hint: 4,
};

function diagnostics(findings: readonly CodedFinding[]): readonly PlanDiagnostic[] {
  const seen = new Set<string>();
  return findings.flatMap(({ at, code, severity, message }): PlanDiagnostic[] => {
    // a finding about the whole file is shown at its first line
    const whole = 'kind' in at && at.kind === 'mapping' && at.start === 0 && at.end === at.section.text.length;
    const range = whole ? { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } : rangeOf(at);
    const key = JSON.stringify([code, range, message]);
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ range, severity: severities[severity], code, source: 'tosca', message }];
  });
}
