// Where texts come from: the editor's open documents first, then the disk. Nothing here knows what the texts mean.
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export type FileResult =
  | { readonly text: string }
  /** One sentence: what failed, where, what to do. */
  | { readonly problem: string };

export interface Files {
  read(uri: string): FileResult;
}

/** 32 MB: a million lines, far below what would bring a process down. */
const maxBytes = 32 * 1024 * 1024;
const tooLarge = (what: string) => `${what} is larger than 32 MB and is not read.`;

/** The disk, with the documents that an editor holds open laid over it. Files are read again only when they changed. */
export function openFiles(open: (uri: string) => string | undefined = () => undefined): Files {
  const cache = new Map<string, { readonly stamp: string; readonly result: FileResult }>();
  return {
    read(uri) {
      const text = open(uri);
      if (text !== undefined) return text.length > maxBytes ? { problem: tooLarge('The document') } : { text };
      if (!uri.startsWith('file:')) return { problem: `${uri} cannot be read: only files of this machine can.` };
      let path = uri;
      try {
        path = fileURLToPath(uri);
        const { mtimeMs, size, ino } = statSync(path);
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
  if (code === 'ENOENT') return `${path} does not exist.`;
  if (code === 'EACCES') return `${path} may not be read by this user.`;
  if (code === 'EISDIR') return `${path} is a folder.`;
  return `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
}
