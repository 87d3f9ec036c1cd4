// What must outlive the cluster, on disk: values by kind and key, in one file to which changes are appended, and which is written anew when it
// has grown. What the values mean is known by those who put them.
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';

export interface Journal {
  /** All values of a kind by their keys, the oldest first. They are JSON, and nobody changes them. */
  read(kind: string): ReadonlyMap<string, unknown>;
  /** Replaces a value, or takes it away. What is put between two turns of the event loop is kept together or not at all. */
  put(kind: string, key: string, value: unknown): void;
  /** Resolves when all that was put is on disk; rejects with one sentence when it cannot be written. */
  flushed(): Promise<void>;
  /** Forgets everything. */
  clear(): Promise<void>;
  /** Takes nothing more, and resolves when all is on disk or cannot be. */
  close(): Promise<void>;
}

type Values = Map<string, Map<string, unknown>>;
type Entry = readonly [kind: string, key: string, value?: unknown];

const fileName = 'cluster.journal';
/** Raised when an older program could not read what is written. */
const format = 1;
const header = `tosca-mesos local cluster, format ${format}\n`;
/** Bytes that the file may hold beyond twice what it held when it was last written anew. */
const slack = 1024 * 1024;
/** How soon what could not be written is tried again, in milliseconds. */
const retryAfter = 1000;

/** For a cluster that keeps nothing. */
export const noJournal: Journal = {
  read: () => new Map(),
  put: () => {},
  flushed: async () => {},
  clear: async () => {},
  close: async () => {},
};

/** Throws one sentence, and leaves the file as it is, when it is of a newer version, damaged, or cannot be used. */
export async function openJournal(folder: string, log: (line: string) => void): Promise<Journal> {
  const file = path.join(folder, fileName);
  const text = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new Error(`The state file ${file} cannot be read (${error.message}): see to its permissions.`);
  });
  const found = text === undefined ? undefined : parse(text, file);
  const values: Values = found?.values ?? new Map();
  let handle: FileHandle;
  /** Bytes of the file that are known to be good. */
  let size: number;
  let rewritten: number;
  if (found === undefined) [handle, size] = await rewrite(file, values);
  else {
    handle = await open(file, constants.O_RDWR);
    size = found.size;
    await handle.truncate(size);
  }
  rewritten = size;

  let pending: Entry[] = [];
  let writing: Promise<void> | undefined;
  let cannotWrite: string | undefined;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;

  function put(kind: string, key: string, value: unknown): void {
    if (closed) return;
    remember(values, value === undefined ? [kind, key] : [kind, key, value]);
    pending.push(value === undefined ? [kind, key] : [kind, key, value]);
    // After everything else that this turn of the event loop brings. A failed write has its own time to be tried again.
    if (pending.length === 1 && cannotWrite === undefined) setImmediate(() => void flushed().catch(() => {}));
  }

  /** Those who come while a write goes on share the next one. */
  async function flushed(): Promise<void> {
    while (writing !== undefined) await writing;
    if (pending.length === 0) return;
    writing = write().finally(() => {
      writing = undefined;
    });
    await writing;
    if (cannotWrite !== undefined) throw new Error(cannotWrite);
  }

  async function write(): Promise<void> {
    const entries = pending;
    pending = [];
    clearTimeout(retry);
    try {
      const line = Buffer.from(encode(entries));
      await writeAll(handle, line, size);
      await handle.datasync();
      size += line.length;
      if (cannotWrite !== undefined) log(`The state file ${file} is written again.`);
      cannotWrite = undefined;
    } catch (error) {
      pending = [...entries, ...pending];
      if (cannotWrite === undefined) log(failure(error));
      cannotWrite = failure(error);
      retry = setTimeout(() => void flushed().catch(() => {}), retryAfter);
      retry.unref();
      return;
    }
    if (size > 2 * rewritten + slack) await compact();
  }

  const failure = (error: unknown): string =>
    `The state file ${file} cannot be written (${error instanceof Error ? error.message : String(error)}): changes are not kept until it can.`;

  async function compact(): Promise<void> {
    try {
      const before = handle;
      // What was put meanwhile is in here already, and once more in the line that follows: that does no harm.
      [handle, size] = await rewrite(file, values);
      await before.close();
    } catch (error) {
      log(`The state file ${file} cannot be made smaller: ${error instanceof Error ? error.message : String(error)}.`);
    }
    rewritten = size;
  }

  return {
    read: kind => values.get(kind) ?? new Map(),
    put,
    flushed,
    async clear() {
      while (writing !== undefined) await writing;
      const before = handle;
      [handle, size] = await rewrite(file, new Map());
      rewritten = size;
      values.clear();
      pending = [];
      await before.close();
    },
    async close() {
      if (closed) return;
      closed = true;
      await flushed().catch(() => {});
      clearTimeout(retry);
      await handle.close();
    },
  };
}

/** One line for what belongs together: a checksum, and the changes. */
function encode(entries: readonly Entry[]): string {
  const json = JSON.stringify(entries);
  return `${checksum(json)} ${json}\n`;
}

const checksum = (text: string | Buffer): string => createHash('sha1').update(text).digest('hex').slice(0, 12);

function remember(values: Values, [kind, key, value]: Entry): void {
  let ofKind = values.get(kind);
  if (ofKind === undefined) {
    ofKind = new Map();
    values.set(kind, ofKind);
  }
  if (value === undefined) ofKind.delete(key);
  else ofKind.set(key, value);
}

/** Only the last line may be torn: it was being written when the cluster or the machine went down, and nobody was told of it. */
function parse(bytes: Buffer, file: string): { readonly values: Values; readonly size: number } | undefined {
  const values: Values = new Map();
  const first = bytes.subarray(0, bytes.indexOf(10) + 1).toString('latin1');
  if (first !== header) {
    // The start of a file that was never finished.
    if (header.startsWith(bytes.toString('latin1'))) return undefined;
    const newer = /^tosca-mesos local cluster, format (\d+)\n$/.exec(first)?.[1];
    throw new Error(
      newer === undefined
        ? `${file} is no state file of a local cluster: name another folder, or move the file away.`
        : `The state file ${file} was written by a newer version of this program (format ${newer}): use that one, or name another folder.`,
    );
  }
  let at = first.length;
  while (at < bytes.length) {
    const end = bytes.indexOf(10, at);
    const line = bytes.subarray(at, end === -1 ? bytes.length : end);
    const json = line.subarray(13);
    if (end === -1 || line.subarray(0, 12).toString('latin1') !== checksum(json)) {
      if (end === -1 || end === bytes.length - 1) return { values, size: at };
      throw new Error(
        `The state file ${file} is damaged at byte ${at}: restore it from a copy, or move it away to start with nothing.`,
      );
    }
    for (const entry of JSON.parse(json.toString('utf8')) as Entry[]) remember(values, entry);
    at = end + 1;
  }
  return { values, size: at };
}

/** Writes the file beside the old one and puts it in its place in one step. */
async function rewrite(file: string, values: Values): Promise<[FileHandle, number]> {
  const draft = `${file}.new`;
  const handle = await open(draft, 'w+', 0o600);
  try {
    const lines = [...values].flatMap(([kind, ofKind]) =>
      [...ofKind].map(([key, value]) => encode([[kind, key, value]])),
    );
    const content = Buffer.from(header + lines.join(''));
    await writeAll(handle, content, 0);
    await handle.datasync();
    await rename(draft, file);
    await syncFolder(path.dirname(file));
    return [handle, content.length];
  } catch (error) {
    await handle.close();
    await rm(draft, { force: true });
    throw error;
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** The new name itself must be on disk too; Windows has no such thing for folders. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
