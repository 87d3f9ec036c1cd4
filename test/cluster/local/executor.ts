// One executor by itself, for tests of what it makes of a task.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { systemClock } from '../../../cluster/src/local/clock.ts';
import type { Launch, RunningTask } from '../../../cluster/src/local/executors/executor.ts';
import { type ExecutorKind, openExecutor } from '../../../cluster/src/local/executors/open.ts';
import type { MesosVersion } from '../../../cluster/src/local/release.ts';

export interface Run extends RunningTask {
  readonly states: readonly string[];
  /** State, message and reason of its end. */
  readonly ended: Promise<readonly (string | undefined)[]>;
  output(name: 'stdout' | 'stderr'): string;
}

/** Stopped by the test, which has ended its tasks; then it has had nothing to complain of. */
export async function openTestExecutor(kind: ExecutorKind, mesos: MesosVersion = '1.5.0') {
  const clock = systemClock({ onError: error => expect.unreachable(String(error)), log: () => {} });
  const log: string[] = [];
  const options = { clock, clusterId: randomUUID(), mesos, log: (line: string) => void log.push(line) };
  const executor = await openExecutor(kind, options);
  return {
    run: (wanted: Partial<Launch>): Run => {
      // As the sandbox of a Chronos task, which has colons.
      const sandbox = mkdtempSync(path.join(os.tmpdir(), 'sandbox:'));
      onTestFinished(() => rmSync(sandbox, { recursive: true }));
      const containerId = randomUUID();
      const launch: Launch = {
        ...{ taskId: 'task', containerId, sandbox, container: undefined, command: undefined, user: undefined },
        ...{ env: {}, host: '127.0.0.1', ports: [], resources: { cpus: 0.1, mem: 64, disk: 0, gpus: 0 }, kind: 'job' },
        ...wanted,
      };
      const states: string[] = [];
      let task: RunningTask | undefined;
      const ended = new Promise<readonly (string | undefined)[]>(resolve => {
        task = executor.start(launch, (...told) => {
          states.push(told[0]);
          if (!['TASK_STARTING', 'TASK_RUNNING'].includes(told[0])) resolve(told);
        });
      });
      if (task === undefined) throw new Error('The executor has started nothing.');
      const output = (name: string) => {
        try {
          return readFileSync(path.join(sandbox, name), 'utf8');
        } catch {
          return '';
        }
      };
      return { ...task, states, ended, output };
    },
    async stop() {
      await executor.stop();
      clock.stop();
      expect(log).toEqual([]);
    },
  };
}
