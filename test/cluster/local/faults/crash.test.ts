// kill -9 of the cluster at 50 random points while 20 apps and 20 jobs change: every acknowledged change is there again, no task runs twice,
// none is orphaned.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, type Send, sender } from '../local.ts';
import { buildProgram } from './program.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'crash-'));
let program: string;
const marks = path.join(folder, 'marks');
const [kills, apps, jobs] = [50, 20, 20];

beforeAll(async () => {
  program = await buildProgram(folder);
});
let running: ChildProcess | undefined;
afterAll(async () => {
  if (running?.exitCode === null && running.signalCode === null) {
    running.kill('SIGKILL');
    await once(running, 'exit');
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Mulberry32: the same seed gives the same choices. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return below => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) % below;
  };
}

/** Something of the cluster that one client changes, one change after the other. */
interface Slot {
  readonly name: string;
  /** What the cluster may have it at: what was acknowledged last, and what was asked for since. Undefined: it is not there. */
  expected: readonly (number | undefined)[];
  /** The output of a run that was acknowledged and is not yet seen. */
  awaited?: string;
}

interface Reached {
  readonly marathon: Send;
  readonly chronos: Send;
  readonly alive: () => boolean;
}

/** Of every task that started: its process and its id, which it wrote down first of all. */
function started(): { pid: number; task: string; said: string }[] {
  if (!existsSync(marks)) return [];
  return readFileSync(marks, 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => {
      const [pid = '', task = '', said = ''] = line.split(' ');
      return { pid: Number(pid), task, said };
    });
}

/** The number may be that of another process by now. */
function isAlive({ pid, task }: { pid: number; task: string }): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`=${task}\0`);
  } catch {
    return false;
  }
}

const markAs = (said: string) => `echo $$ $MESOS_TASK_ID ${said} >> ${marks}`;

test.skipIf(process.platform !== 'linux')(
  'kill -9 at random points loses nothing and runs nothing twice',
  { timeout: 180_000 },
  async () => {
    const seed = Number(process.env.SEED ?? Date.now() % 1_000_000_000);
    const random = randomFrom(seed);
    const slots = (count: number, kind: string): Slot[] =>
      Array.from({ length: count }, (_, n) => ({ name: `${kind}-${n}`, expected: [undefined] }));
    const [appSlots, jobSlots] = [slots(apps, 'app'), slots(jobs, 'job')];
    let serial = 0;

    async function changeApp({ marathon }: Reached, slot: Slot): Promise<void> {
      const [current] = slot.expected;
      const wanted = current !== undefined && random(4) === 0 ? undefined : ++serial;
      slot.expected = [current, wanted];
      const url = `/v2/apps/${slot.name}?force=true`;
      const body = {
        id: slot.name,
        // It does not end by itself when the cluster does.
        cmd: `trap '' TERM; ${markAs('app')}; exec sleep 1000`,
        taskKillGracePeriodSeconds: 0,
        cpus: 0.01,
        mem: 16,
        labels: { n: String(wanted) },
      };
      const { status, text } = wanted === undefined ? await marathon('DELETE', url) : await marathon('PUT', url, body);
      if (status >= 400) throw new Error(`${slot.name}: ${status} ${text}`);
      slot.expected = [wanted];
    }

    async function changeJob(reached: Reached, slot: Slot): Promise<void> {
      const { chronos } = reached;
      if (slot.awaited !== undefined) {
        const { awaited } = slot;
        await eventually(async () => !reached.alive() || started().some(({ said }) => said === awaited));
        if (!reached.alive()) return;
        delete slot.awaited;
      }
      const [current] = slot.expected;
      const wanted = current !== undefined && random(4) === 0 ? undefined : ++serial;
      slot.expected = [current, wanted];
      const said = `run-${wanted}`;
      const job = {
        name: slot.name,
        command: markAs(said),
        description: String(wanted),
        concurrent: true,
        retries: 1000,
        schedule: 'R/2999-01-01T00:00:00Z/PT1H',
        cpus: 0.01,
        mem: 16,
      };
      const { status, text } =
        wanted === undefined ? await chronos('DELETE', `/job/${slot.name}`) : await chronos('POST', '/iso8601', job);
      if (status >= 400) throw new Error(`${slot.name}: ${status} ${text}`);
      slot.expected = [wanted];
      if (wanted === undefined || random(2) === 0) return;
      const run = await chronos('PUT', `/job/${slot.name}`);
      if (run.status === 204) slot.awaited = said;
    }

    /** What the cluster says after a start becomes what is expected, if it is one of the things that it may say. */
    async function check({ marathon, chronos }: Reached): Promise<void> {
      const found = new Map<string, number>();
      for (const { id, labels } of (await marathon('GET', '/v2/apps')).json.apps)
        found.set(id.slice(1), Number(labels.n));
      for (const { name, description } of (await chronos('GET', '/jobs')).json) found.set(name, Number(description));
      for (const slot of [...appSlots, ...jobSlots]) {
        expect(slot.expected, `${slot.name} after a restart, seed ${seed}`).toContain(found.get(slot.name));
        slot.expected = [found.get(slot.name)];
      }
    }

    function checkTasks(): void {
      const tasks = started().map(({ task }) => task);
      const twice = tasks.filter((task, n) => tasks.indexOf(task) !== n);
      expect(twice, `tasks that ran twice, seed ${seed}`).toEqual([]);
    }

    function start(): { child: ChildProcess; exited: Promise<unknown>; ready: Promise<Reached | undefined> } {
      const options = {
        stateDir: path.join(folder, 'state'),
        executor: 'process',
        loadBalancer: 'none',
        failureRetryMs: 50,
        disableAfterFailures: 0,
      };
      const child = spawn(process.execPath, [program, JSON.stringify(options)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      running = child;
      const exited = once(child, 'exit');
      const ready = Promise.race([
        once(child.stdout, 'data').then(([line]) => {
          const { marathon, chronos } = JSON.parse(String(line));
          const alive = () => !child.killed && child.exitCode === null;
          return { marathon: sender(marathon), chronos: sender(`${chronos}/v1/scheduler`), alive };
        }),
        exited.then(() => undefined),
      ]);
      return { child, exited, ready };
    }

    for (let n = 0; n < kills; n++) {
      const before = started();
      const { child, exited, ready } = start();
      // Some are killed while they start.
      if (random(8) === 0) {
        await new Promise(resolve => setTimeout(resolve, random(300)));
        child.kill('SIGKILL');
        await exited;
        continue;
      }
      const reached = await ready;
      if (reached === undefined) throw new Error(`The cluster did not start, seed ${seed}.`);
      expect(before.filter(isAlive), `tasks that outlived their cluster, seed ${seed}`).toEqual([]);
      await check(reached);
      // At any time, or the moment that a change is acknowledged.
      let acknowledgements = random(2) === 0 ? random(100) : Number.POSITIVE_INFINITY;
      const work = async (slot: Slot, change: (reached: Reached, slot: Slot) => Promise<void>) => {
        while (reached.alive()) {
          try {
            await change(reached, slot);
            if (acknowledgements-- <= 0) child.kill('SIGKILL');
          } catch (error) {
            if (reached.alive()) throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
          }
          await new Promise(resolve => setTimeout(resolve, random(100)));
        }
      };
      const clients = Promise.all([
        ...appSlots.map(slot => work(slot, changeApp)),
        ...jobSlots.map(slot => work(slot, changeJob)),
      ]);
      await Promise.race([clients, new Promise(resolve => setTimeout(resolve, 20 + random(400)))]);
      child.kill('SIGKILL');
      await exited;
      await clients;
      checkTasks();
    }

    const { child, exited, ready } = start();
    const reached = await ready;
    if (reached === undefined) throw new Error(`The cluster did not start, seed ${seed}.`);
    await check(reached);
    await eventually(async () => (await reached.marathon('GET', '/v2/deployments')).json.length === 0);
    for (const { awaited } of jobSlots) {
      if (awaited !== undefined) await eventually(async () => started().some(({ said }) => said === awaited));
    }
    // Each app has its one task and that one's process; nothing else is left of all that ran.
    const wanted = appSlots.filter(({ expected: [n] }) => n !== undefined).length;
    const living = await eventually(async () => {
      const alive = started()
        .filter(({ said }) => said === 'app')
        .filter(isAlive);
      return alive.length === wanted && alive;
    });
    const tasks: { id: string }[] = (await reached.marathon('GET', '/v2/tasks')).json.tasks;
    expect(living.map(({ task }) => task).sort(), `seed ${seed}`).toEqual(tasks.map(({ id }) => id).sort());
    checkTasks();
    child.kill('SIGTERM');
    await exited;
    await eventually(async () => !started().some(isAlive));
  },
);
