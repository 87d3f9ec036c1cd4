// Which files of a folder are templates, or archives of them: those that are named so, or say of themselves that they are TOSCA. Other YAML is none of our business.
import { open, readdir } from 'node:fs/promises';
import path from 'node:path';

/** Bytes at the beginning of a file in which it must say that it is TOSCA: after a licence, perhaps. */
const lookedAt = 16_384;

const skipped = new Set(['node_modules', '.git', '.terraform', '.venv', '__pycache__']);

export interface ScanOptions {
  /** How many YAML files are looked at, at most. */
  readonly maxFiles?: number;
  /** Is told of folders that cannot be read; they are left out. */
  readonly unreadable?: (error: unknown) => void;
}

/** Paths of the templates in a folder and below, in the order of their names. Links to folders are not followed. */
export async function* templatesIn(
  folder: string,
  { maxFiles = Number.POSITIVE_INFINITY, unreadable = () => {} }: ScanOptions = {},
): AsyncGenerator<string> {
  let seen = 0;
  const folders = [folder];
  for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
    const found = await readdir(at, { withFileTypes: true }).catch((error: unknown) => {
      unreadable(error);
      return [];
    });
    const below: string[] = [];
    for (const item of found.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      const place = path.join(at, item.name);
      if (item.isDirectory()) {
        if (!skipped.has(item.name)) below.push(place);
      } else if (/\.(ya?ml|tosca|csar)$/i.test(item.name) && (item.isFile() || item.isSymbolicLink())) {
        if (++seen > maxFiles) return;
        if (isNamedSo(item.name) || (await saysSo(place))) yield place;
      }
    }
    folders.push(...below.reverse());
  }
}

const isNamedSo = (name: string) => /\.(tosca(\.ya?ml)?|csar)$/i.test(name);

async function saysSo(file: string): Promise<boolean> {
  try {
    const handle = await open(file);
    try {
      if (!(await handle.stat()).isFile()) return false;
      const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(lookedAt), position: 0 });
      return looksLikeTemplate(buffer.toString('utf8', 0, bytesRead));
    } finally {
      await handle.close();
    }
  } catch {
    return false;
  }
}

/** True where a line of the text is the key `tosca_definitions_version`, quoted or not. */
export function looksLikeTemplate(text: string): boolean {
  return /^\uFEFF?["']?tosca_definitions_version["']?\s*:/m.test(text);
}
