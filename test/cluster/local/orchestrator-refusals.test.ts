import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, startTestCluster, type TestCluster } from './local.ts';

/** What a template of one node is made of; each part is written under its key. */
interface Parts {
  readonly head?: string;
  readonly inputs?: string;
  readonly properties?: string;
  readonly artifacts?: string;
  readonly requirements?: string;
  readonly host?: string;
  readonly more?: string;
  readonly outputs?: string;
  readonly name?: string;
  readonly kind?: 'Marathon' | 'Chronos';
}

const image = 'image: { file: busybox, type: tosca.artifacts.Deployment.Image.Container.Docker }';
const indent = (text: string, by: number) =>
  text
    .split('\n')
    .map(line => ' '.repeat(by) + line)
    .join('\n');

function template({
  head,
  inputs = '',
  properties = 'command: sleep 1000',
  artifacts = image,
  ...more
}: Parts): string {
  const {
    requirements = '[ { host: rt } ]',
    host = 'num_cpus: 0.1',
    outputs = '',
    name = 'app',
    kind = 'Marathon',
  } = more;
  return `${
    head ??
    `tosca_definitions_version: tosca_simple_yaml_1_0
imports:
  - indigo: https://raw.githubusercontent.com/indigo-dc/tosca-types/master/custom_types.yaml`
  }
topology_template:
${inputs === '' ? '' : `  inputs:\n${indent(inputs, 4)}\n`}  node_templates:
    ${name}:
      type: tosca.nodes.indigo.Container.Application.Docker.${kind}
${properties === '' ? '' : `      properties:\n${indent(properties, 8)}\n`}${artifacts === '' ? '' : `      artifacts:\n${indent(artifacts, 8)}\n`}      requirements: ${requirements}
    rt:
      type: tosca.nodes.indigo.Container.Runtime.Docker
      capabilities:
        host:
          properties:
${indent(host, 12)}
${more.more ?? ''}
${outputs === '' ? '' : `  outputs:\n${indent(outputs, 4)}`}
`;
}

let opened: TestCluster;
beforeAll(async () => {
  opened = await startTestCluster({ executor: 'stand-in' });
});
afterAll(() => opened.cluster.stop());

describe('refused when it is sent', () => {
  const cases: readonly (readonly [string, Parts, number, string | RegExp, Record<string, unknown>?])[] = [
    [
      'no YAML',
      { properties: 'command: { a' },
      400,
      /^ParsingError\(errorLevel=ERROR, errorCode=INVALID_YAML, .*SimpleMark\(line=\d+, column=\d+\)/,
    ],
    ['no version', { head: 'description: x' }, 400, /errorCode=MISSING_TOSCA_VERSION/],
    [
      'an unknown version',
      { head: 'tosca_definitions_version: tosca_simple_yaml_1_9' },
      400,
      /errorCode=UNKNOWN_TOSCA_VERSION/,
    ],
    [
      'an unknown property',
      { properties: 'comand: x' },
      400,
      /errorCode=UNRECOGNIZED_PROPERTY, .*problem=Property comand does not exist in type tosca\.nodes\.indigo\.Container\.Application\.Docker\.Marathon,/,
    ],
    [
      'an unknown property, for all that a comment says',
      { properties: 'comand: x # tosca-ignore: unknown-property' },
      400,
      /errorCode=UNRECOGNIZED_PROPERTY/,
    ],
    ['an unknown type', { more: '    x: { type: no.such.Type }' }, 400, /errorCode=TYPE_NOT_FOUND/],
    [
      'an unknown requirement',
      { requirements: '[ { host: rt }, { hots: rt } ]' },
      400,
      /errorCode=REQUIREMENT_NOT_FOUND/,
    ],
    ['an unknown target', { requirements: '[ { host: rtt } ]' }, 400, /errorCode=REQUIREMENT_TARGET_NOT_FOUND/],
    [
      'an unfit target',
      { kind: 'Chronos', requirements: '[ { host: rt }, { parent_job: rt } ]' },
      400,
      /errorCode=REQUIREMENT_CAPABILITY_NOT_FOUND/,
    ],
    ['an unknown input', { properties: 'command: { get_input: nope }' }, 400, /errorCode=MISSING_TOPOLOGY_INPUT/],
    ['a size without a blank', { host: 'mem_size: 1GB' }, 400, /errorCode=VALIDATION_ERROR/],
    ['a port without protocol', { host: 'publish_ports: [ { source: 80 } ]' }, 400, /errorCode=VALIDATION_ERROR/],
    [
      'an unknown protocol',
      { host: 'publish_ports: [ { protocol: tpc, source: 80 } ]' },
      400,
      /errorCode=VALIDATION_ERROR/,
    ],
    ['a list with nothing in it', { properties: 'uris:' }, 400, /errorCode=(VALIDATION|SYNTAX)_ERROR/],
    ['a map of requirements', { requirements: '{ host: rt }' }, 400, /errorCode=SYNTAX_ERROR/],
    [
      'an undeclared repository',
      { artifacts: image.replace('busybox', 'busybox, repository: hub') },
      400,
      /errorCode=UNKNOWN_REPOSITORY/,
    ],
    ['an image without type', { artifacts: 'image: { file: busybox }' }, 400, /errorCode=TYPE_NOT_FOUND/],
    [
      'an image without file',
      { artifacts: 'image: { type: tosca.artifacts.Deployment.Image.Container.Docker }' },
      500,
      /NullPointerException/,
    ],
    ['an output with a description', { outputs: 'o: { description: x, value: 1 }' }, 500, /NullPointerException/],
    [
      'no nodes',
      {
        head: 'tosca_definitions_version: tosca_simple_yaml_1_0\nimports:\n  - i: https://raw.githubusercontent.com/indigo-dc/tosca-types/master/custom_types.yaml\nx: { y:',
      },
      400,
      /ParsingError/,
    ],
    [
      'an import without name',
      {
        head: 'tosca_definitions_version: tosca_simple_yaml_1_0\nimports:\n  - https://raw.githubusercontent.com/indigo-dc/tosca-types/master/custom_types.yaml',
      },
      500,
      /NullPointerException/,
    ],
    [
      'an import by path',
      {
        head: 'tosca_definitions_version: tosca_simple_yaml_1_0\nimports:\n  - indigo: https://raw.githubusercontent.com/indigo-dc/tosca-types/master/custom_types.yaml\n  - own: types.yaml',
      },
      400,
      'Invalid import url for remote TOSCA dependency types.yaml',
    ],
    [
      'a circle',
      {
        kind: 'Chronos',
        requirements: '[ { host: rt }, { parent_job: b } ]',
        more: `    b:\n      type: tosca.nodes.indigo.Container.Application.Docker.Chronos\n      properties: { command: x }\n      artifacts: { ${image} }\n      requirements: [ { host: rt }, { parent_job: app } ]`,
      },
      500,
      'Found node depencency loop in TOSCA topology; involved nodes: [app, b]',
    ],
    [
      'a missing input',
      { inputs: 'a: { type: string }' },
      400,
      "Input <a> is required and is not present in the user's input list, nor has a default value",
    ],
    [
      'a null for an input',
      { inputs: 'a: { type: string, default: x }' },
      400,
      "Input <a> is required and is not present in the user's input list, nor has a default value",
      { a: null },
    ],
    [
      'an optional input that is used',
      { inputs: 'a: { type: string, required: false }', properties: 'command: { get_input: a }' },
      400,
      'Failed to evaluate node_templates[app][properties][command][get_input][a]: No input provided for <a> and no default value provided in the definition',
    ],
    ['a token that is not there', { properties: "command: { token: [ 'a:b', ':', 2 ] }" }, 500, /IndexOutOfBounds/],
  ];
  test.for(cases)('%s', async ([_, parts, status, message, parameters = {}]) => {
    const { json } = await opened.orchestrator('POST', '/deployments', { template: template(parts), parameters });
    expect(json).toEqual({
      code: status,
      title: status === 400 ? 'Bad Request' : 'Internal Server Error',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });
});

describe('accepted, and failing later', () => {
  const cases: readonly (readonly [string, Parts, string | RegExp, Record<string, unknown>?])[] = [
    [
      'no image',
      { kind: 'Chronos', artifacts: '' },
      '<image> artifact not found in node <app> of type <tosca.nodes.indigo.Container.Application.Docker.Chronos>',
    ],
    [
      'an image of another type',
      { artifacts: 'image: { file: a, type: tosca.artifacts.Deployment.Image.VM }' },
      'Unsupported artifact type for <image> artifact in node <app> of type <tosca.nodes.indigo.Container.Application.Docker.Marathon>. Given <tosca.artifacts.Deployment.Image.VM>, supported <[tosca.artifacts.Deployment.Image.Container.Docker]>',
    ],
    ['no host', { requirements: '[]' }, 'No hosting node provided for node <app>'],
    [
      'two hosts',
      {
        requirements: '[ { host: rt }, { host: r2 } ]',
        more: '    r2: { type: tosca.nodes.indigo.Container.Runtime.Docker }',
      },
      /hosting nodes/,
    ],
    [
      'a port without source',
      { host: 'publish_ports: [ { protocol: tcp, target: 10000 } ]' },
      "source port in 'publish_ports' property must be provided",
    ],
    [
      'a port that is no number',
      { inputs: 'p: { type: string }', host: 'publish_ports: [ { protocol: tcp, source: { get_input: p } } ]' },
      /^Error parsing scalar value/,
      { p: 'many' },
    ],
    [
      'a number within a list',
      { inputs: 'p: { type: integer }', host: 'publish_ports: [ { protocol: tcp, source: { get_input: p } } ]' },
      'java.lang.Integer cannot be cast to java.lang.String',
      { p: 80 },
    ],
    [
      'a volume of the host',
      { host: "volumes: [ '/a:/b:rw' ]" },
      'Volume mount </a:/b:rw> not supported for marathon containers',
    ],
    [
      'a volume name that is too long',
      { host: `volumes: [ '${'v'.repeat(219)}:/b:rw:dvdi:rexray' ]` },
      `Volume name ${'v'.repeat(219)} is too long. Only names less than 218 chars are allowed`,
    ],
    [
      'a name that Marathon does not take',
      { name: 'web-app' },
      /^Illegal name for TOSCA node <web_app>: name for nodes of type tosca.nodes.indigo.Container.Application.Docker.Marathon must fully match regular expression \^/,
    ],
    ['a job without command', { kind: 'Chronos', properties: '' }, '<command> property of node <app> must be provided'],
    [
      'a schedule beside parents',
      {
        kind: 'Chronos',
        properties: 'command: x\nschedule: R//PT1H',
        requirements: '[ { host: rt }, { parent_job: b } ]',
        more: `    b:\n      type: tosca.nodes.indigo.Container.Application.Docker.Chronos\n      properties: { command: x }\n      artifacts: { ${image} }\n      requirements: [ { host: rt } ]`,
      },
      "Error creating Job <app>: 'schedule' parameter and job depencency are both specified",
    ],
    ['secrets without a Vault', { properties: 'command: x y\nsecrets: { A: b }' }, 'Secrets support not enabled'],
    [
      'what Marathon refuses',
      { host: 'publish_ports: [ { protocol: igmp, source: 80 } ]' },
      /^Error creating Marathon App Group\n/,
    ],
    [
      'what Chronos refuses',
      { kind: 'Chronos', properties: 'command: x\nschedule: 0 * * * *' },
      /^Failed to launch job <[0-9a-f-]{36}> on Chronos$/,
    ],
  ];
  test.for(cases)('%s', async ([_, parts, cause, parameters = {}]) => {
    const { orchestrator, marathon } = opened;
    const sent = await orchestrator('POST', '/deployments', { template: template(parts), parameters });
    expect(sent.text).toContain('CREATE_IN_PROGRESS');
    const { uuid } = sent.json;
    const { json } = await eventually(async () => {
      const reply = await orchestrator('GET', `/deployments/${uuid}`);
      return reply.json.status !== 'CREATE_IN_PROGRESS' && reply;
    });
    const provider = parts.kind === 'Chronos' ? 'chronos' : 'marathon';
    const [head, rest] = json.statusReason.split(`Cloud Provider Service <local-${provider}>\n\n`);
    expect(head).toBe(
      `Retries on cloud providers exhausted. Error list is:\n\n${'-'.repeat(64)}\nCloud Provider <local>\n`,
    );
    if (typeof cause === 'string') expect(rest).toBe(cause);
    else expect(rest).toMatch(cause);
    expect(json).toMatchObject({ status: 'CREATE_FAILED', outputs: {}, cloudProviderName: 'local' });
    const { content } = (await orchestrator('GET', `/deployments/${uuid}/resources`)).json;
    expect(new Set(content.map(({ state }: { state: string }) => state))).toEqual(new Set(['ERROR']));
    expect((await marathon('GET', `/v2/groups/${uuid}`)).status).toBe(404);
  });

  test('what nothing here can deploy', async () => {
    const body = { template: template({ host: 'num_gpus: 1' }) };
    for (const wanted of [body, { template: machines }]) {
      const { uuid } = (await opened.orchestrator('POST', '/deployments', wanted)).json;
      const { json } = await eventually(async () => {
        const reply = await opened.orchestrator('GET', `/deployments/${uuid}`);
        return reply.json.status !== 'CREATE_IN_PROGRESS' && reply;
      });
      expect(json).toMatchObject({
        status: 'CREATE_FAILED',
        statusReason: 'No cloud provider meets the deployment requirements',
      });
      expect(json.cloudProviderName).toBeUndefined();
      expect((await opened.orchestrator('GET', `/deployments/${uuid}/log`)).status).toBe(500);
      expect((await opened.orchestrator('DELETE', `/deployments/${uuid}`)).status).toBe(204);
      expect((await opened.orchestrator('GET', `/deployments/${uuid}`)).status).toBe(404);
    }
  });
});

const machines = `tosca_definitions_version: tosca_simple_yaml_1_0
imports:
  - indigo: https://raw.githubusercontent.com/indigo-dc/tosca-types/master/custom_types.yaml
topology_template:
  node_templates:
    server: { type: tosca.nodes.indigo.Compute }
`;

test('what the Orchestrator does not notice stands in no way', async () => {
  const { orchestrator, marathon } = opened;
  const text = readFileSync(new URL('../../../examples/web.tosca.yaml', import.meta.url), 'utf8');
  const odd = text.replace(
    'node_templates:',
    'node_templates:\n    unused: { type: tosca.nodes.indigo.Container.Runtime.Docker }',
  );
  const { status, json } = await orchestrator('POST', '/deployments', { template: odd });
  expect(status).toBe(201);
  await eventually(
    async () => (await orchestrator('GET', `/deployments/${json.uuid}`)).json.status === 'CREATE_COMPLETE',
  );
  expect((await marathon('GET', `/v2/groups/${json.uuid}`)).status).toBe(200);
});
