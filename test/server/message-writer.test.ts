// What goes over the wire, and how often.
import { PassThrough, Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { WholeMessageWriter } from '../../server/src/message-writer.ts';

const message = { jsonrpc: '2.0', method: 'grüße', params: ['😀'] };

it('writes a message at once, with its length in bytes', async () => {
  const chunks: string[] = [];
  const stream = new PassThrough().on('data', chunk => chunks.push(String(chunk)));
  await new WholeMessageWriter(stream).write(message);
  const body = JSON.stringify(message);
  expect(chunks).toEqual([`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`]);
});

it('tells of a stream that fails, and of its end', async () => {
  const stream = new Writable({ write: (_, __, done) => done(new Error('nobody reads')) });
  const writer = new WholeMessageWriter(stream);
  const told: string[] = [];
  writer.onError(([error]) => told.push(error.message));
  const closed = new Promise<void>(resolve => writer.onClose(resolve));
  await expect(writer.write(message)).rejects.toThrow('nobody reads');
  await closed;
  expect(told).toEqual(['nobody reads']);
});
