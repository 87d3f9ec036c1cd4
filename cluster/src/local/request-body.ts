// Reads the body of a request: bounded for each, and for all that are being read at one time.
import type http from 'node:http';

export const largestBody = 10 * 1024 * 1024;
/** Of all bodies that are being read, in bytes. */
const largestSum = 10 * largestBody;
/** So much of a body that is refused is read and thrown away, for so long (milliseconds): clients hear no answer before they have sent all. */
const drained = 256 * 1024 * 1024;
const drainedFor = 10_000;

let reading = 0;

/** The whole body as text; `large` when it is over its limit, `busy` when all together are over theirs. */
export function readBody(incoming: http.IncomingMessage): Promise<string | { readonly refused: 'large' | 'busy' }> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const done = () => {
      reading -= size;
      size = 0;
    };
    const refuse = (refused: 'large' | 'busy') => {
      done();
      const answer = () => {
        clearTimeout(timer);
        resolve({ refused });
      };
      const timer = setTimeout(answer, drainedFor);
      let rest = drained;
      incoming.removeAllListeners('data');
      incoming.on('data', (chunk: Buffer) => {
        rest -= chunk.length;
        if (rest < 0) answer();
      });
      incoming.on('close', answer);
      incoming.on('end', answer);
    };
    incoming.on('error', reject);
    incoming.on('close', done);
    const announced = Number(incoming.headers['content-length'] ?? 0);
    if (announced > drained) return resolve({ refused: 'large' });
    if (announced > largestBody) return refuse('large');
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      reading += chunk.length;
      chunks.push(chunk);
      if (size > largestBody) refuse('large');
      else if (reading > largestSum) refuse('busy');
    });
    incoming.on('end', () => {
      done();
      resolve(Buffer.concat(chunks).toString('utf8'));
    });
  });
}
