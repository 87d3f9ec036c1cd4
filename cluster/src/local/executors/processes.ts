// What /proc tells of the processes of tasks: which they are, and what they use. Linux only: elsewhere nothing is found.
import { readdirSync, readFileSync } from 'node:fs';
import { containerMark } from './leash.ts';

export interface Process {
  readonly pid: number;
  readonly group: number;
  readonly threads: number;
  /** Of itself and of children that it has waited for, in seconds. */
  readonly userTime: number;
  readonly systemTime: number;
  /** In ticks since the machine's start: with the process id it names a process for good. */
  readonly startTime: number;
  /** Bytes. */
  readonly rss: number;
}

/** USER_HZ is 100 on every architecture that Node runs on. */
const ticksPerSecond = 100;
const pageSize = readPageSize();

/** From the auxiliary vector, getauxval(3): pairs of words, of which 6 is AT_PAGESZ. */
function readPageSize(): number {
  try {
    const words = new BigUint64Array(new Uint8Array(readFileSync('/proc/self/auxv')).buffer);
    for (let at = 0; at < words.length; at += 2) if (words[at] === 6n) return Number(words[at + 1]);
  } catch {
    // No Linux.
  }
  return 4096;
}

/** As UTF-8, which Node reads in half the time of any other; what is no UTF-8 is of no interest here. */
function readOne(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // It has ended, or is another user's.
  }
}

/** Source: proc(5). The second field, the name, may hold blanks and brackets. */
function readProcess(pid: number): Process | undefined {
  const text = readOne(`/proc/${pid}/stat`);
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (text === '') return undefined;
  const field = (n: number) => Number(fields[n - 3]);
  return {
    pid,
    group: field(5),
    userTime: (field(14) + field(16)) / ticksPerSecond,
    systemTime: (field(15) + field(17)) / ticksPerSecond,
    threads: field(20),
    startTime: field(22),
    rss: field(24) * pageSize,
  };
}

/** Finds the processes of containers again and again; remembers which process belongs to none. */
export function processFinder(): (leaders: ReadonlyMap<number, string>) => Map<string, Process[]> {
  let known = new Map<number, { readonly startTime: number; readonly container: string | undefined }>();
  let looks = 0;
  /** `leaders`: process group -> container. A process that has left its group is known by the mark in its environment. */
  return leaders => {
    const found = new Map<string, Process[]>();
    const seen: typeof known = new Map();
    // Nobody joins a container later. A process id is used anew only after tens of thousands of others.
    const thorough = looks++ % 10 === 0;
    for (const entry of leaders.size === 0 ? [] : entriesOfProc()) {
      const pid = Number(entry);
      const before = known.get(pid);
      if (before !== undefined && before.container === undefined && !thorough) {
        seen.set(pid, before);
        continue;
      }
      const each = Number.isInteger(pid) ? readProcess(pid) : undefined;
      if (each === undefined) continue;
      let container = leaders.get(each.group);
      if (container === undefined) {
        container = before?.startTime === each.startTime ? before.container : markOf(pid);
        seen.set(pid, { startTime: each.startTime, container });
      }
      if (container === undefined) continue;
      const others = found.get(container);
      if (others === undefined) found.set(container, [each]);
      else others.push(each);
    }
    known = seen;
    return found;
  };
}

function entriesOfProc(): readonly string[] {
  try {
    return readdirSync('/proc');
  } catch {
    return [];
  }
}

function markOf(pid: number): string | undefined {
  const environment = `\0${readOne(`/proc/${pid}/environ`)}`;
  const mark = `\0${containerMark}=`;
  const at = environment.indexOf(mark);
  return at === -1 ? undefined : environment.slice(at + mark.length).split('\0', 1)[0];
}

/**
 * Bytes that a process holds for itself, with its share of what it shares with others: what a memory cgroup counts and cannot give
 * back. Undefined where the kernel does not tell (before Linux 5.4).
 */
export function heldMemory(pid: number): { readonly anonymous: number; readonly file: number } | undefined {
  const text = readOne(`/proc/${pid}/smaps_rollup`);
  const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(text)?.[1]);
  const anonymous = kilobytes('Pss_Anon') + kilobytes('Pss_Shmem');
  return Number.isNaN(anonymous) ? undefined : { anonymous: anonymous * 1024, file: kilobytes('Pss_File') * 1024 };
}
