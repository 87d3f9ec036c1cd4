// Who looks at the page, and what each has been shown. While nobody looks nothing is done.
import type { ServerResponse } from 'node:http';
import type { Sections } from './sections.ts';

/** For the eye, and so by the machine's own clock, whatever the cluster's does. */
const lookEvery = 500;
/** A stream on which nothing comes for long would be taken for dead: looks between two signs of life. */
const signOfLifeEvery = 60;
const mostViewers = 50;
/** A viewer that has this much unread is shown the next change only when it has read it. */
const longestBacklog = 1024 * 1024;

export interface Viewers {
  /** False when there are too many already. */
  add(response: ServerResponse, up: string): boolean;
  close(): void;
}

export function createViewers(sections: (up: string) => Sections): Viewers {
  const viewers = new Map<ServerResponse, { readonly up: string; readonly shown: Map<string, string> }>();
  let timer: NodeJS.Timeout | undefined;
  let looks = 0;

  function showAll(): void {
    looks++;
    const made = new Map<string, Sections>();
    for (const [response, { up, shown }] of viewers) {
      if (response.writableLength > longestBacklog) continue;
      const now = made.get(up) ?? sections(up);
      made.set(up, now);
      const changed = Object.entries(now).filter(([name, html]) => shown.get(name) !== html);
      if (changed.length === 0) {
        if (looks % signOfLifeEvery === 0) response.write(':\n\n');
        continue;
      }
      for (const [name, html] of changed) shown.set(name, html);
      response.write(`data: ${JSON.stringify(Object.fromEntries(changed))}\n\n`);
    }
  }

  return {
    add(response, up) {
      if (viewers.size >= mostViewers) return false;
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      viewers.set(response, { up, shown: new Map() });
      response.on('close', () => {
        viewers.delete(response);
        if (viewers.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      });
      showAll();
      timer ??= setInterval(showAll, lookEvery);
      return true;
    },
    close() {
      for (const response of viewers.keys()) response.end();
    },
  };
}
