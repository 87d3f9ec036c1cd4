// Levels of Marathon's loggers: what /logging shows and changes. They change nothing here: the local cluster logs what it always logs.
// Facts: marathon v1.5.6 api/SystemResource.scala.
import type { Clock } from '../clock.ts';

export const levels = ['trace', 'debug', 'info', 'warn', 'error'] as const;

export interface Loggers {
  /** Levels by the names of loggers; one that is not set has its parent's. */
  all(): Readonly<Record<string, string>>;
  /** For a while, or for good. */
  set(logger: string, level: string, seconds: number | undefined): void;
}

export function createLoggers(clock: Clock): Loggers {
  const set = new Map([['ROOT', 'INFO']]);
  return {
    all: () => ({
      mesosphere: 'INFO (inherited)',
      'mesosphere.marathon': 'INFO (inherited)',
      ...Object.fromEntries(set),
    }),
    set(logger, level, seconds) {
      const before = set.get(logger);
      set.set(logger, level.toUpperCase());
      if (seconds === undefined) return;
      clock.after(seconds * 1000, () => {
        if (before === undefined) set.delete(logger);
        else set.set(logger, before);
      });
    },
  };
}
