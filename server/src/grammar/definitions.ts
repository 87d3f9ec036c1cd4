// Grammar of types and of the definitions in them.
import {
  type DefinitionConstruct,
  description,
  type Grammar,
  is,
  type Keyname,
  key,
  mapOf,
  occurrences,
  oneOf,
  oneOrMore,
  pairsOf,
  required,
  type Shape,
  short,
  type TypeKind,
  type,
  types,
} from './shape.ts';

const typeCommon = (kind: TypeKind) => ({
  derived_from: key(type(kind), 'The type that this one inherits from.'),
  version: key('text', 'Version of the type.'),
  metadata: key(mapOf('text'), 'Free information about the type.'),
  description,
});

const schema: Shape = short('entry schema', type('data'));

export const propertyCommon = {
  type: key(type('data'), 'Data type of the value.'),
  description,
  required: key('boolean', 'Whether a value must be there. `true` where it is not written.'),
  default: key('any', 'Value that is used where none is given.'),
  status: key(
    oneOf('supported', 'unsupported', 'experimental', 'deprecated'),
    '`supported`, `unsupported`, `experimental` or `deprecated`.',
    { production: 'dropped' },
  ),
  constraints: key('constraints', 'Conditions that a value must meet, for example `- greater_or_equal: 1`.'),
  entry_schema: key(schema, 'What the entries of a list or map are.'),
  key_schema: key(schema, 'What the keys of a map are.', { since: '1.3', production: 'dropped' }),
  metadata: key(mapOf('text'), 'Free information.', { since: '1.3' }),
  'external-schema': key('text', 'Schema of the value in another language.', { since: '1.3' }),
} as const;

/** Parameters of operations and workflows: definitions, or values right away. */
export const parameters = (doc: string): Keyname => key(mapOf(short('input', 'any')), doc);

const propertyDefinitions = key(mapOf(short('property definition', 'any')), 'Properties that an author sets, by name.');
const attributeDefinitions = key(
  mapOf(short('attribute definition', 'any')),
  'Values that the orchestrator fills at run time.',
);
const interfaceDefinitions = key(mapOf(is('interface definition')), 'Operations, by interface name.');
const operations = key(mapOf(short('operation')), 'Operations, by name.', { since: '1.3' });
const notifications = key(mapOf(short('notification')), 'Notifications, by name.', { since: '1.3' });
const validSources = key(types('node'), 'Node types that may use it.');
const capabilityDefinitions = key(
  mapOf(short('capability definition', type('capability'))),
  'What nodes of this type offer.',
);
const requirementDefinitions = key(
  pairsOf(short('requirement definition', type('capability'))),
  'What nodes of this type need of others.',
);
const triggers = key(mapOf(is('trigger')), 'What sets the policy off.', { since: '1.1' });

export const definitions: Grammar<DefinitionConstruct> = {
  'node type': {
    title: 'a node type',
    keynames: {
      ...typeCommon('node'),
      properties: propertyDefinitions,
      attributes: attributeDefinitions,
      requirements: requirementDefinitions,
      capabilities: capabilityDefinitions,
      interfaces: interfaceDefinitions,
      artifacts: key(mapOf(short('artifact')), 'Files of every node of this type.'),
    },
  },
  'relationship type': {
    title: 'a relationship type',
    keynames: {
      ...typeCommon('relationship'),
      properties: propertyDefinitions,
      attributes: attributeDefinitions,
      interfaces: interfaceDefinitions,
      valid_target_types: key(types('capability'), 'Capability types that it may lead to.'),
    },
  },
  'capability type': {
    title: 'a capability type',
    keynames: {
      ...typeCommon('capability'),
      properties: propertyDefinitions,
      attributes: attributeDefinitions,
      valid_source_types: validSources,
    },
  },
  'artifact type': {
    title: 'an artifact type',
    keynames: {
      ...typeCommon('artifact'),
      mime_type: key('text', 'MIME type of the file.'),
      file_ext: key(oneOrMore('text'), 'Extensions of the file.'),
      properties: propertyDefinitions,
    },
  },
  'data type': {
    title: 'a data type',
    keynames: {
      ...typeCommon('data'),
      constraints: propertyCommon.constraints,
      properties: propertyDefinitions,
      key_schema: propertyCommon.key_schema,
      entry_schema: { ...propertyCommon.entry_schema, since: '1.3' },
    },
  },
  'interface type': {
    title: 'an interface type',
    keynames: {
      ...typeCommon('interface'),
      inputs: key(mapOf(short('property definition', 'any')), 'Inputs that all operations get.'),
      operations,
      notifications,
    },
    others: short('operation'),
  },
  'group type': {
    title: 'a group type',
    keynames: {
      ...typeCommon('group'),
      properties: propertyDefinitions,
      attributes: { ...attributeDefinitions, since: '1.3' },
      members: key(types('node'), 'Node types of the members.'),
      interfaces: { ...interfaceDefinitions, until: '1.2' },
      capabilities: { ...capabilityDefinitions, since: '1.1', until: '1.2' },
      requirements: { ...requirementDefinitions, since: '1.1', until: '1.2' },
    },
  },
  'policy type': {
    title: 'a policy type',
    keynames: {
      ...typeCommon('policy'),
      properties: propertyDefinitions,
      targets: key(types('node', 'group'), 'Node or group types that it applies to.'),
      triggers,
    },
  },
  'property definition': {
    title: 'a property definition',
    keynames: { ...propertyCommon, type: { ...propertyCommon.type, required: true } },
  },
  'attribute definition': {
    title: 'an attribute definition',
    keynames: { ...propertyCommon, type: { ...propertyCommon.type, required: true } },
  },
  'entry schema': {
    title: 'an entry schema',
    keynames: {
      type: { ...propertyCommon.type, required: true },
      description,
      constraints: propertyCommon.constraints,
      entry_schema: propertyCommon.entry_schema,
      key_schema: propertyCommon.key_schema,
      required: propertyCommon.required,
      default: propertyCommon.default,
    },
  },
  'capability definition': {
    title: 'a capability definition',
    keynames: {
      type: key(type('capability'), 'Capability type.', required),
      description,
      properties: propertyDefinitions,
      attributes: attributeDefinitions,
      valid_source_types: validSources,
      occurrences: occurrences('How many relationships it takes, for example `[0, UNBOUNDED]`.'),
    },
  },
  'requirement definition': {
    title: 'a requirement definition',
    keynames: {
      capability: key(type('capability'), 'Capability type that is needed.', required),
      node: key(type('node'), 'Node type of the target.'),
      relationship: key(short('relationship assignment', type('relationship')), 'Relationship type.'),
      occurrences: occurrences('How many targets, for example `[0, 1]`.'),
      description,
      node_filter: key(is('node filter'), 'Which nodes may fulfil it.', { since: '1.3' }),
      capability_name: key('text', "Name of the target's capability, as INDIGO's parser reads it."),
    },
  },
  'interface definition': {
    title: 'an interface',
    keynames: {
      type: key(type('interface'), 'Interface type.'),
      description,
      inputs: key('values', 'Inputs that all operations get.'),
      operations,
      notifications,
    },
    others: short('operation'),
  },
};
