// Reads the body of a request: bounded for each, and for all that are being read at one time.
import type http from 'node:http';

export const largestBody = 10 * 1024 * 1024;
/** Of all bodies that are being read, in bytes. */
const largestSum = 10 * largestBody;

let reading = 0;

/** The whole body; `large` when it is over its limit, `busy` when all together are over theirs. */
export function readBody(incoming: http.IncomingMessage): Promise<Buffer | { readonly refused: 'large' | 'busy' }> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const done = () => {
      reading -= size;
      size = 0;
    };
    const refuse = (refused: 'large' | 'busy') => {
      // The rest is read and thrown away: a client that is still sending would not see the answer otherwise.
      incoming.removeAllListeners('data');
      incoming.resume();
      done();
      resolve({ refused });
    };
    if (Number(incoming.headers['content-length']) > largestBody) return refuse('large');
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      reading += chunk.length;
      chunks.push(chunk);
      if (size > largestBody) refuse('large');
      else if (reading > largestSum) refuse('busy');
    });
    incoming.on('end', () => {
      done();
      resolve(Buffer.concat(chunks));
    });
    incoming.on('close', done);
    incoming.on('error', reject);
  });
}
