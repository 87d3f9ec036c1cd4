// The one source of time of the local cluster, so that a test can hold it in hand. Only the time-outs of
// probes over the network go by the machine's own.

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once, at `time` (milliseconds since the epoch) or at once when that is past; returns what cancels it. */
  at(time: number, callback: () => void): () => void;
  /** Cancels all that is still to come. */
  stop(): void;
}

/** Node's timers hold 31 bits; a schedule may lie further away. */
const longestTimer = 2 ** 31 - 1;

/** The machine's clock. What a callback throws goes to `onError`, never up into the event loop. */
export function systemClock(onError: (error: unknown) => void): Clock {
  const now = () => Date.now();
  const pending = new Set<() => void>();
  return {
    now,
    at(time, callback) {
      let timer: NodeJS.Timeout;
      const arm = () => {
        timer = setTimeout(ring, Math.min(Math.max(0, time - now()), longestTimer));
      };
      const ring = () => {
        if (now() < time) return arm();
        pending.delete(cancel);
        try {
          callback();
        } catch (error) {
          onError(error);
        }
      };
      const cancel = () => {
        clearTimeout(timer);
        pending.delete(cancel);
      };
      pending.add(cancel);
      arm();
      return cancel;
    },
    stop() {
      for (const cancel of [...pending]) cancel();
    },
  };
}

/** ISO 8601 in UTC with milliseconds: the timestamps of Marathon and Chronos. */
export const timestamp = (time: number): string => new Date(time).toISOString();

/** Seconds since the epoch as a double: the times of Mesos. */
export const seconds = (time: number): number => time / 1000;
