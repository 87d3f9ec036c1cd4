// Who uses what of a template: inputs, by every part of it; and the places that name a node template.
import { functionCall } from '../grammar/functions.ts';
import { mayChange } from '../syntax/entry-map.ts';
import { type Entry, entries, entryOf, get, items, type Node, text, valueAt } from '../syntax/nodes.ts';
import { chronosJobType, dockerRuntimeType, marathonAppType } from '../types/indigo.ts';
import { partEntries } from './part.ts';
import { callsIn, callsInEntry, changesOf, type Template } from './template.ts';

/** By name of the input: where an app, a job or a run time uses it within a list or a map of a property. */
type InputUses = ReadonlyMap<string, readonly Node[]>;

/** Types whose lists and maps the Orchestrator reads member by member, as texts. */
const castsToText = new Set([marathonAppType, chronosJobType, dockerRuntimeType]);

const known = new WeakMap<Entry, InputUses>();

/** Kept for each state of an entry. */
export function usesOf(entry: Entry): InputUses {
  const before = known.get(entry);
  if (before !== undefined) return before;
  const uses = new Map<string, readonly Node[]>();
  for (const call of callsInEntry(entry)) {
    const wanted = call.name === 'get_input' ? text(items(call.argument)[0] ?? call.argument) : undefined;
    if (wanted !== undefined) uses.set(wanted, []);
  }
  const type = text(get(entry.value, 'type')) ?? '';
  const holders = castsToText.has(type)
    ? [entry.value, ...entries(get(entry.value, 'capabilities')).map(each => each.value)]
    : [];
  for (const holder of holders) {
    for (const property of entries(get(holder, 'properties'))) inCollections(property.value, false);
  }
  if (!mayChange(entry)) known.set(entry, uses);
  return uses;

  function inCollections(node: Node | undefined, inside: boolean): void {
    if (node === undefined || node.kind === 'scalar') return;
    const call = functionCall(node);
    if (call !== undefined) {
      const wanted = call.name === 'get_input' ? text(items(call.argument)[0] ?? call.argument) : undefined;
      if (wanted !== undefined && inside) uses.set(wanted, [...(uses.get(wanted) ?? []), node]);
      return; // what concat joins may be of any kind
    }
    for (const child of entries(node)) inCollections(child.value, true);
    for (const child of items(node)) inCollections(child, true);
  }
}

/** How often each input is used, in all and within lists and maps. */
export interface Usage {
  readonly all: ReadonlyMap<string, number>;
  readonly inCollections: ReadonlyMap<string, number>;
}

const maps = ['inputs', 'nodes', 'outputs', 'relationships', 'groups', 'workflows'] as const;

interface Kept {
  readonly generation: number;
  readonly parts: Map<string, InputUses>;
  readonly all: Map<string, number>;
  readonly inCollections: Map<string, number>;
}

const purpose = 'input uses';

/** The entries of the template's maps, kept from one state to the next; the rest of the file is small. */
export function usageOf(template: Template): Usage {
  const changes = changesOf(template);
  const last = changes?.ledger.get(purpose) as Kept | undefined;
  if (last !== undefined && last.generation === changes?.generation) return withRest(template, last);
  const follows = last !== undefined && last.generation === changes?.since && maps.every(of => changes.names[of]);
  const { parts, all, inCollections } = follows ? last : { parts: new Map(), all: new Map(), inCollections: new Map() };
  const kept: Kept = { generation: changes?.generation ?? -1, parts, all, inCollections };
  for (const of of maps) {
    for (const name of (follows ? changes?.names[of] : undefined) ?? template[of].keys()) {
      const value = template[of].get(name);
      const entry = value === undefined || 'key' in value ? value : value.entry;
      count(kept, `${of} ${name}`, entry === undefined ? undefined : usesOf(entry));
    }
  }
  changes?.ledger.set(purpose, kept);
  return withRest(template, kept);
}

function count({ parts, all, inCollections }: Kept, key: string, uses: InputUses | undefined): void {
  const before = parts.get(key);
  if (before === uses) return;
  add(before, -1);
  add(uses, 1);
  if (uses === undefined || uses.size === 0) parts.delete(key);
  else parts.set(key, uses);

  function add(some: InputUses | undefined, by: number): void {
    for (const [name, inside] of some ?? []) {
      increase(all, name, by);
      if (inside.length > 0) increase(inCollections, name, by);
    }
  }
}

function increase(counts: Map<string, number>, name: string, by: number): void {
  const now = (counts.get(name) ?? 0) + by;
  if (now === 0) counts.delete(name);
  else counts.set(name, now);
}

/** With what stands in no map: policies, anchors, mapped properties; and the types, which have no business with inputs. */
function withRest({ document: { root } }: Template, { all, inCollections }: Kept): Usage {
  const topology = get(root, 'topology_template');
  const policies = entryOf(topology, 'policies');
  const rest = [...entries(get(root, 'dsl_definitions')), ...(policies === undefined ? [] : [policies])];
  // properties are mapped to inputs by their bare names
  const names = [
    ...rest.flatMap(entry => [...usesOf(entry).keys()]),
    ...scalarsIn(get(topology, 'substitution_mappings')),
  ];
  return names.length === 0
    ? { all, inCollections }
    : { all: new Map([...all, ...names.map(each => [each, 1] as const)]), inCollections };
}

/** Where an input is used within lists and maps. */
export function usesInCollections(template: Template, input: string): readonly Node[] {
  return [...template.nodes.values()].flatMap(({ entry }) => usesOf(entry).get(input) ?? []);
}

function scalarsIn(node: Node | undefined): readonly string[] {
  if (node?.kind === 'scalar') return [node.value];
  return [...items(node), ...entries(node).map(({ value }) => value)].flatMap(scalarsIn);
}

/** The nodes of the text that name a node template. */
export function namings(template: Template, wanted: string): readonly Node[] {
  const { root } = template.document;
  const found: Node[] = [];
  const note = (node: Node | undefined) => {
    if (node !== undefined && text(node) === wanted) found.push(node);
  };
  for (const node of template.nodes.values()) for (const { target } of node.requirements) note(target);
  for (const { entries: all } of partEntries(template)) for (const { value } of all) noteCalls(value);
  noteCalls(valueAt(root, 'topology_template', 'policies'));
  for (const group of template.groups.values()) items(get(group.value, 'members')).forEach(note);
  for (const policy of items(valueAt(root, 'topology_template', 'policies')).flatMap(entries))
    items(get(policy.value, 'targets')).forEach(note);
  for (const workflow of template.workflows.values())
    for (const step of entries(get(workflow.value, 'steps'))) note(get(step.value, 'target'));
  return found;

  function noteCalls(value: Node | undefined): void {
    for (const { name: called, argument } of callsIn(value)) {
      if (['get_property', 'get_attribute', 'get_operation_output', 'get_artifact'].includes(called))
        note(items(argument)[0]);
    }
  }
}
