// The one source of time of the local cluster, so that a test can hold it in hand. Only the time-outs of
// probes over the network go by the machine's own.

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once, at `time` (milliseconds since the epoch) or at once when that is past; returns what cancels it. */
  at(time: number, callback: () => void): () => void;
  /** Calls back once, in so many milliseconds, wherever the machine's clock is set to meanwhile; returns what cancels it. */
  after(milliseconds: number, callback: () => void): () => void;
  /** Cancels all that is still to come. */
  stop(): void;
}

export interface ClockOptions {
  /** How many times as fast as the machine's time this one goes; 1 when absent. */
  readonly rate?: number;
  /** Goes on from here where that is later than the machine's time. */
  readonly from?: number;
  /** What a callback throws goes there, never up into the event loop. */
  readonly onError: (error: unknown) => void;
  readonly log: (line: string) => void;
}

/** Node's timers hold 31 bits; a schedule may lie further away. */
const longestTimer = 2 ** 31 - 1;
/** How often the machine's clock is looked at, and how far it must be off to have been set (milliseconds). */
const watchEvery = 1000;
const jump = 2000;

interface Alarm {
  /** Of this clock. */
  time: number;
  /** Whether it is its distance that counts, not its time. */
  readonly isDistance: boolean;
  readonly callback: () => void;
  timer?: NodeJS.Timeout;
}

/**
 * The machine's clock; at another rate one of its own, which begins with the machine's time. When the machine's clock is set, or was asleep,
 * what waits is set anew: what has become due meanwhile comes at once, as with real servers.
 */
export function systemClock({ rate = 1, from = 0, onError, log }: ClockOptions): Clock {
  const origin = Math.max(Date.now(), from);
  const started = performance.now();
  const now = rate === 1 ? () => Date.now() : () => Math.floor(origin + (performance.now() - started) * rate);
  const alarms = new Set<Alarm>();
  let offset = Date.now() - started;

  function set(alarm: Alarm): () => void {
    alarms.add(alarm);
    arm(alarm);
    return () => {
      clearTimeout(alarm.timer);
      alarms.delete(alarm);
    };
  }

  function arm(alarm: Alarm): void {
    clearTimeout(alarm.timer);
    alarm.timer = setTimeout(ring, Math.min(Math.max(0, (alarm.time - now()) / rate), longestTimer), alarm);
  }

  function ring(alarm: Alarm): void {
    if (now() < alarm.time) {
      // A machine's clock that was set back is seen here before the next look at it.
      watch();
      arm(alarm);
      return;
    }
    alarms.delete(alarm);
    try {
      alarm.callback();
    } catch (error) {
      onError(error);
    }
  }

  function watch(): void {
    const moved = Date.now() - performance.now() - offset;
    offset += moved;
    if (Math.abs(moved) < jump || rate !== 1) return;
    const by = `${Math.round(Math.abs(moved) / 1000)} s`;
    log(`The machine's clock has gone ${moved > 0 ? 'forward' : 'back'} by ${by}: the cluster follows.`);
    for (const alarm of alarms) {
      if (alarm.isDistance && moved < 0) alarm.time += moved;
      arm(alarm);
    }
  }
  const watching = setInterval(watch, watchEvery);
  watching.unref();

  return {
    now,
    at: (time, callback) => set({ time, isDistance: false, callback }),
    after: (milliseconds, callback) => set({ time: now() + milliseconds, isDistance: true, callback }),
    stop() {
      clearInterval(watching);
      for (const { timer } of alarms) clearTimeout(timer);
      alarms.clear();
    },
  };
}

/** ISO 8601 in UTC with milliseconds: the timestamps of Marathon and Chronos. */
export const timestamp = (time: number): string => new Date(time).toISOString();

/** Seconds since the epoch as a double: the times of Mesos. */
export const seconds = (time: number): number => time / 1000;
