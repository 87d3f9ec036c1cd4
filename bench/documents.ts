// The documents that are measured: real ones where they are, generated ones of any length; and the places in each that are edited.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A keyname that can be misspelt, with what a user would do near it. Lines and characters count from 0. */
export interface Place {
  readonly keyname: string;
  readonly line: number;
  /** Where the keyname begins and ends. */
  readonly start: number;
  readonly end: number;
  /** The end of a type's name nearby. */
  readonly type: { readonly line: number; readonly character: number };
}

export interface Sample {
  readonly name: string;
  readonly lines: number;
  readonly text: string;
  readonly places: readonly Place[];
}

const corpus = process.env.TOSCA_CORPUS ?? path.join(__dirname, '../../shared/corpus');

/** INDIGO's published templates, where this machine has them. */
export const publishedTemplates: readonly string[] = ['templates', 'examples']
  .map(folder => path.join(corpus, 'indigo', folder))
  .filter(folder => existsSync(folder))
  .flatMap(folder => readdirSync(folder).map(file => path.join(folder, file)));

/** A real template of 173 lines; without the corpus a generated one of that length. */
export function smallTemplate(): Sample {
  return published('templates/mesos_cluster.yaml') ?? generated(173);
}

/** INDIGO's type definitions, 3,007 lines; `undefined` without the corpus. */
export function typeDefinitions(): Sample | undefined {
  return published('types/custom_types.yaml');
}

function published(name: string): Sample | undefined {
  const file = path.join(corpus, 'indigo', name);
  return existsSync(file) ? sample(path.basename(file), readFileSync(file, 'utf8')) : undefined;
}

/** A valid template of about so many lines: Marathon apps with their run-time nodes, inputs and outputs, or Chronos jobs with theirs. */
export function generated(lines: number, kind: 'marathon' | 'chronos' = 'marathon'): Sample {
  const part = kind === 'marathon' ? app : job;
  const count = Math.max(1, Math.round((lines - header.split('\n').length) / linesOf(part(1))));
  const parts = Array.from({ length: count }, (_, index) => part(index + 1));
  const text = [
    header,
    '  inputs:',
    ...parts.map(({ input }) => input),
    '',
    '  node_templates:',
    ...parts.map(({ nodes }) => nodes),
    '',
    '  outputs:',
    ...parts.map(({ output }) => output),
    '',
  ].join('\n');
  return sample(`generated ${kind === 'marathon' ? 'Marathon apps' : 'Chronos jobs'}`, text);
}

interface Part {
  readonly input: string;
  readonly nodes: string;
  readonly output: string;
}

const linesOf = ({ input, nodes, output }: Part): number => [input, nodes, output].join('\n').split('\n').length;

const header = `tosca_definitions_version: tosca_simple_yaml_1_0

imports:
  - indigo_custom_types: https://raw.githubusercontent.com/indigo-dc/tosca-types/master/custom_types.yaml

description: Generated

topology_template:
`;

const app = (n: number): Part => ({
  input: `
    cpus${n}:
      type: float
      description: CPUs of service ${n}
      required: no
      default: 0.5`,
  nodes: `
    service${n}:
      type: tosca.nodes.indigo.Container.Application.Docker.Marathon
      properties:
        command: 'exec /usr/local/bin/serve --name service${n} --listen 0.0.0.0:8080'
        enable_https: true
        force_pull_image: false
        uris:
          - https://data.example.org/sets/${n}/index.tar.gz
        environment_variables:
          SERVICE_NAME: service${n}
          LOG_LEVEL: info
          WORKERS: 4
        labels:
          HAPROXY_0_VHOST: service${n}.example.org
          owner: team-${n % 7}
        constraints:
          - [ hostname, UNIQUE ]
      artifacts:
        image:
          file: registry.example.org/team${n % 7}/service:1.${n}
          type: tosca.artifacts.Deployment.Image.Container.Docker
      requirements:
        - host: runtime${n}

    runtime${n}:
      type: tosca.nodes.indigo.Container.Runtime.Docker
      capabilities:
        host:
          properties:
            num_cpus: { get_input: cpus${n} }
            mem_size: ${256 + (n % 8) * 128} MB
            publish_ports:
              - protocol: tcp
                source: 8080
            volumes:
              - '/var/lib/service:rw'`,
  output: `
    endpoint${n}:
      value: { concat: [ 'https://', get_attribute: [ service${n}, load_balancer_ips, 0 ], '/' ] }`,
});

const job = (n: number): Part => ({
  input: `
    dataset${n}:
      type: string
      description: Data set of step ${n}
      required: no
      default: measurements-${n}`,
  nodes: `
    step${n}:
      type: tosca.nodes.indigo.Container.Application.Docker.Chronos
      properties:
        description: Step ${n} of the pipeline
        ${n % 10 === 1 ? 'schedule: R//PT1H\n        ' : ''}command: 'python3 /opt/pipeline/step.py --number ${n} --input "$DATASET"'
        retries: 0
        environment_variables:
          DATASET: { get_input: dataset${n} }
          STEP: step${n}
        constraints:
          - [ rack, LIKE, 'a[0-9]' ]
      artifacts:
        image:
          file: registry.example.org/pipeline/step:${n}
          type: tosca.artifacts.Deployment.Image.Container.Docker
      requirements:
        - host: runtime${n}${n % 10 === 1 ? '' : `\n        - parent_job: step${n - 1}`}

    runtime${n}:
      type: tosca.nodes.indigo.Container.Runtime.Docker
      capabilities:
        host:
          properties:
            num_cpus: 0.5
            mem_size: ${256 + (n % 8) * 128} MB
            volumes:
              - '/var/lib/pipeline:rw'`,
  output: `
    dataset_of_step${n}:
      value: { get_input: dataset${n} }`,
});

function sample(name: string, text: string): Sample {
  const lines = text.trimEnd().split('\n');
  const places = lines.flatMap((written, line): Place[] => {
    const [, indent, keyname] =
      /^( {6})(requirements|capabilities):$/.exec(written) ?? /^( {4})(derived_from): \S+$/.exec(written) ?? [];
    if (indent === undefined || keyname === undefined) return [];
    const type = keyname === 'derived_from' ? line : lines.findLastIndex((l, at) => at < line && /^ {6}type: /.test(l));
    const start = indent.length;
    const character = lines[type]?.length ?? 0;
    return [{ keyname, line, start, end: start + keyname.length, type: { line: type, character } }];
  });
  return { name, lines: lines.length, text, places };
}
