// One service template, resolved: what its nodes, inputs and outputs are, and which types stand behind them.
import { type FunctionCall, functionCall } from '../grammar/functions.ts';
import { type Version, versionOf } from '../grammar/versions.ts';
import type { SyntaxDocument } from '../syntax/document.ts';
import { type Entry, entries, get, items, type Node, name, text } from '../syntax/nodes.ts';
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
  /** All that others may see of it, as text. */
  readonly outline: string;
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
  /** What one part of the template may see of the others; the same object as long as that is the same. */
  readonly outline: Outline;
}

/** Names, types and requirements: all that findings in one entry may depend on in another. */
export interface Outline {
  readonly catalog: Catalog;
  readonly text: string;
}

/** `previous` is the same template before an edit: what did not change is taken over. */
export function resolveTemplate(
  uri: string,
  document: SyntaxDocument,
  library: Library,
  previous?: Template,
): Template {
  const { catalog, imports } = library.catalog(uri, document);
  const topology = get(document.root, 'topology_template');
  const version = versionOf(text(get(document.root, 'tosca_definitions_version')));
  const dialect = imports.some(({ target }) => target.kind === 'bundled') ? 'orchestrator' : 'strict';
  const nodes = byName(entries(get(topology, 'node_templates')), entry => nodeTemplate(entry, catalog));
  const inputs = byName(entries(get(topology, 'inputs')), entry => input(entry, uri));
  const outlined = [
    version ?? '',
    dialect,
    ...inputs.keys(),
    ...['relationship_templates', 'groups'].flatMap(key => entries(get(topology, key)).map(name)),
    ...[...nodes.values()].map(node => node.outline),
  ].join('\n');
  const same = previous?.outline.catalog === catalog && previous.outline.text === outlined;
  return {
    uri,
    document,
    version,
    dialect,
    catalog,
    imports,
    inputs,
    nodes,
    outputs: byName(entries(get(topology, 'outputs')), entry => ({
      name: name(entry),
      entry,
      value: get(entry.value, 'value'),
    })),
    outline: same ? previous.outline : { catalog, text: outlined },
  };
}

function byName<T>(all: readonly Entry[], make: (entry: Entry) => T): ReadonlyMap<string, T> {
  return new Map(all.map(entry => [name(entry), make(entry)]));
}

/** By entry, which stays the same object as long as its text does. */
const knownNodes = new WeakMap<Entry, { readonly catalog: Catalog; readonly node: NodeTemplate }>();
const knownInputs = new WeakMap<Entry, PropertyDefinition>();

function input(entry: Entry, uri: string): PropertyDefinition {
  const known = knownInputs.get(entry);
  if (known !== undefined) return known;
  const read = readProperty(entry, uri);
  knownInputs.set(entry, read);
  return read;
}

function nodeTemplate(entry: Entry, catalog: Catalog): NodeTemplate {
  const known = knownNodes.get(entry);
  if (known?.catalog === catalog) return known.node;
  const body = entry.value;
  const typeName = text(get(body, 'type'));
  const requirements = items(get(body, 'requirements')).flatMap(entries).map(requirement);
  const leading = requirements.map(each => `${each.name} ${text(each.target) ?? ''}`);
  const node: NodeTemplate = {
    name: name(entry),
    entry,
    typeName,
    type: typeName === undefined ? undefined : catalog.find('node', typeName),
    properties: entries(get(body, 'properties')),
    capabilities: entries(get(body, 'capabilities')),
    artifacts: entries(get(body, 'artifacts')),
    requirements,
    outline: [name(entry), typeName ?? '', ...leading].join(' '),
  };
  knownNodes.set(entry, { catalog, node });
  return node;
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
