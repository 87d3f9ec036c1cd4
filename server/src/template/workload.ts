// What the Orchestrator makes of a node template: an app of Marathon, a job of Chronos, or nothing of either.
// Source: indigo-dc/orchestrator ToscaServiceImpl, DeploymentServiceImpl (inferDeploymentType).
import type { Framework } from '../mesos/releases.ts';
import { type Entry, entries, entryNamed, get, type Node } from '../syntax/nodes.ts';
import { chronosJobType, marathonAppType, onedataTypes } from '../types/indigo.ts';
import { hostOf } from './hosting.ts';
import { itemsOf, literalNumber } from './literal.ts';
import type { NodeTemplate, TemplateView } from './template.ts';

export interface Workload {
  readonly framework: Framework;
  readonly node: NodeTemplate;
  readonly host: NodeTemplate | undefined;
  /** Assigned properties of the host's `host` capability. */
  readonly resources: readonly Entry[];
  /** More than 0, where a number is written. */
  readonly hasGpus: boolean;
}

/** Undefined for any other node, and for a template that is not INDIGO's. */
export function workloadOf(template: TemplateView, node: NodeTemplate | undefined): Workload | undefined {
  const framework = frameworkOf(node);
  if (node === undefined || framework === undefined || template.dialect !== 'orchestrator') return undefined;
  const host = hostOf(template, node)?.node;
  const resources = resourcesOf(host);
  return { framework, node, host, resources, hasGpus: (literalNumber(resources, 'num_gpus', template) ?? 0) > 0 };
}

export function frameworkOf(node: NodeTemplate | undefined): Framework | undefined {
  if (node?.typeName === marathonAppType) return 'Marathon';
  return node?.typeName === chronosJobType ? 'Chronos' : undefined;
}

export const resourcesOf = (host: NodeTemplate | undefined): readonly Entry[] =>
  entries(get(entryNamed(host?.capabilities ?? [], 'host')?.value, 'properties'));

/** The items of a list property of the host: volumes, ports. None where a function gives the whole list. */
export const resourceItems = ({ resources }: Workload, property: string, template: TemplateView): readonly Node[] =>
  itemsOf(entryNamed(resources, property)?.value, template);

/** How many ports an app publishes; undefined where only the inputs say. */
export function publishedPorts({ resources }: Pick<Workload, 'resources'>, template: TemplateView): number | undefined {
  const ports = entryNamed(resources, 'publish_ports');
  if (ports?.value === undefined) return 0;
  const list = itemsOf(ports.value, template);
  return list.length === 0 && ports.value.kind !== 'sequence' ? undefined : list.length;
}

export type DeploymentKind = Framework | 'QCG' | 'Helm';

const kinds: Readonly<Record<string, DeploymentKind>> = {
  [marathonAppType]: 'Marathon',
  [chronosJobType]: 'Chronos',
  'tosca.nodes.indigo.Qcg.Job': 'QCG',
  'tosca.nodes.indigo.Kubernetes.HelmChart': 'Helm',
};

export const kindOf = ({ typeName }: NodeTemplate): DeploymentKind | undefined =>
  typeName !== undefined && Object.hasOwn(kinds, typeName) ? kinds[typeName] : undefined;

/** Whether a node has something of a name, or nobody can tell: else it is told where the name stands. */
export function mayHave({ type }: NodeTemplate, member: string): boolean {
  if (type === undefined || type.missingParent !== undefined) return true;
  const { properties, attributes, capabilities, requirements } = type;
  return (
    [properties, attributes, capabilities, requirements].some(all => all.has(member)) ||
    (onedataTypes.get(type.name)?.includes(member) ?? false)
  );
}
