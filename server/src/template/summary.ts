// What rules about the whole template want to know of all its nodes, by name. It stays the same object as long as that does, so that
// an edit that changes nothing of it costs next to nothing.
import { entryNamed, entryOf, text } from '../syntax/nodes.ts';
import { dockerRuntimeType } from '../types/indigo.ts';
import { hostOf, inOrder } from './hosting.ts';
import { followed, itemsOf, literal } from './literal.ts';
import { changesOf, type NodeTemplate, type Template, type TemplateView } from './template.ts';
import { type DeploymentKind, kindOf, publishedPorts, resourcesOf } from './workload.ts';

export interface NodeFacts {
  readonly name: string;
  readonly kind: DeploymentKind | undefined;
  readonly isRuntime: boolean;
  /** Names of the nodes that it requires, in the order of its requirements. */
  readonly required: readonly string[];
  /** Of a host: the service ports that its `publish_ports` ask for, as they are written; undefined where none, or only the inputs say. */
  readonly servicePorts: readonly (string | undefined)[];
  /** How many ports it publishes; undefined where only the inputs say. */
  readonly ports: number | undefined;
  /** All of this, and what decides where its requirements lead. */
  readonly digest: string;
}

/** Another object after each edit that changes something of it; what it holds is the newest state's. */
export interface Summary {
  /** In the order of the text. */
  readonly nodes: ReadonlyMap<string, NodeFacts>;
  /** Names of the nodes that the Orchestrator deploys somewhere else than on machines of their own, in the order of the text. */
  readonly kinds: readonly string[];
  /** The first of them, those that the parser renames last: it decides where all is deployed. */
  readonly deciding: NodeFacts | undefined;
  /** By name of a node, those that require it. */
  readonly requirers: ReadonlyMap<string, ReadonlySet<string>>;
  /** By name of an app or job, the node that hosts it. */
  readonly hosts: ReadonlyMap<string, string>;
  /** Names of the nodes that host more than one of them. */
  readonly crowded: ReadonlySet<string>;
  /** Names of the nodes that ask for service ports. */
  readonly asking: ReadonlySet<string>;
  /** Names of the run times that no node requires. */
  readonly idle: ReadonlySet<string>;
  /** Circles of requirements. */
  readonly loops: readonly (readonly string[])[];
}

interface State {
  readonly nodes: Map<string, NodeFacts>;
  readonly requirers: Map<string, Set<string>>;
  readonly hosts: Map<string, string>;
  /** By host, how many. */
  readonly guests: Map<string, number>;
  readonly crowded: Set<string>;
  readonly asking: Set<string>;
  readonly idle: Set<string>;
  summary: Summary | undefined;
  generation: number;
}

const passing = new WeakMap<Template, Summary>();
const purpose = 'summary';

export function summaryOf(template: Template): Summary {
  const changes = changesOf(template);
  const kept = changes?.ledger.get(purpose) as State | undefined;
  if (changes === undefined) {
    const made = passing.get(template) ?? renew(emptyState(), template, template.nodes.keys());
    passing.set(template, made);
    return made;
  }
  if (kept?.summary !== undefined && kept.generation === changes.generation) return kept.summary;
  const changed = kept !== undefined && kept.generation === changes.since ? changes.names.nodes : undefined;
  const state = changed === undefined || kept === undefined ? emptyState() : kept;
  state.generation = changes.generation;
  changes.ledger.set(purpose, state);
  return renew(state, template, changed ?? template.nodes.keys());
}

const emptyState = (): State => ({
  nodes: new Map(),
  requirers: new Map(),
  hosts: new Map(),
  guests: new Map(),
  crowded: new Set(),
  asking: new Set(),
  idle: new Set(),
  summary: undefined,
  generation: -1,
});

/** Takes in the nodes that may be others than before; what does not change leaves the summary the same. */
function renew(state: State, template: Template, names: Iterable<string>): Summary {
  const { nodes, requirers, hosts, guests, crowded, asking, idle, summary: before } = state;
  /** Whose requirers may be others. */
  const required = new Set<string>();
  const others: NodeFacts[] = [];
  let kindsChange = before === undefined;
  for (const name of names) {
    const node = template.nodes.get(name);
    const old = nodes.get(name);
    if (node === undefined) continue;
    const facts = factsOf(node, template);
    nodes.set(name, facts);
    if (facts.digest === old?.digest) continue;
    others.push(facts);
    kindsChange ||= facts.kind !== old?.kind;
    if (facts.servicePorts.some(port => port !== undefined)) asking.add(name);
    else asking.delete(name);
    required.add(name);
    for (const target of old?.required ?? []) {
      requirers.get(target)?.delete(name);
      required.add(target);
    }
    for (const target of facts.required) {
      required.add(target);
      const all = requirers.get(target);
      if (all === undefined) requirers.set(target, new Set([name]));
      else all.add(name);
    }
  }
  if (before !== undefined && others.length === 0) return before;
  for (const name of required) {
    if (nodes.get(name)?.isRuntime === true && (requirers.get(name)?.size ?? 0) === 0) idle.add(name);
    else idle.delete(name);
  }
  for (const { name } of others) {
    findHost(name);
    if (before !== undefined) for (const requirer of requirers.get(name) ?? []) findHost(requirer);
  }
  const kinds =
    before === undefined || kindsChange
      ? [...nodes.values()].flatMap(({ name, kind }) => (kind === undefined ? [] : [name]))
      : before.kinds;
  const deciding = kinds.find(name => /^\w+$/.test(name)) ?? kinds[0];
  const loops =
    before?.loops.length === 0 && !others.some(({ name }) => requiresItself(name, nodes)) ? [] : inOrder(nodes).loops;
  const summary: Summary = {
    nodes,
    kinds,
    deciding: nodes.get(deciding ?? ''),
    requirers,
    hosts,
    crowded,
    asking,
    idle,
    loops,
  };
  state.summary = summary;
  return summary;

  function findHost(name: string): void {
    const node = template.nodes.get(name);
    const host = node === undefined || nodes.get(name)?.kind === undefined ? undefined : hostOf(template, node)?.node;
    const old = hosts.get(name);
    if (old === host?.name) return;
    if (old !== undefined) countGuest(old, -1);
    if (host === undefined) {
      hosts.delete(name);
      return;
    }
    hosts.set(name, host.name);
    countGuest(host.name, 1);
  }

  function countGuest(host: string, by: number): void {
    const now = (guests.get(host) ?? 0) + by;
    guests.set(host, now);
    if (now > 1) crowded.add(host);
    else crowded.delete(host);
  }
}

function requiresItself(start: string, nodes: ReadonlyMap<string, NodeFacts>): boolean {
  const seen = new Set<string>();
  const toVisit = [start];
  for (let name = toVisit.pop(); name !== undefined; name = toVisit.pop()) {
    for (const target of nodes.get(name)?.required ?? []) {
      if (target === start) return true;
      if (!seen.has(target)) toVisit.push(target);
      seen.add(target);
    }
  }
  return false;
}

const known = new WeakMap<NodeTemplate, NodeFacts>();

/** Kept for each state of a node. */
export function factsOf(node: NodeTemplate, template: TemplateView): NodeFacts {
  const before = known.get(node);
  if (before !== undefined) return before;
  const { name, typeName, requirements } = node;
  const resources = resourcesOf(node);
  const servicePorts = itemsOf(entryNamed(resources, 'publish_ports')?.value, template).map(item =>
    literal(entryOf(followed(item, template), 'target')?.value, template),
  );
  const ports = publishedPorts({ resources }, template);
  const leads = requirements.map(each => [each.name, text(each.target), text(each.capability)]);
  const facts: NodeFacts = {
    name,
    kind: kindOf(node),
    isRuntime: typeName === dockerRuntimeType,
    required: requirements.flatMap(({ target }) => text(target) ?? []),
    servicePorts,
    ports,
    digest: JSON.stringify([typeName, leads, servicePorts, ports]),
  };
  known.set(node, facts);
  return facts;
}

/** What follows from a summary, worked out once for each; or once for each `basis` of it, where it rests on no more. */
export function concluded<T>(
  conclude: (summary: Summary) => T,
  basis: (summary: Summary) => object = summary => summary,
): (summary: Summary) => T {
  const conclusions = new WeakMap<object, { readonly value: T }>();
  return summary => {
    let conclusion = conclusions.get(basis(summary));
    if (conclusion === undefined) {
      conclusion = { value: conclude(summary) };
      conclusions.set(basis(summary), conclusion);
    }
    return conclusion.value;
  };
}

/** Apps and jobs by the name of the node that hosts them, in the order of the text. */
export const hosted = concluded(({ kinds, hosts, nodes }) => {
  const byHost = new Map<string, NodeFacts[]>();
  for (const name of kinds) {
    const host = hosts.get(name);
    const facts = nodes.get(name);
    if (host === undefined || facts === undefined) continue;
    const beside = byHost.get(host);
    if (beside === undefined) byHost.set(host, [facts]);
    else beside.push(facts);
  }
  return byHost;
});
