// Unpacks a zip archive into a folder. Names that climb out are refused by yauzl; links in the way are replaced, links in it refused.
import { createWriteStream } from 'node:fs';
import { mkdir, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Entry, openPromise } from 'yauzl';
import { bounded } from './bounded.ts';

interface Limits {
  /** Bytes of all files together. */
  readonly most: number;
  readonly mostEntries: number;
  readonly signal: AbortSignal;
}

export async function unzip(file: string, folder: string, { most, mostEntries, signal }: Limits): Promise<void> {
  const root = await realpath(folder);
  const archive = await openPromise(file);
  try {
    if (archive.entryCount > mostEntries) throw new Error(`it holds more than ${mostEntries} files`);
    let left = most;
    for await (const entry of archive.eachEntry()) {
      signal.throwIfAborted();
      const target = path.join(root, entry.fileName);
      const isFolder = entry.fileName.endsWith('/');
      const parent = isFolder ? target : path.dirname(target);
      await mkdir(parent, { recursive: true });
      const real = await realpath(parent);
      if (real !== root && !real.startsWith(`${root}/`))
        throw new Error(`"${entry.fileName}" leads out of the sandbox`);
      if (isFolder) continue;
      if (isLink(entry)) throw new Error(`"${entry.fileName}" is a symbolic link`);
      await rm(target, { force: true });
      left -= entry.uncompressedSize;
      const stream = await archive.openReadStreamPromise(entry);
      const limit = bounded(left < 0 ? 0 : entry.uncompressedSize, `it unpacks to more than ${most} bytes`);
      await pipeline(stream, limit, createWriteStream(target, { flags: 'wx', mode: modeOf(entry) }), { signal });
    }
  } finally {
    archive.close();
  }
}

/** The upper half holds the mode of a Unix system, if the archive was made on one. */
const unixMode = (entry: Entry): number => entry.externalFileAttributes >>> 16;
const isLink = (entry: Entry): boolean => (unixMode(entry) & 0o170000) === 0o120000;
const modeOf = (entry: Entry): number => unixMode(entry) & 0o777 || 0o644;
