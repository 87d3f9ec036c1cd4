// What completion offers at a place, and what is put in.
import { describe, expect, it } from 'vitest';
import { complete } from '../../../server/src/features/completion.ts';
import { atCursor, header } from './cursor.ts';

const offered = (marked: string) => {
  const { template, position } = atCursor(marked);
  return complete(template, position);
};
const labels = (marked: string) => offered(marked).map(item => item.label);

const marathon = 'tosca.nodes.indigo.Container.Application.Docker.Marathon';
const nodes = (body: string) => `${header}topology_template:
  inputs:
    cpus: { type: float }
  node_templates:
    app:
      type: ${marathon}
${body}
    runtime:
      type: tosca.nodes.indigo.Container.Runtime.Docker
`;

describe('completion', () => {
  it('offers the keynames of a file', () => {
    const found = labels(`${header}\n|`);
    expect(found).toContain('topology_template');
    expect(found).not.toContain('imports');
  });

  it('offers the keynames of a topology, of a node template and of a requirement', () => {
    expect(labels(`${header}topology_template:\n  |\n`)).toEqual(
      expect.arrayContaining(['inputs', 'node_templates', 'outputs']),
    );
    const node = labels(nodes('      |'));
    expect(node).toEqual(expect.arrayContaining(['properties', 'requirements', 'artifacts']));
    expect(node).not.toContain('type');
    expect(labels(nodes('      requirements:\n        - host:\n            |'))).toEqual(
      expect.arrayContaining(['node', 'capability']),
    );
  });

  it('offers the properties of the type, without those that are there', () => {
    const found = labels(nodes('      properties:\n        command: x\n        |'));
    expect(found).toEqual(expect.arrayContaining(['environment_variables', 'labels', 'enable_https']));
    expect(found).not.toContain('command');
  });

  it("offers an interface's operations, and the inputs that an operation declares", () => {
    const store = (body: string) => `tosca_definitions_version: tosca_simple_yaml_1_3
node_types:
  example.Store:
    derived_from: tosca.nodes.Root
    interfaces:
      Backup:
        inputs: { retries: { type: integer } }
        operations:
          save: { inputs: { compress: { type: boolean } } }
          restore: {}
topology_template:
  node_templates:
    store:
      type: example.Store
      interfaces:
        Backup:
${body}
`;
    expect(labels(store('          operations:\n            save: {}\n            |'))).toEqual(['restore']);
    const inOld = labels(store('          |'));
    expect(inOld).toEqual(expect.arrayContaining(['save', 'restore', 'inputs']));
    expect(inOld).not.toContain('create');
    const save = (inputs: string) =>
      store(`          operations:\n            save:\n              inputs:\n${inputs}`);
    expect(labels(save('                |'))).toEqual(['compress', 'retries']);
    expect(labels(save('                compress: |'))).toEqual(expect.arrayContaining(['true', 'false']));
    expect(labels(store('          inputs:\n            |'))).toEqual(['retries']);
    expect(labels(nodes('      interfaces:\n        Standard:\n          |'))).toEqual(
      expect.arrayContaining(['create', 'configure', 'delete']),
    );
  });

  it('offers the operators that can constrain the type', () => {
    const input = (type: string, rest: string) =>
      labels(`${header}topology_template:\n  inputs:\n    a:\n      type: ${type}\n${rest}`);
    const numbers = input('integer', '      constraints:\n        - |');
    expect(numbers).toEqual(expect.arrayContaining(['in_range', 'valid_values']));
    expect(numbers).not.toContain('pattern');
    expect(numbers).not.toContain('schema');
    const texts = input('string', '      constraints:\n        - equal: x\n        - |');
    expect(texts).toEqual(expect.arrayContaining(['pattern', 'min_length']));
    expect(input('string', '      constraints:\n        - pattern: |')).not.toContain('equal');
    const [first] = offered(
      `${header}topology_template:\n  inputs:\n    a:\n      type: string\n      constraints:\n        |`,
    );
    expect(first?.textEdit).toHaveProperty('newText', '- equal: $0');
  });

  it('offers the words where only some may stand', () => {
    expect(
      labels(`${header}node_types:\n  a:\n    properties:\n      b:\n        type: string\n        status: |`),
    ).toEqual(['supported', 'unsupported', 'experimental', 'deprecated']);
  });

  it('offers properties where nothing is written yet below the key', () => {
    expect(labels(nodes('      properties:\n        |'))).toContain('command');
  });

  it('mends a misspelled key and leaves its value alone', () => {
    const item = offered(nodes('      properties:\n        comand|: echo')).find(each => each.label === 'command');
    expect(item?.textEdit).toMatchObject({
      newText: 'command',
      range: { start: { character: 8 }, end: { character: 14 } },
    });
  });

  it('writes the colon, and the first item of a list, behind a new key', () => {
    const find = (label: string) =>
      offered(nodes('      properties:\n        |')).find(item => item.label === label)?.textEdit?.newText;
    expect(find('command')).toBe('command: $0');
    expect(find('uris')).toBe('uris:\n  - $0');
  });

  it('offers properties of a capability and members of a complex type', () => {
    const host = (body: string) => `${header}topology_template:
  node_templates:
    runtime:
      type: tosca.nodes.indigo.Container.Runtime.Docker
      capabilities:
        host:
          properties:
${body}
`;
    expect(labels(host('            |'))).toEqual(expect.arrayContaining(['num_cpus', 'mem_size', 'publish_ports']));
    expect(labels(host('            publish_ports:\n              - |'))).toEqual(
      expect.arrayContaining(['protocol', 'source', 'target']),
    );
    expect(labels(host('            publish_ports:\n              - protocol: |')).slice(0, 3)).toEqual([
      'udp',
      'tcp',
      'igmp',
    ]);
  });

  it('offers the types of the kind that is wanted', () => {
    const found = labels(`${header}topology_template:\n  node_templates:\n    app:\n      type: tosca.|\n`);
    expect(found).toContain(marathon);
    expect(found).not.toContain('tosca.capabilities.Root');
    expect(labels(`${header}topology_template:\n  inputs:\n    a:\n      type: |\n`).slice(0, 3)).toEqual([
      'string',
      'integer',
      'float',
    ]);
  });

  it('offers capabilities, requirements and artifacts of the node type', () => {
    expect(labels(nodes('      requirements:\n        - |'))).toEqual(expect.arrayContaining(['host', 'dependency']));
    expect(labels(nodes('      artifacts:\n        |'))).toEqual(['image']);
    const runtime = `${header}topology_template:\n  node_templates:\n    r:\n      type: tosca.nodes.indigo.Container.Runtime.Docker\n      capabilities:\n        |\n`;
    expect(labels(runtime)).toEqual(expect.arrayContaining(['host', 'scalable']));
  });

  it('puts the node templates that fulfil a requirement first', () => {
    const found = offered(nodes('      requirements:\n        - host: |'));
    expect(found.map(item => [item.label, item.sortText?.startsWith('0')])).toEqual([['runtime', true]]);
  });

  it('offers inputs and nodes as arguments of functions', () => {
    expect(labels(nodes('      properties:\n        command: { get_input: | }'))).toEqual(['cpus']);
    expect(labels(nodes('      properties:\n        command: { get_attribute: [ | ] }')).slice(0, 2)).toEqual([
      'app',
      'runtime',
    ]);
    const attributes = labels(`${nodes('')}  outputs:\n    url:\n      value: { get_attribute: [ app, | ] }\n`);
    expect(attributes).toContain('load_balancer_ips');
  });

  it('offers functions and inputs as values', () => {
    const item = offered(nodes('      properties:\n        command: |')).find(each => each.label === 'get_input: cpus');
    expect(item?.textEdit?.newText).toBe('{ get_input: cpus }');
  });

  it('offers functions as keys where a call is begun, in values, outputs, artifacts and within other calls', () => {
    const output = (value: string) => `${nodes('')}  outputs:\n    url:\n      value: ${value}\n`;
    const places = [
      nodes('      properties:\n        command: { | }'),
      nodes('      properties:\n        command:\n          |'),
      nodes('      artifacts:\n        image: { file: { ge| } }'),
      output('{ | }'),
      output('{ concat: [ a, { ge| } ] }'),
      output('{ concat: [ a, ge|: cpus ] }'),
    ];
    for (const place of places) expect(labels(place), place).toEqual(expect.arrayContaining(['get_input', 'concat']));
    const [key] = offered(output('{ get_a| }')).filter(({ label }) => label === 'get_attribute');
    expect(key?.textEdit?.newText).toBe('get_attribute: [ $0 ]');
    expect(labels(nodes('      properties:\n        |'))).not.toContain('concat');
  });

  it('offers what the arguments before lead to', () => {
    const output = (value: string) => `${nodes('')}  outputs:\n    url:\n      value: ${value}\n`;
    expect(labels(output('{ get_property: [ runtime, host, | ] }'))).toEqual(
      expect.arrayContaining(['num_cpus', 'publish_ports']),
    );
    expect(labels(output('{ get_property: [ runtime, host, publish_ports, 0, | ] }'))).toContain('protocol');
    const within = (argument: string) =>
      nodes(`      properties:\n        command: { get_attribute: [ ${argument} ] }`);
    expect(labels(within('SELF, |'))).toEqual(expect.arrayContaining(['command', 'load_balancer_ips', 'host']));
    expect(
      labels(
        `${nodes('      requirements: [ host: runtime ]\n      properties: { command: { get_property: [ HOST, | ] } }')}`,
      ),
    ).toContain('host');
    expect(labels(within('nothing, |'))).toEqual([]);
  });

  it("offers what a requirement's relationship has", () => {
    const relationship = (body: string) => `tosca_definitions_version: tosca_simple_yaml_1_3
topology_template:
  node_templates:
    app:
      type: tosca.nodes.Compute
      requirements:
        - local_storage:
            node: disk
            relationship:
              type: tosca.relationships.AttachesTo
${body}
    disk: { type: tosca.nodes.Storage.BlockStorage, properties: { name: a } }
`;
    expect(labels(relationship('              properties:\n                |'))).toEqual(['location', 'device']);
    expect(
      labels(relationship('              interfaces:\n                Configure:\n                  pre|')),
    ).toEqual(expect.arrayContaining(['pre_configure_source', 'pre_configure_target']));
  });

  it('offers the same where quotes and brackets are still to be closed', () => {
    expect(labels(nodes('      artifacts:\n        image: { file: x, type: "tosca.art|'))).toContain(
      'tosca.artifacts.Deployment.Image.Container.Docker',
    );
    expect(labels(nodes("      properties:\n        command: { concat: [ 'a: [', { get_input: |"))).toEqual(['cpus']);
  });

  it('writes what follows a new key on one line within braces, and deeper behind a dash', () => {
    const put = (marked: string, label: string) =>
      offered(marked).find(each => each.label === label)?.textEdit?.newText;
    const flow = (body: string) =>
      `${header}topology_template:\n  node_templates:\n    app: { type: ${marathon}, ${body} }\n`;
    expect(put(flow('|'), 'requirements')).toBe('requirements: [ $0 ]');
    expect(put(flow('capabilities: { | }'), 'host')).toBeUndefined();
    expect(put(flow('artifacts: { | }'), 'image')).toBe(
      'image: { file: $0, type: tosca.artifacts.Deployment.Image.Container.Docker }',
    );
    expect(put(nodes('      properties: { l| }'), 'labels')).toBe('labels: { $0 }');
    const dashed = `tosca_definitions_version: tosca_simple_yaml_1_3
data_types:
  own.Part: { properties: { sizes: { type: map, entry_schema: string } } }
node_types:
  own.Node: { derived_from: tosca.nodes.Root, properties: { parts: { type: list, entry_schema: own.Part } } }
topology_template:
  node_templates:
    node: { type: own.Node }
    other:
      type: own.Node
      properties:
        parts:
          - |
`;
    expect(put(dashed, 'sizes')).toBe('sizes:\n    $0');
  });

  it('writes nothing but the colon where the value stands below', () => {
    const put = (body: string) => offered(nodes(body)).find(each => each.label === 'requirements')?.textEdit?.newText;
    expect(put('      req|\n        - host: runtime')).toBe('requirements:');
    expect(put('      req|\n\n      # a comment\n      - host: runtime')).toBe('requirements:');
    expect(put('      req|\n      properties: {}')).toBe('requirements:\n  - $0');
  });

  it('offers nothing in a comment', () => {
    expect(labels(nodes('      # a comment |'))).toEqual([]);
  });

  it('works while another section is broken', () => {
    const broken = `${nodes('      properties:\n        |')}    other: { type: [\n`;
    expect(labels(broken)).toContain('command');
  });
});
