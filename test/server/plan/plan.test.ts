// What a template turns into. The expected bodies follow from INDIGO's Orchestrator, rule by rule.
import { describe, expect, it } from 'vitest';
import type { Json, Plan } from '../../../protocol/src/plan.ts';
import { nameFrom, openWorkspace, type PlanOptions, planTemplate } from '../../../server/src/index.ts';
import { header } from '../features/cursor.ts';

const uri = 'file:///demo.yaml';

function plan(topology: string, inputs: Readonly<Record<string, Json>> = {}, options: Partial<PlanOptions> = {}): Plan {
  const source = `${header}topology_template:\n${topology}`;
  const template = openWorkspace(wanted => (wanted === uri ? source : undefined)).template(uri);
  if ('problem' in template) throw new Error(template.problem);
  return planTemplate(template, {
    name: 'demo',
    release: 'deep_1',
    inputs,
    localVolumesHostBasePath: '/volumes/',
    createdBy: 'me@here',
    origin: 'test',
    ...options,
  });
}

const codes = ({ diagnostics }: Plan) => diagnostics.map(({ code }) => code);

const image = (file = 'nginx') => `      artifacts:
        image: { file: ${file}, type: tosca.artifacts.Deployment.Image.Container.Docker }`;

const app = (name: string, properties = '', host = 'runtime') => `    ${name}:
      type: tosca.nodes.indigo.Container.Application.Docker.Marathon
${properties === '' ? '' : `      properties:\n${properties}\n`}${image()}
      requirements:
        - host: ${host}
`;

const job = (name: string, properties = '        command: date', more = '') => `    ${name}:
      type: tosca.nodes.indigo.Container.Application.Docker.Chronos
${properties === '' ? '' : `      properties:\n${properties}\n`}${image('busybox')}
      requirements:
        - host: runtime
${more}`;

const runtime = (properties = '') => `    runtime:
      type: tosca.nodes.indigo.Container.Runtime.Docker
${properties === '' ? '' : `      capabilities:\n        host:\n          properties:\n${properties}\n`}`;

const labels = { created_by: 'me@here', origin: 'test' };

describe('a Marathon app', () => {
  it('has what is always sent, and nothing that is not set', () => {
    const { marathon, chronos, diagnostics } = plan(`  node_templates:\n${app('web')}${runtime()}`);
    expect(diagnostics).toEqual([]);
    expect(chronos).toEqual([]);
    expect(marathon).toEqual({
      id: '/demo',
      apps: [
        {
          id: 'web',
          instances: 1,
          env: {},
          labels,
          uris: [],
          constraints: [],
          container: {
            type: 'DOCKER',
            docker: { image: 'nginx', forcePullImage: true, privileged: false, network: 'BRIDGE', portMappings: [] },
            volumes: [],
          },
        },
      ],
    });
  });

  it('takes over every property', () => {
    const properties = `        command: run me
        uris: [ 'http://a/b.tgz' ]
        environment_variables: { A: 1, B: 'two' }
        constraints: [ [ hostname, UNIQUE ] ]
        labels: { HAPROXY_GROUP: internal, mine: yes }
        privileged: true
        force_pull_image: false`;
    const host = `            num_cpus: 0.5
            mem_size: 512 MiB
            publish_ports:
              - { protocol: tcp, source: 80, target: 10080 }
              - { protocol: udp, source: 53 }
            volumes: [ '/data:rw', 'disk:/var:ro:dvdi:rexray' ]`;
    const made = plan(`  node_templates:\n${app('web', properties)}${runtime(host)}`);
    const { marathon } = made;
    expect(codes(made)).toEqual(['haproxy-label']); // its group is overwritten
    expect(marathon?.apps[0]).toEqual({
      id: 'web',
      cmd: 'run me',
      instances: 1,
      cpus: 0.5,
      mem: 536.870912,
      env: { A: '1', B: 'two' },
      labels: { ...labels, HAPROXY_GROUP: 'external', mine: 'yes' },
      uris: ['http://a/b.tgz'],
      constraints: [['hostname', 'UNIQUE']],
      container: {
        type: 'DOCKER',
        docker: {
          image: 'nginx',
          forcePullImage: false,
          privileged: true,
          network: 'BRIDGE',
          portMappings: [
            { containerPort: 80, protocol: 'tcp', servicePort: 10080, labels: {} },
            { containerPort: 53, protocol: 'udp', labels: {} },
          ],
        },
        volumes: [
          { containerPath: '/data', mode: 'RW', hostPath: '/volumes/demo' },
          {
            containerPath: '/var',
            mode: 'RO',
            external: { name: 'demo-disk', provider: 'dvdi', options: { 'dvdi/driver': 'rexray' } },
          },
        ],
      },
    });
  });

  it('with GPUs runs on the host network and loses its container ports', () => {
    const host = `            num_gpus: 2
            publish_ports: [ { protocol: tcp, source: 80, target: 10080 }, { protocol: tcp, source: 81 } ]`;
    const { marathon } = plan(`  node_templates:\n${app('web')}${runtime(host)}`);
    expect(marathon?.apps[0]).toMatchObject({
      gpus: 2,
      container: { type: 'MESOS', docker: { image: 'nginx' } },
      portDefinitions: [
        { port: 10080, protocol: 'tcp', labels: {} },
        { port: 0, protocol: 'tcp', labels: {} },
      ],
      networks: [{ mode: 'HOST' }],
    });
    expect(marathon?.apps[0]?.container.docker.network).toBeUndefined();
  });

  it('with HTTPS has the labels of marathon-lb for each port', () => {
    const host = '            publish_ports: [ { protocol: tcp, source: 80 } ]';
    const { marathon } = plan(`  node_templates:\n${app('web', '        enable_https: true')}${runtime(host)}`);
    expect(marathon?.apps[0]?.labels).toEqual({
      ...labels,
      HAPROXY_GROUP: 'external',
      HAPROXY_0_BACKEND_HEAD:
        '\nbackend {backend}\n  balance {balance}\n  mode http\n  http-request add-header X-Forwarded-Proto https\n',
      HAPROXY_0_SSL_CERT: '/etc/ssl/cert.pem',
    });
  });

  it('reads secrets through names', () => {
    const properties = '        environment_variables: { PASS: plain }\n        secrets: { PASS: s3cret }';
    const { marathon } = plan(`  node_templates:\n${app('web', properties)}${runtime()}`);
    expect(marathon?.apps[0]).toMatchObject({
      env: { PASS: { secret: 'PASS' } },
      secrets: { PASS: { source: 'PASS@value' } },
    });
    expect(JSON.stringify(marathon)).not.toContain('s3cret');
  });

  it.each([
    ['1 MB', 1],
    ['1 GB', 1000],
    ['1 GiB', 1073.741824],
    ['1024 mb', 1024],
    ['1 TB', 1_000_000],
    ['1 kB', 0.001],
  ])('asks for %s as %d', (size, mem) => {
    const { marathon } = plan(`  node_templates:\n${app('web')}${runtime(`            mem_size: ${size}`)}`);
    expect(marathon?.apps[0]?.mem).toBe(mem);
  });
});

describe('a Chronos job', () => {
  it('has the defaults of its type', () => {
    const { marathon, chronos } = plan(
      `  node_templates:\n${job('one')}${runtime('            volumes: [ "/data:rw" ]')}`,
    );
    expect(marathon).toBeNull();
    expect(chronos).toEqual([
      {
        name: 'demo--one',
        command: 'date',
        epsilon: 'PT10S',
        uris: [],
        environmentVariables: [],
        constraints: [],
        container: {
          type: 'DOCKER',
          image: 'busybox',
          forcePullImage: true,
          parameters: [{ key: 'privileged', value: 'true' }],
          volumes: [{ containerPath: '/data', hostPath: '/volumes/demo--one', mode: 'RW' }],
        },
      },
    ]);
  });

  it('comes after its parents, whatever the order in the template', () => {
    const third = job('third', '        command: c', '        - parent_job: second\n');
    const second = job('second', '        command: b', '        - parent_job: first\n');
    const { chronos, diagnostics } = plan(`  node_templates:\n${third}${second}${job('first')}${runtime()}`);
    expect(diagnostics).toEqual([]);
    expect(chronos.map(({ name, parents }) => [name, parents])).toEqual([
      ['demo--first', undefined],
      ['demo--second', ['demo--first']],
      ['demo--third', ['demo--second']],
    ]);
  });

  it('keeps retries within 32 bits', () => {
    const { chronos } = plan(
      `  node_templates:\n${job('one', '        command: a\n        retries: 99999999999')}${runtime()}`,
    );
    expect(chronos[0]?.retries).toBe(2_147_483_647);
  });

  it('without command, or with schedule and parents, is an error', () => {
    expect(codes(plan(`  node_templates:\n${job('one', '')}${runtime()}`))).toEqual(['missing-property']);
    const both = job(
      'two',
      '        command: a\n        schedule: R/2030-01-01T00:00:00Z/PT1H',
      '        - parent_job: one\n',
    );
    expect(codes(plan(`  node_templates:\n${job('one')}${both}${runtime()}`))).toEqual(['schedule-and-parents']);
  });
});

describe('inputs', () => {
  const topology = `  inputs:
    cpus: { type: float, default: 1.0 }
    name: { type: string }
    mode: { type: string, required: false }
  node_templates:
${app('web', '        environment_variables: { NAME: { get_input: name } }')}${runtime('            num_cpus: { get_input: cpus }')}`;

  it('come from the user, then from the default', () => {
    const { marathon, diagnostics } = plan(topology, { name: 'n' });
    expect(diagnostics).toEqual([]);
    expect(marathon?.apps[0]).toMatchObject({ cpus: 1, env: { NAME: 'n' } });
    expect(plan(topology, { name: 'n', cpus: '2.5' }).marathon?.apps[0]?.cpus).toBe(2.5);
  });

  it('that are required and missing are an error at their declaration', () => {
    const { diagnostics } = plan(topology);
    expect(diagnostics).toMatchObject([
      { code: 'missing-input', severity: 1, range: { start: { line: 6, character: 4 } } },
    ]);
  });

  it('an explicit null is a missing value, even with a default', () => {
    expect(codes(plan(topology, { name: 'n', cpus: null }))).toEqual(['missing-input']);
  });

  it('that are not declared are not used, and said so', () => {
    expect(plan(topology, { name: 'n', nmae: 'x' }).diagnostics).toMatchObject([
      { code: 'unknown-input', severity: 2 },
    ]);
  });

  it('are held against their types', () => {
    expect(codes(plan(topology, { name: 'n', cpus: 'many' }))).toContain('input-value');
  });

  it('of type list are read from text', () => {
    const list = `  inputs:
    uris: { type: list, entry_schema: { type: string } }
  node_templates:
${app('web', '        uris: { get_input: uris }')}${runtime()}`;
    expect(plan(list, { uris: '[ a, b ]' }).marathon?.apps[0]?.uris).toEqual(['a', 'b']);
    expect(plan(list, { uris: ['a', 'b'] }).marathon?.apps[0]?.uris).toEqual(['a', 'b']);
  });

  it('that are optional, used and without a value are an error where they are used', () => {
    const used = topology.replace('get_input: name', 'get_input: mode');
    expect(plan(used, { name: 'n' }).diagnostics).toMatchObject([
      { code: 'optional-input', range: { start: { line: 7 } } },
      { code: 'missing-input', range: { start: { line: 12 } } },
    ]);
  });
});

describe('values that come through inputs', () => {
  const withPort = (value: string) =>
    plan(
      `  inputs:\n    value: { type: string }\n  node_templates:\n${app('web')}${runtime('            publish_ports: [ { protocol: tcp, source: { get_input: value } } ]')}`,
      { value },
    );
  it('are checked as the Orchestrator would, minutes later', () => {
    expect(withPort('8080').diagnostics).toEqual([]);
    expect(codes(withPort('http'))).toEqual(['wrong-type']);
    expect(codes(withPort('70000'))).toEqual(['wrong-type']);
    const size = `  inputs:\n    mem: { type: string }\n  node_templates:\n${app('web')}${runtime('            mem_size: { get_input: mem }')}`;
    expect(codes(plan(size, { mem: '1GB' }))).toEqual(['wrong-type']);
    expect(plan(size, { mem: '1 GB' }).marathon?.apps[0]?.mem).toBe(1000);
    const volume = `  inputs:\n    v: { type: string }\n  node_templates:\n${app('web')}${runtime('            volumes: [ { get_input: v } ]')}`;
    expect(codes(plan(volume, { v: '/host:/container:rw' }))).toEqual(['volume-grammar']);
    expect(codes(plan(volume, { v: '/data:readonly' }))).toEqual(['volume-mode']);
  });
});

describe('what the defaults of inputs bring', () => {
  const topology = `  inputs:
    path: { type: string, default: '/host:/data' }
  node_templates:
${app('web')}${runtime("            volumes: [ { concat: [ { get_input: path }, ':rw' ] } ]")}`;

  it('is told once where nothing else is given, and as what it is', () => {
    expect(plan(topology).diagnostics).toMatchObject([{ code: 'volume-grammar', severity: 1 }]);
  });

  it('is told of ports and GPUs too', () => {
    const ports = `  inputs:
    gpus: { type: integer, default: 1 }
    port: { type: string, default: '10080' }
  node_templates:
${app('web')}${runtime('            num_gpus: { get_input: gpus }\n            publish_ports: [ { protocol: tcp, source: 80, target: 10080 }, { protocol: tcp, source: 81, target: { get_input: port } } ]')}`;
    expect(codes(plan(ports))).toEqual(['duplicate-service-port', 'gpu-container', 'gpu-container']);
    expect(codes(plan(ports, { gpus: 0, port: '10081' }))).toEqual([]);
  });

  it('is no matter where something else is given', () => {
    expect(plan(topology, { path: '/data' }).diagnostics).toEqual([]);
  });
});

describe('functions', () => {
  it('concat joins, token splits, get_property finds', () => {
    const properties = `        command: { concat: [ a, '-', { token: [ 'x:y:z', ':', 1 ] }, '-', { get_property: [ runtime, host, num_cpus ] } ] }`;
    const made = plan(`  node_templates:\n${app('web', properties)}${runtime('            num_cpus: 2.0')}`);
    // the Orchestrator would not find it
    expect(codes(made)).toEqual(['function-at-deployment']);
    expect(made.marathon?.apps[0]?.cmd).toBe('a-y-2.0');
  });

  it('that wait for the running deployment stand in the outputs as they are', () => {
    const outputs = `  outputs:
    url: { value: { concat: [ 'http://', get_attribute: [ web, load_balancer_ips, 0 ], ':', get_attribute: [ runtime, host, publish_ports, 0, target ] ] } }
    fixed: { value: { concat: [ a, b ] } }
`;
    const result = plan(`  node_templates:\n${app('web')}${runtime()}${outputs}`);
    expect(result.outputs).toEqual({
      url: {
        concat: [
          'http://',
          { get_attribute: ['web', 'load_balancer_ips', 0] },
          ':',
          { get_attribute: ['runtime', 'host', 'publish_ports', 0, 'target'] },
        ],
      },
      fixed: 'ab',
    });
    expect(result.hosts).toEqual({ web: 'runtime' });
  });

  it('in a circle are told, not followed', () => {
    const circle = '        command: { get_property: [ SELF, command ] }';
    expect(codes(plan(`  node_templates:\n${app('web', circle)}${runtime()}`))).toContain('circular-function');
  });

  it('whose value only Onedata knows are empty, with a warning where they stand', () => {
    const properties = '        environment_variables: { TOKEN: { get_attribute: [ space, token ] } }';
    const space = '    space: { type: tosca.nodes.indigo.OnedataSpace, properties: { space: s } }\n';
    const { marathon, diagnostics } = plan(`  node_templates:\n${app('web', properties)}${runtime()}${space}`);
    expect(marathon?.apps[0]?.env).toEqual({ TOKEN: '' });
    expect(diagnostics).toMatchObject([{ code: 'value-at-run-time', severity: 2 }]);
  });
});

describe('nodes', () => {
  it('in a circle are an error', () => {
    const one = job('one', '        command: a', '        - parent_job: two\n');
    const two = job('two', '        command: b', '        - parent_job: one\n');
    expect(codes(plan(`  node_templates:\n${one}${two}${runtime()}`))).toEqual(['dependency-loop', 'dependency-loop']);
  });

  it('without a host, or with two, are an error', () => {
    const none = app('web').replace('        - host: runtime', '        - dependency: runtime');
    expect(codes(plan(`  node_templates:\n${none}${runtime()}`))).toEqual(['no-host']);
    const two = app('web').replace('        - host: runtime', '        - host: runtime\n        - host: runtime');
    expect(codes(plan(`  node_templates:\n${two}${runtime()}`))).toEqual(['several-hosts']);
  });

  it('of both kinds are a warning', () => {
    expect(plan(`  node_templates:\n${app('web')}${job('one')}${runtime()}`).diagnostics).toMatchObject([
      { code: 'mixed-kinds', severity: 2 },
    ]);
  });

  it('of other kinds are not sent', () => {
    const { marathon, chronos } = plan('  node_templates:\n    vm: { type: tosca.nodes.indigo.Compute }\n');
    expect([marathon, chronos]).toEqual([null, []]);
  });
});

describe('the deployment name', () => {
  it.each([
    ['file:///a/My_Template.tosca.yaml', 'my-template'],
    ['file:///a/indigo_marathon_app.yaml', 'indigo-marathon-app'],
    ['file:///a/%C3%A9.yml', 'deployment'],
  ])('of %s is %s', (from, expected) => expect(nameFrom(from)).toBe(expected));

  it('that Marathon refuses is an error', () => {
    expect(codes(plan(`  node_templates:\n${app('web')}${runtime()}`, {}, { name: 'No Good' }))).toEqual([
      'deployment-name',
    ]);
  });
});
