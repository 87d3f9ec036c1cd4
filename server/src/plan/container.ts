// What apps and jobs have in common: the node, its host, its image, its resources.
// Source: indigo-dc/orchestrator AbstractMesosDeploymentService.
import type { Json } from '../../../protocol/src/plan.ts';
import { commandProblem } from '../mesos/commands.ts';
import { cpusProblem, memoryProblem } from '../mesos/numbers.ts';
import { type Framework, type Problem, productName, takesGpus } from '../mesos/releases.ts';
import { uriProblem } from '../mesos/uris.ts';
import { entries, entryNamed, get, name, type Span } from '../syntax/nodes.ts';
import { hostOf } from '../template/hosting.ts';
import type { NodeTemplate, Template } from '../template/template.ts';
import { offeredCapability } from '../types/catalog.ts';
import { evaluate, type Scope } from './evaluate.ts';
import { type Port, readPorts } from './ports.ts';
import { plainText, type Reader, readProperties } from './values.ts';

export interface Container {
  readonly node: NodeTemplate;
  readonly properties: Reader;
  readonly image: string;
  /** Name of the node that hosts it. */
  readonly host: string | undefined;
  readonly cpus: number | undefined;
  readonly mem: number | undefined;
  /** Undefined unless more than 0. */
  readonly gpus: number | undefined;
  readonly ports: readonly Port[];
  readonly volumes: readonly { readonly text: string; readonly at: Span }[];
  readonly framework: Framework;
  readonly scope: Scope;
}

export function readContainer(template: Template, node: NodeTemplate, framework: Framework, outer: Scope): Container {
  const scope: Scope = { ...outer, self: node };
  const host = hostOf(template, node)?.node;
  const capability = host?.capabilities.find(entry => name(entry) === 'host');
  const hostScope: Scope = { ...scope, self: host };
  const resources = readProperties(
    entries(get(capability?.value, 'properties')),
    offeredCapability(template.catalog, host?.type, 'host')?.properties ?? new Map(),
    host ?? node,
    hostScope,
  );
  const gpus = resources.integer('num_gpus');
  const properties = readProperties(node.properties, node.type?.properties ?? new Map(), node, scope);
  const cpus = resources.number('num_cpus');
  const mem = resources.megabytes('mem_size');
  const tell = (code: string, at: Span, problem: Problem | undefined) => {
    if (problem !== undefined) scope.report(code, at, problem.message, problem.severity);
  };
  if (cpus !== undefined) tell('number-range', resources.at('num_cpus'), cpusProblem(framework, scope.release, cpus));
  if (mem !== undefined) tell('number-range', resources.at('mem_size'), memoryProblem(framework, scope.release, mem));
  const command = properties.string('command');
  if (command !== undefined)
    tell('command-text', properties.at('command'), commandProblem(framework, scope.release, command));
  for (const [index, uri] of properties.strings('uris').entries())
    tell('uri-syntax', properties.itemAt('uris', index), uriProblem(framework, scope.release, uri));
  if (gpus !== undefined && gpus > 0 && !takesGpus(framework, scope.release)) {
    const message = `${productName(framework, scope.release)} knows nothing of GPUs.`;
    tell('release-gpus', resources.at('num_gpus'), { message, severity: 'warning' });
  }
  return {
    node,
    scope,
    properties,
    image: image(node, scope),
    host: host?.name,
    cpus,
    mem,
    gpus: gpus !== undefined && gpus > 0 ? gpus : undefined,
    ports: readPorts(resources, framework, hostScope),
    volumes: resources.strings('volumes').map((text, index) => ({ text, at: resources.itemAt('volumes', index) })),
    framework,
  };
}

function image(node: NodeTemplate, scope: Scope): string {
  const { report } = scope;
  const artifact = entryNamed(node.artifacts, 'image');
  const inherited = node.type?.artifacts.get('image');
  if (artifact === undefined && inherited === undefined) return '';
  const file =
    artifact === undefined
      ? inherited?.file
      : artifact.value?.kind === 'scalar'
        ? artifact.value
        : get(artifact.value, 'file');
  const at = file ?? artifact?.key ?? node.entry.key;
  const value: Json | undefined = file === undefined ? '' : evaluate(file, scope);
  const written = value === undefined ? undefined : plainText(value, 'file', at, 'string', scope);
  if (written === '') {
    report(
      'no-image',
      artifact === undefined ? node.entry.key : at,
      `The image of "${node.name}" is empty: Marathon and Chronos refuse that.`,
      'warning',
    );
  }
  return written ?? '';
}
