// Who may ask the cluster, and how: passwords, TLS, other addresses than loopback.
import { readFileSync, statSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import { expect, test } from 'vitest';
import { ask } from '../../../cluster/src/connect/request.ts';
import { hostsOf } from '../../../cluster/src/local/hosts.ts';
import { openCluster, sender } from './local.ts';

const credentials = { user: 'admin', password: 'p:ä' };
const basic = (user: string, password: string) => ({
  Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});
const right = basic('admin', 'p:ä');

test('Marathon, Chronos and the Orchestrator ask everywhere, the Mesos master as its release does', async () => {
  const { cluster } = await openCluster({ credentials, executor: 'stand-in' });
  for (const [url, known] of [
    [cluster.marathon, '/ping'],
    [cluster.chronos, '/ping'],
    [cluster.orchestrator, '/info'],
  ] as const) {
    const send = sender(url);
    for (const target of [known, '/', '/nothing/here']) {
      expect((await send('GET', target)).status, url + target).toBe(401);
      expect((await send('GET', target, undefined, basic('admin', 'wrong'))).status, url + target).toBe(401);
      expect((await send('GET', target, undefined, basic('other', 'p:ä'))).status, url + target).toBe(401);
    }
    expect((await send('POST', '/v2/apps', {})).status).toBe(401);
    expect((await send('GET', known, undefined, right)).status).toBe(200);
  }
  const refused = await sender(cluster.marathon)('GET', '/v2/apps');
  expect(refused.headers.get('www-authenticate')).toBe('basic realm="Mesosphere"');
  expect(refused.headers.get('content-type')).toMatch(/^text\/html/);
  const master = sender(cluster.mesos);
  const realm = async (method: string, target: string) => {
    const answer = await master(method, target);
    return answer.status === 401 ? answer.headers.get('www-authenticate') : answer.status;
  };
  for (const target of ['/health', '/version', '/master/health']) expect(await realm('GET', target)).toBe(200);
  expect(await realm('GET', '/redirect')).toBe(307);
  for (const target of ['/state', '/master/slaves', '/flags', '/local/state'])
    expect(await realm('GET', target)).toBe('Basic realm="mesos-master-readonly"');
  for (const [method, target] of [
    ['POST', '/api/v1'],
    ['GET', '/quota'],
    ['POST', '/master/teardown'],
    ['POST', '/local/reset'],
    ['POST', '/local/agents/1/down'],
  ] as const) {
    expect(await realm(method, target), target).toBe('Basic realm="mesos-master-readwrite"');
  }
  expect((await master('GET', '/state', undefined, right)).status).toBe(200);
});

test('Mesos 0.28 shows all but its flags without a password', async () => {
  const { mesos } = await openCluster({ credentials, executor: 'stand-in', release: 'indigo_1' });
  expect((await mesos('GET', '/state')).status).toBe(200);
  expect((await mesos('GET', '/flags')).headers.get('www-authenticate')).toBe('Basic realm="mesos"');
  expect((await mesos('POST', '/local/reset')).status).toBe(401);
});

test('with TLS a client that holds its certificate good is served, by each of its names', async () => {
  const { cluster } = await openCluster({ tls: 'own', credentials, executor: 'stand-in' });
  const ca = cluster.certificate ?? '';
  expect(statSync(path.join(cluster.stateDir, 'tls-key.pem')).mode & 0o077).toBe(0);
  expect(readFileSync(path.join(cluster.stateDir, 'tls-certificate.pem'), 'utf8')).toBe(ca);
  for (const url of [cluster.marathon, cluster.chronos, cluster.orchestrator]) expect(url).toMatch(/^https:/);
  expect(cluster.mesos).toMatch(/^http:/);
  const { port } = new URL(cluster.marathon);
  const get = (host: string, options: https.RequestOptions) =>
    new Promise<number | string | undefined>(resolve => {
      https
        .get(`https://${host}:${port}/ping`, { headers: right, ...options }, response => {
          response.resume();
          resolve(response.statusCode);
        })
        .on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    });
  for (const host of ['127.0.0.1', 'localhost']) expect(await get(host, { ca })).toBe(200);
  expect(await get('127.0.0.1', { ca: [...rootCertificates] })).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  expect(await get('127.0.0.1', { ca, servername: 'example.org' })).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  // The product's own clients.
  const access = { login: credentials, certificate: ca };
  const asked = ask({ service: 'Marathon', url: cluster.marathon, access }, { path: '/v2/info' });
  expect(JSON.parse((await asked).body.toString()).name).toBe('marathon');
  await expect(ask({ service: 'Marathon', url: cluster.marathon }, { path: '/v2/info' })).rejects.toThrow();
});

test('a state folder keeps its certificate', async () => {
  const { cluster } = await openCluster({ tls: 'own', executor: 'stand-in' });
  const again = await openCluster({ tls: 'own', executor: 'stand-in' });
  expect(again.cluster.certificate).not.toBe(cluster.certificate);
  const { ownCertificate } = await import('../../../cluster/src/local/certificate.ts');
  const names = ['localhost', '127.0.0.1', '::1'];
  expect((await ownCertificate(cluster.stateDir, names)).cert).toBe(cluster.certificate);
  expect((await ownCertificate(cluster.stateDir, [...names, 'other.example'])).cert).not.toBe(cluster.certificate);
});

test('by default nothing listens beyond loopback; told otherwise it answers to its own names only', async () => {
  const outside = Object.values(os.networkInterfaces())
    .flat()
    .find(address => address?.internal === false && address.family === 'IPv4')?.address;
  const { cluster } = await openCluster({ executor: 'stand-in' });
  const reaches = (port: string) =>
    new Promise(resolve => {
      const socket = net.connect(Number(port), outside ?? '', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
  if (outside !== undefined) expect(await reaches(new URL(cluster.marathon).port)).toBe(false);
  const open = await openCluster({ executor: 'stand-in', listen: '0.0.0.0' });
  if (outside !== undefined) expect(await reaches(new URL(open.cluster.marathon).port)).toBe(true);
  expect((await open.marathon('GET', '/ping')).status).toBe(200);
  const own = hostsOf('127.0.0.1');
  const all = hostsOf('0.0.0.0');
  const machine = os.hostname();
  for (const host of ['192.0.2.1:8080', '[2001:db8::1]:80', `${machine}:1`]) {
    expect([own.isOwn(host), all.isOwn(host)], host).toEqual([false, true]);
    expect([own.isOwnOrigin(`http://${host}`), all.isOwnOrigin(`https://${host}`)], host).toEqual([false, true]);
  }
  for (const host of ['evil.example', 'localhost.evil.example', '192.0.2.1.evil.example', '', 'x@192.0.2.1'])
    expect([own.isOwn(host), all.isOwn(host)], host).toEqual([false, false]);
});
