// What a deployment and an undeployment share while they run: their time, their way to wait for changes, their patience
// with a cluster that stumbles, and how they end early.
import { type Deadline, deadline, pause } from '../connect/deadline.ts';
import type { Endpoint } from '../connect/endpoint.ts';
import { ClusterError, isPassing } from '../connect/error.ts';
import { events } from '../marathon/events.ts';

/** Ends a run with one sentence for the user. */
export class Failure extends Error {}

export interface Run {
  /** Aborted when the run was cancelled, or its time is over. */
  readonly signal: AbortSignal;
  /** Resolves when something changed at Marathon, else after a second; throws when the run must end. */
  readonly change: () => Promise<void>;
  /** Reads, and reads again while the cluster is out of reach for a moment: a leader that changes, a restart. */
  readonly reading: <T>(read: () => Promise<T>) => Promise<T>;
  readonly expired: Deadline['expired'];
  readonly close: () => void;
}

/** As long as a change of leaders may take. */
const defaultAwayMs = 15_000;
const eventsApartMs = 100;
const withoutEventMs = 1_000;

export interface RunOptions {
  readonly timeoutMs: number;
  /** How long the cluster may be out of reach meanwhile. Default 15 s. */
  readonly awayMs?: number | undefined;
  /** Called when it begins to be out of reach. */
  readonly onAway?: () => void;
  readonly signal?: AbortSignal | undefined;
}

/** @param marathon Its events tell of changes; without it they are looked for once a second. */
export function openRun(marathon: Endpoint | undefined, options: RunOptions): Run {
  const { timeoutMs, awayMs = defaultAwayMs } = options;
  const limit = deadline(timeoutMs, options.signal);
  const { signal } = limit;
  const closing = new AbortController();
  let changed = false;
  let wake: (() => void) | undefined;

  const listen = async (from: Endpoint) => {
    while (!closing.signal.aborted) {
      try {
        for await (const _ of events(from, { signal: closing.signal })) {
          changed = true;
          wake?.();
        }
      } catch {
        // Then a look each second has to do.
      }
      await pause(2_000, closing.signal);
    }
  };
  if (marathon !== undefined) void listen(marathon);

  const check = () => {
    if (signal.aborted) throw new ClusterError('cancelled', limit.expired() ? 'The time is over.' : 'Cancelled.');
  };
  return {
    signal,
    expired: limit.expired,
    change: async () => {
      check();
      await pause(eventsApartMs, signal);
      if (!changed) {
        const waiting = new AbortController();
        const stop = () => waiting.abort();
        signal.addEventListener('abort', stop, { once: true });
        wake = stop;
        await pause(withoutEventMs, signal.aborted ? signal : waiting.signal);
        wake = undefined;
        signal.removeEventListener('abort', stop);
      }
      changed = false;
      check();
    },
    reading: async read => {
      let failingSince: number | undefined;
      for (;;) {
        try {
          return await read();
        } catch (error) {
          check();
          if (!isPassing(error)) throw error;
          if (failingSince === undefined) options.onAway?.();
          failingSince ??= performance.now();
          if (performance.now() - failingSince > awayMs) throw error;
        }
        await pause(500, signal);
      }
    },
    close: () => {
      closing.abort();
      limit.clear();
    },
  };
}
