// One service template, resolved: what its nodes, inputs and outputs are, and which types stand behind them.
import type { Release } from '../../../protocol/src/plan.ts';
import { type FunctionCall, functionCall } from '../grammar/functions.ts';
import { alienVersions, foreignOf, relativeOf, type Version, versionOf } from '../grammar/versions.ts';
import type { SyntaxDocument } from '../syntax/document.ts';
import { EntryMap, mayChange } from '../syntax/entry-map.ts';
import { type Entry, entries, get, items, type Node, name, text } from '../syntax/nodes.ts';
import type { Catalog, ResolvedType } from '../types/catalog.ts';
import { type PropertyDefinition, readProperty } from '../types/definitions.ts';
import type { Dialect } from '../types/dialect.ts';
import type { Settings } from '../workspace/settings.ts';
import type { Import, Known, Library } from './library.ts';
import { releaseOf } from './pragmas.ts';

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

/** The maps of a template whose entries have names that others may use. */
export interface NamedParts {
  readonly inputs: ReadonlyMap<string, PropertyDefinition>;
  readonly nodes: ReadonlyMap<string, NodeTemplate>;
  readonly outputs: ReadonlyMap<string, Output>;
  readonly relationships: ReadonlyMap<string, Entry>;
  readonly groups: ReadonlyMap<string, Entry>;
  readonly workflows: ReadonlyMap<string, Entry>;
  readonly repositories: ReadonlyMap<string, Entry>;
}

/** A template as a rule sees it from one of its parts: all but the text around. */
export interface TemplateView extends NamedParts {
  readonly uri: string;
  /** Undefined where it is missing or not known. */
  readonly version: Version | undefined;
  /** The language that the file is written in where that is none of the Simple Profile's, but a known one: only what YAML says is checked then. */
  readonly relative: string | undefined;
  readonly dialect: Dialect;
  /** What the template is to run on. */
  readonly release: Release;
  readonly catalog: Catalog;
  readonly imports: readonly Import[];
  /** The node that `*name` stands for. */
  readonly anchor: (name: string) => Node | undefined;
  /** Whether a file is there, by its URI; undefined where nobody can say. */
  readonly fileExists: (uri: string) => boolean | undefined;
}

export interface Template extends TemplateView {
  readonly document: SyntaxDocument;
}

/** What has changed since the template before: what held then, and rests on nothing of this, holds still. */
export interface Changes {
  readonly generation: number;
  /** Generation of the template before; -1 where nothing can be said. */
  readonly since: number;
  /** By map, the names whose values may be others; undefined where all may be. */
  readonly names: { readonly [Key in keyof NamedParts]: ReadonlySet<string> | undefined };
  /** Room for what is kept from one state of a template to the next. */
  readonly ledger: Map<string, unknown>;
}

let generations = 0;
const changesIn = new WeakMap<Template, Changes>();

export const changesOf = (template: Template): Changes | undefined => changesIn.get(template);

type EntryMaps = {
  readonly [Key in keyof NamedParts]: EntryMap<NamedParts[Key] extends ReadonlyMap<string, infer T> ? T : never>;
};

/** The maps of a template as they were made, for the next template to go on from. */
const mapsOf = new WeakMap<Template, EntryMaps>();

/** `previous` is the same template before an edit: what did not change is taken over. */
export function resolveTemplate(
  uri: string,
  document: SyntaxDocument,
  library: Library,
  settings: Settings,
  previous?: Template,
): Template {
  const known = library.catalog(uri, document);
  const { catalog, imports } = known;
  const { root } = document;
  const before = previous?.catalog === catalog ? mapsOf.get(previous) : undefined;
  const maps = entryMapsOf(root, makers(uri, catalog), before);
  const dialect = dialectOf(known);
  const named = text(get(root, 'tosca_definitions_version'));
  const production = dialect === 'orchestrator';
  const template: Template = {
    uri,
    document,
    version: production && alienVersions.has(named ?? '') ? '1.0' : versionOf(named),
    relative: production && alienVersions.has(named ?? '') ? undefined : (relativeOf(named) ?? foreignOf(root)),
    dialect,
    release: releaseOf(document) ?? settings.release,
    catalog,
    imports,
    anchor: document.anchor,
    fileExists: library.fileExists,
    ...maps,
  };
  mapsOf.set(template, maps);
  changesIn.set(template, {
    generation: ++generations,
    since: (previous && before && isLike(previous, template) && changesIn.get(previous)?.generation) || -1,
    names: {
      inputs: maps.inputs.changed,
      nodes: maps.nodes.changed,
      outputs: maps.outputs.changed,
      relationships: maps.relationships.changed,
      groups: maps.groups.changed,
      workflows: maps.workflows.changed,
      repositories: maps.repositories.changed,
    },
    ledger: (previous && changesIn.get(previous)?.ledger) ?? new Map<string, unknown>(),
  });
  return template;
}

type Makers = {
  readonly [Key in keyof EntryMaps]: (entry: Entry) => EntryMaps[Key] extends EntryMap<infer T> ? T : never;
};

/** Apart from the function that makes the maps, for they would hold on to all that it knows: to the maps before, and so to all before them. */
function makers(uri: string, catalog: Catalog): Makers {
  const itself = (entry: Entry) => entry;
  return {
    inputs: entry => input(entry, uri),
    nodes: entry => nodeTemplate(entry, catalog),
    outputs: output,
    relationships: itself,
    groups: itself,
    workflows: itself,
    repositories: itself,
  };
}

function entryMapsOf(root: Node, make: Makers, before: EntryMaps | undefined): EntryMaps {
  const topology = get(root, 'topology_template');
  const all = (section: string, holder: Node | undefined = topology) => entries(get(holder, section));
  return {
    inputs: new EntryMap(all('inputs'), make.inputs, before?.inputs),
    nodes: new EntryMap(all('node_templates'), make.nodes, before?.nodes),
    outputs: new EntryMap(all('outputs'), make.outputs, before?.outputs),
    relationships: new EntryMap(all('relationship_templates'), make.relationships, before?.relationships),
    groups: new EntryMap(all('groups'), make.groups, before?.groups),
    workflows: new EntryMap(all('workflows'), make.workflows, before?.workflows),
    repositories: new EntryMap(all('repositories', root), make.repositories, before?.repositories),
  };
}

const isLike = (one: Template, other: Template) =>
  one.version === other.version &&
  one.relative === other.relative &&
  one.dialect === other.dialect &&
  one.release === other.release;

/**
 * A file is INDIGO's if it imports the INDIGO types, from wherever, or declares some itself. One that cannot be read is taken for them if it
 * is called like them.
 */
function dialectOf({ files, imports }: Known): Dialect {
  return imports.some(
    ({ target, unread, written }) =>
      target.kind === 'bundled' || (unread !== undefined && /(^|\/)custom_types\.ya?ml$/i.test(written)),
  ) || files.some(({ document }) => declaresIndigo(document))
    ? 'orchestrator'
    : 'strict';
}

const indigoFiles = new WeakMap<SyntaxDocument, boolean>();

function declaresIndigo(document: SyntaxDocument): boolean {
  const known = indigoFiles.get(document);
  if (known !== undefined) return known;
  const found = entries(get(document.root, 'node_types')).some(entry => name(entry).startsWith('tosca.nodes.indigo.'));
  indigoFiles.set(document, found);
  return found;
}

/** Made once for each state of an entry. */
function keep<T>(known: WeakMap<Entry, T>, entry: Entry, make: () => T, holds: (known: T) => boolean = () => true): T {
  const before = known.get(entry);
  if (before !== undefined && holds(before) && !mayChange(entry)) return before;
  const made = make();
  known.set(entry, made);
  return made;
}

const knownNodes = new WeakMap<Entry, NodeTemplate>();
const knownInputs = new WeakMap<Entry, PropertyDefinition>();
const knownOutputs = new WeakMap<Entry, Output>();

const input = (entry: Entry, uri: string) => keep(knownInputs, entry, () => readProperty(entry, uri));

const output = (entry: Entry) =>
  keep(knownOutputs, entry, () => ({ name: name(entry), entry, value: get(entry.value, 'value') }));

function nodeTemplate(entry: Entry, catalog: Catalog): NodeTemplate {
  const body = entry.value;
  const typeName = text(get(body, 'type'));
  const type = typeName === undefined ? undefined : catalog.find('node', typeName);
  return keep(
    knownNodes,
    entry,
    () => ({
      name: name(entry),
      entry,
      typeName,
      type,
      properties: entries(get(body, 'properties')),
      capabilities: entries(get(body, 'capabilities')),
      artifacts: entries(get(body, 'artifacts')),
      requirements: items(get(body, 'requirements')).flatMap(entries).map(requirement),
    }),
    known => known.type === type,
  );
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

const knownCalls = new WeakMap<Entry, readonly FunctionCall[]>();

/** All function calls in an entry, outer ones first. Kept for each state of it. */
export const callsInEntry = (entry: Entry): readonly FunctionCall[] =>
  keep(knownCalls, entry, () => callsIn(entry.value));

/** All function calls in a value, outer ones first. */
export function callsIn(node: Node | undefined): readonly FunctionCall[] {
  const calls: FunctionCall[] = [];
  const visit = (at: Node | undefined): void => {
    if (at?.kind === 'sequence') for (const item of at.items) visit(item);
    if (at?.kind !== 'mapping') return;
    const call = functionCall(at);
    if (call !== undefined) calls.push(call);
    for (const { value } of at.entries) visit(value);
  };
  visit(node);
  return calls;
}
