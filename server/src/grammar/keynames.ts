// What TOSCA allows where: for each construct its keynames, what stands behind each, and since when. Data only; read.ts walks it.
// Source: TOSCA Simple Profile in YAML 1.0 to 1.3, with the drafts' keynames that INDIGO's production parser still takes.
import type { Version } from './versions.ts';

export type TypeKind = 'node' | 'capability' | 'relationship' | 'data' | 'artifact' | 'interface' | 'policy' | 'group';

/** The keynames of a file that declare types, by kind. */
export const typeKeynames: Readonly<Record<TypeKind, string>> = {
  node: 'node_types',
  capability: 'capability_types',
  relationship: 'relationship_types',
  data: 'data_types',
  artifact: 'artifact_types',
  interface: 'interface_types',
  policy: 'policy_types',
  group: 'group_types',
};

export type Shape =
  /** Any scalar. */
  | 'text'
  | 'boolean'
  /** Anything; its meaning is not the grammar's. */
  | 'any'
  /** Values of properties or the like: their types say what is right. */
  | 'values'
  | 'texts'
  | { readonly type: TypeKind }
  | { readonly construct: Construct; readonly short?: boolean }
  | { readonly mapOf: Shape }
  | { readonly listOf: Shape }
  /** A list of maps with one entry each. */
  | { readonly pairsOf: Shape };

export interface Keyname {
  readonly shape: Shape;
  readonly doc: string;
  readonly required?: boolean;
  /** First and last version that has it; all where absent. */
  readonly since?: Version;
  readonly until?: Version;
}

export interface ConstructGrammar {
  /** As a diagnostic calls it, with its article. */
  readonly title: string;
  readonly keynames: Readonly<Record<string, Keyname>>;
  /** Where every other key is a name of the author's: what stands behind it. */
  readonly others?: Shape;
}

export type Construct =
  | 'service template'
  | 'topology template'
  | 'import'
  | 'repository'
  | 'input'
  | 'output'
  | 'node template'
  | 'relationship template'
  | 'capability assignment'
  | 'requirement assignment'
  | 'relationship assignment'
  | 'artifact'
  | 'interface assignment'
  | 'operation'
  | 'implementation'
  | 'group'
  | 'policy'
  | 'substitution mappings'
  | 'workflow'
  | 'node type'
  | 'relationship type'
  | 'capability type'
  | 'artifact type'
  | 'data type'
  | 'interface type'
  | 'group type'
  | 'policy type'
  | 'property definition'
  | 'attribute definition'
  | 'entry schema'
  | 'capability definition'
  | 'requirement definition'
  | 'interface definition';

const is = (construct: Construct, short = false): Shape => ({ construct, short });
const mapOf = (shape: Shape): Shape => ({ mapOf: shape });
const listOf = (shape: Shape): Shape => ({ listOf: shape });
const pairsOf = (shape: Shape): Shape => ({ pairsOf: shape });
const type = (kind: TypeKind): Shape => ({ type: kind });
const key = (shape: Shape, doc: string, more: Omit<Keyname, 'shape' | 'doc'> = {}): Keyname => ({
  shape,
  doc,
  ...more,
});
const required = { required: true } as const;

const description = key('text', 'Text for people; it may span several lines.');
const metadata = key(mapOf('any'), 'Free information about this element, such as `display_name`.');

const typeCommon = {
  derived_from: key('text', 'The type that this one inherits from.'),
  version: key('text', 'Version of the type.'),
  metadata: key(mapOf('any'), 'Free information about the type.'),
  description,
} as const;

const propertyCommon = {
  type: key(type('data'), 'Data type of the value.'),
  description,
  required: key('boolean', 'Whether a value must be there. `true` where it is not written.'),
  default: key('any', 'Value that is used where none is given.'),
  status: key('text', '`supported`, `unsupported`, `experimental` or `deprecated`.'),
  constraints: key('any', 'Conditions that a value must meet, for example `- greater_or_equal: 1`.'),
  entry_schema: key(is('entry schema', true), 'What the entries of a list or map are.'),
  key_schema: key(is('entry schema', true), 'What the keys of a map are.', { since: '1.3' }),
  metadata: key(mapOf('any'), 'Free information.', { since: '1.3' }),
} as const;

const properties = key('values', 'Values of the properties that the type declares.');
const attributes = key('values', 'Initial values of attributes.');
const interfaces = key(mapOf(is('interface assignment')), 'Operations, by interface name.');
const propertyDefinitions = key(mapOf(is('property definition', true)), 'Properties that an author sets, by name.');
const attributeDefinitions = key(
  mapOf(is('attribute definition', true)),
  'Values that the orchestrator fills at run time.',
);
const interfaceDefinitions = key(mapOf(is('interface definition')), 'Operations, by interface name.');

const operationCommon = {
  description,
  implementation: key(is('implementation', true), 'Script, playbook or URL that does the work.'),
  inputs: key('values', 'Inputs that are handed to the implementation.'),
} as const;

export const grammar: Readonly<Record<Construct, ConstructGrammar>> = {
  'service template': {
    title: 'a TOSCA file',
    keynames: {
      tosca_definitions_version: key(
        'text',
        'Version of TOSCA that the file is written in, for example `tosca_simple_yaml_1_0`.',
        required,
      ),
      namespace: key('text', 'URI of the namespace that the file declares.', { since: '1.2' }),
      tosca_default_namespace: key('text', 'Namespace, as drafts of 1.0 wrote it.'),
      metadata: key(mapOf('any'), 'Free information about the template, such as `template_name` or `display_name`.'),
      template_name: key('text', 'Name of the template (better under `metadata`).'),
      template_author: key('text', 'Author of the template (better under `metadata`).'),
      template_version: key('text', 'Version of the template (better under `metadata`).'),
      description,
      dsl_definitions: key('any', 'Place for YAML anchors that are used elsewhere in the file.'),
      repositories: key(mapOf(is('repository', true)), 'Places that artifacts and imports come from, by name.'),
      imports: key(
        listOf(is('import', true)),
        'Files whose types are used here. INDIGO reads only the form `- name: URL`.',
      ),
      artifact_types: key(mapOf(is('artifact type')), 'Artifact types declared in this file.'),
      data_types: key(mapOf(is('data type')), 'Data types declared in this file.'),
      capability_types: key(mapOf(is('capability type')), 'Capability types declared in this file.'),
      interface_types: key(mapOf(is('interface type')), 'Interface types declared in this file.'),
      relationship_types: key(mapOf(is('relationship type')), 'Relationship types declared in this file.'),
      node_types: key(mapOf(is('node type')), 'Node types declared in this file.'),
      group_types: key(mapOf(is('group type')), 'Group types declared in this file.'),
      policy_types: key(mapOf(is('policy type')), 'Policy types declared in this file.'),
      topology_template: key(is('topology template'), 'What is deployed: inputs, node templates, outputs.'),
    },
  },
  import: {
    title: 'an import',
    keynames: {
      file: key('text', 'Path or URL of the imported file.'),
      repository: key('text', 'Repository that the path is relative to.'),
      namespace_uri: key('text', 'Namespace of the imported types.'),
      namespace_prefix: key('text', 'Prefix for the imported types.'),
    },
    others: 'any',
  },
  repository: {
    title: 'a repository',
    keynames: {
      description,
      url: key('text', 'Address of the repository.', required),
      credential: key('values', 'How to log in, as `tosca.datatypes.Credential`.'),
    },
  },
  'topology template': {
    title: 'a topology template',
    keynames: {
      description,
      inputs: key(mapOf(is('input', true)), 'Values that a user gives at deployment, by name.'),
      node_templates: key(mapOf(is('node template')), 'The parts of the deployment, by name.'),
      relationship_templates: key(
        mapOf(is('relationship template')),
        'Relationships with values of their own, by name.',
      ),
      groups: key(mapOf(is('group')), 'Node templates that belong together, by name.'),
      policies: key(pairsOf(is('policy')), 'Rules for the deployment, such as where it is placed.'),
      outputs: key(mapOf(is('output', true)), 'Values that a user gets after deployment, by name.'),
      substitution_mappings: key(is('substitution mappings'), 'Makes this topology stand for a node type.'),
      workflows: key(mapOf(is('workflow')), 'Imperative workflows, by name.', { since: '1.1' }),
    },
  },
  input: { title: 'an input', keynames: { ...propertyCommon, value: key('any', 'Fixed value of the input.') } },
  output: {
    title: 'an output',
    keynames: {
      ...propertyCommon,
      value: key('any', 'What the user gets, mostly a function such as `{ get_attribute: [...] }`.', required),
    },
  },
  'node template': {
    title: 'a node template',
    keynames: {
      type: key(
        type('node'),
        'Node type, for example `tosca.nodes.indigo.Container.Application.Docker.Marathon`.',
        required,
      ),
      description,
      metadata,
      directives: key('texts', '`substitute` or `select`.'),
      properties,
      attributes,
      requirements: key(
        pairsOf(is('requirement assignment', true)),
        'What the node needs of others, for example `- host: docker_runtime`.',
      ),
      capabilities: key(mapOf(is('capability assignment')), 'Properties of what the node offers, by capability name.'),
      interfaces,
      artifacts: key(mapOf(is('artifact', true)), 'Files of the node, for example the Docker `image`.'),
      node_filter: key('any', 'Which nodes may be selected.'),
      copy: key('text', 'Node template whose definition is taken over.'),
    },
  },
  'relationship template': {
    title: 'a relationship template',
    keynames: {
      type: key(type('relationship'), 'Relationship type.', required),
      description,
      metadata,
      properties,
      attributes,
      interfaces,
      copy: key('text', 'Relationship template whose definition is taken over.'),
    },
  },
  'capability assignment': {
    title: 'a capability assignment',
    keynames: {
      properties,
      attributes,
      type: key(
        type('capability'),
        "Capability type; INDIGO's parser reads it and drops the assignment unless it is the node type's own.",
      ),
      occurrences: key('any', 'How many relationships the capability takes.', { since: '1.3' }),
    },
  },
  'requirement assignment': {
    title: 'a requirement assignment',
    keynames: {
      node: key('text', 'Node template (or node type) that fulfils the requirement.'),
      capability: key('text', 'Capability of the target: its name or its type.'),
      relationship: key(is('relationship assignment', true), 'Relationship type or template.'),
      node_filter: key('any', 'Which nodes may fulfil the requirement.'),
      occurrences: key('any', 'How many targets.', { since: '1.3' }),
    },
  },
  'relationship assignment': {
    title: 'a relationship',
    keynames: { type: key(type('relationship'), 'Relationship type.'), properties, interfaces },
  },
  artifact: {
    title: 'an artifact',
    keynames: {
      type: key(
        type('artifact'),
        'Artifact type; a Docker image is `tosca.artifacts.Deployment.Image.Container.Docker`.',
        required,
      ),
      file: key('any', 'Path, URL or image name.', required),
      repository: key('text', 'Name of an entry of `repositories`.'),
      description,
      deploy_path: key('text', 'Path on the target.'),
      artifact_version: key('text', 'Version of the artifact.', { since: '1.3' }),
      checksum: key('text', 'Checksum of the file.', { since: '1.3' }),
      checksum_algorithm: key('text', 'How the checksum was made.', { since: '1.3' }),
      properties: { ...properties, since: '1.3' },
    },
  },
  'interface assignment': {
    title: 'an interface',
    keynames: {
      type: key(type('interface'), 'Interface type.'),
      inputs: key('values', 'Inputs that all operations get.'),
      operations: key(mapOf(is('operation', true)), 'Operations, by name.', { since: '1.3' }),
      notifications: key('any', 'Notifications, by name.', { since: '1.3' }),
    },
    others: is('operation', true),
  },
  operation: {
    title: 'an operation',
    keynames: {
      ...operationCommon,
      outputs: key('any', 'Attributes that the outputs are put into.', { since: '1.3' }),
    },
  },
  implementation: {
    title: 'an implementation',
    keynames: {
      primary: key('text', 'Script or playbook that is run.'),
      dependencies: key('any', 'Further files that it needs.'),
      operation_host: key('text', 'Where it is run.', { since: '1.2' }),
      timeout: key('text', 'Seconds after which it has failed.', { since: '1.2' }),
      type: key(type('artifact'), 'Artifact type of the primary.'),
      file: key('text', 'The same as `primary`, as an artifact.'),
      repository: key('text', 'Name of an entry of `repositories`.'),
    },
  },
  group: {
    title: 'a group',
    keynames: {
      type: key(type('group'), 'Group type.', required),
      description,
      metadata,
      properties,
      members: key('texts', 'Names of node templates.'),
      interfaces: { ...interfaces, until: '1.2' },
    },
  },
  policy: {
    title: 'a policy',
    keynames: {
      type: key(type('policy'), 'Policy type.', required),
      description,
      metadata,
      properties,
      targets: key('texts', 'Names of node templates or groups.'),
      triggers: key('any', 'What sets the policy off.', { since: '1.1' }),
    },
  },
  'substitution mappings': {
    title: 'substitution mappings',
    keynames: {
      node_type: key(type('node'), 'Node type that the topology stands for.', required),
      capabilities: key('any', 'Capabilities, each `[node_template, capability]`.'),
      requirements: key('any', 'Requirements, each `[node_template, requirement]`.'),
      properties: key('any', 'Properties, mapped to inputs.', { since: '1.2' }),
      interfaces: key('any', 'Interfaces, mapped to workflows.', { since: '1.2' }),
      attributes: key('any', 'Attributes.', { since: '1.3' }),
      substitution_filter: key('any', 'When the topology may stand for the type.', { since: '1.3' }),
    },
  },
  workflow: {
    title: 'a workflow',
    keynames: {
      description,
      metadata,
      inputs: key(mapOf(is('input', true)), 'Inputs of the workflow.'),
      preconditions: key('any', 'What must hold before it runs.'),
      steps: key('any', 'Steps, by name.'),
      implementation: key('any', 'What runs the workflow.', { since: '1.3' }),
      outputs: key('any', 'Outputs of the workflow.', { since: '1.3' }),
    },
  },
  'node type': {
    title: 'a node type',
    keynames: {
      ...typeCommon,
      properties: propertyDefinitions,
      attributes: attributeDefinitions,
      requirements: key(pairsOf(is('requirement definition', true)), 'What nodes of this type need of others.'),
      capabilities: key(mapOf(is('capability definition', true)), 'What nodes of this type offer.'),
      interfaces: interfaceDefinitions,
      artifacts: key(mapOf(is('artifact', true)), 'Files of every node of this type.'),
    },
  },
  'relationship type': {
    title: 'a relationship type',
    keynames: {
      ...typeCommon,
      properties: propertyDefinitions,
      attributes: attributeDefinitions,
      interfaces: interfaceDefinitions,
      valid_target_types: key('texts', 'Capability types that it may lead to.'),
    },
  },
  'capability type': {
    title: 'a capability type',
    keynames: {
      ...typeCommon,
      properties: propertyDefinitions,
      attributes: attributeDefinitions,
      valid_source_types: key('texts', 'Node types that may use it.'),
    },
  },
  'artifact type': {
    title: 'an artifact type',
    keynames: {
      ...typeCommon,
      mime_type: key('text', 'MIME type of the file.'),
      file_ext: key('texts', 'Extensions of the file.'),
      properties: propertyDefinitions,
    },
  },
  'data type': {
    title: 'a data type',
    keynames: {
      ...typeCommon,
      constraints: propertyCommon.constraints,
      properties: propertyDefinitions,
      key_schema: propertyCommon.key_schema,
      entry_schema: { ...propertyCommon.entry_schema, since: '1.3' },
    },
  },
  'interface type': {
    title: 'an interface type',
    keynames: {
      ...typeCommon,
      inputs: key(mapOf(is('property definition', true)), 'Inputs that all operations get.'),
      operations: key(mapOf(is('operation', true)), 'Operations, by name.', { since: '1.3' }),
      notifications: key('any', 'Notifications, by name.', { since: '1.3' }),
    },
    others: is('operation', true),
  },
  'group type': {
    title: 'a group type',
    keynames: {
      ...typeCommon,
      properties: propertyDefinitions,
      attributes: { ...attributeDefinitions, since: '1.3' },
      members: key('texts', 'Node types of the members.'),
      interfaces: { ...interfaceDefinitions, until: '1.2' },
      capabilities: key('any', 'Capabilities.', { since: '1.1', until: '1.2' }),
      requirements: key('any', 'Requirements.', { since: '1.1', until: '1.2' }),
    },
  },
  'policy type': {
    title: 'a policy type',
    keynames: {
      ...typeCommon,
      properties: propertyDefinitions,
      targets: key('texts', 'Node or group types that it applies to.'),
      triggers: key('any', 'What sets the policy off.', { since: '1.1' }),
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
      valid_source_types: key('texts', 'Node types that may use it.'),
      occurrences: key('any', 'How many relationships it takes, for example `[0, UNBOUNDED]`.'),
    },
  },
  'requirement definition': {
    title: 'a requirement definition',
    keynames: {
      capability: key(type('capability'), 'Capability type that is needed.', required),
      node: key(type('node'), 'Node type of the target.'),
      relationship: key(is('relationship assignment', true), 'Relationship type.'),
      occurrences: key('any', 'How many targets, for example `[0, 1]`.'),
      description,
      node_filter: key('any', 'Which nodes may fulfil it.', { since: '1.3' }),
      capability_name: key('text', "Name of the target's capability, as INDIGO's parser reads it."),
    },
  },
  'interface definition': {
    title: 'an interface',
    keynames: {
      type: key(type('interface'), 'Interface type.'),
      description,
      inputs: key('any', 'Inputs that all operations get.'),
      operations: key(mapOf(is('operation', true)), 'Operations, by name.', { since: '1.3' }),
      notifications: key('any', 'Notifications, by name.', { since: '1.3' }),
    },
    others: is('operation', true),
  },
};
