// The embedded local cluster as its users meet it: `tosca-mesos local` as a process, its Marathon over HTTP and its event stream.
import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { ended, own } from './children.ts';
import { cpuOf, memoryOf } from './measure.ts';

/** In the order in which they are shown; milliseconds where no other unit is named. */
export interface ClusterFigures {
  /** From the start of the process to the line that says where it answers. */
  readonly ready: readonly number[];
  /** From sending an app of one task to the event that says it runs, by executor. */
  readonly running: Readonly<Record<'process' | 'stand-in', readonly number[]>>;
  /** From the time that an event bears to its arrival at a subscriber. Both in whole milliseconds. */
  readonly event: readonly number[];
  /** From sending a group of 100 apps of 10 stand-in tasks each to the event of the thousandth that runs. */
  readonly thousand: readonly number[];
  /** `GET /v2/apps`, to the last byte, with 1,000 apps: those, and 900 with no instance. */
  readonly list: readonly number[];
  /** With 10,000 scheduled jobs, 100 of them due each second: from the planned time of a run to its task's running. */
  readonly late: readonly number[];
  /** Of one core, in percent, and resident MB, with one app that runs. */
  readonly rest: { readonly cpu: readonly number[]; readonly memory: readonly number[] };
}

export interface ClusterOptions {
  /** How to run the command line: arguments of Node. */
  readonly program: readonly string[];
  /** How often each thing is done. */
  readonly times: number;
  /** Where the cluster may note its address, so that one that the user runs is left alone. */
  readonly folder: string;
}

const patience = 60_000;

export async function measureCluster({ program, times, folder }: ClusterOptions): Promise<ClusterFigures> {
  const start = (executor: 'process' | 'stand-in') => startCluster(program, executor, folder);
  const ready: number[] = [];
  const event: number[] = [];
  const running: Record<'process' | 'stand-in', number[]> = { process: [], 'stand-in': [] };
  const rest = { cpu: [] as number[], memory: [] as number[] };

  for (const executor of ['process', 'stand-in'] as const) {
    for (let time = 0; time < times; time++) {
      const cluster = await start(executor);
      ready.push(cluster.readyTime);
      await cluster.stop();
    }
    const cluster = await start(executor);
    const events = await cluster.events();
    for (let time = 0; time < times; time++) {
      const id = `/app${time}`;
      const from = performance.now();
      await cluster.send('POST', '/v2/apps', app(id, 1));
      const seen = await events.until(isRunning(id));
      running[executor].push(seen.at - from);
      event.push(seen.delay);
    }
    if (executor === 'process') {
      for (let time = 1; time < times; time++) await cluster.send('DELETE', `/v2/apps/app${time}?force=true`);
      await atRest(cluster.pid, rest);
    }
    await cluster.stop();
  }

  const cluster = await start('stand-in');
  const events = await cluster.events();
  const from = performance.now();
  await cluster.send('PUT', '/v2/groups/busy', group('/busy', 100, 10));
  const last = await events.until(isRunning('/busy/'), 1000);
  const thousand = [last.at - from];
  await cluster.send('PUT', '/v2/groups/idle', group('/idle', 900, 0));
  const list: number[] = [];
  for (let time = 0; time < times * 2; time++) {
    const began = performance.now();
    const answer = (await cluster.send('GET', '/v2/apps')) as { apps: readonly unknown[] };
    list.push(performance.now() - began);
    if (answer.apps.length !== 1000) throw new Error(`GET /v2/apps told ${answer.apps.length} apps instead of 1,000.`);
  }
  await cluster.stop();
  return { ready, running, event, thousand, list, late: await lateness(await start('stand-in')), rest };
}

/** Jobs that are due one after the other, 10 ms apart, from when all are there; the first 2,000 of them are waited for. */
async function lateness(cluster: Cluster): Promise<readonly number[]> {
  const [jobs, apart, watched] = [10_000, 10, 2000];
  const first = Date.now() + 20_000;
  const due = (n: number) => first + n * apart;
  for (let n = 0; n < jobs; n += 50) {
    await Promise.all(
      Array.from({ length: 50 }, (_, m) =>
        cluster.schedule({
          name: `job${n + m}`,
          command: 'true',
          schedule: `R/${new Date(due(n + m)).toISOString()}/PT1H`,
          ...{ cpus: 0.01, mem: 16, disk: 1 },
        }),
      ),
    );
  }
  if (Date.now() > first) throw new Error('The 10,000 jobs were not there before the first of them was due.');
  const started = new Map<number, number>();
  while (started.size < watched) {
    await pause(2000);
    if (Date.now() > due(watched) + patience) throw new Error(`Of ${watched} jobs ${started.size} ran.`);
    for (const { name, statuses } of await cluster.tasks(1000)) {
      const n = Number(/^ChronosTask:job(\d+)$/.exec(name)?.[1]);
      const running = statuses.find(({ state }) => state === 'TASK_RUNNING');
      if (n < watched && running !== undefined) started.set(n, running.timestamp * 1000);
    }
  }
  await cluster.stop();
  return [...started].map(([n, time]) => time - due(n));
}

type Cluster = Awaited<ReturnType<typeof startCluster>>;

interface Task {
  readonly name: string;
  readonly statuses: readonly { readonly state: string; readonly timestamp: number }[];
}

const app = (id: string, instances: number) => ({ id, cmd: 'exec sleep 600', cpus: 0.01, mem: 16, instances });

const group = (id: string, apps: number, instances: number) => ({
  id,
  apps: Array.from({ length: apps }, (_, n) => app(`${id}/app${n}`, instances)),
});

interface Event {
  readonly eventType: string;
  readonly timestamp: string;
  readonly taskStatus?: string;
  readonly appId?: string;
}

const isRunning =
  (prefix: string) =>
  ({ eventType, taskStatus, appId }: Event): boolean =>
    eventType === 'status_update_event' && taskStatus === 'TASK_RUNNING' && appId?.startsWith(prefix) === true;

/** Leaves the cluster alone for some seconds, after it had two to settle. */
async function atRest(pid: number, { cpu, memory }: { cpu: number[]; memory: number[] }): Promise<void> {
  await pause(2000);
  const [before, began] = [cpuOf(pid), performance.now()];
  await pause(5000);
  const [after, now] = [cpuOf(pid), memoryOf(pid)?.now];
  if (before !== undefined && after !== undefined) cpu.push((100 * (after - before)) / (performance.now() - began));
  if (now !== undefined) memory.push(now);
}

async function startCluster(program: readonly string[], executor: string, folder: string) {
  const began = performance.now();
  const args = [...program, 'local', '--port-base', '0', '--executor', executor, '--cpus', '1000', '--mem', '1000000'];
  const child = own(
    spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, XDG_RUNTIME_DIR: folder },
    }),
  );
  let complaint = '';
  child.stderr.on('data', chunk => {
    complaint = `${complaint}${chunk}`.slice(-500);
  });
  const line = await within(
    new Promise<string>((resolve, reject) => {
      let output = '';
      child.stdout.on('data', chunk => {
        output += chunk;
        if (output.includes('\n')) resolve(output);
      });
      child.once('error', reject);
      child.once('exit', code =>
        reject(new Error(`The local cluster ended with exit code ${code}: ${complaint.trim()}`)),
      );
    }),
    'The local cluster was not ready',
  );
  const readyTime = performance.now() - began;
  const { marathon, chronos, mesos } = JSON.parse(line) as Record<'marathon' | 'chronos' | 'mesos', string>;
  const stop = new AbortController();
  return {
    pid: child.pid ?? 0,
    readyTime,
    send: (method: string, at: string, body?: unknown) => send(marathon + at, method, body),
    schedule: (job: object) => send(`${chronos}/v1/scheduler/iso8601`, 'POST', job),
    /** The newest of them. */
    async tasks(limit: number): Promise<readonly Task[]> {
      return ((await send(`${mesos}/tasks?limit=${limit}`, 'GET')) as { tasks: readonly Task[] }).tasks;
    },
    events: () => openEvents(`${marathon}/v2/events`, stop.signal),
    async stop() {
      stop.abort();
      child.kill('SIGTERM');
      await ended(child, 10_000);
    },
  };
}

async function send(url: string, method: string, body?: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(patience),
    ...(body !== undefined && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} was answered with ${response.status}: ${text.slice(0, 300)}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** An event, when it came (as `performance.now()`), and how long after the time that it bears. */
interface Seen {
  readonly event: Event;
  readonly at: number;
  readonly delay: number;
}

async function openEvents(url: string, signal: AbortSignal) {
  const response = await fetch(url, { headers: { Accept: 'text/event-stream' }, signal });
  if (!response.ok || response.body === null) throw new Error(`${url} was answered with ${response.status}.`);
  const seen: Seen[] = [];
  let look: () => void = () => {};
  const listen = async (body: AsyncIterable<Uint8Array>): Promise<void> => {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of body) {
      const [at, now] = [performance.now(), Date.now()];
      const parts = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n\r?\n/);
      rest = parts.pop() ?? '';
      for (const part of parts) {
        const data = /^data: ?(.*)$/m.exec(part)?.[1];
        if (data === undefined) continue;
        const event = JSON.parse(data) as Event;
        seen.push({ event, at, delay: now - Date.parse(event.timestamp) });
      }
      look();
    }
  };
  listen(response.body).catch(() => {}); // it ends with the cluster; who waits is told that nothing came
  return {
    /** The n-th event, past or to come, for which this holds. */
    until: (test: (event: Event) => boolean, n = 1): Promise<Seen> =>
      within(
        new Promise(resolve => {
          look = () => {
            const found = seen.filter(({ event }) => test(event))[n - 1];
            if (found !== undefined) resolve(found);
          };
          look();
        }),
        `Of the events that were waited for ${n > 1 ? `the ${n}th` : 'one'} did not come`,
      ),
  };
}

async function within<T>(answer: Promise<T>, sentence: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${sentence} within ${patience / 1000} s.`)), patience);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
