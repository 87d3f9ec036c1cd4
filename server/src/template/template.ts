// One service template, resolved: what its nodes, inputs and outputs are, and which types stand behind them.
import { type FunctionCall, functionCall } from '../grammar/functions.ts';
import { type Version, versionOf } from '../grammar/versions.ts';
import type { SyntaxDocument } from '../syntax/document.ts';
import { type Entry, entries, get, items, type Node, name, text, valueAt } from '../syntax/nodes.ts';
import type { Catalog, ResolvedType } from '../types/catalog.ts';
import { type PropertyDefinition, readProperty } from '../types/definitions.ts';
import type { Dialect } from '../types/dialect.ts';
import type { Import, Library } from './library.ts';

export interface RequirementAssignment {
  readonly name: string;
  readonly entry: Entry;
  /** Name of a node template (or type). */
  readonly target: Node | undefined;
  readonly capability: Node | undefined;
  readonly relationship: Node | undefined;
}

export interface NodeTemplate {
  readonly name: string;
  readonly entry: Entry;
  readonly type: ResolvedType | undefined;
  /** As written, also where no such type exists. */
  readonly typeName: string | undefined;
  readonly properties: readonly Entry[];
  readonly capabilities: readonly Entry[];
  readonly artifacts: readonly Entry[];
  readonly requirements: readonly RequirementAssignment[];
}

export interface Output {
  readonly name: string;
  readonly entry: Entry;
  readonly value: Node | undefined;
}

export interface Template {
  readonly uri: string;
  readonly document: SyntaxDocument;
  /** Undefined where it is missing or not known. */
  readonly version: Version | undefined;
  readonly dialect: Dialect;
  readonly catalog: Catalog;
  readonly imports: readonly Import[];
  readonly inputs: ReadonlyMap<string, PropertyDefinition>;
  readonly nodes: ReadonlyMap<string, NodeTemplate>;
  readonly outputs: ReadonlyMap<string, Output>;
  /** All functions of the topology, outer ones first. `within` is the node template that a call stands in. */
  readonly calls: readonly { readonly call: FunctionCall; readonly within: NodeTemplate | undefined }[];
}

export function resolveTemplate(uri: string, document: SyntaxDocument, library: Library): Template {
  const { catalog, imports } = library.catalog(uri, document);
  const topology = get(document.root, 'topology_template');
  const nodes = byName(entries(get(topology, 'node_templates')), entry => nodeTemplate(entry, catalog));
  let calls: Template['calls'] | undefined;
  return {
    uri,
    document,
    version: versionOf(text(get(document.root, 'tosca_definitions_version'))),
    dialect: imports.some(({ target }) => target.kind === 'bundled') ? 'orchestrator' : 'strict',
    catalog,
    imports,
    inputs: byName(entries(get(topology, 'inputs')), entry => readProperty(entry, uri)),
    nodes,
    outputs: byName(entries(get(topology, 'outputs')), entry => ({
      name: name(entry),
      entry,
      value: get(entry.value, 'value'),
    })),
    get calls() {
      calls ??= [
        ...[...nodes.values()].flatMap(node => callsIn(node.entry.value).map(call => ({ call, within: node }))),
        ...['relationship_templates', 'outputs', 'groups', 'policies', 'workflows']
          .flatMap(section => callsIn(valueAt(topology, section)))
          .map(call => ({ call, within: undefined })),
      ];
      return calls;
    },
  };
}

function byName<T>(all: readonly Entry[], make: (entry: Entry) => T): ReadonlyMap<string, T> {
  return new Map(all.map(entry => [name(entry), make(entry)]));
}

function nodeTemplate(entry: Entry, catalog: Catalog): NodeTemplate {
  const body = entry.value;
  const typeName = text(get(body, 'type'));
  return {
    name: name(entry),
    entry,
    typeName,
    type: typeName === undefined ? undefined : catalog.find('node', typeName),
    properties: entries(get(body, 'properties')),
    capabilities: entries(get(body, 'capabilities')),
    artifacts: entries(get(body, 'artifacts')),
    requirements: items(get(body, 'requirements')).flatMap(entries).map(requirement),
  };
}

function requirement(entry: Entry): RequirementAssignment {
  const { value } = entry;
  const long = value?.kind === 'mapping';
  return {
    name: name(entry),
    entry,
    target: long ? get(value, 'node') : value,
    capability: long ? get(value, 'capability') : undefined,
    relationship: long ? get(value, 'relationship') : undefined,
  };
}

/** All function calls in a value, outer ones first. */
export function callsIn(node: Node | undefined): readonly FunctionCall[] {
  if (node?.kind === 'sequence') return node.items.flatMap(callsIn);
  if (node?.kind !== 'mapping') return [];
  const call = functionCall(node);
  const inner = node.entries.flatMap(entry => callsIn(entry.value));
  return call === undefined ? inner : [call, ...inner];
}
