// What clients do that mean harm, or know no better: each is refused or bounded, and the others are served.
import http from 'node:http';
import net from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { eventually, openCluster } from './local.ts';

/** Sends this and gives what comes back until the connection ends. */
function exchange(port: number, ...texts: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let reply = '';
    const socket = net.connect(port, '127.0.0.1', () => {
      for (const text of texts) socket.write(text);
    });
    socket.on('data', data => {
      reply += data.toString('latin1');
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(reply));
  });
}

const portOf = (url: string): number => Number(new URL(url).port);

/** Resolves when it is connected; what becomes of it then is the test's. */
const connect = (port: number) =>
  new Promise<net.Socket>((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.off('error', reject);
      socket.on('error', () => {});
      resolve(socket);
    });
    socket.once('error', reject);
  });

test('ten thousand connections keep nobody out: the longest idle ones make room', { timeout: 60_000 }, async () => {
  const { cluster, marathon, events } = await openCluster({ executor: 'stand-in' });
  const stream = await events();
  await stream.until(({ eventType }) => eventType === 'event_stream_attached');
  const open = new Set<net.Socket>();
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
  });
  for (let n = 0; n < 10_000; n += 500) {
    for (const socket of await Promise.all(Array.from({ length: 500 }, () => connect(portOf(cluster.marathon))))) {
      open.add(socket);
      socket.resume();
      socket.on('close', () => open.delete(socket));
    }
    expect((await marathon('GET', '/ping')).status).toBe(200);
  }
  await eventually(async () => open.size <= 1000);
  // One that is in use is not idle.
  await marathon('PUT', '/v2/groups/there', {});
  await stream.until(({ eventType }) => eventType === 'group_change_success');
});

test('a body of 100 MB is refused when it is sent, and one that is larger still when it is announced', async () => {
  const { cluster, marathon } = await openCluster({ executor: 'stand-in' });
  const port = portOf(cluster.marathon);
  const head = 'POST /v2/apps HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
  expect(await exchange(port, `${head}Content-Length: 1073741824\r\n\r\n`)).toMatch(/^HTTP\/1\.1 413 [\s\S]*10 MiB/);
  const status = await new Promise<number>((resolve, reject) => {
    const request = http.request(`${cluster.marathon}/v2/apps`, { method: 'POST' }, response => {
      response.resume();
      resolve(response.statusCode ?? 0);
      request.destroy();
    });
    request.on('error', reject);
    const send = (left: number) =>
      void (left === 0 ? request.end() : request.write('x'.repeat(2 ** 20), () => send(left - 1)));
    send(100);
  });
  expect(status).toBe(413);
  expect((await marathon('GET', '/ping')).status).toBe(200);
});

test('many large bodies at one time are bounded together', async () => {
  const { cluster, marathon } = await openCluster({ executor: 'stand-in' });
  const part = 'x'.repeat(9 * 2 ** 20);
  const requests = Array.from({ length: 14 }, () => {
    const request = http.request(`${cluster.marathon}/v2/apps`, {
      method: 'POST',
      headers: { 'Content-Length': part.length + 1 },
    });
    request.on('error', () => {});
    request.write(part);
    const answered = new Promise<number | undefined>(resolve => {
      request.on('response', response => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on('close', () => resolve(undefined));
    });
    return { request, answered };
  });
  expect(await Promise.race(requests.map(({ answered }) => answered))).toBe(503);
  for (const { request } of requests) request.destroy();
  await Promise.all(requests.map(({ answered }) => answered));
  await eventually(async () => (await marathon('POST', '/v2/apps', { id: 'a', cmd: 'true', args: 1 })).status !== 503);
});

test('headers without end are refused', async () => {
  const { cluster } = await openCluster({ executor: 'stand-in' });
  const reply = exchange(portOf(cluster.chronos), `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(70_000)}`);
  expect(await reply).toMatch(/^HTTP\/1\.1 431 /);
});

test('a reader of events that reads nothing costs a bounded amount, and the others get theirs', {
  timeout: 30_000,
}, async () => {
  const { cluster, marathon, events } = await openCluster({ executor: 'stand-in' });
  const lazy = await connect(portOf(cluster.marathon));
  onTestFinished(() => void lazy.destroy());
  lazy.pause();
  lazy.write('GET /v2/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n');
  const keen = await events();
  await keen.until(({ eventType }) => eventType === 'event_stream_attached');
  const env = { TEXT: 'x'.repeat(500_000) };
  const posts = () => keen.seen.filter(({ eventType }) => eventType === 'api_post_event').length;
  for (let n = 0; n < 60; n++) {
    await marathon('PUT', '/v2/apps/a?force=true', { cmd: `echo ${n}`, env, instances: 0 });
    await eventually(async () => posts() > n);
  }
  // It gets what was kept for it and what the system held, of more than thirty million bytes, and then what comes.
  let received = 0;
  let rest = '';
  let isThere = false;
  lazy.on('data', data => {
    received += data.length;
    rest += data.toString('latin1');
    isThere ||= rest.includes('"uri":"/v2/apps/marker"');
    rest = rest.slice(-100);
  });
  lazy.resume();
  await eventually(async () => {
    await marathon('PUT', '/v2/apps/marker?force=true', { cmd: 'true', instances: 0 });
    return isThere;
  });
  expect(received).toBeLessThan(20_000_000);
});
