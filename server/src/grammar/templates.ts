// Grammar of what a topology is made of: inputs, outputs, node and relationship templates, groups, policies, substitution.
import { propertyCommon } from './definitions.ts';
import {
  attributes,
  description,
  type Grammar,
  interfaces,
  is,
  key,
  listOf,
  mapOf,
  metadata,
  occurrences,
  oneOf,
  oneOrMore,
  pairsOf,
  properties,
  required,
  type Shape,
  short,
  type TemplateConstruct,
  type,
} from './shape.ts';

/** `name: [node_template, name]`. */
const mapping: Shape = { sequence: listOf('text'), expected: 'a list such as `[node_template, name]`' };
const nodeFilter = key(is('node filter'), 'Which nodes may be selected.', { production: 'dropped' });
const propertyFilters = key(pairsOf('constraints'), 'Constraints that properties must meet: `- name: { equal: 2 }`.');

export const templates: Grammar<TemplateConstruct> = {
  input: {
    title: 'an input',
    keynames: {
      ...propertyCommon,
      type: { ...propertyCommon.type, required: true },
      value: key('any', 'Fixed value of the input.'),
    },
  },
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
      type: key(type('node'), 'Node type, for example `tosca.nodes.indigo.Container.Application.Docker.Marathon`.', {
        required: true,
        or: 'copy',
      }),
      description,
      metadata,
      directives: key(
        oneOrMore(oneOf('substitute', 'select', 'substitutable', 'selectable')),
        '`substitute` or `select` (`substitutable`, `selectable` before 1.3).',
        { production: 'dropped' },
      ),
      properties,
      attributes,
      requirements: key(
        pairsOf(short('requirement assignment')),
        'What the node needs of others, for example `- host: docker_runtime`.',
      ),
      capabilities: key(mapOf(is('capability assignment')), 'Properties of what the node offers, by capability name.'),
      interfaces,
      artifacts: key(mapOf(short('artifact')), 'Files of the node, for example the Docker `image`.'),
      node_filter: nodeFilter,
      copy: key('text', 'Node template whose definition is taken over.', { production: 'dropped' }),
    },
  },
  'relationship template': {
    title: 'a relationship template',
    keynames: {
      type: key(type('relationship'), 'Relationship type.', { required: true, or: 'copy' }),
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
      occurrences: { ...occurrences('How many relationships the capability takes.'), since: '1.3' },
    },
  },
  'requirement assignment': {
    title: 'a requirement assignment',
    keynames: {
      node: key('text', 'Node template (or node type) that fulfils the requirement.'),
      capability: key('text', 'Capability of the target: its name or its type.'),
      relationship: key(short('relationship assignment'), 'Relationship type or template.'),
      node_filter: nodeFilter,
      occurrences: { ...occurrences('How many targets.'), since: '1.3' },
      properties: key('values', "Values of the relationship's properties, as INDIGO's parser reads them."),
      interfaces: key(
        mapOf(is('interface assignment')),
        "Operations of the relationship, as INDIGO's parser reads them.",
      ),
    },
  },
  'relationship assignment': {
    title: 'a relationship',
    keynames: {
      type: key(type('relationship'), 'Relationship type.'),
      properties,
      interfaces,
      capability: key('text', "Capability of the target, as INDIGO's parser reads it."),
    },
  },
  'node filter': {
    title: 'a node filter',
    keynames: {
      properties: propertyFilters,
      capabilities: key(
        pairsOf(is('capability filter')),
        'Conditions on capabilities: `- host: { properties: [...] }`.',
      ),
      node: key(type('node'), 'Node type, as some drafts wrote it.'),
    },
  },
  'capability filter': { title: 'a filter of a capability', keynames: { properties: propertyFilters } },
  'substitution filter': { title: 'a substitution filter', keynames: { properties: propertyFilters } },
  artifact: {
    title: 'an artifact',
    keynames: {
      type: key(
        type('artifact'),
        'Artifact type; a Docker image is `tosca.artifacts.Deployment.Image.Container.Docker`.',
        required,
      ),
      file: key('expression', 'Path, URL or image name.', required),
      repository: key('text', 'Name of an entry of `repositories`.'),
      description,
      deploy_path: key('text', 'Path on the target.'),
      version: key('text', 'Version of the artifact.', { since: '1.3' }),
      artifact_version: key('text', 'Version of the artifact.', { since: '1.3' }),
      checksum: key('text', 'Checksum of the file.', { since: '1.3' }),
      checksum_algorithm: key('text', 'How the checksum was made.', { since: '1.3' }),
      properties: { ...properties, since: '1.3' },
    },
  },
  group: {
    title: 'a group',
    keynames: {
      type: key(type('group'), 'Group type.', { required: true, production: 'optional' }),
      description,
      metadata,
      properties: { ...properties, production: 'dropped' },
      members: key('texts', 'Names of node templates.'),
      interfaces: { ...interfaces, until: '1.2', production: 'dropped' },
      policies: key('any', "Policies of the group, as INDIGO's parser reads them."),
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
      triggers: key(mapOf(is('trigger')), 'What sets the policy off.', { since: '1.1', production: 'dropped' }),
    },
  },
  'substitution mappings': {
    title: 'substitution mappings',
    keynames: {
      node_type: key(type('node'), 'Node type that the topology stands for.', required),
      capabilities: key(
        mapOf({
          sequence: listOf('text'),
          mapping: is('capability mapping'),
          expected: 'a list such as `[node_template, capability]`',
        }),
        'Capabilities, each `[node_template, capability]`.',
      ),
      requirements: key(
        mapOf({
          sequence: listOf('text'),
          mapping: is('capability mapping'),
          expected: 'a list such as `[node_template, requirement]`',
        }),
        'Requirements, each `[node_template, requirement]`.',
      ),
      properties: key(
        mapOf({ scalar: 'any', sequence: listOf('text'), mapping: 'any', expected: 'a list such as `[input]`' }),
        'Properties, mapped to inputs: each `[input]`.',
        { since: '1.2' },
      ),
      interfaces: key(mapOf(mapOf('text')), 'Operations, each mapped to a workflow.', { since: '1.2' }),
      attributes: key(mapOf(mapping), 'Attributes, each `[node_template, attribute]`.', { since: '1.3' }),
      substitution_filter: key(is('substitution filter'), 'When the topology may stand for the type.', {
        since: '1.3',
      }),
    },
  },
  'capability mapping': {
    title: 'the mapping of a capability',
    keynames: {
      mapping: key(mapping, 'Node template and the name of what it offers or needs.'),
      properties,
      attributes,
    },
  },
};
