// What is asked of a container engine, and where it is looked for; against an engine of the tests' own that only listens. What a real one
// does with it is in test/docker.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { type Engine, findEngine } from '../../../cluster/src/local/executors/docker/engine.ts';
import { type Image, provideImage } from '../../../cluster/src/local/executors/docker/image.ts';
import { saveOutput } from '../../../cluster/src/local/executors/docker/output.ts';
import { containerSpec } from '../../../cluster/src/local/executors/docker/spec.ts';
import type { Launch } from '../../../cluster/src/local/executors/executor.ts';
import type { ContainerInfo } from '../../../cluster/src/local/mesos/container.ts';
import { openTestExecutor } from './executor.ts';
import { openCluster } from './local.ts';

function folder(): string {
  const made = mkdtempSync(path.join(os.tmpdir(), 'docker-test-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

const image: Image = { stopSignal: 'SIGTERM', hasWorkingDir: false };

function specOf(container: ContainerInfo, more: Partial<Launch> = {}) {
  return containerSpec(
    {
      ...{ taskId: 't', containerId: 'c', sandbox: folder(), command: undefined, user: undefined, env: {} },
      ...{ host: '127.0.0.1', ports: [], resources: { cpus: 0.5, mem: 64, disk: 0, gpus: 0 }, kind: 'service' },
      ...{ container, ...more },
    },
    image,
  );
}

test('ports are mapped on loopback, and only where there is a network of its own', () => {
  const docker = {
    image: 'web',
    port_mappings: [
      { host_port: 31_000, container_port: 80 },
      { host_port: 31_001, container_port: 53, protocol: 'udp,tcp' },
    ],
  };
  const spec = specOf({ type: 'DOCKER', docker: { ...docker, network: 'BRIDGE' } });
  expect(spec.host).toMatchObject({
    NetworkMode: 'bridge',
    PortBindings: {
      '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '31000' }],
      '53/udp': [{ HostIp: '127.0.0.1', HostPort: '31001' }],
      '53/tcp': [{ HostIp: '127.0.0.1', HostPort: '31001' }],
    },
  });
  expect(spec.config.ExposedPorts).toEqual({ '80/tcp': {}, '53/udp': {}, '53/tcp': {} });
  const refusal = 'Port mappings are only supported for bridge and user-defined networks';
  expect(() => specOf({ type: 'DOCKER', docker: { ...docker, network: 'HOST' } })).toThrow(refusal);
});

test('networks are those of the task', () => {
  const docker = { image: 'web' };
  const network = (info: Omit<ContainerInfo, 'type'>, type: ContainerInfo['type'] = 'DOCKER') =>
    specOf({ type, ...info }).host.NetworkMode;
  expect(network({ docker })).toBe('host');
  expect(network({ docker: { ...docker, network: 'NONE' } })).toBe('none');
  expect(network({ docker: { ...docker, network: 'USER' }, network_infos: [{ name: 'own' }] })).toBe('own');
  expect(() => network({ docker: { ...docker, network: 'USER' } })).toThrow('No network info found in container info');
  const mesos = { image: { type: 'DOCKER', docker: { name: 'web' } } } as const;
  expect(network({ mesos }, 'MESOS')).toBe('host');
  expect(network({ mesos, network_infos: [{ name: 'mesos-bridge' }] }, 'MESOS')).toBe('bridge');
});

test('an app’s network and ports come to Mesos as its containerizers want them', async () => {
  const { deploy, mesos } = await openCluster({ executor: 'stand-in' });
  const portMappings = [{ containerPort: 80, hostPort: 0 }, { containerPort: 81 }];
  const app = { cpus: 0.1, mem: 16, cmd: 'never run' };
  const own = { networks: [{ mode: 'container', name: 'own' }] };
  const bridge = { networks: [{ mode: 'container/bridge' }] };
  const docker = { image: 'web' };
  await deploy({ id: '/own', ...app, ...own, container: { type: 'DOCKER', docker, portMappings } });
  await deploy({ id: '/bridge', ...app, ...bridge, container: { type: 'MESOS', docker, portMappings } });
  const tasks: { name: string; container: ContainerInfo }[] = (await mesos('GET', '/tasks')).json.tasks;
  const containerOf = (name: string) => tasks.find(task => task.name === name)?.container;
  const port = { host_port: expect.any(Number), container_port: 80, protocol: 'tcp' };
  expect(containerOf('own')?.docker).toMatchObject({ network: 'USER', port_mappings: [port] });
  expect(containerOf('own')?.network_infos).toEqual([{ name: 'own' }]);
  expect(containerOf('bridge')?.network_infos?.[0]).toMatchObject({ name: 'mesos-bridge' });
  expect(containerOf('bridge')?.network_infos?.[0]?.port_mappings?.[0]).toEqual(port);
});

test('volumes are binds, relative ones of the sandbox', () => {
  const sandbox = folder();
  const volumes = [
    { container_path: '/data', host_path: '/srv/data', mode: 'RO' },
    { container_path: 'inside', host_path: '/srv/more', mode: 'RW' },
    { container_path: '/cache', host_path: 'made', mode: 'RW' },
  ] as const;
  const { host } = specOf({ type: 'DOCKER', docker: { image: 'web' }, volumes }, { sandbox });
  expect(host.Binds).toEqual(['/srv/data:/data:ro', '/srv/more:/mnt/mesos/sandbox/inside:rw']);
  expect(host.Mounts).toEqual([
    { Type: 'bind', Source: sandbox, Target: '/mnt/mesos/sandbox' },
    { Type: 'bind', Source: path.join(sandbox, 'made'), Target: '/cache', ReadOnly: false },
  ]);
  const relative = [{ container_path: 'a', host_path: 'b', mode: 'RW' }] as const;
  expect(() => specOf({ type: 'DOCKER', docker: { image: 'web' }, volumes: relative })).toThrow(
    "Both host_path 'b' and container_path 'a' of a volume are relative",
  );
});

test('the environment is the task’s, with the places as they are inside', () => {
  const env = { OWN: 'a=b', MESOS_SANDBOX: '/outside', MESOS_DIRECTORY: '/outside', MESOS_TASK_ID: 't' };
  expect(specOf({ type: 'DOCKER', docker: { image: 'web' } }, { env }).config.Env).toEqual([
    'OWN=a=b',
    'MESOS_SANDBOX=/mnt/mesos/sandbox',
    'MESOS_TASK_ID=t',
    'MESOS_CONTAINER_NAME=mesos-c',
  ]);
});

test.for([
  ['privileged', 'true', { host: { Privileged: true } }],
  ['hostname', 'box', { config: { Hostname: 'box' } }],
  ['ulimit', 'nofile=1024:2048', { host: { Ulimits: [{ Name: 'nofile', Soft: 1024, Hard: 2048 }] } }],
  ['add-host', 'db:10.0.0.1', { host: { ExtraHosts: ['db:10.0.0.1'] } }],
  ['label', 'a=b=c', { config: { Labels: { MESOS_TASK_ID: 't', a: 'b=c' } } }],
  ['env', 'A=1', { config: { Env: expect.arrayContaining(['A=1']) } }],
  ['volume', '/a:/b:ro', { host: { Binds: ['/a:/b:ro'] } }],
  ['volume', '/b', { config: { Volumes: { '/b': {} } } }],
  ['entrypoint', '/run.sh', { config: { Entrypoint: ['/run.sh'] } }],
  ['workdir', '/work', { config: { WorkingDir: '/work' } }],
  ['memory', '1.5g', { host: { Memory: 1.5 * 2 ** 30 } }],
  ['memory-swap', '-1', { host: { MemorySwap: -1 } }],
  ['cpus', '0.5', { host: { NanoCpus: 5e8 } }],
  ['shm-size', '64m', { host: { ShmSize: 2 ** 26 } }],
  ['device', '/dev/fuse', { host: { Devices: [device('/dev/fuse', '/dev/fuse', 'rwm')] } }],
  ['device', '/dev/a:/dev/b:r', { host: { Devices: [device('/dev/a', '/dev/b', 'r')] } }],
  ['tmpfs', '/run:size=1m,mode=755', { host: { Tmpfs: { '/run': 'size=1m,mode=755' } } }],
  ['log-opt', 'max-size=1m', { host: { LogConfig: { Config: { 'max-size': '1m' } } } }],
  ['net', 'own', { host: { NetworkMode: 'own' } }],
  ['publish', '8080:80', { host: { PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '8080' }] } } }],
  ['publish', '0.0.0.0::53/udp', { host: { PortBindings: { '53/udp': [{ HostIp: '0.0.0.0', HostPort: '' }] } } }],
  ['gpus', 'all', { host: { DeviceRequests: [{ Count: -1, Capabilities: [['gpu']] }] } }],
  ['rm', 'true', {}],
] as const)('the parameter %s=%s is taken', ([key, value, expected]) => {
  const parameters = [{ key, value }];
  expect(specOf({ type: 'DOCKER', docker: { image: 'web', parameters } })).toMatchObject(expected);
});

function device(PathOnHost: string, PathInContainer: string, CgroupPermissions: string) {
  return { PathOnHost, PathInContainer, CgroupPermissions };
}

test.for([
  ['constructor', '1', 'The parameter "constructor" is no option of docker run that can be used here'],
  ['name', 'mine', 'The parameter "name" is no option of docker run that can be used here'],
  ['privileged', 'perhaps', 'The parameter "privileged" cannot be "perhaps": it wants true or false'],
  ['memory', 'much', 'The parameter "memory" cannot be "much": it wants a size like 512m'],
  ['ulimit', 'nofile', 'The parameter "ulimit" cannot be "nofile": it wants NAME=SOFT or NAME=SOFT:HARD'],
  ['restart', 'always', 'The parameter "restart" cannot be "always": Mesos starts its tasks anew by itself'],
] as const)('the parameter %s=%s is refused', ([key, value, sentence]) => {
  expect(() => specOf({ type: 'DOCKER', docker: { image: 'web', parameters: [{ key, value }] } })).toThrow(sentence);
});

test('output comes in frames, however they are cut', async () => {
  const frame = (stream: number, text: string) => {
    const header = Buffer.alloc(8);
    header[0] = stream;
    header.writeUInt32BE(Buffer.byteLength(text), 4);
    return Buffer.concat([header, Buffer.from(text)]);
  };
  const all = Buffer.concat([frame(1, 'out '), frame(2, 'érr'), frame(1, ''), frame(1, 'more')]);
  for (const size of [1, 3, all.length]) {
    const sandbox = folder();
    const chunks = Array.from({ length: Math.ceil(all.length / size) }, (_, n) =>
      all.subarray(n * size, (n + 1) * size),
    );
    await saveOutput(Readable.from(chunks), sandbox, false, error => expect.unreachable(String(error)));
    expect(readFileSync(path.join(sandbox, 'stdout'), 'utf8')).toBe('out more');
    expect(readFileSync(path.join(sandbox, 'stderr'), 'utf8')).toBe('érr');
  }
});

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
}

/** Answers what it is told to, by method and path; notes what it was asked. */
async function fakeEngine(answers: (asked: Asked) => { status?: number; body: string }) {
  const place = folder();
  const socket = path.join(place, 'docker.sock');
  const asked: Asked[] = [];
  const server = http.createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    asked.push({ method, url, headers });
    const { status = 200, body } = url === '/_ping' ? { body: 'OK' } : answers({ method, url, headers });
    response.writeHead(status, { 'Content-Type': url === '/_ping' ? 'text/plain' : 'application/json' }).end(body);
  });
  await new Promise<void>(resolve => server.listen(socket, resolve));
  onTestFinished(() => void server.close());
  return { socket, asked, place };
}

async function connected(env: NodeJS.ProcessEnv): Promise<Engine> {
  const engine = await findEngine(env);
  if (typeof engine === 'string') throw new Error(engine);
  onTestFinished(() => engine.close());
  return engine;
}

test('an engine is found by DOCKER_HOST, else by the context that is chosen', async () => {
  const { socket, place } = await fakeEngine(() => ({ body: '{}' }));
  expect((await connected({ DOCKER_HOST: `unix://${socket}` })).address).toBe(`unix://${socket}`);
  // The folder's name is the SHA-256 of "colima".
  const meta = path.join(place, 'contexts/meta/f24fd3749c1368328e2b149bec149cb6795619f244c5b584e844961215dadd16');
  mkdirSync(meta, { recursive: true });
  writeFileSync(path.join(meta, 'meta.json'), JSON.stringify({ Endpoints: { docker: { Host: `unix://${socket}` } } }));
  writeFileSync(path.join(place, 'config.json'), JSON.stringify({ currentContext: 'colima' }));
  expect((await connected({ DOCKER_CONFIG: place })).address).toBe(`unix://${socket}`);
  expect(await findEngine({ DOCKER_HOST: 'ssh://elsewhere' })).toBe(
    'No Docker or Podman engine answers ("ssh://elsewhere" is no address of the form unix:///PATH or tcp://HOST:PORT)',
  );
});

test('an image that is there is not pulled, unless the task wants it anew', async () => {
  const { socket, asked } = await fakeEngine(({ method }) =>
    method === 'GET' ? { body: JSON.stringify({ Config: { StopSignal: 'SIGQUIT', WorkingDir: '/' } }) } : { body: '' },
  );
  const engine = await connected({ DOCKER_HOST: `unix://${socket}` });
  const sandbox = folder();
  expect(await provideImage(engine, 'web:1', false, sandbox)).toEqual({ stopSignal: 'SIGQUIT', hasWorkingDir: true });
  await provideImage(engine, 'registry:5000/team/web', true, sandbox);
  await provideImage(engine, 'web@sha256:abc', true, sandbox);
  expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'GET /_ping',
    'GET /images/web:1/json',
    'POST /images/create?fromImage=registry%3A5000%2Fteam%2Fweb&tag=latest',
    'GET /images/registry:5000/team/web/json',
    'POST /images/create?fromImage=web&tag=sha256%3Aabc',
    'GET /images/web@sha256:abc/json',
  ]);
});

test('one pull serves all who wait for it, with what the task brings to log in; its failure is told', async () => {
  let there = false;
  const { socket, asked } = await fakeEngine(({ method, url }) => {
    if (method === 'GET') return there ? { body: '{}' } : { status: 404, body: '{"message":"No such image"}' };
    if (url.includes('bad')) return { body: '{"status":"Pulling"}\n{"error":"manifest unknown"}\n' };
    there = true;
    return { body: '{"status":"Pulling"}\r\n{"status":"Done"}\r\n' };
  });
  const engine = await connected({ DOCKER_HOST: `unix://${socket}` });
  const sandbox = folder();
  mkdirSync(path.join(sandbox, '.docker'));
  const auths = { 'own.registry': { auth: Buffer.from('me:se:cret').toString('base64') } };
  writeFileSync(path.join(sandbox, '.docker/config.json'), JSON.stringify({ auths }));
  await expect(provideImage(engine, 'own.registry/bad', false, sandbox)).rejects.toThrow('manifest unknown');
  await Promise.all([1, 2, 3].map(() => provideImage(engine, 'own.registry/web', false, sandbox)));
  const pulls = asked.filter(({ method, url }) => method === 'POST' && url.includes('web'));
  expect(pulls).toHaveLength(1);
  const sent = Buffer.from(String(pulls[0]?.headers['x-registry-auth']), 'base64url').toString('utf8');
  expect(JSON.parse(sent)).toEqual({ username: 'me', password: 'se:cret', serveraddress: 'own.registry' });
});

test('no container is made before those of former lives are gone', async () => {
  const over = { Id: 'former', Labels: { 'tosca-mesos.cluster': 'x', 'tosca-mesos.host': os.hostname() } };
  let lists = 0;
  const { socket, asked } = await fakeEngine(({ method, url }) => {
    if (url.startsWith('/containers/json')) return { body: JSON.stringify(lists++ < 2 ? [over] : []) };
    if (url.startsWith('/images/')) return { body: '{"Config":{}}' };
    // As an engine says it while another removes it.
    return { status: method === 'DELETE' ? 409 : 500, body: '{"message":"not now"}' };
  });
  const named = process.env.DOCKER_HOST;
  process.env.DOCKER_HOST = `unix://${socket}`;
  const { run, stop } = await openTestExecutor('docker').finally(() => {
    if (named === undefined) delete process.env.DOCKER_HOST;
    else process.env.DOCKER_HOST = named;
  });
  const task = run({ container: { type: 'DOCKER', docker: { image: 'web' } } });
  expect((await task.ended).slice(0, 2)).toEqual(['TASK_FAILED', 'Failed to run docker container: not now']);
  const kinds = asked.map(({ method, url }) => `${method} ${url.split('?', 1)[0]}`);
  expect(kinds).toEqual([
    'GET /_ping',
    'GET /containers/json',
    'DELETE /containers/former',
    'GET /containers/json',
    'DELETE /containers/former',
    'GET /containers/json',
    'GET /images/web/json',
    'POST /containers/create',
  ]);
  await stop();
});
