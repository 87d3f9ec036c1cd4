// Where texts come from: the editor's open documents first, then the disk, archives and the web. Nothing here knows what the texts mean.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { isArchive, parseArchiveUri } from './archive-uri.ts';
import { type Archives, openArchives } from './archives.ts';
import { pathOf, statOf } from './disk.ts';
import { openRemote, type Remote, type RemoteOptions } from './remote.ts';

/** A file whose text is not there. */
export interface Unread {
  /** One sentence: what failed, where, what to do. */
  readonly problem: string;
  /**
   * Absent where nobody could read it. `pending`: it is on its way, and whoever asked is told when it is there. `off`: it was not asked for.
   * `no-answer`: this machine could not get it, another one might.
   */
  readonly why?: 'pending' | 'off' | 'no-answer';
  /** It has been on its way for so long that a user should know. */
  readonly slow?: true;
}

export type FileResult = { readonly text: string } | Unread;

export interface Files {
  read(uri: string): FileResult;
  /** Whether a file is there; undefined where nobody can say. */
  exists(uri: string): boolean | undefined;
  /** The names of the files in a folder, whose URI ends with a slash. */
  list(folder: string): readonly string[];
  readonly archives: Archives;
  readonly remote: Remote;
}

/** 32 MB: a million lines, far below what would bring a process down. */
const maxBytes = 32 * 1024 * 1024;
const tooLarge = (what: string) => `${what} is larger than 32 MB and is not read.`;

/** Files are read again only when they changed. `changed` is told when something that was pending is there. */
export function openFiles(open: (uri: string) => string | undefined, web: RemoteOptions, changed: () => void): Files {
  const cache = new Map<string, { readonly stamp: string; readonly result: FileResult }>();
  const archives = openArchives(changed);
  const remote = openRemote(web);
  return {
    archives,
    remote,
    read(uri) {
      const text = open(uri);
      if (text !== undefined) return text.length > maxBytes ? { problem: tooLarge('The document') } : { text };
      if (/^https?:/.test(uri)) return remote.read(uri);
      const inside = parseArchiveUri(uri);
      if (inside !== undefined) return archives.read(inside.archive, inside.name);
      if (!uri.startsWith('file:'))
        return { problem: `${uri} cannot be read: only files of this machine can.`, why: 'off' };
      if (isArchive(uri))
        return { problem: `${uri} is an archive: the templates in it can be checked, but it is none.` };
      const path = pathOf(uri);
      if (path === undefined) return { problem: `${uri} is no path of this machine.` };
      try {
        const info = statSync(path);
        if (info.isDirectory()) return { problem: `${path} is a folder.` };
        if (!info.isFile()) return { problem: `${path} is no regular file.` }; // to read a pipe would wait for ever
        const { mtimeMs, size, ino } = info;
        const stamp = `${mtimeMs} ${size} ${ino}`;
        const known = cache.get(uri);
        if (known?.stamp === stamp) return known.result;
        const result = readText(path, size);
        cache.set(uri, { stamp, result });
        return result;
      } catch (error) {
        cache.delete(uri);
        return { problem: readFailure(path, error) };
      }
    },
    exists(uri) {
      const inside = parseArchiveUri(uri);
      if (inside !== undefined) {
        const archive = archives.get(inside.archive);
        return 'names' in archive ? archive.names.has(inside.name) : undefined;
      }
      const path = pathOf(uri);
      return path === undefined ? undefined : statOf(path) !== undefined;
    },
    list(folder) {
      const inside = parseArchiveUri(folder);
      if (inside !== undefined) {
        const archive = archives.get(inside.archive);
        if (!('names' in archive)) return [];
        return [...archive.names].flatMap(name => {
          const rest = name.startsWith(inside.name) ? name.slice(inside.name.length) : '/';
          return rest === '' || rest.includes('/') ? [] : [rest];
        });
      }
      const path = pathOf(folder);
      try {
        return path === undefined ? [] : readdirSync(path);
      } catch {
        return [];
      }
    },
  };
}

function readText(path: string, size: number): FileResult {
  if (size > maxBytes) return { problem: tooLarge(path) };
  const bytes = readFileSync(path);
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { problem: `${path} is not valid UTF-8: save it in that encoding.` };
  }
}

function readFailure(path: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return `${path} does not exist.`;
  if (code === 'EACCES') return `${path} may not be read by this user.`;
  if (code === 'EISDIR') return `${path} is a folder.`;
  return `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
}
