// What apps and jobs have in common: the node, its host, its image, its resources.
// Source: indigo-dc/orchestrator AbstractMesosDeploymentService.
import type { Json } from '../../../protocol/src/plan.ts';
import { entries, get, name, text } from '../syntax/nodes.ts';
import type { NodeTemplate, Template } from '../template/template.ts';
import { offeredCapability } from '../types/catalog.ts';
import { dockerImageType } from '../types/indigo.ts';
import { evaluate, type Scope } from './evaluate.ts';
import { hosts } from './hosting.ts';
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
  readonly volumes: readonly string[];
  readonly scope: Scope;
}

export function readContainer(template: Template, node: NodeTemplate, outer: Scope): Container {
  const scope: Scope = { ...outer, self: node };
  const host = onlyHost(template, node, scope);
  const capability = host?.capabilities.find(entry => name(entry) === 'host');
  const hostScope: Scope = { ...scope, self: host };
  const resources = readProperties(
    entries(get(capability?.value, 'properties')),
    offeredCapability(template.catalog, host?.type, 'host')?.properties ?? new Map(),
    host ?? node,
    hostScope,
  );
  const gpus = resources.integer('num_gpus');
  return {
    node,
    scope,
    properties: readProperties(node.properties, node.type?.properties ?? new Map(), node, scope),
    image: image(node, scope),
    host: host?.name,
    cpus: resources.number('num_cpus'),
    mem: resources.megabytes('mem_size'),
    gpus: gpus !== undefined && gpus > 0 ? gpus : undefined,
    ports: readPorts(resources, hostScope),
    volumes: resources.strings('volumes'),
  };
}

function onlyHost(template: Template, node: NodeTemplate, { report }: Scope): NodeTemplate | undefined {
  const [first, second] = hosts(template, node);
  if (first === undefined)
    report(
      'no-host',
      node.entry.key,
      `"${node.name}" has no host: give it the requirement \`- host: <a Docker run-time node>\`.`,
    );
  if (second !== undefined)
    report(
      'several-hosts',
      second.requirement.entry.key,
      `"${node.name}" has more than one host; the Orchestrator takes exactly one.`,
    );
  return first?.node;
}

function image(node: NodeTemplate, scope: Scope): string {
  const { report } = scope;
  const artifact = node.artifacts.findLast(entry => name(entry) === 'image');
  const inherited = node.type?.artifacts.get('image');
  if (artifact === undefined && inherited === undefined) {
    report(
      'no-image',
      node.entry.key,
      `"${node.name}" has no artifact named \`image\`: the Orchestrator needs one, of type ${dockerImageType}.`,
    );
    return '';
  }
  const type = text(get(artifact?.value, 'type'));
  if (artifact !== undefined && type !== undefined && type !== dockerImageType) {
    report(
      'image-type',
      get(artifact.value, 'type') ?? artifact.key,
      `The Orchestrator takes only ${dockerImageType} as image, not ${type}.`,
    );
  }
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
