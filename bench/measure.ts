// Figures from samples, and what the operating system says of a process.
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/** Of a series of measurements, all in its own unit. */
export interface Figures {
  readonly median: number;
  readonly p95: number;
  readonly max: number;
  readonly count: number;
}

/** `undefined` for an empty series. The p95 of a short series is its maximum. */
export function figures(series: readonly number[]): Figures | undefined {
  const sorted = [...series].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
  const [median, p95, max] = [at(0.5), at(0.95), sorted.at(-1)];
  if (median === undefined || p95 === undefined || max === undefined) return undefined;
  return { median, p95, max, count: sorted.length };
}

/** Resident memory of a process in MB (10^6 bytes) now and at its peak; `undefined` where there is no /proc. */
export function memoryOf(pid: number): { readonly now: number; readonly peak: number } | undefined {
  const status = proc(pid, 'status');
  const read = (field: string) =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status ?? '')?.[1]) * 1.024e-3;
  const [now, peak] = [read('VmRSS'), read('VmHWM')];
  return Number.isNaN(now) || Number.isNaN(peak) ? undefined : { now, peak };
}

/** CPU time that all threads of a process have taken so far, in milliseconds, in steps of 10; `undefined` where there is no /proc. */
export function cpuOf(pid: number): number | undefined {
  // proc_pid_stat(5): fields 14 and 15, in ticks of 1/100 s; the second field, in parentheses, may hold blanks
  const fields = proc(pid, 'stat')?.split(') ').at(-1)?.split(' ');
  const ticks = Number(fields?.[11]) + Number(fields?.[12]);
  return Number.isNaN(ticks) ? undefined : ticks * 10;
}

/** Settled when none of these processes has taken any CPU time for a while, or after two seconds. */
export async function atRest(pids: readonly number[]): Promise<void> {
  const taken = () => pids.reduce((sum, pid) => sum + (cpuOf(pid) ?? 0), 0);
  const end = performance.now() + 2000;
  for (let [before, since] = [taken(), performance.now()]; performance.now() < end; ) {
    await setTimeout(10);
    const now = taken();
    if (now === before && performance.now() - since >= 50) return;
    if (now !== before) [before, since] = [now, performance.now()];
  }
}

function proc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}
