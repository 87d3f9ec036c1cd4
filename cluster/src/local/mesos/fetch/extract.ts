// Unpacks an archive into a sandbox, told by its name as Mesos does it. What would lie outside is refused, what is unpacked is bounded.
import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Duplex, PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { bounded } from './bounded.ts';
import { unzip } from './unzip.ts';

/** How many bytes an archive may unpack to: so many times its own size, or this much if that is more; and never more than the last. */
const ratio = 200;
const alwaysAllowed = 64 * 2 ** 20;
const largest = 20 * 2 ** 30;
const mostEntries = 200_000;

/** False when the name is not that of an archive. Rejects with one sentence when it cannot be unpacked. */
export async function extract(file: string, folder: string, signal: AbortSignal): Promise<boolean> {
  const kind = kinds.find(([ends]) => ends.test(file))?.[1];
  if (kind === undefined) return false;
  const { size } = await stat(file);
  const most = Math.min(largest, Math.max(alwaysAllowed, size * ratio));
  const limit = () => bounded(most, `it unpacks to more than ${most} bytes`);
  try {
    if (kind === 'zip') await unzip(file, folder, { most, mostEntries, signal });
    else if (kind === 'gunzip') {
      const target = path.join(folder, path.basename(file).replace(/\.gz$/, ''));
      await pipeline(createReadStream(file), createGunzip(), limit(), createWriteStream(target), { signal });
    } else await extractTar(createReadStream(file), kind(), limit(), folder, signal);
  } catch (error) {
    throw new Error(`Failed to extract '${file}': ${error instanceof Error ? error.message : String(error)}`);
  }
  return true;
}

/** bzip2 and xz are programs of their own, here as on a real agent. */
const kinds: readonly (readonly [RegExp, 'zip' | 'gunzip' | (() => Duplex)])[] = [
  [/\.tar$/, () => new PassThrough()],
  [/\.(?:tgz|tar\.gz)$/, () => createGunzip()],
  [/\.(?:tbz2|tar\.bz2)$/, () => filter('bzip2')],
  [/\.(?:txz|tar\.xz)$/, () => filter('xz')],
  [/\.zip$/, 'zip'],
  [/\.gz$/, 'gunzip'],
];

async function extractTar(source: Readable, decompress: Duplex, limit: Duplex, folder: string, signal: AbortSignal) {
  // Loaded when it is first needed: most clusters never unpack anything.
  const { extract: untar } = await import('tar');
  let problem: string | undefined;
  let entries = 0;
  const unpack = untar({
    cwd: folder,
    preserveOwner: false,
    filter: () => {
      if (++entries > mostEntries) problem ??= `it holds more than ${mostEntries} files`;
      return problem === undefined;
    },
    // A leading "/" is only taken away, as tar does; all else means that something was left out.
    onwarn: (code, message) => {
      if (code !== 'TAR_ENTRY_INFO') problem ??= message;
    },
  });
  await pipeline(source, decompress, limit, unpack as unknown as NodeJS.WritableStream, { signal });
  if (problem !== undefined) throw new Error(problem);
}

/** A program that decompresses, as a stream. */
function filter(program: string): Duplex {
  const child = spawn(program, ['-dc'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const output = new PassThrough();
  child.stdout.pipe(output, { end: false });
  child.once('error', error => output.destroy(new Error(`the program ${program} cannot be run: ${error.message}`)));
  child.once('close', code => {
    if (code === 0) output.end();
    else output.destroy(new Error(`${program} ended with status ${code}`));
  });
  const duplex = Duplex.from({ writable: child.stdin, readable: output });
  duplex.once('close', () => child.kill('SIGKILL'));
  return duplex;
}
