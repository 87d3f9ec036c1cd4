// Holds Marathon's event stream open for as long as Marathon answers: says when one came, and when it begins and ends.
import type { Endpoint } from '../connect/endpoint.ts';
import { events } from '../marathon/events.ts';
import { retryDelay } from './watch.ts';

export interface Listening {
  /** Opens the stream unless it is open, or was tried a moment ago. */
  open(): void;
  dispose(): void;
}

export interface Heard {
  onEvent(): void;
  onListening(now: boolean): void;
}

export function listenToMarathon(marathon: Endpoint, silenceMs: number, heard: Heard): Listening {
  const controller = new AbortController();
  const { signal } = controller;
  let busy = false;
  let failures = 0;
  let notBefore = 0;

  const listen = async () => {
    let opened = false;
    const openedAt = performance.now();
    try {
      const onOpen = () => {
        opened = true;
        heard.onListening(true);
      };
      for await (const _ of events(marathon, { signal, silenceMs, onOpen })) heard.onEvent();
    } catch {
      // Whether Marathon still answers is what the next reading tells, with its reason.
    }
    if (signal.aborted) return;
    // A stream that always ends at once is no better than none.
    failures = opened && performance.now() - openedAt > 5_000 ? 0 : failures + 1;
    notBefore = performance.now() + (failures === 0 ? 0 : retryDelay(failures));
    busy = false;
    if (opened) heard.onListening(false);
  };

  return {
    open() {
      if (busy || signal.aborted || performance.now() < notBefore) return;
      busy = true;
      void listen();
    },
    dispose: () => controller.abort(),
  };
}
