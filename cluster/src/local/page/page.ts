// The page that shows what runs, and the addresses that feed it, on each of the cluster's servers.
import { open } from 'node:fs/promises';
import type { Answer, Route, Service } from '../http.ts';
import { taken } from '../http.ts';
import { download } from '../mesos/files.ts';
import type { Mesos } from '../mesos/mesos.ts';
import { documentHeaders, documentOf } from './document.ts';
import { type Cluster, lookAt } from './look.ts';
import { sectionsOf } from './sections.ts';
import { createViewers } from './viewers.ts';

/** Bytes of a task's output that are shown: the last ones. */
const mostShown = 1024 * 1024;

export interface Page {
  /** The same service with the page at this path; one that does not end with a slash leads there. */
  on(service: Service, path: '/' | '/ui/'): Service;
  close(): void;
}

export function createPage(cluster: Cluster): Page {
  const sections = (up: string) => sectionsOf(lookAt(cluster), up);
  const viewers = createViewers(sections);

  function routes(path: '/' | '/ui/'): Route[] {
    const up = path === '/' ? '' : '../';
    const get = (pattern: RegExp, handle: Route['handle']): Route => ({ method: 'GET', pattern, handle });
    return [
      get(new RegExp(`^${path}$`), () => ({
        ...{
          status: 200,
          text: documentOf(sections(up), up),
          type: 'text/html; charset=utf-8',
          headers: documentHeaders,
        },
      })),
      ...(path === '/' ? [] : [get(/^\/(?:ui)?$/, () => ({ status: 302, text: '', headers: { Location: 'ui/' } }))]),
      get(/^\/local\/state$/, () => ({ status: 200, json: lookAt(cluster) })),
      get(/^\/local\/events$/, ({ response }) =>
        viewers.add(response, up) ? taken : { status: 503, text: 'Too many pages show this cluster already.\n' },
      ),
      get(/^\/local\/output$/, ({ query }) => output(cluster.mesos, query.get('task') ?? '', query.get('file') ?? '')),
    ];
  }

  return {
    on: (service, path) => ({ ...service, routes: [...routes(path), ...service.routes] }),
    close: viewers.close,
  };
}

/** What a task has written last, as plain text that a browser shows. */
async function output(mesos: Mesos, id: string, file: string): Promise<Answer> {
  if (file !== 'stdout' && file !== 'stderr') return { status: 404, text: 'A task has the files stdout and stderr.\n' };
  for (const agent of mesos.agents) {
    const task = agent.tasks.get(id) ?? agent.completed.findLast(({ info }) => info.id === id);
    if (task === undefined) continue;
    const answer = await download(
      () => new Map([[task.directory, task.directory]]),
      mesos.release.mesos,
      new URLSearchParams({ path: `${task.directory}/${file}` }),
    );
    if (answer.file === undefined) return { status: 404, text: `The task ${id} has written no ${file} yet.\n` };
    return {
      status: 200,
      text: await lastOf(answer.file.path, answer.file.size),
      type: 'text/plain; charset=utf-8',
      headers: {
        'X-Content-Type-Options': 'nosniff',
        'Cache-Control': 'no-store',
        'Content-Security-Policy': 'sandbox',
      },
    };
  }
  return { status: 404, text: `There is no task ${id}, or its sandbox is gone.\n` };
}

async function lastOf(path: string, size: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const start = Math.max(0, size - mostShown);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
