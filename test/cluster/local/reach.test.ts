// Reaching apps through the load balancer of the local cluster: the built-in one, and Debian's haproxy where it is installed.
import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { App } from '../../../cluster/src/local/marathon/app.ts';
import { takeTurns } from '../../../cluster/src/local/reach/backends.ts';
import { openListener } from '../../../cluster/src/local/reach/listener.ts';
import { servicePortsOf } from '../../../cluster/src/local/reach/service-port.ts';
import { eventually, isAlive, openCluster, processesWith, type TestCluster } from './local.ts';

/** An HTTP server that tells which task it is, what it was asked for, and whether it is well: /sick makes it unwell. */
const server = `node -e '
let well = true;
require("http").createServer((request, response) => {
  if (request.url === "/sick") well = false;
  if (request.url === "/moved") return response.writeHead(302, { location: "http://" + request.headers.host + "/elsewhere" }).end();
  response.writeHead(request.url === "/health" && !well ? 500 : 200, { "set-cookie": "own=1" });
  response.end(JSON.stringify({ task: process.env.MESOS_TASK_ID, port: process.env.PORT0, url: request.url, headers: request.headers }));
}).on("upgrade", (request, socket, head) => {
  socket.write("HTTP/1.1 101 Switching Protocols\\r\\nConnection: upgrade\\r\\nUpgrade: echo\\r\\n\\r\\n");
  socket.pipe(socket);
}).listen(process.env.PORT0, "127.0.0.1")'`;

const health = [
  { protocol: 'HTTP', path: '/health', gracePeriodSeconds: 30, intervalSeconds: 1, maxConsecutiveFailures: 0 },
];

/** An app with a service port that nobody else on this machine is likely to have. */
const web = async (more: Record<string, unknown> = {}) => ({
  ...{ id: '/web', cmd: server, cpus: 0.1, mem: 32, instances: 1, labels: { HAPROXY_0_MODE: 'http' } },
  portDefinitions: [{ port: await freePort() }],
  ...more,
});

async function freePort(): Promise<number> {
  const probe = net.createServer();
  await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as net.AddressInfo;
  await new Promise(resolve => probe.close(resolve));
  return port;
}

interface Got {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what the task tells of itself.
  readonly json: any;
}

/** One request on a connection of its own. Rejects when nothing answers. */
const get = (url: string, headers: Record<string, string> = {}) =>
  new Promise<Got>((resolve, reject) => {
    http
      .get(url, { headers, agent: false }, response => {
        let text = '';
        response.setEncoding('utf8').on('data', data => {
          text += data;
        });
        response.on('error', reject);
        response.on('end', () => {
          const json = text.startsWith('{') ? JSON.parse(text) : undefined;
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
        });
      })
      .on('error', reject);
  });

const servicePort = async ({ marathon }: TestCluster, id = '/web'): Promise<number> =>
  (await marathon('GET', `/v2/apps${id}`)).json.app.portDefinitions[0].port;

/** The tasks that answer, once requests have stopped being refused. */
async function tasksBehind(url: string, headers?: Record<string, string>): Promise<string[]> {
  const tasks: string[] = [];
  for (let n = 0; n < 6; n++) {
    const { json } = await eventually(async () => {
      const got = await get(url, headers).catch(() => undefined);
      return got?.status === 200 && got;
    });
    tasks.push(json.task);
  }
  return tasks;
}

const withHaproxy = ['/usr/sbin/haproxy', '/usr/local/sbin/haproxy', '/usr/bin/haproxy'].some(existsSync);
const balancers = ['builtin', ...(withHaproxy ? ['haproxy'] : [])] as const;
test.skipIf(withHaproxy)('haproxy is not installed: what it does is not tested here', context => context.skip());

test.for(balancers)('%s spreads a service port over the healthy tasks', async kind => {
  const opened = await openCluster({ loadBalancer: kind as 'builtin' });
  await opened.deploy(await web({ instances: 2, healthChecks: health }));
  const url = `http://127.0.0.1:${await servicePort(opened)}`;
  expect(new Set(await tasksBehind(`${url}/x`)).size).toBe(2);
  const { json } = await get(`${url}/some/path?q=1`);
  expect(json.url).toBe('/some/path?q=1');
  expect(json.headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-forwarded-port': new URL(url).port });

  // one that fails its checks gets no more
  const sick = (await get(`http://127.0.0.1:${json.port}/sick`)).json.task;
  await eventually(async () => !(await tasksBehind(url)).includes(sick));

  // with none that is well the port still answers
  await get(`${url}/sick`);
  await eventually(async () => {
    const got = await get(url).catch(() => undefined);
    return got?.status === 503 && got.text.includes('503 Service Unavailable');
  });

  // without tasks nothing listens
  await opened.marathon('DELETE', '/v2/apps/web');
  await eventually(() =>
    get(url)
      .then(() => false)
      .catch((error: NodeJS.ErrnoException) => error.code === 'ECONNREFUSED'),
  );
});

test.for(balancers)('%s serves virtual hosts by name, path and weight, and by the app id', async kind => {
  const opened = await openCluster({ loadBalancer: kind as 'builtin' });
  const { deploy, cluster } = opened;
  const host = async (id: string, labels: Record<string, string>) =>
    deploy(await web({ id, labels: { HAPROXY_GROUP: 'external', ...labels } }));
  await host('/site', { HAPROXY_0_VHOST: 'www.example.org,Example.org' });
  await host('/api', { HAPROXY_0_VHOST: 'www.example.org', HAPROXY_0_PATH: '/api', HAPROXY_0_STICKY: 'true' });
  const at = cluster.virtualHosts ?? '';
  const app = async (name: string, path: string) => (await tasksBehind(at + path, { Host: name }))[0]?.split('.')[0];
  await eventually(async () => {
    const got = await get(`${at}/api`, { Host: 'www.example.org' }).catch(() => undefined);
    return got?.json?.task.startsWith('api.');
  });
  expect(await app('www.example.org', '/')).toBe('site');
  expect(await app('EXAMPLE.org:8088', '/api')).toBe('site');
  expect(await app('www.example.org', '/api/x')).toBe('api');
  const byId = await get(`${at}/`, { 'X-Marathon-App-Id': '/api' });
  expect(byId.json.task).toMatch(/^api\./);
  expect((await get(`${at}/`, { Host: 'other.example.org' })).status).toBe(503);
  expect((await get(`${at}/_haproxy_health_check`)).status).toBe(200);

  const first = await get(`${at}/api`, { Host: 'www.example.org' });
  const cookie = first.headers['set-cookie']?.find(each => each.startsWith('mesosphere_server_id='));
  expect(cookie).toBeDefined();
  const again = await get(`${at}/api`, { Host: 'www.example.org', Cookie: `a=b; ${cookie?.split(';')[0]}` });
  expect(again.headers['set-cookie']).toEqual(['own=1']);
  expect(again.json.headers.cookie).toBe('a=b');
});

test.for(balancers)('%s rewrites paths, redirects the root and keeps out whom the labels keep out', async kind => {
  const { deploy, cluster, marathon } = await openCluster({ loadBalancer: kind as 'builtin' });
  const labels = {
    HAPROXY_0_VHOST: 'www.example.org',
    HAPROXY_0_PATH: '-i /Shop',
    HAPROXY_0_HTTP_BACKEND_PROXYPASS_PATH: '/shop',
    HAPROXY_0_HTTP_BACKEND_REVPROXY_PATH: '/shop',
    HAPROXY_0_USE_HSTS: 'true',
    HAPROXY_0_BALANCE: 'leastconn',
    HAPROXY_0_BACKEND_NETWORK_ALLOWED_ACL: '127.0.0.0/8 10.0.0.1',
  };
  await deploy(await web({ labels }));
  const root = { HAPROXY_0_VHOST: 'root.example.org', HAPROXY_0_HTTP_BACKEND_REDIR: '/start' };
  await deploy(await web({ id: '/root', labels: root }));
  const denied = { HAPROXY_0_MODE: 'http', HAPROXY_0_BACKEND_NETWORK_ALLOWED_ACL: '10.0.0.0/8' };
  await deploy(await web({ id: '/denied', labels: denied }));
  const at = cluster.virtualHosts ?? '';
  await tasksBehind(`${at}/start`, { Host: 'root.example.org' });
  const shop = await get(`${at}/shop/to?x=/shop`, { Host: 'www.example.org' });
  expect(shop.json.url).toBe('/to?x=/shop');
  const moved = await get(`${at}/SHOP/moved`, { Host: 'www.example.org' });
  expect([moved.status, moved.headers.location]).toEqual([302, '/shop/elsewhere']);
  const redirected = await get(`${at}/`, { Host: 'root.example.org' });
  expect([redirected.status, redirected.headers.location]).toEqual([301, '/start']);
  const { port } = (await marathon('GET', '/v2/apps/denied')).json.app.portDefinitions[0];
  const refused = await eventually(() => get(`http://127.0.0.1:${port}/`).catch(() => undefined));
  expect(refused.status).toBe(403);
});

test.for(balancers)('%s speaks TLS where an app asks for it, with a certificate of the cluster', async kind => {
  const { deploy, marathon } = await openCluster({ loadBalancer: kind as 'builtin' });
  // As the Orchestrator writes it for enable_https.
  const head =
    '\nbackend {backend}\n  balance {balance}\n  mode http\n  http-request add-header X-Forwarded-Proto https\n';
  await deploy(await web({ labels: { HAPROXY_0_BACKEND_HEAD: head, HAPROXY_0_SSL_CERT: '/nowhere/cert.pem' } }));
  const { port } = (await marathon('GET', '/v2/apps/web')).json.app.portDefinitions[0];
  const headers = await eventually(
    () =>
      new Promise<Record<string, string> | undefined>(resolve => {
        const request = https.get({ host: '127.0.0.1', port, rejectUnauthorized: false }, async response => {
          let text = '';
          for await (const chunk of response) text += chunk;
          resolve(response.statusCode === 200 ? JSON.parse(text).headers : undefined);
        });
        request.on('error', () => resolve(undefined));
      }),
  );
  expect(headers['x-forwarded-proto']).toMatch(/^https/);
});

test.for(balancers)('%s forwards plain TCP and upgraded connections', async kind => {
  const opened = await openCluster({ loadBalancer: kind as 'builtin' });
  await opened.deploy(await web({ labels: { HAPROXY_0_MODE: 'tcp' } }));
  await opened.deploy(await web({ id: '/up' }));
  for (const id of ['/web', '/up']) {
    const port = await servicePort(opened, id);
    await tasksBehind(`http://127.0.0.1:${port}/`);
    const socket = net.connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n');
    let seen = '';
    socket.setEncoding('utf8').on('data', data => {
      seen += data;
    });
    await eventually(async () => seen.includes('\r\n\r\n'));
    expect(seen).toMatch(/^HTTP\/1\.1 101 /);
    socket.write('ping\n');
    await eventually(async () => seen.endsWith('ping\n'));
  }
});

test.for(balancers)('%s: a port that another program holds is one line in the log, and the app goes on', async kind => {
  const opened = await openCluster({ loadBalancer: kind as 'builtin' });
  const other = net.createServer();
  await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void other.close());
  const { port } = other.address() as net.AddressInfo;
  await opened.deploy(await web({ portDefinitions: [{ port }] }));
  await opened.deploy(await web({ id: '/free' }));
  await tasksBehind(`http://127.0.0.1:${await servicePort(opened, '/free')}/`);
  await opened.marathon('PUT', '/v2/apps/web', { instances: 2 });
  await eventually(async () => (await opened.marathon('GET', '/v2/apps/web')).json.app.tasksRunning === 2);
  const told = opened.log.filter(line =>
    line.includes(`Service port ${port} of /web is not served: another program holds`),
  );
  expect(told).toHaveLength(1);
});

test('more connections than are borne are closed at once, and there is room again when others go', async () => {
  const echo = net.createServer(socket => socket.on('error', () => {}).pipe(socket));
  await new Promise<void>(resolve => echo.listen(0, '127.0.0.1', resolve));
  const { port } = echo.address() as net.AddressInfo;
  const [service] = servicePortsOf({
    id: '/echo',
    labels: {},
    healthChecks: [],
    networks: [],
    portDefinitions: [{ port, protocol: 'tcp' }],
  } as unknown as App);
  if (service === undefined) throw new Error('no port');
  const target = { service, turns: takeTurns(), backends: () => [{ taskId: 'echo', host: '127.0.0.1', port }] };
  const listener = await openListener('127.0.0.1', 0, 'tcp', undefined, () => target);
  const sockets: net.Socket[] = [];
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    listener.close(true);
    echo.close();
  });
  /** Whether what is sent comes back. */
  const open = () =>
    new Promise<boolean>(resolve => {
      const socket = net.connect(listener.port, '127.0.0.1', () => socket.write('x'));
      sockets.push(socket);
      socket
        .on('data', () => resolve(true))
        .on('error', () => resolve(false))
        .on('close', () => resolve(false));
    });
  for (let n = 0; n < 20; n++) expect(await Promise.all(Array.from({ length: 100 }, open))).not.toContain(false);
  expect(await Promise.all(Array.from({ length: 50 }, open))).not.toContain(true);
  for (const socket of sockets.splice(0, 100)) socket.destroy();
  await eventually(open);
});

test('apps get no service port on which another program listens', async () => {
  const opened = [await openCluster({ loadBalancer: 'builtin' }), await openCluster({ loadBalancer: 'builtin' })];
  const ports: number[] = [];
  for (const each of opened) {
    await each.deploy(await web({ portDefinitions: [{ port: 0 }] }));
    const port = await servicePort(each);
    const [task] = (await each.marathon('GET', '/v2/apps/web/tasks')).json.tasks;
    expect(new Set(await tasksBehind(`http://127.0.0.1:${port}/`))).toEqual(new Set([task.id]));
    ports.push(port);
  }
  expect(new Set(ports).size).toBe(2);
});

test('a service port that is a host port of the task is the task’s own', async () => {
  const opened = await openCluster({ loadBalancer: 'builtin' });
  const { json } = await opened.mesos('GET', '/slaves');
  const [first] = /\d+/.exec(json.slaves[0].resources.ports) ?? [];
  const port = Number(first) + 500;
  await opened.deploy(await web({ portDefinitions: [{ port }], requirePorts: true }));
  const { json: told } = await eventually(() => get(`http://127.0.0.1:${port}/`).catch(() => undefined));
  expect(told.headers).not.toHaveProperty('x-forwarded-for');
  expect(opened.log).toEqual([]);
});

test.skipIf(!withHaproxy)(
  'labels that haproxy does not take cost their own app alone, and nothing listens beyond loopback',
  async () => {
    const opened = await openCluster({ loadBalancer: 'haproxy' });
    const one = async (id: string, labels: Record<string, string>) =>
      opened.deploy(await web({ id, labels: { HAPROXY_0_MODE: 'http', ...labels } }));
    await one('/balance', { HAPROXY_0_BALANCE: 'fairest' });
    await one('/beyond', { HAPROXY_0_FRONTEND_HEAD: 'frontend {backend}\n  bind *:{servicePort}\n' });
    await one('/unknown', { HAPROXY_0_BACKEND_HEAD: 'backend {backend}\n  {bogus}\n' });
    await one('/anywhere', { HAPROXY_0_BIND_ADDR: '0.0.0.0' });
    const head = 'backend {backend}\n  balance {balance}\n  mode http\n  http-request add-header X-Mine yes\n';
    await one('/good', { HAPROXY_0_BACKEND_HEAD: head });
    // The password is "secret".
    await one('/asks', { HAPROXY_0_AUTH: 'realm:me:$5$reach$72H28WwTh8RZAuE6HVLxJwm82qH4Hozoyl.YL9A19q6' });
    const good = await servicePort(opened, '/good');
    await tasksBehind(`http://127.0.0.1:${good}/`);
    expect((await get(`http://127.0.0.1:${good}/`)).json.headers['x-mine']).toBe('yes');
    await tasksBehind(`http://127.0.0.1:${await servicePort(opened, '/anywhere')}/`);
    const asks = `http://127.0.0.1:${await servicePort(opened, '/asks')}/`;
    await tasksBehind(asks, { Authorization: `Basic ${btoa('me:secret')}` });
    expect((await get(asks, { Authorization: `Basic ${btoa('me:wrong')}` })).status).toBe(401);
    expect(opened.log.map(line => line.split(' is left out of the load balancer: ')[0]).sort()).toEqual([
      '/balance',
      '/beyond',
      '/unknown',
    ]);
    const config = readFileSync(path.join(opened.cluster.stateDir, 'load-balancer/haproxy.cfg'), 'utf8');
    expect(new Set([...config.matchAll(/^ *bind (\S+):/gm)].map(([, address]) => address))).toEqual(
      new Set(['127.0.0.1']),
    );
  },
);

test.skipIf(!withHaproxy)('haproxy ends with the cluster, and is started again when it ends alone', async () => {
  const opened = await openCluster({ loadBalancer: 'haproxy' });
  await opened.deploy(await web());
  const url = `http://127.0.0.1:${await servicePort(opened)}/`;
  await tasksBehind(url);
  const folder = path.join(opened.cluster.stateDir, 'load-balancer');
  const pids = await processesWith(`${folder}/haproxy.cfg`);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await tasksBehind(url);
  expect(opened.log.filter(line => line.startsWith('haproxy has ended'))).toHaveLength(1);
  const next = await processesWith(`${folder}/haproxy.cfg`);
  await opened.cluster.stop();
  await eventually(async () => !next.some(isAlive));
});
