// Definitions as they are written in a type: properties, attributes, capabilities, requirements, artifacts.
import { type Entry, entries, entryOf, get, items, type Node, name, text } from '../syntax/nodes.ts';
import { type Constraint, readConstraints } from './constraints.ts';

/** A place in a file, as a definition, hover or related information needs it. */
export interface Written {
  readonly entry: Entry;
  readonly uri: string;
}

export interface Schema {
  readonly type: string;
  readonly entry: Schema | undefined;
  /** What the keys of a map are. */
  readonly key: Schema | undefined;
  readonly constraints: readonly Constraint[];
}

export interface PropertyDefinition extends Written {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
  readonly default: Node | undefined;
  readonly description: string | undefined;
  readonly status: string | undefined;
}

export interface CapabilityDefinition extends Written {
  readonly name: string;
  readonly type: string;
  readonly description: string | undefined;
  readonly validSourceTypes: readonly string[];
  /** How many relationships it takes. */
  readonly atMost: number;
  /** Definitions that refine those of the capability's type. */
  readonly properties: ReadonlyMap<string, PropertyDefinition>;
}

export interface RequirementDefinition extends Written {
  readonly name: string;
  readonly capability: string;
  readonly node: string | undefined;
  readonly relationship: string | undefined;
  /** Lower bound; 1 where it is not written. */
  readonly atLeast: number;
  /** Upper bound, Infinity where there is none; 1 where it is not written. */
  readonly atMost: number;
  readonly description: string | undefined;
}

export interface ArtifactDefinition extends Written {
  readonly name: string;
  readonly type: string | undefined;
  readonly file: Node | undefined;
}

/** The texts of a list, or the one text in its place. */
export const texts = (node: Node | undefined): readonly string[] =>
  (node?.kind === 'scalar' ? [node] : items(node)).flatMap(item => text(item) ?? []);

export const yes = (value: string | undefined) => value !== undefined && /^(true|yes|on|1)$/i.test(value);

export function readSchema(node: Node | undefined): Schema {
  if (node?.kind === 'scalar') return { type: node.value, entry: undefined, key: undefined, constraints: [] };
  const entry = get(node, 'entry_schema');
  const key = get(node, 'key_schema');
  return {
    type: text(get(node, 'type')) ?? 'string',
    entry: entry === undefined ? undefined : readSchema(entry),
    key: key === undefined ? undefined : readSchema(key),
    constraints: readConstraints(get(node, 'constraints')),
  };
}

export function readProperty(entry: Entry, uri: string): PropertyDefinition {
  const { value } = entry;
  return {
    name: name(entry),
    entry,
    uri,
    schema: readSchema(value?.kind === 'mapping' ? value : undefined),
    required: get(value, 'required') === undefined || yes(text(get(value, 'required'))),
    default: value?.kind === 'mapping' ? defaultOf(value) : value,
    description: text(get(value, 'description')),
    status: text(get(value, 'status')),
  };
}

/** `default:` with nothing behind it is the empty text; it stands where its key stands. */
function defaultOf(value: Node): Node | undefined {
  const entry = entryOf(value, 'default');
  if (entry === undefined || entry.value !== undefined) return entry?.value;
  return {
    kind: 'scalar',
    value: '',
    style: 'plain',
    section: entry.section,
    start: entry.key.start,
    end: entry.key.end,
  };
}

export function readProperties(node: Node | undefined, uri: string): ReadonlyMap<string, PropertyDefinition> {
  return new Map(entries(node).map(entry => [name(entry), readProperty(entry, uri)]));
}

export function readCapability(entry: Entry, uri: string): CapabilityDefinition {
  const { value } = entry;
  return {
    name: name(entry),
    entry,
    uri,
    type: text(value) ?? text(get(value, 'type')) ?? '',
    description: text(get(value, 'description')),
    validSourceTypes: texts(get(value, 'valid_source_types')),
    atMost: upperBound(value, Number.POSITIVE_INFINITY),
    properties: readProperties(get(value, 'properties'), uri),
  };
}

/** The upper bound of the `occurrences` of a definition, or of a capability assignment (1.3). */
export function upperBound(node: Node | undefined, otherwise: number): number {
  const upper = text(items(get(node, 'occurrences'))[1]);
  if (upper === undefined) return otherwise;
  return /^\d+$/.test(upper) ? Number(upper) : Number.POSITIVE_INFINITY;
}

export function readRequirement(entry: Entry, uri: string): RequirementDefinition {
  const { value } = entry;
  const relationship = get(value, 'relationship');
  const [lower] = items(get(value, 'occurrences'));
  return {
    name: name(entry),
    entry,
    uri,
    capability: text(value) ?? text(get(value, 'capability')) ?? '',
    node: text(get(value, 'node')),
    relationship: text(relationship) ?? text(get(relationship, 'type')),
    atLeast: lower === undefined ? 1 : Number(text(lower) ?? 1),
    atMost: upperBound(value, 1),
    description: text(get(value, 'description')),
  };
}

export function readArtifact(entry: Entry, uri: string): ArtifactDefinition {
  const { value } = entry;
  return {
    name: name(entry),
    entry,
    uri,
    type: text(get(value, 'type')),
    file: value?.kind === 'scalar' ? value : get(value, 'file'),
  };
}
