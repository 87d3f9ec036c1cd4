// Reads the type data of schemas/, and upstream's, into one shape in which they can be compared. No test by itself.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const schemas = path.join(root, 'schemas');
const corpus = process.env.TOSCA_CORPUS ?? path.join(root, '..', 'shared', 'corpus');

export const sections = [
  'artifact_types',
  'capability_types',
  'data_types',
  'group_types',
  'interface_types',
  'node_types',
  'policy_types',
  'relationship_types',
] as const;
export type Section = (typeof sections)[number];

export type Value = null | boolean | number | string | readonly Value[] | Mapping;
export interface Mapping {
  readonly [key: string]: Value | undefined;
}
/** Type name -> its definition, by section. */
export type Types = Readonly<Record<Section, Readonly<Record<string, Mapping>>>>;

export const isMapping = (value: Value | undefined): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const mapping = (value: Value | undefined): Mapping => (isMapping(value) ? value : {});
export const members = (value: Value | undefined): readonly (readonly [string, Mapping])[] =>
  Object.entries(mapping(value)).map(([name, definition]) => [name, mapping(definition)]);
/** A list of one-entry maps, as `requirements` is. */
export const listed = (value: Value | undefined): readonly (readonly [string, Mapping])[] =>
  Array.isArray(value) ? value.flatMap(item => members(item)) : [];

/** Upstream files have duplicate keys (the last one counts) and YAML 1.1 booleans. */
export function readUpstream(...names: readonly string[]): Types {
  return merge(names.map(name => parse(path.join(corpus, name), { version: '1.1', uniqueKeys: false })));
}
export const hasUpstream = (name: string) => existsSync(path.join(corpus, name));

export const filesOf = (folder: string) =>
  readdirSync(path.join(schemas, folder))
    .filter(file => file.endsWith('.yaml'))
    .map(file => path.join(schemas, folder, file));

/**
 * The types of folders of ours, the nearest first: the first folder that declares a type counts. Throws where a file is
 * not strict YAML, or two files of one folder declare the same type.
 */
export function readOurs(...folders: readonly string[]): Types {
  const layers = folders.map(folder =>
    merge(filesOf(folder).map(file => parse(file, { version: '1.2', uniqueKeys: true }))),
  );
  const seen = sections.map(section => [section, Object.assign({}, ...layers.map(types => types[section]).reverse())]);
  return Object.fromEntries(seen) as Types;
}

export function parse(
  file: string,
  options: { readonly version: '1.1' | '1.2'; readonly uniqueKeys: boolean },
): Mapping {
  const document = parseDocument(readFileSync(file, 'utf8'), options);
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw new Error(`${file}: ${problem.message}`);
  return mapping(document.toJS() as Value);
}

function merge(files: readonly Mapping[]): Types {
  const all = Object.fromEntries(sections.map(section => [section, {} as Record<string, Mapping>]));
  for (const file of files) {
    for (const section of sections) {
      for (const [name, definition] of members(file[section])) {
        if (all[section]?.[name] !== undefined) throw new Error(`${name} is declared twice`);
        Object.assign(all[section] ?? {}, { [name]: definition });
      }
    }
  }
  return all as Record<Section, Record<string, Mapping>>;
}

/**
 * What a definition says, without words (`description`, `metadata`) and in one spelling: scalars as text, as the production
 * parser reads them (a value that is left empty is the empty text), an entry schema as a map, an operation as a map.
 */
export function facts(section: Section, definition: Mapping): Mapping {
  const { description: _, metadata: __, interfaces, ...rest } = definition;
  const bare = wordless(rest) as Mapping;
  if (section === 'interface_types') return bare;
  return { ...bare, ...(interfaces === undefined ? {} : { interfaces: interfacesOf(interfaces) }) };
}

/** `properties`, `attributes` and the like hold names, which may themselves be `description`. */
const named = new Set(['properties', 'attributes', 'capabilities', 'artifacts']);

function wordless(value: Value | undefined, key = ''): Value {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(item => wordless(item));
  if (!isMapping(value)) return key === 'entry_schema' ? { type: String(value) } : String(value);
  const kept = Object.entries(value).filter(
    ([name]) => named.has(key) || (name !== 'description' && name !== 'metadata'),
  );
  return Object.fromEntries(kept.map(([name, item]) => [name, wordless(item, name)]));
}

function interfacesOf(value: Value): Mapping {
  return Object.fromEntries(
    members(value).map(([name, body]) => [
      name,
      Object.fromEntries(
        Object.entries(body).map(([operation, item]) => [
          operation,
          operation !== 'type' && typeof item === 'string' ? { implementation: item } : wordless(item),
        ]),
      ),
    ]),
  );
}
