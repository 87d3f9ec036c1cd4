// Finds and ends processes that left their task's process group, by the mark in their environment. Linux only: elsewhere a group is all
// that can be reached.
import { readdir, readFile } from 'node:fs/promises';
import { containerMark } from './leash.ts';

const mark = `${containerMark}=`;
const ended = new Set<string>();
let searching = false;

/** Ends what is left of a container, soon. Never throws. */
export function killContainer(containerId: string): void {
  if (process.platform !== 'linux') return;
  ended.add(containerId);
  if (searching) return;
  searching = true;
  void search().finally(() => {
    searching = false;
  });
}

async function search(): Promise<void> {
  while (ended.size > 0) {
    const wanted = new Set(ended);
    ended.clear();
    const entries = await readdir('/proc').catch(() => []);
    for (const entry of entries) {
      if (!/^\d+$/.test(entry)) continue;
      const environment = await readFile(`/proc/${entry}/environ`, 'latin1').catch(() => '');
      const at = environment.indexOf(mark);
      if (at === -1 || !wanted.has(environment.slice(at + mark.length).split('\0', 1)[0] ?? '')) continue;
      try {
        process.kill(Number(entry), 'SIGKILL');
      } catch {
        // It ended by itself, or is another user's.
      }
    }
  }
}
