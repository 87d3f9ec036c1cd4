import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type Following, fileSize, followFile, readFile } from '../../../cluster/src/mesos/files.ts';
import type { Sandbox } from '../../../cluster/src/mesos/sandbox.ts';
import { type Handler, serve, type TestServer } from '../server.ts';

let server: TestServer | undefined;
afterEach(() => server?.close());

/** Bytes as Mesos writes them into JSON: raw from 1.0 on, each escaped by itself before. */
const written = {
  raw: (bytes: Buffer) =>
    Buffer.concat([
      Buffer.from('"'),
      ...[...bytes].map(byte => (byte < 0x20 || byte === 0x22 || byte === 0x5c ? escapeOf(byte) : Buffer.of(byte))),
      Buffer.from('"'),
    ]),
  escaped: (bytes: Buffer) =>
    Buffer.from(
      `"${[...bytes].map(byte => (byte < 0x20 || byte === 0x22 || byte === 0x5c || byte >= 0x7f ? escapeOf(byte).toString() : String.fromCharCode(byte))).join('')}"`,
    ),
};
const escapeOf = (byte: number) => Buffer.from(`\\u00${byte.toString(16).toUpperCase().padStart(2, '0')}`);

/** An agent whose file can be changed, and which gives at most `cap` bytes at once. */
function agent(file: { content: Buffer }, cap: number, form: keyof typeof written): Handler {
  return (request, response) => {
    const query = new URL(request.url ?? '', 'http://x').searchParams;
    const offset = Number(query.get('offset'));
    const { content } = file;
    const [data, at] =
      offset === -1
        ? [Buffer.alloc(0), content.length]
        : [content.subarray(offset, offset + Math.min(cap, Number(query.get('length')))), offset];
    response.setHeader('content-type', 'application/json');
    response.end(Buffer.concat([Buffer.from('{"data":'), written[form](data), Buffer.from(`,"offset":${at}}`)]));
  };
}

async function sandbox(handler: Handler): Promise<Sandbox> {
  server = await serve(handler);
  return { taskId: 't', agent: { service: 'The Mesos agent', url: server.url }, directory: '/w' };
}

async function collect(place: Sandbox, following: Following): Promise<string> {
  let text = '';
  for await (const piece of followFile(place, 'stdout', { pollMs: 1, ...following })) text += piece;
  return text;
}

const done = () => true;

describe('a piece of a file', () => {
  it.each(['raw', 'escaped'] as const)('is right to the byte, %s', async form => {
    const content = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const place = await sandbox(agent({ content }, 65536, form));
    expect((await readFile(place, 'stdout', 0)).bytes).toEqual(content);
    expect((await readFile(place, 'stdout', 250, 3)).bytes).toEqual(content.subarray(250, 253));
    expect(await fileSize(place, 'stdout')).toBe(256);
  });

  it('holds what a server escaped as one character', async () => {
    const place = await sandbox((_, response) => response.end('{"data":"a\\u2028\\ud83d\\ude80é","offset":0}'));
    expect((await readFile(place, 'stdout', 0)).bytes.toString('utf8')).toBe('a\u2028🚀é');
  });

  it.each(['<html>', '', '{"data":"a', '[]', '7'])('that is %j is a ClusterError', async body => {
    const place = await sandbox((_, response) => response.end(body));
    await expect(readFile(place, 'stdout', 0)).rejects.toMatchObject({ code: 'not-json' });
  });
});

describe('a followed file', () => {
  it('is the same text whatever the agent cuts it into', async () => {
    const file = { content: Buffer.alloc(0), cap: 1 };
    const place = await sandbox((request, response) => agent(file, file.cap, 'raw')(request, response));
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', maxLength: 30 }),
        fc.integer({ min: 1, max: 7 }),
        async (text, cap) => {
          file.content = Buffer.from(text);
          file.cap = cap;
          expect(await collect(place, { isComplete: done })).toBe(new TextDecoder().decode(file.content));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('grows', async () => {
    const file = { content: Buffer.from('one ☃') };
    const place = await sandbox(agent(file, 65536, 'raw'));
    const pieces = followFile(place, 'stdout', { pollMs: 1 });
    expect((await pieces.next()).value).toBe('one ☃');
    const next = pieces.next();
    file.content = Buffer.concat([file.content, Buffer.from('two')]);
    expect((await next).value).toBe('two');
    await pieces.return();
  });

  it('that was rotated is read anew', async () => {
    const file = { content: Buffer.from('before the rotation') };
    const place = await sandbox(agent(file, 65536, 'raw'));
    const pieces = followFile(place, 'stdout', { pollMs: 1 });
    await pieces.next();
    file.content = Buffer.from('after');
    expect((await pieces.next()).value).toBe('after');
    await pieces.return();
  });

  it('begins near its end with a whole character', async () => {
    const place = await sandbox(agent({ content: Buffer.from('aé☃🚀b') }, 65536, 'raw'));
    expect(await collect(place, { isComplete: done, last: 4 })).toBe('b');
    expect(await collect(place, { isComplete: done, last: 5 })).toBe('🚀b');
    expect(await collect(place, { isComplete: done, last: 1000 })).toBe('aé☃🚀b');
  });

  it('ends with all that was written before the task ended', async () => {
    const file = { content: Buffer.from('a') };
    let looks = 0;
    const place = await sandbox(agent(file, 65536, 'raw'));
    const isComplete = () => {
      if (++looks === 3) file.content = Buffer.from('a, last words');
      return looks === 3;
    };
    expect(await collect(place, { isComplete })).toBe('a, last words');
  });

  it('ends without an error when it is aborted', async () => {
    const controller = new AbortController();
    const place = await sandbox(agent({ content: Buffer.from('x') }, 65536, 'raw'));
    for await (const text of followFile(place, 'stdout', { signal: controller.signal, pollMs: 60_000 })) {
      expect(text).toBe('x');
      queueMicrotask(() => controller.abort());
    }
  });

  it('may not be there yet, and may be out of reach for a moment', async () => {
    let asked = 0;
    const there = agent({ content: Buffer.from('there') }, 65536, 'raw');
    const place = await sandbox((request, response) => {
      asked++;
      if (asked === 1) response.writeHead(404).end();
      else if (asked === 2) response.destroy();
      else if (asked === 4) response.writeHead(503).end('Agent has not finished recovery');
      else there(request, response);
    });
    expect(await collect(place, { isComplete: done })).toBe('there');
  });

  it('that is gone for good ends with one sentence', async () => {
    const place = await sandbox((_, response) => void response.writeHead(404).end());
    await expect(collect(place, { patienceMs: 20 })).rejects.toMatchObject({ code: 'not-found' });
  });
});
