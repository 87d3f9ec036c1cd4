// Grammar of a file: what it declares, what it imports, and its topology.
import {
  description,
  type FileConstruct,
  type Grammar,
  is,
  key,
  listOf,
  mapOf,
  pairsOf,
  required,
  short,
} from './shape.ts';

export const file: Grammar<FileConstruct> = {
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
      repositories: key(mapOf(short('repository')), 'Places that artifacts and imports come from, by name.'),
      imports: key(
        listOf(short('import')),
        'Files whose types are used here. INDIGO reads only the form `- name: URL`.',
      ),
      artifact_types: key(mapOf(is('artifact type')), 'Artifact types declared in this file.'),
      data_types: key(mapOf(is('data type')), 'Data types declared in this file.'),
      capability_types: key(mapOf(is('capability type')), 'Capability types declared in this file.'),
      interface_types: key(mapOf(is('interface type')), 'Interface types declared in this file.', {
        production: 'dropped',
      }),
      relationship_types: key(mapOf(is('relationship type')), 'Relationship types declared in this file.'),
      node_types: key(mapOf(is('node type')), 'Node types declared in this file.'),
      group_types: key(mapOf(is('group type')), 'Group types declared in this file.', { production: 'dropped' }),
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
    others: {
      scalar: 'text',
      mapping: is('import'),
      expected: 'a path or URL',
    },
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
      inputs: key(mapOf(short('input')), 'Values that a user gives at deployment, by name.'),
      node_templates: key(mapOf(is('node template')), 'The parts of the deployment, by name.'),
      relationship_templates: key(
        mapOf(is('relationship template')),
        'Relationships with values of their own, by name.',
        { production: 'dropped' },
      ),
      groups: key(mapOf(is('group')), 'Node templates that belong together, by name.'),
      policies: key(pairsOf(is('policy')), 'Rules for the deployment, such as where it is placed.'),
      outputs: key(mapOf(short('output')), 'Values that a user gets after deployment, by name.'),
      substitution_mappings: key(is('substitution mappings'), 'Makes this topology stand for a node type.'),
      workflows: key(mapOf(is('workflow')), 'Imperative workflows, by name.', { since: '1.1', production: 'dropped' }),
    },
  },
};
