// Questions to the disk that always have an answer, whatever a path looks like.
import { type Stats, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Undefined where nothing is there, or nobody may look. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Path of a `file:` URI; undefined for any other, and for one that no path can be made of. */
export function pathOf(uri: string): string | undefined {
  try {
    const path = uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
    return path?.includes('\0') ? undefined : path;
  } catch {
    return undefined;
  }
}
