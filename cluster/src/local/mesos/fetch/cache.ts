// The fetcher's cache of one agent: files by address, bounded, the least recently used goes first. As with Mesos nothing in it is ever
// fetched anew, and it is emptied when the agent starts (docs/fetcher.md; src/slave/containerizer/fetcher.cpp).
import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';

export interface FetcherCache {
  /** Hands over the file with what is at the address, downloaded once for all that ask meanwhile; it stays until `use` is done. */
  with(uri: string, download: (file: string) => Promise<void>, use: (file: string) => Promise<void>): Promise<void>;
}

interface Entry {
  readonly file: string;
  readonly ready: Promise<number>;
  size: number;
  users: number;
}

/** Flag --fetcher_cache_size: 2 GB. */
const usualSize = 2 * 2 ** 30;

export function fetcherCache(folder: string, largest = usualSize): FetcherCache {
  /** Least recently used first. */
  const entries = new Map<string, Entry>();
  let count = 0;
  let emptied: Promise<void> | undefined;

  async function fill(file: string, download: (file: string) => Promise<void>): Promise<number> {
    emptied ??= rm(folder, { recursive: true, force: true });
    await emptied;
    await mkdir(folder, { recursive: true });
    await download(file);
    return (await stat(file)).size;
  }

  async function shrink(): Promise<void> {
    let total = [...entries.values()].reduce((sum, { size }) => sum + size, 0);
    for (const [uri, entry] of entries) {
      if (total <= largest) return;
      if (entry.users > 0) continue;
      entries.delete(uri);
      total -= entry.size;
      await rm(entry.file, { force: true });
    }
  }

  return {
    async with(uri, download, use) {
      let entry = entries.get(uri);
      if (entry === undefined) {
        const file = path.join(
          folder,
          `c${count++}-${path
            .basename(uri)
            .replace(/[^\w.-]/g, '_')
            .slice(-100)}`,
        );
        entry = { file, ready: fill(file, download), size: 0, users: 0 };
      }
      entries.delete(uri);
      entries.set(uri, entry);
      entry.users++;
      try {
        entry.size = await entry.ready;
        await use(entry.file);
      } catch (error) {
        if (entry.size === 0 && entries.get(uri) === entry) entries.delete(uri);
        throw error;
      } finally {
        entry.users--;
        await shrink();
      }
    },
  };
}
