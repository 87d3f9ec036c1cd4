// What holds for our type data by itself: plain YAML, words for everything, no dangling names, sections that can be cut by lines.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Version } from '../../server/src/grammar/versions.ts';
import { normativeFolders } from '../../server/src/types/normative.ts';
import {
  facts,
  filesOf,
  isMapping,
  listed,
  type Mapping,
  mapping,
  members,
  parse,
  readOurs,
  type Section,
  sections,
  type Value,
} from './types.ts';

interface Type {
  readonly section: Section;
  readonly name: string;
  readonly body: Mapping;
}

interface Folder {
  readonly folder: string;
  readonly version: Version;
  /** Where the types that its files name are looked for, the nearest first. */
  readonly scope: readonly string[];
}

const folders: readonly Folder[] = [
  ...(['1.0', '1.1', '1.2', '1.3'] as const).map(version => ({
    folder: `tosca-${version}`,
    version,
    scope: normativeFolders[version],
  })),
  { folder: 'indigo', version: '1.0', scope: ['indigo', ...normativeFolders['1.0']] },
];
const files = folders.flatMap(({ folder, version }) =>
  filesOf(folder).map(file => {
    const content = parse(file, { version: '1.2', uniqueKeys: true });
    const types = sections.flatMap(section =>
      members(content[section]).map(([name, body]): Type => ({ section, name, body })),
    );
    const name = path.basename(file);
    return { label: `${folder}/${name}`, name, folder, version, file, content, types };
  }),
);
const all = files.flatMap(({ types }) => types);
const key = ({ section, name }: Pick<Type, 'section' | 'name'>) => `${section} ${name}`;

const builtIn = new Set([
  ...['string', 'integer', 'float', 'boolean', 'timestamp', 'version', 'range', 'list', 'map'],
  ...['scalar-unit.size', 'scalar-unit.time', 'scalar-unit.frequency'],
]);
const memberSections = ['properties', 'attributes', 'capabilities'] as const;
/** Direct keys of an interface type that are no operations. */
const interfaceKeynames = new Set(['derived_from', 'description', 'metadata', 'inputs', 'version', 'operations']);

/** The types that files of a folder may name. */
const typesIn = (scope: readonly string[]): readonly Type[] => {
  const types = readOurs(...scope);
  return sections.flatMap(section => members(types[section]).map(([name, body]): Type => ({ section, name, body })));
};

const text = (value: Value | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
const texts = (value: Value | undefined): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

/** The files of a list of `name: file` entries. */
const imports = (value: Value | undefined): readonly string[] =>
  Array.isArray(value) ? value.flatMap(item => Object.values(mapping(item)).map(String)) : [];

/** Everything in a type that must have words: the type itself, its members, its requirements, its operations. */
function described({ section, name, body }: Type): readonly { readonly what: string; readonly words: string }[] {
  const parts: (readonly [string, Mapping])[] = [
    ['', body],
    ...memberSections.flatMap(part =>
      members(body[part]).map(([member, definition]) => [`${part} ${member}`, definition] as const),
    ),
    ...listed(body.requirements).map(([member, definition]) => [`requirement ${member}`, definition] as const),
    ...(section === 'interface_types' ? operations(body) : []),
  ];
  return parts.map(([part, definition]) => ({ what: `${name} ${part}`, words: text(definition.description) ?? '' }));
}

/** Operations of an interface type: direct keys, or from 1.3 on a block. */
const operations = (body: Mapping) => [
  ...members(body).filter(([operation]) => !interfaceKeynames.has(operation)),
  ...members(body.operations),
];

/** Every type that a type names, and the section in which it must be declared; built-in data types left out. */
function references({ section, body }: Type): readonly Pick<Type, 'section' | 'name'>[] {
  const found: [Section, string | undefined][] = [[section, text(body.derived_from)]];
  const schema = (value: Value | undefined) => {
    if (!isMapping(value)) return;
    found.push(['data_types', text(value.type)]);
    schema(value.entry_schema);
  };
  for (const part of ['properties', 'attributes'] as const)
    for (const [, member] of members(body[part])) schema(member);
  for (const [, capability] of members(body.capabilities)) {
    found.push(['capability_types', text(capability.type)]);
    for (const source of texts(capability.valid_source_types)) found.push(['node_types', source]);
  }
  for (const [, requirement] of listed(body.requirements)) {
    found.push(['capability_types', text(requirement.capability)]);
    found.push(['node_types', text(requirement.node)]);
    found.push(['relationship_types', text(requirement.relationship)]);
  }
  for (const [, artifact] of members(body.artifacts)) found.push(['artifact_types', text(artifact.type)]);
  for (const [, each] of members(body.interfaces)) found.push(['interface_types', text(each.type)]);
  for (const target of texts(body.valid_target_types)) found.push(['capability_types', target]);
  return found.flatMap(([where, name]) =>
    name === undefined || (where === 'data_types' && builtIn.has(name)) ? [] : [{ section: where, name }],
  );
}

describe.each(files)('$label', ({ file, name, folder, version: of, content, types }) => {
  it('has a version, a description, imports if need be, and types', () => {
    const [version, description, ...rest] = Object.keys(content);
    expect([version, description]).toEqual(['tosca_definitions_version', 'description']);
    expect(content.tosca_definitions_version).toBe(`tosca_simple_yaml_${of.replace('.', '_')}`);
    expect(sections).toEqual(expect.arrayContaining(rest.filter((each, index) => each !== 'imports' || index > 0)));
    expect(types.length).toBeGreaterThan(0);
  });

  it('imports the families of which it names types, and no others', () => {
    const near = new Set([...typesIn(normativeFolders[of]), ...types].map(key));
    const wanted = new Set(
      types
        .flatMap(references)
        .map(key)
        .filter(each => !near.has(each)),
    );
    const families = files.filter(
      each => each.folder === folder && each.name !== name && each.types.some(type => wanted.has(key(type))),
    );
    expect(imports(content.imports)).toEqual(families.map(each => each.name).sort());
  });

  it('reads the same as YAML 1.1 and as YAML 1.2', () => {
    expect(parse(file, { version: '1.1', uniqueKeys: true })).toEqual(content);
  });

  it('can be cut into types by its lines', () => {
    const source = readFileSync(file, 'utf8');
    let section = '';
    const cut: string[] = [];
    for (const line of source.split('\n')) {
      section = /^(\w+):/.exec(line)?.[1] ?? section;
      const entry = /^ {2}([\w.]+):$/.exec(line)?.[1];
      if (section.endsWith('_types') && entry !== undefined) cut.push(`${section} ${entry}`);
    }
    expect(cut.sort()).toEqual(types.map(key).sort());
    expect(source).not.toMatch(/[\t\r]|^ *<<:|[:-] [&*]\w/m);
  });
});

describe('type data', () => {
  it('describes every type, property, attribute, capability, requirement and operation in a sentence', () => {
    const wanting = all.flatMap(described).filter(({ words }) => !/^\S.{18,}\.$/s.test(words));
    expect(wanting).toEqual([]);
  });

  it('has code in descriptions closed', () => {
    expect(all.flatMap(described).filter(({ words }) => words.split('`').length % 2 === 0)).toEqual([]);
  });

  it.each(folders)('names no type that is not there: $folder', ({ scope }) => {
    const types = typesIn(scope);
    const declared = new Set(types.map(key));
    const dangling = types.flatMap(type =>
      references(type).flatMap(named => (declared.has(key(named)) ? [] : [`${type.name} names ${named.name}`])),
    );
    expect(dangling).toEqual([]);
  });

  const normative = folders.filter(({ folder }) => folder !== 'indigo'); // upstream's own file repeats two
  it.each(normative)('repeats no type that a farther folder has in the same form: $folder', ({ scope }) => {
    const [nearest = '', ...farther] = scope;
    const before = readOurs(...farther);
    const again = typesIn([nearest]).filter(({ section, name, body }) => {
      const known = before[section][name];
      return known !== undefined && isDeepStrictEqual(facts(section, body), facts(section, known));
    });
    expect(again.map(key)).toEqual([]);
  });

  it.each(folders)('derives no type from itself: $folder', ({ scope }) => {
    const parents = new Map(typesIn(scope).map(type => [type.name, text(type.body.derived_from)]));
    for (const start of parents.keys()) {
      const line = new Set([start]);
      for (let next = parents.get(start); next !== undefined; next = parents.get(next)) {
        expect(line.has(next), `${start} derives from ${next} in a circle`).toBe(false);
        line.add(next);
      }
    }
  });

  it('gives each list and map the type of its entries', () => {
    const open: string[] = [];
    const look = (where: string, value: Value | undefined) => {
      const { type, entry_schema: entry } = mapping(value);
      if (type !== 'list' && type !== 'map') return;
      if (isMapping(entry)) look(where, entry);
      else open.push(where);
    };
    for (const { name, body } of all) {
      for (const part of ['properties', 'attributes'] as const) {
        for (const [member, definition] of members(body[part])) look(`${name} ${member}`, definition);
      }
    }
    expect(open).toEqual([]);
  });
});
