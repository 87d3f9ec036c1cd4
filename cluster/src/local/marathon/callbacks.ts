// Subscriptions to events by HTTP callback, up to 1.4: each event is posted to every address that somebody has left.
// Facts: marathon v1.1.1 event/http/{HttpEventActor,HttpCallbackSubscriptionService}.scala.
import type { Journal } from '../journal.ts';
import type { EventBus } from './events.ts';

export interface Callbacks {
  readonly urls: ReadonlySet<string>;
  subscribe(url: string): void;
  unsubscribe(url: string): void;
}

/** A callback that answers slower than this has failed, in milliseconds. */
const timeout = 10_000;
/** Events that wait for one address; more are dropped. */
const longestQueue = 1000;
/** In the journal. */
const kind = 'marathon.callback';

export function createCallbacks(events: EventBus, journal: Journal, log: (line: string) => void): Callbacks {
  const subscribers = new Map<string, { queue: string[]; stop: () => void }>();

  async function send(url: string, queue: string[]): Promise<void> {
    for (let body = queue[0]; body !== undefined; body = queue[0]) {
      try {
        const headers = { 'Content-Type': 'application/json' };
        const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(timeout) });
        await response.body?.cancel();
        if (!response.ok) log(`The event callback ${url} answered ${response.status}.`);
      } catch (error) {
        log(`The event callback ${url} cannot be reached: ${error instanceof Error ? error.message : String(error)}.`);
      }
      queue.shift();
    }
  }

  function listen(url: string): void {
    const queue: string[] = [];
    const stop = events.listen((_, line) => {
      if (queue.length >= longestQueue) return;
      queue.push(line);
      // Whatever is sent is the queue's first.
      if (queue.length === 1) void send(url, queue);
    });
    subscribers.set(url, { queue, stop });
  }
  for (const url of journal.read(kind).keys()) listen(url);

  return {
    get urls() {
      return new Set(subscribers.keys());
    },
    subscribe(url) {
      if (subscribers.has(url)) return;
      journal.put(kind, url, true);
      listen(url);
    },
    unsubscribe(url) {
      journal.put(kind, url, undefined);
      const subscriber = subscribers.get(url);
      subscriber?.stop();
      subscriber?.queue.splice(1);
      subscribers.delete(url);
    },
  };
}
