// Which normative types a template sees: those of the version that it names, and 1.0's beside the INDIGO types.
import { describe, expect, it } from 'vitest';
import type { Version } from '../../server/src/grammar/versions.ts';
import { openWorkspace } from '../../server/src/index.ts';
import { normativeFolders } from '../../server/src/types/normative.ts';
import { bundledFiles } from '../../server/src/workspace/bundled.ts';

const uri = 'file:///template.yaml';
const versions = Object.keys(normativeFolders) as Version[];
const named = (version: string) => `tosca_definitions_version: tosca_simple_yaml_${version.replace('.', '_')}\n`;

/** Tidiness (an input that nothing uses) is no matter here. */
const isNoHint = ({ severity }: { severity?: number }) => severity !== 4;

/** What is wrong with a template, as `code: the text at fault`. */
function findings(source: string): readonly string[] {
  const lines = source.split('\n');
  const workspace = openWorkspace(wanted => (wanted === uri ? source : undefined));
  return workspace
    .diagnostics(uri)
    .filter(isNoHint)
    .map(({ code, range }) => `${code}: ${lines[range.start.line]?.slice(range.start.character, range.end.character)}`);
}

const later = `
capability_types:
  own.Gpu: { derived_from: tosca.capabilities.Compute }
data_types:
  own.Settings:
    properties:
      options: { type: tosca.datatypes.json }
topology_template:
  inputs:
    options: { type: tosca.datatypes.json, default: '{"replicas": 3}' }
  node_templates:
    any:
      type: tosca.nodes.Abstract.Compute
      capabilities:
        host:
          properties: { name: rack-1, num_cpus: 2 }
    server:
      type: tosca.nodes.Compute
      capabilities:
        host:
          properties: { mem_size: 4GB }
      requirements:
        - local_storage:
            node: volume
            relationship: { type: tosca.relationships.AttachesTo, properties: { location: /data } }
    volume:
      type: tosca.nodes.Storage.BlockStorage
      properties: { name: data, size: 10 GB }
      requirements:
        - dependency: any
`;

describe('normative types', () => {
  it.each(['1.2', '1.3'])('of %s are known', version => {
    expect(findings(named(version) + later)).toEqual([]);
  });

  it('of 1.3 know template files, and operations in a block of their own', () => {
    const source = `${named('1.3')}
node_types:
  own.Proxy:
    derived_from: tosca.nodes.SoftwareComponent
    artifacts:
      configuration: { type: tosca.artifacts.template, file: haproxy.cfg.j2 }
    interfaces:
      Standard:
        type: tosca.interfaces.node.lifecycle.Standard
        operations: { configure: proxy.sh }
`;
    expect(findings(source)).toEqual([]);
    expect(findings(source.replace('yaml_1_3', 'yaml_1_2'))).toContain('unknown-type: tosca.artifacts.template');
  });

  it('of later versions are unknown to 1.0', () => {
    expect(findings(named('1.0') + later)).toEqual([
      'unknown-type: tosca.capabilities.Compute',
      'unknown-type: tosca.datatypes.json',
      'unknown-type: tosca.datatypes.json',
      'unknown-type: tosca.nodes.Abstract.Compute',
      'unknown-type: tosca.nodes.Storage.BlockStorage',
    ]);
  });

  it.each([
    ['1.0', []],
    ['1.1', ['unknown-type: tosca.nodes.BlockStorage']],
    ['1.2', ['unknown-type: tosca.nodes.BlockStorage']],
    ['1.3', ['unknown-type: tosca.nodes.BlockStorage']],
  ] as const)('of 1.0 that were renamed are unknown to later versions: %s', (version, wanted) => {
    const node = 'topology_template:\n  node_templates:\n    volume:\n      type: tosca.nodes.BlockStorage\n';
    expect(findings(`${named(version)}${node}      properties: { size: 1 GB }\n`)).toEqual(wanted);
  });

  it('change with the version while a template is open', () => {
    let source = `${named('1.0')}${later}`;
    const workspace = openWorkspace(wanted => (wanted === uri ? source : undefined));
    expect(workspace.diagnostics(uri).filter(isNoHint)).not.toEqual([]);
    source = `${named('1.3')}${later}`;
    expect(workspace.diagnostics(uri).filter(isNoHint)).toEqual([]);
  });

  it("are 1.0's beside the INDIGO types, so that a wrong version is one mistake and not many", () => {
    const source = `${named('1.3')}imports:
  - indigo_custom_types: https://raw.githubusercontent.com/indigo-dc/tosca-types/master/custom_types.yaml
topology_template:
  node_templates:
    volume:
      type: tosca.nodes.BlockStorage
      properties: { size: 1 GB }
    server:
      type: tosca.nodes.indigo.Compute
      requirements:
        - local_storage:
            node: volume
            relationship: { type: tosca.relationships.AttachesTo, properties: { location: /data } }
`;
    expect(findings(source)).toEqual(['unknown-version: tosca_simple_yaml_1_3']);
  });

  it('prove nothing for a version that is not known', () => {
    expect(findings(named('1.9') + later)).toEqual(['unknown-version: tosca_simple_yaml_1_9']);
  });

  const files = versions.flatMap(version => bundledFiles(`tosca-${version}`));
  it.each(files)('are clean where they are declared: %s', file => {
    expect(openWorkspace().diagnostics(file)).toEqual([]);
  });
});
