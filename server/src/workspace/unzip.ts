// What is in an archive: the names of its files, and the texts of those that TOSCA reads. Bounded in all that an archive can lie about;
// what is wrong with it becomes one sentence.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { type Entry, openPromise, validateFileName, type ZipFile } from 'yauzl';
import type { FileResult } from './files.ts';

export interface Archive {
  /** Paths of its files, and of its folders with a slash behind. */
  readonly names: ReadonlySet<string>;
  /** The files that are read: YAML and TOSCA.meta. */
  readonly texts: ReadonlyMap<string, FileResult>;
  /** Bytes of all texts. */
  readonly size: number;
}

export interface ArchiveLimits {
  readonly archiveBytes: number;
  readonly entries: number;
  readonly fileBytes: number;
  /** Of all files that are read. */
  readonly totalBytes: number;
}

const megabyte = 1024 * 1024;
export const defaultArchiveLimits: ArchiveLimits = {
  archiveBytes: 64 * megabyte,
  entries: 10_000,
  fileBytes: 5 * megabyte,
  totalBytes: 64 * megabyte,
};

/** What is wrong with an archive as a whole; `message` is one sentence. */
class Refused extends Error {}

export const metaName = 'TOSCA-Metadata/TOSCA.meta';

const isRead = (name: string) => name === metaName || /\.(ya?ml|tosca)$/i.test(name);

export async function readArchive(
  file: string,
  limits: ArchiveLimits,
): Promise<Archive | { readonly problem: string }> {
  const title = path.basename(file);
  try {
    const { size } = await stat(file);
    if (size > limits.archiveBytes)
      throw new Refused(`${title} is larger than ${megabytes(limits.archiveBytes)} and is not read.`);
    if (size === 0) throw new Refused(`${title} is empty: a zip archive is expected.`);
    const zip = await openPromise(file, { strictFileNames: true, decodeStrings: false, autoClose: false });
    try {
      return await readEntries(zip, title, limits);
    } finally {
      zip.close();
    }
  } catch (error) {
    if (error instanceof Refused) return { problem: error.message };
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return { problem: `${file} does not exist.` };
    if (code === 'EACCES') return { problem: `${file} may not be read by this user.` };
    if (code === 'EISDIR') return { problem: `${file} is a folder.` };
    return { problem: `${title} is no zip archive, or is cut off or damaged (${firstWords(error)}).` };
  }
}

async function readEntries(zip: ZipFile, title: string, limits: ArchiveLimits): Promise<Archive> {
  if (zip.entryCount > limits.entries)
    throw new Refused(`${title} holds more than ${limits.entries} files and is not read.`);
  const names = new Set<string>();
  const texts = new Map<string, FileResult>();
  let size = 0;
  for await (const entry of zip.eachEntry()) {
    const name = nameOf(entry, title);
    if (names.has(name))
      throw new Refused(`${title} holds the file \`${name}\` twice: nobody can say which one counts.`);
    names.add(name);
    if (name.endsWith('/') || !isRead(name)) continue;
    const bytes = await unpack(zip, entry, Math.min(limits.fileBytes, limits.totalBytes - size));
    if (typeof bytes === 'string') {
      const full = limits.totalBytes - size < limits.fileBytes && bytes === 'too large';
      const why =
        bytes !== 'too large'
          ? bytes
          : full
            ? `is not read: the texts of the archive are larger than ${megabytes(limits.totalBytes)}`
            : `is larger than ${megabytes(limits.fileBytes)} unpacked and is not read`;
      texts.set(name, { problem: `\`${name}\` in ${title} ${why}.` });
      continue;
    }
    size += bytes.byteLength;
    texts.set(name, decode(bytes, name, title));
  }
  return { names, texts, size };
}

/** The name of an entry; throws Refused where it is not one that stays in the archive. */
function nameOf(entry: Entry, title: string): string {
  const raw: unknown = entry.fileNameRaw ?? entry.fileName;
  const name = Buffer.isBuffer(raw) ? raw.toString('utf8') : String(raw);
  if (name.includes('\\'))
    throw new Refused(`${title} holds a file with a backslash in its name, \`${name}\`: write \`/\` between folders.`);
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name))
    throw new Refused(
      `${title} holds a file with an absolute path, \`${name}\`: only paths within the archive are allowed.`,
    );
  if (validateFileName(name) !== null || name.split('/').includes('..') || name.includes('\0'))
    throw new Refused(
      `${title} holds a file whose path climbs out of the archive, \`${name}\`: the archive is not read.`,
    );
  const mode = entry.externalFileAttributes >>> 16;
  if ((mode & 0o170000) === 0o120000)
    throw new Refused(`${title} holds a link, \`${name}\`: put the file itself into the archive.`);
  if (entry.isEncrypted()) throw new Refused(`${title} is encrypted, and is not read: make it without a password.`);
  return name;
}

/** The bytes of a file, or what is wrong with it: the end of a sentence, or `too large`. */
async function unpack(zip: ZipFile, entry: Entry, most: number): Promise<Buffer | string> {
  if (entry.uncompressedSize > most) return 'too large';
  try {
    const stream = await zip.openReadStreamPromise(entry);
    const parts: Buffer[] = [];
    let size = 0;
    for await (const part of stream) {
      size += (part as Buffer).byteLength;
      if (size > most) {
        stream.destroy();
        return 'too large';
      }
      parts.push(part as Buffer);
    }
    const bytes = Buffer.concat(parts);
    return crc32(bytes) === entry.crc32 ? bytes : 'is damaged: its checksum is wrong';
  } catch (error) {
    return `is damaged and cannot be unpacked (${firstWords(error)})`;
  }
}

function decode(bytes: Buffer, name: string, title: string): FileResult {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { problem: `\`${name}\` in ${title} is not valid UTF-8: save it in that encoding.` };
  }
}

const megabytes = (bytes: number) => `${Math.round(bytes / megabyte)} MB`;

function firstWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split(/[.\n]/)[0]?.trim() ?? '';
}
