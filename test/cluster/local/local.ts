// A local cluster for a test, with what its tests ask of it: JSON over HTTP, the event stream, and waiting for what is to come.
import { readdir, readFile } from 'node:fs/promises';
import { onTestFinished } from 'vitest';
import { openLanguage } from '../../../cli/src/language.ts';
import { type LocalCluster, type LocalClusterOptions, startLocalCluster } from '../../../cluster/src/local/start.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers are held against expectations, whatever they are.
  readonly json: any;
}

export type Send = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Reply>;

export interface Events {
  /** All so far, with their fields. */
  readonly seen: readonly Event[];
  /** The first event, past or to come, for which this holds. */
  until(test: (event: Event) => boolean): Promise<Event>;
  close(): void;
}

// biome-ignore lint/suspicious/noExplicitAny: as above.
export type Event = Readonly<Record<string, any>>;

export interface TestCluster {
  readonly cluster: LocalCluster;
  readonly marathon: Send;
  readonly chronos: Send;
  readonly mesos: Send;
  readonly orchestrator: Send;
  events(query?: string): Promise<Events>;
  /** Starts an app and waits until its deployment is done. */
  deploy(app: Record<string, unknown>): Promise<void>;
  log: string[];
}

/** Free ports, stopped when the test is done. Commands run as processes, whether or not the machine has a container engine. */
export async function openCluster(options: LocalClusterOptions = {}): Promise<TestCluster> {
  const opened = await startTestCluster(options);
  onTestFinished(() => opened.cluster.stop());
  return opened;
}

/** Free ports; whoever starts it stops it. No load balancer: service ports are the same in all clusters of this machine. */
export async function startTestCluster(options: LocalClusterOptions = {}): Promise<TestCluster> {
  const log: string[] = [];
  const language = openLanguage(options.release ?? 'deep_1', { offline: true }, { XDG_CACHE_HOME: '' });
  const cluster = await startLocalCluster({
    portBase: 0,
    executor: 'process',
    log: line => log.push(line),
    language,
    ...options,
  });
  const marathon = sender(cluster.marathon);
  const events = (query = '') => openEvents(`${cluster.marathon}/v2/events${query}`);
  return {
    cluster,
    marathon,
    chronos: sender(cluster.chronos + (options.release === 'indigo_1' ? '/scheduler' : '/v1/scheduler')),
    mesos: sender(cluster.mesos),
    orchestrator: sender(cluster.orchestrator),
    events,
    log,
    async deploy(app) {
      const stream = await events();
      const created = await marathon('POST', '/v2/apps', app);
      if (created.status !== 201) throw new Error(created.text);
      const [{ id }] = created.json.deployments;
      await stream.until(event => event.eventType === 'deployment_success' && event.id === id);
      stream.close();
    },
  };
}

export const sender =
  (base: string): Send =>
  async (method, path, body, headers = {}) => {
    const response = await fetch(base + path, {
      method,
      headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      redirect: 'manual',
    });
    const text = await response.text();
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      // Not every answer is JSON.
    }
    return { status: response.status, headers: response.headers, text, json };
  };

async function openEvents(url: string): Promise<Events> {
  const stop = new AbortController();
  const response = await fetch(url, { headers: { Accept: 'text/event-stream' }, signal: stop.signal });
  const seen: Event[] = [];
  const waiting = new Set<() => void>();
  onTestFinished(() => stop.abort());
  void (async () => {
    let rest = '';
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      const parts = (rest + Buffer.from(chunk).toString('utf8')).split('\r\n\r\n');
      rest = parts.pop() ?? '';
      for (const part of parts) {
        const data = part.split('\r\n').find(line => line.startsWith('data: '));
        if (data !== undefined) seen.push(JSON.parse(data.slice(6)));
      }
      for (const check of [...waiting]) check();
    }
  })().catch(() => {});
  return {
    seen,
    until: test =>
      new Promise(resolve => {
        const check = () => {
          const found = seen.find(test);
          if (found === undefined) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      }),
    close: () => stop.abort(),
  };
}

/** Asks again and again, where nothing tells of the change, until there is an answer. The test's time-out ends it. */
export async function eventually<Value>(ask: () => Promise<Value | undefined | false>): Promise<Value> {
  for (;;) {
    const value = await ask();
    if (value !== undefined && value !== false) return value;
    await new Promise(resolve => setTimeout(resolve, 15));
  }
}

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Ids of the processes whose command line holds this text. Linux only. */
export async function processesWith(text: string): Promise<number[]> {
  const found: number[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const line = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '');
    if (line.includes(text)) found.push(Number(entry));
  }
  return found;
}
