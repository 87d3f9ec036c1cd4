// The versions of the TOSCA Simple Profile in YAML, as `tosca_definitions_version` names them, and those of its relatives.

import { get, type Node } from '../syntax/nodes.ts';

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

/** Languages that also say so in `tosca_definitions_version`, by how their versions begin. */
const relatives: readonly (readonly [start: string, title: string])[] = [
  ['tosca_2_', 'TOSCA 2'],
  ['tosca_simple_profile_for_nfv_', 'the TOSCA profile for network functions (NFV)'],
  ['http://docs.oasis-open.org/tosca/ns/nfv/', 'the TOSCA profile for network functions (NFV)'],
  ['alien_dsl_', "Alien 4 Cloud's own dialect of TOSCA"],
  ['cloudify_dsl_', "Cloudify's own dialect of TOSCA"],
];

/** What a version stands for that is none of the Simple Profile's; undefined where nobody knows it. */
export function relativeOf(name: string | undefined): string | undefined {
  return name === undefined ? undefined : relatives.find(([start]) => name.startsWith(start))?.[1];
}

/** What INDIGO's production parser takes beside 1.0 (alien4cloud, ToscaParser). */
export const alienVersions: ReadonlySet<string> = new Set([
  'alien_dsl_1_2_0',
  'alien_dsl_1_3_0',
  'alien_dsl_1_4_0',
  'alien_dsl_2_0_0',
]);

/** What a file without a version of TOSCA is, by a key that only files of that language have. */
export function foreignOf(root: Node): string | undefined {
  if (get(root, 'tosca_definitions_version') !== undefined) return undefined;
  return foreignKeys.find(([key]) => get(root, key) !== undefined)?.[1];
}

export const foreignKeys: readonly (readonly [key: string, title: string])[] = [
  ['heat_template_version', 'a Heat template of OpenStack'],
  ['AWSTemplateFormatVersion', 'a CloudFormation template of AWS'],
  ['apiVersion', 'a manifest of Kubernetes'],
  ['services', 'a Compose file of Docker'],
];
