import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Endpoint } from '../../../cluster/src/connect/endpoint.ts';
import { eventParser, type ServerEvent, serverEvents } from '../../../cluster/src/connect/events.ts';
import { type Handler, serve, type TestServer } from '../server.ts';

const parse = (...chunks: Uint8Array[]) => {
  const parser = eventParser();
  return chunks.flatMap(chunk => [...parser(chunk)]);
};
const bytes = (text: string) => new TextEncoder().encode(text);

describe('the event parser', () => {
  it('reads events of one and of many lines', () => {
    const stream =
      ': hello\r\n\r\nevent: a\r\ndata: {"x":1}\r\n\r\n\r\ndata:one\ndata: two\nid: 7\n\nevent: none\n\ndata\r\r';
    expect(parse(bytes(stream))).toEqual([
      { type: 'a', data: '{"x":1}' },
      { type: 'message', data: 'one\ntwo' },
      { type: 'message', data: '' },
    ]);
  });

  it('gives an event only once its empty line is there', () => {
    const parser = eventParser();
    expect(parser(bytes('data: x\n'))).toEqual([]);
    expect(parser(bytes('\n'))).toEqual([{ type: 'message', data: 'x' }]);
  });

  it('reads the same events whatever pieces the stream comes in', () => {
    const line = fc.string({ unit: 'binary' }).map(text => text.replace(/[\r\n]/g, ''));
    const event = fc.record({
      type: fc.constantFrom('', 'status_update_event', 'ünïcode ☃ 🚀'),
      data: fc.array(line, { minLength: 1, maxLength: 3 }),
      end: fc.constantFrom('\n', '\r\n', '\r'),
      heartbeats: fc.nat({ max: 2 }),
    });
    fc.assert(
      fc.property(fc.array(event), fc.array(fc.nat(), { maxLength: 40 }), (events, cuts) => {
        const text = events
          .map(({ type, data, end, heartbeats }) =>
            [
              ...(type === '' ? [] : [`event: ${type}${end}`]),
              ...data.map(one => `data: ${one}${end}`),
              end.repeat(1 + heartbeats),
            ].join(''),
          )
          .join('');
        const whole = bytes(text);
        const places = [...new Set(cuts.map(cut => (whole.length === 0 ? 0 : cut % whole.length)))].sort(
          (a, b) => a - b,
        );
        const pieces = [...places, whole.length].map((place, index) => whole.subarray(places[index - 1] ?? 0, place));
        const expected = events.map(({ type, data }) => ({ type: type || 'message', data: data.join('\n') }));
        expect(parse(whole)).toEqual(expected.map(utf8));
        expect(parse(...pieces)).toEqual(expected.map(utf8));
      }),
      { numRuns: 500 },
    );
  });
});

/** Lone surrogates cannot be sent. */
const utf8 = (event: ServerEvent): ServerEvent => ({
  ...event,
  data: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes(event.data)),
});

describe('an event stream', () => {
  const servers: TestServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map(server => server.close()));
  });

  const marathon = async (handler: Handler): Promise<Endpoint> => {
    const server = await serve(handler);
    servers.push(server);
    return { service: 'Marathon', url: server.url };
  };
  const stream = (endpoint: Endpoint, signal?: AbortSignal, silenceMs = 5_000) =>
    serverEvents(endpoint, { path: '/v2/events' }, { silenceMs, ...(signal === undefined ? {} : { signal }) });

  it('asks exactly for an event stream and ends when the server ends it', async () => {
    let accept: string | undefined;
    const endpoint = await marathon((request, response) => {
      accept = request.headers.accept;
      response.writeHead(200, { 'content-type': 'text/event-stream;charset=UTF-8', connection: 'close' });
      response.write(Buffer.from('event: a\r\ndata: "☃').subarray(0, -1));
      setImmediate(() =>
        response.end(Buffer.from([...Buffer.from('☃').subarray(-1), ...Buffer.from('"\r\n\r\ndata: cut off')])),
      );
    });
    const events: ServerEvent[] = [];
    for await (const event of stream(endpoint)) events.push(event);
    expect(accept).toBe('text/event-stream');
    expect(events).toEqual([{ type: 'a', data: '"☃"' }]);
  });

  it('fails when the server is silent for too long, heartbeats are not silence', async () => {
    const endpoint = await marathon((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      let beats = 0;
      const timer = setInterval(() => {
        response.write('\r\n');
        if (++beats === 8) clearInterval(timer);
      }, 100);
    });
    const start = performance.now();
    await expect(stream(endpoint, undefined, 400).next()).rejects.toMatchObject({ code: 'timeout' });
    expect(performance.now() - start).toBeGreaterThan(700);
  });

  it('fails when it is not accepted, and when it is no event stream', async () => {
    const refused = await marathon((_, response) => void response.writeHead(401).end());
    await expect(stream(refused).next()).rejects.toMatchObject({ code: 'unauthenticated' });
    const page = await marathon(
      (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
    );
    await expect(stream(page).next()).rejects.toMatchObject({ code: 'unexpected-shape' });
    const hanging = await marathon(() => {});
    await expect(stream(hanging, undefined, 100).next()).rejects.toMatchObject({ code: 'timeout' });
  });

  it('ends for the caller and for the server when it is aborted', async () => {
    const controller = new AbortController();
    let closed: Promise<void> | undefined;
    const endpoint = await marathon((_, response) => {
      closed = new Promise(resolve => response.on('close', resolve));
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n');
    });
    const events = stream(endpoint, controller.signal);
    expect((await events.next()).value).toEqual({ type: 'message', data: '1' });
    const next = events.next();
    controller.abort();
    await expect(next).rejects.toMatchObject({ code: 'cancelled' });
    await closed;
  });

  it('is closed when the caller stops reading it', async () => {
    let closed: Promise<void> | undefined;
    const endpoint = await marathon((_, response) => {
      closed = new Promise(resolve => response.on('close', resolve));
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n');
    });
    for await (const _ of stream(endpoint)) break;
    await closed;
  });
});
