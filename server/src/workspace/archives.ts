// Archives that somebody asked for, unpacked in memory: read in the background, and then whoever asked is told.
import { statOf } from './disk.ts';
import type { FileResult, Unread } from './files.ts';
import { type Archive, type ArchiveLimits, defaultArchiveLimits, readArchive } from './unzip.ts';

export interface Archives {
  /** An archive as it is on disk now; pending while it is being read. */
  get(file: string): Archive | Unread;
  read(file: string, name: string): FileResult;
  /** Settled when no archive is being read. */
  idle(): Promise<void>;
}

/** Bytes of text that all archives together may take. */
const maxKept = 256 * 1024 * 1024;

interface Known {
  readonly stamp: string;
  result: Archive | Unread;
}

export function openArchives(changed: (file: string) => void, limits: ArchiveLimits = defaultArchiveLimits): Archives {
  const all = new Map<string, Known>();
  const reading = new Set<Promise<void>>();

  const kept = () => [...all.values()].reduce((sum, { result }) => sum + ('texts' in result ? result.size : 0), 0);

  async function load(file: string, known: Known): Promise<void> {
    const result = await readArchive(file, limits);
    known.result =
      'texts' in result && kept() + result.size > maxKept
        ? { problem: `${file} is not read: there are too many archives in this workspace.` }
        : result;
    if (all.get(file) === known) changed(file);
  }

  const get: Archives['get'] = file => {
    const info = statOf(file);
    const stamp = info === undefined ? '' : `${info.mtimeMs} ${info.size} ${info.ino}`;
    const before = all.get(file);
    if (before?.stamp === stamp) return before.result;
    if (info === undefined) {
      all.delete(file);
      return { problem: `${file} does not exist.` };
    }
    const known: Known = { stamp, result: { problem: `${file} is being read.`, why: 'pending' } };
    all.set(file, known);
    const work = load(file, known).finally(() => reading.delete(work));
    reading.add(work);
    return known.result;
  };

  return {
    get,
    read(file, name) {
      const archive = get(file);
      if (!('texts' in archive)) return archive;
      const text = archive.texts.get(name);
      if (text !== undefined) return text;
      if (archive.names.has(name)) return { problem: `\`${name}\` in ${file} is no YAML file.` };
      const folder = `${name.replace(/\/$/, '')}/`;
      const isFolder = [...archive.names].some(each => each.startsWith(folder));
      return { problem: `\`${name}\` ${isFolder ? 'is a folder' : 'does not exist'} in ${file}.` };
    },
    async idle() {
      while (reading.size > 0) await Promise.all(reading);
    },
  };
}
