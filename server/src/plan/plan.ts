// A template and its inputs -> what is sent to Marathon and Chronos.
// Sources: indigo-dc/orchestrator ToscaServiceImpl, MarathonServiceImpl, ChronosServiceImpl.
import type { ChronosJob } from '../../../protocol/src/chronos.ts';
import type { MarathonApp } from '../../../protocol/src/marathon.ts';
import type { Json, OutputValue, Plan, PlanDiagnostic, Release } from '../../../protocol/src/plan.ts';
import { type CodedFinding, checkInSteps } from '../checks/check.ts';
import type { Severity } from '../checks/rule.ts';
import { marathonSegment } from '../mesos/names.ts';
import { productName, products } from '../mesos/releases.ts';
import { atOnce } from '../steps.ts';
import { rangeOf } from '../syntax/section.ts';
import { inOrder, parentsOf } from '../template/hosting.ts';
import { summaryOf } from '../template/summary.ts';
import type { Template } from '../template/template.ts';
import { chronosJobType, marathonAppType } from '../types/indigo.ts';
import { decoded } from '../workspace/decoded.ts';
import { chronosJob } from './chronos.ts';
import { type Container, readContainer } from './container.ts';
import { evaluate, type Scope } from './evaluate.ts';
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
  /** The name of the job that a node template becomes; made of the deployment's name and the node's where absent. */
  readonly jobName?: (node: string) => string;
  /** Also what comments of the template silence is told. */
  readonly all?: boolean;
}

/** Where INDIGO's agents keep local volumes unless their operator says otherwise. */
export const defaultVolumesBasePath = '/tmp/tosca-mesos/volumes/';

export function planTemplate(template: Template, options: PlanOptions): Plan {
  const { report, findings } = openReport();
  checkName(options.name, template, report);
  const inputs = inputValues(template, options.inputs, report);
  const scope: Scope = { template, inputs, report, release: options.release, self: undefined };
  const apps: MarathonApp[] = [];
  const jobs: ChronosJob[] = [];
  const hosts: Record<string, string> = {};
  const taken = new Map<number, string>();
  const basePath = options.localVolumesHostBasePath;
  const { jobName = (node: string) => nameOfJob(options.name, node) } = options;
  for (const node of inOrder(summaryOf(template).nodes).names.flatMap(name => template.nodes.get(name) ?? [])) {
    if (node.typeName === marathonAppType) {
      const container = readContainer(template, node, 'Marathon', scope);
      if (container.host !== undefined) hosts[node.name] = container.host;
      repeatedPorts(container, taken, report);
      apps.push(marathonApp(container, { deployment: options.name, hostPath: `${basePath}${options.name}` }, options));
    } else if (node.typeName === chronosJobType) {
      const container = readContainer(template, node, 'Chronos', scope);
      const name = jobName(node.name);
      const parents = parentsOf(template, node).map(edge => jobName(edge.node.name));
      jobs.push(chronosJob(container, name, parents, `${basePath}${name}`));
    }
  }
  return {
    name: options.name,
    release: options.release,
    marathon: apps.length === 0 ? null : { id: `/${options.name}`, apps },
    chronos: jobs,
    outputs: outputs(template, scope),
    diagnostics: diagnostics(
      atOnce(checkInSteps({ ...template, release: options.release }, { all: options.all ?? false })),
      findings,
    ),
    hosts,
  };
}

/** Service ports that inputs bring; what is written twice is told by the rule. */
function repeatedPorts({ node, ports, scope }: Container, taken: Map<number, string>, report: Report): void {
  for (const { target, targetAt } of ports) {
    if (target === undefined) continue;
    const first = taken.get(target);
    if (first === undefined) taken.set(target, node.name);
    else if (!('kind' in targetAt && targetAt.kind === 'scalar'))
      report(
        'duplicate-service-port',
        targetAt,
        `The service port ${target} is asked for by "${first}" already: ${productName('Marathon', scope.release)} refuses that.`,
        products[scope.release].marathon === '1.1.1' && first !== node.name ? 'warning' : 'error',
      );
  }
}

/** `<deployment>--<node>`, in characters that every release of Chronos takes. */
function nameOfJob(deployment: string, node: string): string {
  return `${deployment}--${node.replace(/\W/g, '_')}`;
}

/** A deployment name made of a file's: lower case, digits and dashes. */
export function nameFrom(uri: string): string {
  const file = decoded(uri.slice(uri.lastIndexOf('/') + 1)).replace(/(\.tosca)?(\.(ya?ml|csar|zip))?$/i, '');
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

const severities: Readonly<Record<Severity, PlanDiagnostic['severity']>> = {
  error: 1,
  warning: 2,
  information: 3,
  hint: 4,
};

/** What the checks say of the text, tidiness aside, then what only the inputs bring: of one place and code, once. */
function diagnostics(checked: readonly CodedFinding[], planned: readonly CodedFinding[]): readonly PlanDiagnostic[] {
  const told = checked.filter(({ severity, byDefault }) => severity !== 'hint' && byDefault !== true).map(toDiagnostic);
  const key = ({ code, range }: PlanDiagnostic) => JSON.stringify([code, range]);
  const seen = new Set(told.map(key));
  const more = planned.map(toDiagnostic).filter(each => !seen.has(key(each)) && seen.add(key(each)));
  return [...told, ...more];
}

function toDiagnostic({ at, code, severity, message }: CodedFinding): PlanDiagnostic {
  // a finding about the whole file is shown at its first line
  const whole = 'kind' in at && at.kind === 'mapping' && at.start === 0 && at.end === at.section.text.length;
  const range = whole ? { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } : rangeOf(at);
  return { range, severity: severities[severity], code, source: 'tosca', message };
}
