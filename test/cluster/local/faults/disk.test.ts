// A disk that is full: changes are refused in one sentence, all else goes on, and so do they when there is room again.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eventually, sender } from '../local.ts';
import { buildProgram } from './program.ts';

/** Lets a running process write larger files. */
const lift = (pid: number) => spawnSync('prlimit', ['--pid', String(pid), '--fsize=unlimited:unlimited']).status === 0;
const canLift = process.platform === 'linux' && spawnSync('prlimit', ['--version']).status === 0;

test.skipIf(!canLift)('a full disk refuses changes and nothing else', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'disk-'));
  const program = await buildProgram(folder);
  const start = async (blocks: string) => {
    const options = JSON.stringify({ stateDir: path.join(folder, 'state'), executor: 'stand-in' });
    // As far as a file may grow, in blocks of 512 bytes.
    const limited = `ulimit -S -f ${blocks}; exec "$@"`;
    const child = spawn('/bin/sh', ['-c', limited, 'sh', process.execPath, program, options], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exited = once(child, 'exit');
    let log = '';
    child.stderr.on('data', data => {
      log += data;
    });
    const [line] = await once(child.stdout, 'data');
    return { child, exited, log: () => log, marathon: sender(JSON.parse(String(line)).marathon) };
  };
  const { child, exited, log, marathon } = await start('32');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const create = (n: number) => marathon('POST', '/v2/apps', { id: `app-${n}`, cmd: 'true', instances: 0, cpus: 0.1 });
  const acknowledged: string[] = [];
  let refused = await create(0);
  for (let n = 1; refused.status === 201; n++) {
    acknowledged.push(`/app-${n - 1}`);
    refused = await create(n);
  }
  expect(acknowledged.length).toBeGreaterThan(0);
  expect(refused.status).toBe(503);
  expect(refused.json.message).toMatch(
    /^The state file \S+ cannot be written \([^)]*\): changes are not kept until it can\.$/,
  );
  // From now on nothing is even begun.
  expect((await create(1000)).status).toBe(503);
  const ids = async () => (await marathon('GET', '/v2/apps')).json.apps.map(({ id }: { id: string }) => id);
  expect(await ids()).not.toContain('/app-1000');
  expect(await ids()).toEqual(expect.arrayContaining(acknowledged));
  expect(lift(child.pid ?? 0)).toBe(true);
  await eventually(async () => (await create(2000)).status === 201);
  acknowledged.push('/app-2000');
  expect(log().match(/cannot be written/g)).toHaveLength(1);
  expect(log()).toMatch(/The state file \S+ is written again\./);
  child.kill('SIGKILL');
  await exited;
  const next = await start('unlimited');
  const after = (await next.marathon('GET', '/v2/apps')).json.apps.map(({ id }: { id: string }) => id);
  next.child.kill('SIGTERM');
  await next.exited;
  expect(after).toEqual(expect.arrayContaining(acknowledged));
  expect(after).not.toContain('/app-1000');
});
