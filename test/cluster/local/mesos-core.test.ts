import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Clock } from '../../../cluster/src/local/clock.ts';
import { type Executor, noTask, type Report } from '../../../cluster/src/local/executors/executor.ts';
import { noJournal } from '../../../cluster/src/local/journal.ts';
import { createMesos } from '../../../cluster/src/local/mesos/mesos.ts';
import type { TaskInfo, TaskStatus } from '../../../cluster/src/local/mesos/task.ts';
import { releases } from '../../../cluster/src/local/release.ts';
import { eventually } from './local.ts';

const amount = { cpus: 4, mem: 1000, disk: 0, gpus: 0 };
const info = (id: string): TaskInfo => ({
  id,
  name: id,
  resources: { cpus: 1, mem: 100, disk: 0, gpus: 0 },
  ports: [],
  command: { shell: true, value: 'true' },
  user: undefined,
  env: {},
  uris: [],
  labels: [],
  container: undefined,
  discovery: undefined,
  kind: 'service',
});

/** A Mesos with one agent and one framework, whose tasks report what the test has them report. */
function openMesos(capabilities: readonly string[], onStatus: (status: TaskStatus) => void = () => {}) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'mesos-core-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  let time = 1_000_000;
  const timers = new Set<{ time: number; callback: () => void }>();
  const at = (when: number, callback: () => void) => {
    const timer = { time: when, callback };
    timers.add(timer);
    return () => timers.delete(timer);
  };
  const clock: Clock = {
    now: () => time,
    at,
    after: (milliseconds, callback) => at(time + milliseconds, callback),
    stop: () => timers.clear(),
  };
  const reports = new Map<string, Report>();
  const killed: string[] = [];
  const executor: Executor = {
    start({ taskId }, report) {
      reports.set(taskId, report);
      report('TASK_STARTING');
      report('TASK_RUNNING');
      return {
        ...noTask,
        kill() {
          killed.push(taskId);
          report('TASK_KILLED', 'Command terminated with signal Terminated');
        },
      };
    },
    stop: async () => {},
  };
  const mesos = createMesos({
    id: 'm',
    release: releases.deep_1,
    clock,
    executor,
    agents: [
      {
        hostname: '127.0.0.1',
        port: 1,
        workDir: folder,
        attributes: {},
        shares: [{ role: '*', amount, portRanges: [] }],
      },
    ],
    journal: noJournal,
    log: line => expect.fail(line),
  });
  const framework = mesos.register(
    {
      name: 'f',
      user: 'root',
      role: '*',
      hostname: '127.0.0.1',
      webuiUrl: 'http://127.0.0.1:1',
      failoverTimeout: 0,
      checkpoint: true,
      capabilities,
    },
    { resourceOffers: () => {}, statusUpdate: (_, status) => onStatus(status) },
  );
  const [agent] = mesos.agents;
  if (agent === undefined) throw new Error('no agent');
  const pass = (milliseconds: number) => {
    time += milliseconds;
    for (const timer of [...timers]) {
      if (timer.time > time) continue;
      timers.delete(timer);
      timer.callback();
    }
  };
  const launch = async (id: string) => {
    const task = mesos.launch(framework, agent, info(id));
    await eventually(async () => reports.has(id));
    return task;
  };
  return { mesos, framework, agent, reports, killed, launch, pass };
}

test.for([
  [['TASK_KILLING_STATE'], ['TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING', 'TASK_KILLED']],
  [[], ['TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLED']],
] as const)('a kill is told as the framework understands it (%j)', async ([capabilities, states]) => {
  const { mesos, framework, launch } = openMesos(capabilities);
  const { statuses } = await launch('t');
  mesos.kill(framework, 't', 0);
  expect(statuses.map(({ state }) => state)).toEqual(states);
});

test('a framework that kills a task the moment that it hears of it ends it, and leaves nothing running', async () => {
  const { mesos, framework, agent, killed, launch } = openMesos([], ({ state }) => {
    if (state === 'TASK_RUNNING') mesos.kill(framework, 't', 0);
  });
  const { statuses } = await launch('t');
  await eventually(async () => killed.length > 0);
  expect(statuses.at(-1)?.state).toBe('TASK_KILLED');
  expect(agent.used).toEqual({ cpus: 0, mem: 0, disk: 0, gpus: 0 });
});

test('the agent keeps 150 executors of a framework, and a sandbox for a week', async () => {
  const { agent, framework, launch, reports, pass } = openMesos([]);
  const tasks = await Promise.all(Array.from({ length: 151 }, (_, n) => launch(`t${n}`)));
  for (const { info: each } of tasks) reports.get(each.id)?.('TASK_FINISHED');
  expect(agent.completed).toHaveLength(150);
  expect(framework.completed).toHaveLength(151);
  const [first, second, last] = [tasks[0], tasks[1], tasks[150]];
  await eventually(async () => !existsSync(first?.directory ?? ''));
  expect(existsSync(second?.directory ?? '')).toBe(true);
  pass(7 * 24 * 3_600_000 + 1);
  await eventually(async () => !existsSync(last?.directory ?? ''));
  expect(agent.completed).toHaveLength(150);
});
