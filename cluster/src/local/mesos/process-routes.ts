// What libprocess itself answers in master and agent: the level of logging, figures of the machine. 3rdparty/libprocess/src/logging.cpp and
// include/process/system.hpp.
import os from 'node:os';
import type { Clock } from '../clock.ts';
import type { Answer } from '../http.ts';
import { duration } from './duration.ts';
import type { Settings } from './settings.ts';

const bad = (text: string): Answer => ({ status: 400, text: `${text}\n` });

/** /logging/toggle: tells the level, or sets it for some time. `name` is that of the process. */
export function toggleLogging({ logLevels }: Settings, clock: Clock, name: string, query: URLSearchParams): Answer {
  const level = query.get('level');
  const wanted = query.get('duration');
  if (level === null && wanted === null) return { status: 200, text: `${logLevels.get(name) ?? 0}\n` };
  if (level === null) return bad("Expecting 'level=value' in query.");
  if (wanted === null) return bad("Expecting 'duration=value' in query.");
  if (!/^\d{1,3}$/.test(level)) return bad(`Invalid level '${level}'.`);
  const time = duration(wanted);
  if (time === undefined) return bad(`Invalid duration '${wanted}'.`);
  logLevels.set(name, Number(level));
  clock.after(time, () => logLevels.delete(name));
  return { status: 200, text: '' };
}

export function systemStats(): Readonly<Record<string, number>> {
  const [one = 0, five = 0, fifteen = 0] = os.loadavg();
  return {
    avg_load_1min: one,
    avg_load_5min: five,
    avg_load_15min: fifteen,
    cpus_total: os.cpus().length,
    mem_total_bytes: os.totalmem(),
    mem_free_bytes: os.freemem(),
  };
}
