// What a container writes, into the files of its sandbox. The engine sends both streams as one, in frames. Source: Docker's API,
// `/containers/ID/attach`.
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';

const headerSize = 8;

/**
 * Resolves when the container writes no more, or the engine is gone; never rejects. What cannot be written is lost, so that the container does not wait
 * for it; `failed` hears of that once.
 */
export async function saveOutput(
  output: Readable,
  sandbox: string,
  terminal: boolean,
  failed: (error: unknown) => void,
): Promise<void> {
  let told = false;
  const lost = (error: unknown): undefined => {
    if (!told) failed(error);
    told = true;
  };
  const files = await Promise.all(['stdout', 'stderr'].map(name => open(path.join(sandbox, name), 'a').catch(lost)));
  const write = (stream: number, data: Buffer) => files[stream === 2 ? 1 : 0]?.appendFile(data).catch(lost);
  let stream = 1;
  /** Bytes of the present frame that are still to come. */
  let missing = 0;
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of output) {
      if (terminal) {
        await write(1, chunk);
        continue;
      }
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      while (rest.length >= (missing === 0 ? headerSize : 1)) {
        if (missing === 0) {
          stream = rest.readUInt8(0);
          missing = rest.readUInt32BE(4);
          rest = rest.subarray(headerSize);
          continue;
        }
        const data = rest.subarray(0, missing);
        await write(stream, data);
        missing -= data.length;
        rest = rest.subarray(data.length);
      }
    }
  } catch {
    // The engine has closed the connection: the container's end is seen elsewhere.
  } finally {
    await Promise.all(files.map(file => file?.close().catch(lost)));
  }
}
