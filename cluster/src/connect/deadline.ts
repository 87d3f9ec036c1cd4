// An AbortSignal that fires after a time or when another one does, and time that can be waited for. Unlike
// AbortSignal.any, it leaves nothing behind on a signal that outlives thousands of requests.

export interface Deadline {
  readonly signal: AbortSignal;
  /** True when it was the time that ran out. */
  readonly expired: () => boolean;
  /** Must be called once what is limited has ended. */
  readonly clear: () => void;
}

export function deadline(ms: number, outer: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  let expired = false;
  const abort = () => controller.abort();
  const timer = setTimeout(() => {
    expired = true;
    abort();
  }, ms);
  timer.unref();
  if (outer?.aborted) abort();
  else outer?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    expired: () => expired,
    clear: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', abort);
    },
  };
}

/** Waits; ends at once, without an error, when the signal is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal?.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end, { once: true });
  });
}
