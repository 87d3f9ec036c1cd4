// What the vendors' tutorials tell to type: curl, as a user has it.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eventually, openCluster } from '../local.ts';

const hasCurl = spawnSync('curl', ['--version']).status === 0;
const releases = ['indigo_1', 'indigo_2', 'deep_1'] as const;

/** What curl prints; it must not block the cluster, which runs in this process. */
const curl = (...args: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn('curl', ['-sS', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    child.stdout.on('data', data => {
      printed += data;
    });
    child.on('close', code => (code === 0 ? resolve(printed) : reject(new Error(`curl exited with ${code}`))));
  });

test.skipIf(!hasCurl).each(releases)('an app of %s from a file, scaled, looked at, taken away', async release => {
  const { cluster } = await openCluster({ release });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'curl-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'app.json');
  writeFileSync(
    file,
    JSON.stringify({
      id: 'basic-0',
      cmd: 'while [ true ] ; do echo hello ; sleep 5 ; done',
      cpus: 0.1,
      mem: 10,
      instances: 1,
    }),
  );
  const apps = `${cluster.marathon}/v2/apps`;
  expect(JSON.parse(await curl('-X', 'POST', apps, '-d', `@${file}`, '-H', 'Content-type: application/json')).id).toBe(
    '/basic-0',
  );
  const { tasks } = await eventually(async () => {
    const answer = JSON.parse(await curl(`${apps}/basic-0/tasks`));
    return answer.tasks[0]?.startedAt !== undefined && answer.tasks[0].startedAt !== null && answer;
  });
  const scaled = await curl(
    '-i',
    '-X',
    'PUT',
    `${apps}/basic-0`,
    '-d',
    '{"instances": 2}',
    '-H',
    'Content-type: application/json',
  );
  expect(scaled).toMatch(/^HTTP\/1\.1 (200|409) /);

  const state = JSON.parse(await curl('-L', `${cluster.mesos}/master/state${release === 'indigo_1' ? '.json' : ''}`));
  const [task] = tasks;
  const [agent] = state.slaves;
  const address = `http://${agent.pid.split('@')[1]}`;
  const { frameworks } = JSON.parse(await curl(`${address}/slave(1)/state`));
  const executor = frameworks.flatMap((each: { executors: { id: string; directory: string }[] }) => each.executors);
  const { directory } = executor.find(({ id }: { id: string }) => id === task.id);
  await eventually(async () => {
    const read = await curl(
      '-G',
      `${address}/files/read`,
      '--data-urlencode',
      `path=${directory}/stdout`,
      '-d',
      'offset=0',
    );
    return JSON.parse(read).data.startsWith('hello');
  });
  expect(JSON.parse(await curl('-X', 'DELETE', `${apps}/basic-0?force=true`))).toHaveProperty('deploymentId');
  expect(await curl('-o', '/dev/null', '-w', '%{http_code}', `${apps}/basic-0`)).toBe('404');
  // without a content type curl says that it sends a form
  expect(await curl('-X', 'POST', apps, '-d', `@${file}`)).toBe('{"message":"Unsupported Media Type"}');
});

test.skipIf(!hasCurl)('the event stream', async () => {
  const { cluster } = await openCluster();
  const child = spawn('curl', ['-sSN', '-H', 'Accept: text/event-stream', `${cluster.marathon}/v2/events`]);
  onTestFinished(() => void child.kill());
  let heard = '';
  const attached = new Promise<void>(resolve => {
    child.stdout.on('data', data => {
      heard += data;
      if (heard.includes('\r\n\r\n')) resolve();
    });
  });
  await attached;
  expect(heard).toMatch(/^event: event_stream_attached\r\ndata: \{.*\}\r\n\r\n/);
});

test.skipIf(!hasCurl).each(releases)('jobs of %s: scheduled, dependent, run, graphed, deleted', async release => {
  const { cluster } = await openCluster({ release });
  const scheduler = `${cluster.chronos}${release === 'indigo_1' ? '' : '/v1'}/scheduler`;
  const json = ['-L', '-H', 'Content-Type: application/json'];
  const status = ['-o', '/dev/null', '-w', '%{http_code}'];
  const first = {
    schedule: 'R/2030-03-08T20:00:00.000Z/PT2M',
    name: 'first',
    epsilon: 'PT15M',
    command: 'true',
    owner: 'a@example.org',
    async: false,
  };
  const second = { parents: ['first'], name: 'second', command: 'true', owner: 'a@example.org', async: false };
  expect(await curl(...json, ...status, '-X', 'POST', '-d', JSON.stringify(first), `${scheduler}/iso8601`)).toBe('204');
  expect(await curl(...json, ...status, '-X', 'POST', '-d', JSON.stringify(second), `${scheduler}/dependency`)).toBe(
    '204',
  );
  expect(await curl('-L', ...status, '-X', 'PUT', `${scheduler}/job/first`)).toBe('204');
  await eventually(async () => {
    const jobs: { name: string; successCount: number }[] = JSON.parse(
      await curl('-L', '-X', 'GET', `${scheduler}/jobs`),
    );
    return jobs.every(({ successCount }) => successCount === 1);
  });
  expect(await curl('-L', `${scheduler}/graph/csv`)).toContain('link,first,second\n');
  expect(await curl('-L', '-X', 'GET', `${scheduler}/graph/dot`)).toMatch(/^digraph/);
  expect(await curl('-L', ...status, '-X', 'DELETE', `${scheduler}/task/kill/first`)).toBe('204');
  for (const name of ['second', 'first'])
    expect(await curl('-L', ...status, '-X', 'DELETE', `${scheduler}/job/${name}`)).toBe('204');
  expect(await curl('-L', `${scheduler}/jobs`)).toBe('[]');
});
