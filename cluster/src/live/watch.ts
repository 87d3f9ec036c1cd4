// Reads one part of a cluster again and again: at once when asked to, else after a while that depends on how things go.
// It never throws and holds no process alive. What is read, and what becomes of it, is handed in.

import type { Endpoint } from '../connect/endpoint.ts';
import { transportError } from '../connect/error.ts';

export interface Watch {
  /** Something may have changed: reads within a tenth of a second, once for many calls. */
  poke(): void;
  /** Reads now; resolves when a reading that began after the call has ended. */
  refresh(): Promise<void>;
  dispose(): void;
}

export interface Watched<T> {
  readonly endpoint: Endpoint;
  readonly read: (signal: AbortSignal) => Promise<T>;
  readonly onValue: (value: T) => void;
  /** One sentence. */
  readonly onFailure: (reason: string) => void;
  /** How long until the next reading after a good one that took so long, in ms. */
  readonly rest: (tookMs: number) => number;
}

/** After failures in a row: 0.5 s, 1 s, 2 s, 4 s, then always 5 s. */
export function retryDelay(failures: number): number {
  return Math.min(5_000, 250 * 2 ** Math.min(failures, 10));
}

const coalesceMs = 80;

export function watch<T>({ endpoint, read, onValue, onFailure, rest }: Watched<T>): Watch {
  const controller = new AbortController();
  const { signal } = controller;
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Number.POSITIVE_INFINITY;
  let reading: Promise<void> | undefined;
  let again: Promise<void> | undefined;
  let failures = 0;

  const schedule = (ms: number) => {
    if (signal.aborted || performance.now() + ms >= dueAt) return;
    clearTimeout(timer);
    dueAt = performance.now() + ms;
    timer = setTimeout(() => {
      dueAt = Number.POSITIVE_INFINITY;
      void refresh();
    }, ms);
    timer.unref();
  };

  const readOnce = async () => {
    clearTimeout(timer);
    dueAt = Number.POSITIVE_INFINITY;
    const start = performance.now();
    let delay: number;
    try {
      const value = await read(signal);
      if (signal.aborted) return;
      failures = 0;
      onValue(value);
      delay = rest(performance.now() - start);
    } catch (error) {
      if (signal.aborted) return;
      failures++;
      onFailure(transportError(endpoint, error).message);
      delay = retryDelay(failures);
    }
    reading = undefined;
    schedule(delay);
  };

  /** A reading under way may have passed over the very change that is asked for: another one follows it. */
  function refresh(): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    if (reading === undefined) {
      reading = readOnce();
      return reading;
    }
    again ??= reading.then(() => {
      again = undefined;
      return refresh();
    });
    return again;
  }

  schedule(0);
  return {
    poke: () => schedule(coalesceMs),
    refresh,
    dispose: () => {
      clearTimeout(timer);
      controller.abort();
    },
  };
}
