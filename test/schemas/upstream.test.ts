// Our type data says what upstream says: the INDIGO types, and the normative types as production and the standard hold them.
import { describe, expect, it } from 'vitest';
import { normativeFolders } from '../../server/src/types/normative.ts';
import { builtIn } from '../../server/src/types/scalars.ts';
import {
  facts,
  hasUpstream,
  listed,
  type Mapping,
  mapping,
  readOurs,
  readUpstream,
  type Section,
  sections,
  type Types,
} from './types.ts';

// A skipped describe still runs its body: the corpus is read within the tests only.
const indigo = 'indigo/types/custom_types.yaml';
const production = 'standard/orchestrator-normative-types-1.0.0.yaml';
const parts = ['nodes', 'capabilities', 'relationships', 'data', 'interfaces', 'artifacts', 'policies', 'groups'];
const profile = (version: string) => parts.map(part => `standard/simple/${version}/${part}.yaml`);
/** Built into the language, or rather into the parser. */
const implicit = (version: string) => `standard/implicit/${version}/data.yaml`;
const standard = profile('1.0');
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

type Correction = readonly [section: Section, name: string, correct: (definition: Mapping) => Mapping];

const fromText1: readonly Correction[] = [
  [
    'artifact_types',
    'tosca.artifacts.Deployment.Image.VM',
    definition => ({ ...definition, derived_from: 'tosca.artifacts.Deployment.Image' }),
  ],
];
const fromText2: readonly Correction[] = [
  ...fromText1,
  [
    'node_types',
    'tosca.nodes.Abstract.Storage',
    definition => ({
      ...definition,
      derived_from: 'tosca.nodes.Root',
      properties: {
        ...mapping(definition.properties),
        size: { type: 'scalar-unit.size', default: '0 MB', constraints: [{ greater_or_equal: '0 MB' }] },
      },
    }),
  ],
  [
    'node_types',
    'tosca.nodes.Container.Runtime',
    definition => {
      const capabilities = mapping(definition.capabilities);
      const host = { ...mapping(capabilities.host), type: 'tosca.capabilities.Compute' };
      return { ...definition, capabilities: { ...capabilities, host } };
    },
  ],
  [
    'node_types',
    'tosca.nodes.Container.Application',
    definition => ({
      ...definition,
      requirements: listed(definition.requirements).map(([name, requirement]) => ({
        [name]: name === 'network' ? { ...requirement, capability: 'tosca.capabilities.Endpoint' } : requirement,
      })),
    }),
  ],
];
/** Where the profiles of the corpus, go-puccini's, stray from the text of the standard, ours follow the text. */
const corrections = { '1.1': fromText1, '1.2': fromText2, '1.3': fromText2 } as const;

function corrected(types: Types, list: readonly Correction[]): Types {
  const result: Record<Section, Record<string, Mapping>> = structuredClone(types);
  for (const [section, name, correct] of list) result[section][name] = correct(mapping(types[section][name]));
  return result;
}

/** JSON and XML are normative types, though the corpus has them built in; its constraints on them are go-puccini's own. */
function declared(types: Types): Types {
  const data = Object.entries(types.data_types).filter(([name]) => name.startsWith('tosca.'));
  const withoutConstraints = data.map(([name, { constraints: _, ...definition }]) => [name, definition]);
  return { ...types, data_types: Object.fromEntries(withoutConstraints) };
}

describe.skipIf(!hasUpstream(standard[0] ?? '')).each(['1.1', '1.2', '1.3'] as const)(
  'normative types of %s (skipped where the corpus is absent)',
  version => {
    const ours = readOurs(...normativeFolders[version]);
    const published = () => {
      const [types, data] = [readUpstream(...profile(version)), declared(readUpstream(implicit(version)))];
      return { ...types, data_types: { ...types.data_types, ...data.data_types } };
    };
    const theirs = () => corrected(published(), corrections[version]);

    it('holds every type of the standard, and none besides', () => {
      expect(names(theirs()).length).toBeGreaterThan(50);
      expect(names(ours).sort()).toEqual(names(theirs()).sort());
    });

    it('agrees with the standard in all but words', () => expectSame(ours, theirs()));

    it('corrects nothing that the profile has right', () => {
      const before = published();
      const after = theirs();
      for (const [section, name] of corrections[version]) {
        expect(facts(section, mapping(after[section][name]))).not.toEqual(
          facts(section, mapping(before[section][name])),
        );
      }
    });

    it('leaves to the language the types that are built in', () => {
      const types = Object.keys(readUpstream(implicit(version)).data_types);
      expect(types.length).toBeGreaterThan(10);
      expect(types.filter(name => !Object.hasOwn(builtIn, name) && ours.data_types[name] === undefined)).toEqual([]);
    });
  },
);
