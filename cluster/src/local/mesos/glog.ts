// Lines as glog writes them, and the log files of master and agents, which /files/read gives as /master/log and /slave/log.
import { appendFileSync, mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';

export function glogLine(level: 'I' | 'W' | 'E', file: string, text: string, date = new Date()): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${two(date.getMonth() + 1)}${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  const micros = `${String(date.getMilliseconds()).padStart(3, '0')}000`;
  return `${level}${day} ${time}.${micros} ${process.pid} ${file}] ${text}`;
}

export interface LogFile {
  readonly path: string;
  /** Written soon; a disk that is full loses it. */
  write(line: string): void;
  /** Writes what waits. */
  flush(): void;
}

/** When a file has this many bytes it is put aside, in place of the one before. */
const largest = 8 * 2 ** 20;

export function openLogFile(file: string): LogFile {
  let waiting = '';
  let size = 0;
  let scheduled = false;
  const flush = () => {
    scheduled = false;
    const text = waiting;
    waiting = '';
    if (text === '') return;
    try {
      if (size === 0) mkdirSync(path.dirname(file), { recursive: true });
      if (size > largest) {
        renameSync(file, `${file}.1`);
        size = 0;
      }
      appendFileSync(file, text);
      size += text.length;
    } catch {
      // The cluster goes on without its log.
    }
  };
  return {
    path: file,
    write(line) {
      waiting += `${line}\n`;
      if (scheduled) return;
      scheduled = true;
      setImmediate(flush);
    },
    flush,
  };
}
