// Who uses what of a template: inputs, by every part of it; and the places that name a node template.
import { functionCall } from '../grammar/functions.ts';
import { mayChange } from '../syntax/entry-map.ts';
import { type Entry, entries, get, items, type Node, name, text, valueAt } from '../syntax/nodes.ts';
import { chronosJobType, dockerRuntimeType, marathonAppType } from '../types/indigo.ts';
import { partEntries } from './part.ts';
import { callsIn, type Template } from './template.ts';

/** By name of the input: where an app, a job or a run time uses it within a list or a map of a property. */
export type InputUses = ReadonlyMap<string, readonly Node[]>;

/** Types whose lists and maps the Orchestrator reads member by member, as texts. */
const castsToText = new Set([marathonAppType, chronosJobType, dockerRuntimeType]);

const known = new WeakMap<Entry, InputUses>();

function usesOf(entry: Entry): InputUses {
  const before = known.get(entry);
  if (before !== undefined) return before;
  const uses = new Map<string, readonly Node[]>();
  for (const call of callsIn(entry.value)) {
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
    const call = functionCall(node);
    if (call !== undefined) {
      const wanted = call.name === 'get_input' ? text(items(call.argument)[0] ?? call.argument) : undefined;
      if (wanted !== undefined && inside && node !== undefined) uses.set(wanted, [...(uses.get(wanted) ?? []), node]);
      return; // what concat joins may be of any kind
    }
    for (const child of entries(node)) inCollections(child.value, true);
    for (const child of items(node)) inCollections(child, true);
  }
}

/** What each part of a template uses, one after the other, so that whoever has seen enough can stop. */
export function* inputUses(template: Template): Generator<InputUses> {
  for (const { entries: all } of partEntries(template)) {
    for (const entry of all) yield usesOf(entry);
  }
  const { root } = template.document;
  for (const at of ['dsl_definitions', 'topology_template'] as const) {
    for (const entry of entries(get(root, at))) {
      if (at === 'dsl_definitions' || name(entry) === 'policies') yield usesOf(entry);
    }
  }
  // properties are mapped to inputs by their bare names
  yield new Map(scalarsIn(valueAt(root, 'topology_template', 'substitution_mappings')).map(each => [each, []]));
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
