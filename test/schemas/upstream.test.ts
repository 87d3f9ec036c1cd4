// Our type data says what upstream says: the INDIGO types, and the normative types as production and the standard hold them.
import { describe, expect, it } from 'vitest';
import { facts, hasUpstream, type Mapping, mapping, readOurs, readUpstream, sections, type Types } from './types.ts';

// A skipped describe still runs its body: the corpus is read within the tests only.
const indigo = 'indigo/types/custom_types.yaml';
const production = 'standard/orchestrator-normative-types-1.0.0.yaml';
const standard = [
  'nodes',
  'capabilities',
  'relationships',
  'data',
  'interfaces',
  'artifacts',
  'policies',
  'groups',
].map(part => `standard/simple/1.0/${part}.yaml`);
/** In a type whose production form wins, these are completed from the standard, name by name. */
const completed = ['properties', 'attributes', 'capabilities'] as const;

const names = (types: Types) =>
  sections.flatMap(section => Object.keys(types[section]).map(name => `${section} ${name}`));

function expectSame(ours: Types, theirs: Types) {
  for (const section of sections) {
    for (const [name, definition] of Object.entries(theirs[section])) {
      expect(facts(section, mapping(ours[section][name])), name).toEqual(facts(section, definition));
    }
  }
}

/** Production's definition; what only the standard has is added: types, members, operations and an interface's parent. */
function withStandard(main: Types, other: Types): Types {
  const merged = sections.map(section => {
    const all: Record<string, Mapping> = { ...other[section], ...main[section] };
    for (const [name, theirs] of Object.entries(main[section])) {
      const added = mapping(other[section][name]);
      const grown = completed.filter(part => added[part] !== undefined);
      const parts = grown.map(part => [part, { ...mapping(added[part]), ...mapping(theirs[part]) }]);
      all[name] = { ...(section === 'interface_types' ? added : {}), ...theirs, ...Object.fromEntries(parts) };
    }
    return [section, all];
  });
  return Object.fromEntries(merged) as Types;
}

describe.skipIf(!hasUpstream(indigo))('INDIGO types (skipped where the corpus is absent)', () => {
  const ours = readOurs('indigo');
  const theirs = () => readUpstream(indigo);

  it('holds every type of upstream, and none besides', () => {
    expect(names(theirs()).length).toBeGreaterThan(90);
    expect(names(ours).sort()).toEqual(names(theirs()).sort());
  });

  it('agrees with upstream in all but words', () => expectSame(ours, theirs()));
});

describe.skipIf(!hasUpstream(production) || !hasUpstream(standard[0] ?? ''))(
  'normative types of 1.0 (skipped where the corpus is absent)',
  () => {
    const ours = readOurs('tosca-1.0');
    const theirs = () => withStandard(readUpstream(production), readUpstream(...standard));

    it('holds every type of production and of the standard, and none besides', () => {
      expect(names(theirs()).length).toBeGreaterThan(60);
      expect(names(ours).sort()).toEqual(names(theirs()).sort());
    });

    it('agrees with production, completed from the standard, in all but words', () => expectSame(ours, theirs()));
  },
);
