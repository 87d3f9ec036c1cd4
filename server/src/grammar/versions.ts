// The versions of the TOSCA Simple Profile in YAML, as `tosca_definitions_version` names them.

export type Version = '1.0' | '1.1' | '1.2' | '1.3';

const byName: Readonly<Record<string, Version>> = {
  tosca_simple_yaml_1_0: '1.0',
  tosca_simple_yaml_1_1: '1.1',
  tosca_simple_yaml_1_2: '1.2',
  tosca_simple_yaml_1_3: '1.3',
  'http://docs.oasis-open.org/tosca/ns/simple/yaml/1.0': '1.0',
  'http://docs.oasis-open.org/tosca/ns/simple/yaml/1.1': '1.1',
  'http://docs.oasis-open.org/tosca/ns/simple/yaml/1.2': '1.2',
  'http://docs.oasis-open.org/tosca/ns/simple/yaml/1.3': '1.3',
};

export const versionNames: readonly string[] = Object.keys(byName).filter(name => name.startsWith('tosca_'));

export function versionOf(name: string | undefined): Version | undefined {
  return name !== undefined && Object.hasOwn(byName, name) ? byName[name] : undefined;
}

export function isBefore(version: Version, other: Version): boolean {
  return version < other;
}
