// `deploy`, `status` and `undeploy` as scripts use them: profiles, exit codes, what is printed where.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { localAddressFile, removeLocalAddress, writeLocalAddress } from '../../cluster/src/local-address.ts';
import { FakeCluster, runAll } from '../cluster/deploy/fake.ts';
import type { TestServer } from '../cluster/server.ts';
import { header } from '../server/features/cursor.ts';
import { runCommand } from './terminal.ts';

let folder: string;
const file = (name: string) => path.join(folder, name);

const apps = `${header}topology_template:
  inputs:
    image: { type: string }
  node_templates:
    web:
      type: tosca.nodes.indigo.Container.Application.Docker.Marathon
      artifacts:
        image: { file: { get_input: image }, type: tosca.artifacts.Deployment.Image.Container.Docker }
      requirements:
        - host: runtime
    runtime:
      type: tosca.nodes.indigo.Container.Runtime.Docker
      capabilities:
        host:
          properties:
            publish_ports:
              - { protocol: tcp, source: 80 }
  outputs:
    endpoint:
      value:
        concat:
          - http://
          - { get_attribute: [web, load_balancer_ips, 0] }
          - ":"
          - { get_attribute: [runtime, host, publish_ports, 0, target] }
`;

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'tosca-mesos-deploy-'));
  writeFileSync(file('apps.yaml'), apps);
  writeFileSync(file('broken.yaml'), apps.replace('requirements:', 'requirments:'));
});
afterAll(() => rmSync(folder, { recursive: true }));

let cluster: FakeCluster;
let server: TestServer;
let to: string;
beforeEach(async () => {
  cluster = new FakeCluster();
  cluster.onGroup = all => {
    for (const app of all.values()) runAll(app);
  };
  ({ server } = await cluster.start());
  to = `marathon=${server.url},chronos=${server.url}/,mesos=${server.url},release=indigo_2`;
});
afterEach(() => server.close());

const deployDemo = (...more: string[]) =>
  runCommand(['deploy', file('apps.yaml'), '--to', to, '--name', 'demo', '--set', 'image=nginx', ...more]);

describe('deploy', () => {
  it('prints progress on standard error and where it answers on standard output', async () => {
    const { code, stdout, stderr } = await deployDemo();
    expect(stdout).toBe(
      [
        'demo is deployed on command line (indigo_2).',
        '  app  /demo/web  1 of 1 task running  10.0.0.2:31000',
        'Outputs:',
        '  endpoint: http://10.0.0.2:31000',
        '',
      ].join('\n'),
    );
    expect(stderr).toContain('/demo: created\n');
    expect(code).toBe(0);
    const sent = JSON.parse(server.bodies[server.requests.indexOf('POST /v2/groups')] ?? '') as { apps: unknown[] };
    expect(sent.apps).toMatchObject([{ id: 'web', container: { docker: { image: 'nginx' } } }]);
  });

  it('prints JSON that scripts can rely on', async () => {
    const { code, stdout } = await deployDemo('--format', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      status: 'deployed',
      name: 'demo',
      steps: [
        { id: '/demo', kind: 'group', status: 'done', detail: 'created' },
        { id: '/demo/web', kind: 'app', status: 'done', detail: '1 of 1 task running' },
      ],
      apps: [
        {
          id: '/demo/web',
          tasks: [{ id: 'demo_web.0', host: '10.0.0.2', ports: [31000, 31100] }],
          servicePorts: [],
          address: '10.0.0.2:31000',
        },
      ],
      outputs: { endpoint: 'http://10.0.0.2:31000' },
      missingOutputs: {},
      left: { group: '/demo', jobs: [] },
      profile: 'command line',
      release: 'indigo_2',
    });
  });

  it('fails when the name is in use, with what to do', async () => {
    cluster.groups.set('/demo', new Map());
    const { code, stdout } = await deployDemo();
    expect(stdout).toContain('demo is not deployed on command line: The cluster has a deployment "demo" already');
    expect(code).toBe(1);
  });

  it('sends nothing for a template with errors, and shows them', async () => {
    const { code, stderr } = await runCommand(['deploy', file('broken.yaml'), '--to', to]);
    expect(stderr).toMatch(/broken\.yaml:\d+:\d+: error missing-input:/);
    expect(stderr).not.toContain('stopped');
    expect(code).toBe(1);
    expect(server.requests).toEqual([]);
  });

  it('is cancelled politely, saying what is left and how to take it away', async () => {
    const controller = new AbortController();
    cluster.onGroup = () => controller.abort();
    const args = ['deploy', file('apps.yaml'), '--to', to, '--name', 'demo', '--set', 'image=nginx'];
    const { code, stdout } = await runCommand(args, { signal: controller.signal });
    expect(stdout).toContain('The deployment was cancelled.');
    expect(stdout).toContain(`Still there: the group /demo. To take it away: tosca-mesos undeploy demo --from ${to}`);
    expect(code).toBe(1);
  });

  it('takes away what it created when asked to', async () => {
    cluster.onGroup = () => {};
    const { code, stdout } = await deployDemo('--timeout', '0.2', '--rollback');
    expect(stdout).toContain('not ready after');
    expect(stdout).not.toContain('Still there');
    expect(cluster.groups.size).toBe(0);
    expect(code).toBe(1);
  });

  it('could not run: bad arguments, no such template', async () => {
    for (const args of [
      [],
      ['--to', to],
      [file('apps.yaml')],
      [file('apps.yaml'), '--to', to, '--timeout', 'soon'],
      [file('apps.yaml'), '--to', to, '--format', 'xml'],
      [file('apps.yaml'), '--to', to, '--nonsense'],
      [file('none.yaml'), '--to', to],
    ]) {
      expect((await runCommand(['deploy', ...args])).code).toBe(2);
    }
    expect((await runCommand(['deploy', '--help'])).stdout).toContain('Usage: tosca-mesos deploy');
  });
});

describe('status', () => {
  it('shows apps with tasks and jobs', async () => {
    await deployDemo();
    cluster.createJob(JSON.stringify({ name: 'nightly--a', schedule: 'R1//PT1M' }));
    const { code, stdout } = await runCommand(['status', '--of', to]);
    expect(stdout).toBe(
      [
        'demo: running',
        '  app  /demo/web  1 of 1 running',
        '                  running         10.0.0.2:31000 10.0.0.2:31100',
        'nightly: waiting',
        '  job  nightly--a  has not run yet',
        '',
      ].join('\n'),
    );
    expect(code).toBe(0);
    const one = await runCommand(['status', 'nightly', '--of', to, '--format', 'json']);
    expect(JSON.parse(one.stdout)).toMatchObject({
      deployments: [{ name: 'nightly', state: 'waiting' }],
      problems: [],
    });
  });

  it('of what is not there, of an empty cluster, and of none', async () => {
    const none = await runCommand(['status', 'demo', '--of', to]);
    expect(none).toMatchObject({ code: 1, stdout: 'There is no deployment "demo" on command line.\n' });
    expect(await runCommand(['status', '--of', to])).toMatchObject({
      code: 0,
      stdout: 'Nothing is deployed on command line.\n',
    });
    await server.close();
    const dead = await runCommand(['status', '--of', to]);
    expect(dead.code).toBe(2);
    expect(dead.stderr).toContain('the connection is refused');
    expect(dead.stdout).toBe('');
  });
});

describe('undeploy', () => {
  it('says what it removes and removes it', async () => {
    await deployDemo();
    const dry = await runCommand(['undeploy', 'demo', '--from', to, '--dry-run']);
    expect(dry).toMatchObject({ code: 0, stdout: 'Would remove: the group /demo with /demo/web.\n' });
    expect(cluster.groups.has('/demo')).toBe(true);
    const done = await runCommand(['undeploy', 'demo', '--from', to]);
    expect(done).toMatchObject({ code: 0, stdout: 'demo is removed from command line.\n' });
    expect(done.stderr).toContain('Removing: the group /demo with /demo/web.\n');
    expect(cluster.groups.has('/demo')).toBe(false);
    expect(await runCommand(['undeploy', 'demo', '--from', to])).toMatchObject({
      code: 1,
      stdout: 'There is no deployment "demo" on command line.\n',
    });
  });

  it('refuses names that mean more than one deployment', async () => {
    const { code, stderr } = await runCommand(['undeploy', '/', '--from', to]);
    expect(code).toBe(2);
    expect(stderr).toContain('"/" is no name of a deployment');
  });
});

describe('a profile', () => {
  const status = async (of: string, env: NodeJS.ProcessEnv = {}) => {
    const { code, stdout, stderr } = await runCommand(['status', '--of', of], { env });
    return `${code} ${stdout}${stderr}`;
  };

  it('comes from the profiles file', async () => {
    const profiles = file('profiles.yaml');
    writeFileSync(profiles, `mine: { marathon: "${server.url}", release: indigo_2 }\nodd: { url: x }\nempty:\n`);
    const env = { TOSCA_MESOS_PROFILES: profiles };
    expect(await status('mine', env)).toBe('0 Nothing is deployed on mine.\n');
    expect(await status('odd', env)).toContain('2 The profile "odd" has an unknown member "url"');
    expect(await status('empty', env)).toContain('2 The profile "empty" is not a map of its members.');
    expect(await status('yours', env)).toContain('there are local, mine, odd, empty.');
    const home = file('home');
    mkdirSync(path.join(home, '.config', 'tosca-mesos'), { recursive: true });
    writeFileSync(path.join(home, '.config', 'tosca-mesos', 'profiles.yaml'), `home: { marathon: "${server.url}" }\n`);
    expect(await status('home', { HOME: home })).toBe('0 Nothing is deployed on home.\n');
  });

  it.each([
    ['mine: [', 'cannot be read'],
    ['- mine', 'must be a map of names to clusters'],
    [undefined, 'does not exist'],
  ])('of a file that holds %j is told in one sentence', async (content, what) => {
    const profiles = file('bad-profiles.yaml');
    rmSync(profiles, { force: true });
    if (content !== undefined) writeFileSync(profiles, content);
    const told = await status('mine', { TOSCA_MESOS_PROFILES: profiles });
    expect(told).toContain(what);
    expect(told.trim().split('\n')).toHaveLength(1);
  });

  it.each([
    ['marathon=nowhere', 'bad address for marathon'],
    ['marathon=ftp://x', 'neither with http:// nor with https://'],
    ['marathon=http://x,release=indigo_9', 'no known release'],
    ['release=indigo_1', 'names no part of a cluster'],
    ['marthon=http://x', 'unknown member "marthon"'],
  ])('%s is told in one sentence', async (given, what) => {
    expect(await status(given)).toContain(what);
  });

  it('keeps the password of an address to itself', async () => {
    const told = await status('marathon=http://ann:hunter2@127.0.0.1:1');
    expect(told).toContain('a user name or password does not belong into a URL');
    expect(told).not.toContain('hunter2');
  });

  it('local is the cluster that runs, and no other', async () => {
    const env = { XDG_RUNTIME_DIR: folder };
    const none = '2 The local cluster is not running: start it with `tosca-mesos local`.\n';
    expect(await status('local', env)).toBe(none);
    const { url } = server;
    const address = { marathon: url, chronos: url, mesos: url, orchestrator: url, release: 'indigo_2' as const };
    await writeLocalAddress({ ...address, pid: process.pid }, localAddressFile(env));
    cluster.intercept = ({ path: asked }, response) => {
      if (asked !== '/v2/info') return false;
      response.end('{"version":"1.4.1"}');
      return true;
    };
    expect(await status('local', env)).toBe('0 Nothing is deployed on local.\n');
    // The process lives, but nobody answers: the file was left behind.
    await server.close();
    expect(await status('local', env)).toBe(none);
    // Nobody has process 2^22 + 1, the first that Linux never gives.
    await writeLocalAddress({ ...address, pid: 4_194_305 }, localAddressFile(env));
    expect(await status('local', env)).toBe(none);
    await removeLocalAddress(4_194_305, localAddressFile(env));
  });
});
