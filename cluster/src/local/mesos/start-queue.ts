// Tasks that wait to be started, a few at a time: more at once only makes each wait longer.
import type { Task } from './task.ts';

const startsAtOnce = 4;

interface StartQueue {
  add(task: Task): void;
  /** Resolves when none is being started. */
  idle(): Promise<void>;
}

export function startQueue(start: (task: Task) => Promise<void>): StartQueue {
  const waiting: Task[] = [];
  const starting = new Set<Promise<void>>();
  const next = () => {
    while (starting.size < startsAtOnce) {
      const task = waiting.shift();
      if (task === undefined) return;
      const started = start(task).finally(() => {
        starting.delete(started);
        setImmediate(next);
      });
      starting.add(started);
    }
  };
  return {
    add(task) {
      waiting.push(task);
      next();
    },
    async idle() {
      await Promise.allSettled(starting);
    },
  };
}
