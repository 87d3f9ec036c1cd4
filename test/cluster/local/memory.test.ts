// Memory of tasks that run as processes: what they use is told, and who is over the limit ends.
import { expect, test } from 'vitest';
import { openTestExecutor } from './executor.ts';
import { eventually } from './local.ts';

const resources = { cpus: 0.1, mem: 16, disk: 0, gpus: 0 };
const node = JSON.stringify(process.execPath);
/** Takes so many MiB, says so, and keeps them. */
const take = (size: number, then = '') =>
  `${node} -e 'const held = Buffer.alloc(${size} * 2 ** 20, 1); ${then} console.log("ready"); setInterval(() => held, 1000)'`;

test.skipIf(process.platform !== 'linux')('all processes of a task together are held to its limit', async () => {
  const { run, stop } = await openTestExecutor('process');
  // Its memory is in a process that has left the task's session.
  const value = `setsid ${take(200)} & sleep 1000`;
  const over = run({ resources, command: { shell: true, value } });
  const [state, message, reason] = await over.ended;
  expect([state, reason]).toEqual(['TASK_FAILED', 'REASON_CONTAINER_LIMITATION_MEMORY']);
  expect(message).toMatch(
    /^Memory limit exceeded: Requested: 48MB Maximum Used: \d+[KM]B\n\nMEMORY STATISTICS: \ncache \d+\nrss \d{9}\n\n$/,
  );
  await stop();
});

test.skipIf(process.platform !== 'linux')('memory that processes share counts once', async () => {
  const { run, stop } = await openTestExecutor('process');
  const value = `perl -e 'vec($held, 24 * 2 ** 20, 8) = 1; fork; fork; $| = 1; print "ready\\n"; sleep 1000'`;
  const sharing = run({ resources, command: { shell: true, value } });
  await eventually(async () => sharing.output('stdout') === 'ready\n'.repeat(4));
  expect((await sharing.statistics())?.mem_rss_bytes).toBeGreaterThan(4 * 24 * 2 ** 20);
  // Both are looked at together: when this one is over, the other has been found to be not.
  const over = run({ resources, command: { shell: true, value: take(200) } });
  expect((await over.ended)[0]).toBe('TASK_FAILED');
  expect(sharing.states).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
  sharing.kill(0);
  expect((await sharing.ended)[0]).toBe('TASK_KILLED');
  await stop();
});

test.skipIf(process.platform !== 'linux')('what a task uses is told in the words of Mesos', async () => {
  const { run, stop } = await openTestExecutor('process');
  const busy = `let n = 0; for (const end = Date.now() + 200; Date.now() < end; ) n++;`;
  const task = run({ command: { shell: true, value: take(16, busy) } });
  await eventually(async () => task.output('stdout') === 'ready\n');
  const used = await task.statistics();
  expect(used).toMatchObject({ cpus_limit: 0.2, mem_limit_bytes: 96 * 2 ** 20 });
  expect(used?.mem_rss_bytes).toBeGreaterThan(16 * 2 ** 20);
  expect((used?.cpus_user_time_secs ?? 0) + (used?.cpus_system_time_secs ?? 0)).toBeGreaterThan(0.05);
  expect(used?.processes).toBeGreaterThanOrEqual(1);
  expect(used?.threads).toBeGreaterThanOrEqual(used?.processes ?? 0);
  task.kill(0);
  await task.ended;
  expect(await task.statistics()).toBeUndefined();
  await stop();
});
