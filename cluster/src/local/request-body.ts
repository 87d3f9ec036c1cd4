// Reads the body of a request: bounded for each, and for all that are being read at one time.
import type http from 'node:http';

export const largestBody = 10 * 1024 * 1024;
/** Of all bodies that are being read, in bytes. */
const largestSum = 10 * largestBody;
/** So much of a body that is refused is read and thrown away, for so long (milliseconds): clients hear no answer before they have sent all. */
const drained = 256 * 1024 * 1024;
const drainedFor = 10_000;

let reading = 0;

type Refused = 'large' | 'busy';

/** The whole body; `large` when it is over its limit, `busy` when all together are over theirs. */
export function readBody(incoming: http.IncomingMessage): Promise<Buffer | { readonly refused: Refused }> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let size = 0;
    let refused: Refused | undefined;
    let left = drained;
    let timer: NodeJS.Timeout | undefined;

    function forget(): void {
      reading -= size;
      size = 0;
      chunks = [];
    }
    function refuse(why: Refused): void {
      forget();
      refused = why;
      timer = setTimeout(finish, drainedFor);
    }
    function finish(): void {
      clearTimeout(timer);
      if (refused !== undefined) resolve({ refused });
      else resolve(Buffer.concat(chunks));
      forget();
    }

    const announced = Number(incoming.headers['content-length'] ?? 0);
    if (announced > largestBody) refuse('large');
    if (announced > drained) return finish();
    incoming.on('data', (chunk: Buffer) => {
      if (refused !== undefined) {
        left -= chunk.length;
        if (left < 0) finish();
        return;
      }
      size += chunk.length;
      reading += chunk.length;
      chunks.push(chunk);
      if (size > largestBody) refuse('large');
      else if (reading > largestSum) {
        refuse('busy');
        finish();
      }
    });
    incoming.on('end', finish);
    incoming.on('error', error => {
      clearTimeout(timer);
      forget();
      reject(error);
    });
  });
}
