// What the workflows of deployments share: one at a time for each, that can be stopped, waits by the clock, and ends in words for the user.
import type { Clock } from '../clock.ts';

/** Ends a workflow; the message is the deployment's statusReason. */
export class Failure extends Error {}

/** Another workflow, or nobody, goes on with the deployment. */
export class Stopped extends Error {}

export interface Run {
  /** Resolves after so many milliseconds; throws when the run was stopped. */
  pause(milliseconds: number): Promise<void>;
  /** Asks again and again, less and less often, until there is an answer. */
  until<Value>(ask: () => Promise<Value | undefined> | Value | undefined): Promise<Value>;
}

/** The first look again, and the longest between two, in milliseconds; the real one looks every 30 s. */
const shortest = 15;
const longest = 1000;

export function createRuns(clock: Clock, log: (line: string) => void) {
  const stops = new Map<string, () => void>();

  function stop(id: string): void {
    stops.get(id)?.();
    stops.delete(id);
  }

  /** Begins a deployment's workflow, in place of the one that goes on. */
  function start(id: string, work: (run: Run) => Promise<void>): void {
    stop(id);
    let stopped = false;
    let wake: (() => void) | undefined;
    stops.set(id, () => {
      stopped = true;
      wake?.();
    });
    const check = () => {
      if (stopped) throw new Stopped();
    };
    const run: Run = {
      async pause(milliseconds) {
        check();
        await new Promise<void>(resolve => {
          const cancel = clock.after(milliseconds, resolve);
          wake = () => {
            cancel();
            resolve();
          };
        });
        check();
      },
      async until(ask) {
        for (let wait = shortest; ; wait = Math.min(wait * 1.3, longest)) {
          const value = await ask();
          check();
          if (value !== undefined) return value;
          await run.pause(wait);
        }
      },
    };
    work(run)
      .catch((error: unknown) => {
        if (!(error instanceof Stopped))
          log(`deployment ${id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      })
      .finally(() => {
        if (!stopped) stops.delete(id);
      });
  }

  return {
    start,
    stop,
    stopAll() {
      for (const id of [...stops.keys()]) stop(id);
    },
  };
}

export type WorkflowRuns = ReturnType<typeof createRuns>;
