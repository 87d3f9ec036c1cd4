// The copies of imports on disk: the only thing that the server ever writes. A file for each address, its first line saying what the
// server said of the text, its time when the text was last known to be right. A disk that is full or cannot be written costs only the copies.
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Validators } from './fetch.ts';

export interface Copy extends Validators {
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly checked: number;
}

export interface ImportCache {
  load(address: string): Copy | undefined;
  save(address: string, copy: Copy): Promise<void>;
  /** The text was found to be right. */
  touch(address: string): Promise<void>;
}

/** Bytes that all copies may take; the ones that were not looked at for the longest time go first. */
const defaultTotal = 100 * 1024 * 1024;
/** Bytes of a copy that is believed: an import and its first line. */
const maxCopy = 8 * 1024 * 1024;

export function openCache(folder: string, total = defaultTotal): ImportCache {
  const fileOf = (address: string) => path.join(folder, `${createHash('sha256').update(address).digest('hex')}.yaml`);

  return {
    load(address) {
      const file = fileOf(address);
      try {
        const { size, mtimeMs } = statSync(file);
        if (size > maxCopy) return undefined;
        const content = readFileSync(file, 'utf8');
        const end = content.indexOf('\n');
        const head: unknown = JSON.parse(content.slice(2, end));
        if (member(head, 'address') !== address) return undefined;
        const text = content.slice(end + 1);
        if (member(head, 'length') !== text.length) return undefined;
        return { text, checked: mtimeMs, etag: said(head, 'etag'), lastModified: said(head, 'lastModified') };
      } catch {
        return undefined; // there is none, or it is not as it was written
      }
    },
    async save(address, { text, checked, etag, lastModified }) {
      const file = fileOf(address);
      const unfinished = `${file}.${randomBytes(6).toString('hex')}.tmp`;
      try {
        await makeFolder(folder);
        const head = JSON.stringify({ address, length: text.length, etag, lastModified });
        await writeFile(unfinished, `# ${head}\n${text}`, { mode: 0o600 });
        await utimes(unfinished, checked / 1000, checked / 1000);
        await rename(unfinished, file);
        await makeRoom(folder, total);
      } catch {
        await rm(unfinished, { force: true }).catch(() => undefined);
      }
    },
    async touch(address) {
      const now = Date.now() / 1000;
      await utimes(fileOf(address), now, now).catch(() => undefined);
    },
  };
}

/** Node's own recursive mkdir never comes back from places where a folder's making fails with ENOENT, such as /proc. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') return;
    const above = path.dirname(folder);
    if (code !== 'ENOENT' || above === folder) throw error;
    await makeFolder(above);
    await mkdir(folder, { mode: 0o700 });
  }
}

async function makeRoom(folder: string, total: number): Promise<void> {
  const names = (await readdir(folder)).filter(name => /^[0-9a-f]{64}\.yaml(\.[0-9a-f]+\.tmp)?$/.test(name));
  const files = await Promise.all(
    names.map(async name => {
      const file = path.join(folder, name);
      const { size, mtimeMs } = await stat(file).catch(() => ({ size: 0, mtimeMs: 0 }));
      return { file, size, age: mtimeMs, unfinished: name.endsWith('.tmp') };
    }),
  );
  const hourAgo = Date.now() - 3_600_000;
  let size = files.reduce((sum, each) => sum + each.size, 0);
  for (const each of files.sort((one, other) => one.age - other.age)) {
    const left = each.unfinished && each.age < hourAgo; // of a process that was killed
    if (!left && size <= total) continue;
    await rm(each.file, { force: true });
    size -= each.size;
  }
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}

function said(head: unknown, key: string): string | undefined {
  const value = member(head, key);
  return typeof value === 'string' ? value : undefined;
}
