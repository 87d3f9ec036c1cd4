// What holds for our type data by itself: plain YAML, words for everything, no dangling names, and sections that can be cut by lines.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
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

const folders = ['tosca-1.0', 'indigo'] as const;
const files = folders.flatMap(filesOf);
const types = folders.map(readOurs);
const all = types.flatMap(each =>
  sections.flatMap(section => Object.entries(each[section]).map(([name, body]) => ({ section, name, body }))),
);
const declared = (section: Section) => new Set(all.filter(type => type.section === section).map(type => type.name));

const builtIn = new Set([
  ...['string', 'integer', 'float', 'boolean', 'timestamp', 'version', 'range', 'list', 'map'],
  ...['scalar-unit.size', 'scalar-unit.time', 'scalar-unit.frequency'],
]);
const memberSections = ['properties', 'attributes', 'capabilities'] as const;
/** Direct keys of an interface type that are no operations. */
const interfaceKeynames = new Set(['derived_from', 'description', 'metadata', 'inputs', 'version']);

/** Everything in a type that must have words: the type itself, its members, its requirements, its operations. */
function described(section: Section, body: Mapping): readonly (readonly [string, Mapping])[] {
  return [
    ['', body],
    ...memberSections.flatMap(part =>
      members(body[part]).map(([name, member]) => [`${part} ${name}`, member] as const),
    ),
    ...listed(body.requirements).map(([name, member]) => [`requirement ${name}`, member] as const),
    ...(section === 'interface_types' ? members(body).filter(([name]) => !interfaceKeynames.has(name)) : []),
  ];
}

const text = (value: Value | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
const texts = (value: Value | undefined): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

/** Every type that a type names, with the section in which it must be declared. */
function references(section: Section, body: Mapping): readonly (readonly [Section, string])[] {
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
  return found.flatMap(([where, name]) => (name === undefined ? [] : [[where, name] as const]));
}

describe.each(files.map(file => [path.relative(path.dirname(path.dirname(file)), file), file]))('%s', (_, file) => {
  const source = readFileSync(file, 'utf8');
  const content = parse(file, { version: '1.2', uniqueKeys: true });

  it('has a version, a description, and type sections only', () => {
    const [version, description, ...rest] = Object.keys(content);
    expect([version, description]).toEqual(['tosca_definitions_version', 'description']);
    expect(content.tosca_definitions_version).toBe('tosca_simple_yaml_1_0');
    expect(rest.length).toBeGreaterThan(0);
    expect(sections).toEqual(expect.arrayContaining(rest));
  });

  it('reads the same as YAML 1.1 and as YAML 1.2', () => {
    expect(parse(file, { version: '1.1', uniqueKeys: true })).toEqual(content);
  });

  it('can be cut into types by its lines', () => {
    let section = '';
    const cut: string[] = [];
    for (const line of source.split('\n')) {
      section = /^(\w+_types):$/.exec(line)?.[1] ?? section;
      const name = /^ {2}([\w.]+):$/.exec(line)?.[1];
      if (section !== '' && name !== undefined) cut.push(`${section} ${name}`);
    }
    expect(cut).toEqual(
      Object.keys(content)
        .filter(key => key.endsWith('_types'))
        .flatMap(key => Object.keys(mapping(content[key])).map(name => `${key} ${name}`)),
    );
    expect(source).not.toMatch(/[\t\r]|^.*<<:|[:-] [&*]\w/m);
  });
});

describe('type data', () => {
  it('describes every type, property, attribute, capability, requirement and operation in a sentence', () => {
    const wanting = all.flatMap(({ section, name, body }) =>
      described(section, body)
        .filter(([, member]) => !/^[^\s].{18,}\.$/s.test(text(member.description) ?? ''))
        .map(([which, member]) => `${name} ${which}: ${text(member.description) ?? 'nothing'}`),
    );
    expect(wanting).toEqual([]);
  });

  it('has code in descriptions closed', () => {
    const open = all.flatMap(({ section, name, body }) =>
      described(section, body)
        .filter(([, member]) => (text(member.description)?.split('`').length ?? 1) % 2 === 0)
        .map(([which]) => `${name} ${which}`),
    );
    expect(open).toEqual([]);
  });

  it('names no type that is not there', () => {
    const known = new Map(sections.map(section => [section, declared(section)]));
    const dangling = all.flatMap(({ section, name, body }) =>
      references(section, body)
        .filter(([where, wanted]) => !known.get(where)?.has(wanted) && !(where === 'data_types' && builtIn.has(wanted)))
        .map(([, wanted]) => `${name} names ${wanted}`),
    );
    expect(dangling).toEqual([]);
  });

  it('derives no type from itself', () => {
    const parents = new Map(all.map(type => [type.name, text(type.body.derived_from)]));
    for (const start of parents.keys()) {
      const line = [start];
      for (let next = parents.get(start); next !== undefined; next = parents.get(next)) {
        expect(line, start).not.toContain(next);
        line.push(next);
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
    for (const { name, body } of all)
      for (const [member, definition] of [...members(body.properties), ...members(body.attributes)])
        look(`${name} ${member}`, definition);
    expect(open).toEqual([]);
  });
});
