// Ends what a cluster that was killed has left running, before its successor with the same ids starts anything: tasks, and the reaper that
// would take the successor's tasks for them. Elsewhere than on Linux only time can do that.
import { readdir, readFile } from 'node:fs/promises';
import { agentMark } from './reaper.ts';

/** How long the leashes of a killed cluster take to end its tasks, in milliseconds. */
const leashesTake = 3000;
/** A process that not even SIGKILL ends is the system's problem. */
const mostRounds = 50;

export async function endFormerTasks(clusterId: string): Promise<void> {
  if (process.platform !== 'linux') return new Promise(resolve => setTimeout(resolve, leashesTake));
  const mark = agentMark(clusterId);
  for (let round = 0; round < mostRounds; round++) {
    // One may start another while this looks: only a look that finds none is the last.
    const found = await Promise.all((await readdir('/proc').catch(() => [])).map(entry => endMarked(entry, mark)));
    if (!found.includes(true)) return;
    if (round > 0) await new Promise(resolve => setTimeout(resolve, 10));
  }
}

async function endMarked(entry: string, mark: string): Promise<boolean> {
  if (!/^\d+$/.test(entry)) return false;
  const read = (name: string) => readFile(`/proc/${entry}/${name}`, 'latin1').catch(() => '');
  const environment = await read('environ');
  const isTask = `\0${environment}`.includes(`\0${mark}`);
  // The reaper leads a process group of its own; the mark is its last argument.
  const isReaper = !isTask && (await read('cmdline')).endsWith(`\0reaper\0${mark}\0`);
  if (!isTask && !isReaper) return false;
  try {
    process.kill(isReaper ? -Number(entry) : Number(entry), 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
  return true;
}
