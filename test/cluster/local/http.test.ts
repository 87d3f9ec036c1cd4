import http from 'node:http';
import net from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { listen, type Route } from '../../../cluster/src/local/http.ts';
import { eventually, openCluster, sender } from './local.ts';

/** fetch does not let a caller choose these headers. */
const raw = (url: string, headers: Record<string, string>) =>
  new Promise<number>((resolve, reject) => {
    http
      .get(url, { headers }, response => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
      .on('error', reject);
  });

test('requests under a foreign name or from another page are refused, everywhere', async () => {
  const { cluster, mesos } = await openCluster();
  const agent = (await mesos('GET', '/state')).json.slaves[0].pid.split('@')[1];
  for (const base of [cluster.marathon, cluster.chronos, cluster.mesos, `http://${agent}`]) {
    const { port } = new URL(base);
    expect(await raw(`${base}/ping`, { Host: `evil.example:${port}` }), base).toBe(403);
    expect(await raw(`${base}/ping`, { Host: '169.254.169.254' }), base).toBe(403);
    expect(await raw(`${base}/ping`, { Origin: 'https://evil.example' }), base).toBe(403);
    expect(await raw(`${base}/ping`, { Origin: 'null' }), base).toBe(403);
    expect(await raw(`${base}/ping`, { Origin: 'http://localhost.evil.example' }), base).toBe(403);
    for (const name of ['localhost', 'agent1.localhost', '127.0.0.1', '[::1]']) {
      expect(await raw(`${base}/ping`, { Host: `${name}:${port}`, Origin: `http://${name}:1234` }), base).not.toBe(403);
    }
  }
});

test('a body over the limit is refused, and the connection survives the telling', async () => {
  const { marathon } = await openCluster();
  const { status, json } = await marathon('POST', '/v2/apps', `{"id": "${'x'.repeat(11 * 1024 * 1024)}"}`);
  expect(status).toBe(413);
  expect(json.message).toContain('10 MiB');
  expect((await marathon('GET', '/ping')).status).toBe(200);
});

test('what is no HTTP, a path that is not encoded well and a client that leaves do no harm', async () => {
  const { cluster, marathon, events } = await openCluster();
  const { port } = new URL(cluster.marathon);
  const reply = await new Promise<string>(resolve => {
    let text = '';
    const socket = net.connect(Number(port), '127.0.0.1', () => socket.write('nonsense\r\n\r\n'));
    socket.on('data', data => {
      text += data.toString();
    });
    socket.on('close', () => resolve(text));
  });
  expect(reply).toMatch(/^HTTP\/1\.1 400 /);
  expect((await marathon('GET', '/v2/apps/%zz')).status).toBe(400);
  const stream = await events();
  await stream.until(({ eventType }) => eventType === 'event_stream_attached');
  const other = await events();
  await stream.until(event => event !== stream.seen[0] && event.eventType === 'event_stream_attached');
  other.close();
  await stream.until(({ eventType }) => eventType === 'event_stream_detached');
  expect((await marathon('GET', '/ping')).status).toBe(200);
});

test('the event stream is neither chunked nor of known length', async () => {
  const { cluster } = await openCluster();
  const headers = await new Promise<http.IncomingHttpHeaders>((resolve, reject) => {
    const request = http.get(
      `${cluster.marathon}/v2/events`,
      { headers: { Accept: 'text/event-stream' } },
      response => {
        resolve(response.headers);
        request.destroy();
      },
    );
    request.on('error', reject);
  });
  expect(headers['content-type']).toBe('text/event-stream;charset=UTF-8');
  expect(headers.connection).toBe('close');
  expect(headers).not.toHaveProperty('transfer-encoding');
  expect(headers).not.toHaveProperty('content-length');
});

test('a change is answered when it is kept, and not even begun where it cannot be; reading waits for nothing', async () => {
  const waiting: (() => void)[] = [];
  let kept: () => Promise<void> = async () => {};
  const server = await listen('127.0.0.1', 0, { kept: () => kept(), log: () => {} });
  onTestFinished(() => server.close());
  const done: string[] = [];
  const route = (method: string): Route => ({
    method,
    pattern: /^\/$/,
    handle() {
      done.push(method);
      kept = () => new Promise(resolve => waiting.push(resolve));
      return { status: 200, text: method };
    },
  });
  server.serve({ routes: [route('POST'), route('GET')], problem: (status, text) => ({ status, text }) });
  const send = sender(server.url);
  const order: string[] = [];
  const post = send('POST', '/').then(() => order.push('POST'));
  await eventually(async () => waiting.length === 1);
  expect((await send('GET', '/')).status).toBe(200);
  order.push('GET');
  for (const release of waiting) release();
  await post;
  expect(order).toEqual(['GET', 'POST']);
  kept = async () => {
    throw new Error('The disk is full.');
  };
  done.length = 0;
  expect(await send('POST', '/')).toMatchObject({ status: 503, text: 'The disk is full.' });
  expect(done).toEqual([]);
});
