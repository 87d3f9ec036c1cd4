// bin/load.cjs: code that V8 has compiled is kept from run to run, and whatever is wrong with it, the program runs.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProgram } from './terminal.ts';

let folder: string;

/** What it prints, on both streams. */
async function version(env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { code, stdout, stderr } = await runProgram(['--version'], { XDG_CACHE_HOME: folder, ...env });
  expect(code).toBe(0);
  return stdout + stderr;
}

const kept = () => {
  const place = path.join(folder, 'tosca-mesos/code');
  const [file, ...others] = readdirSync(place);
  expect(others).toEqual([]);
  return path.join(place, file ?? '');
};

const right = expect.stringMatching(/^tosca-mesos \d+\.\d+\.\d+\n$/);

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'tosca-mesos-code-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('compiled code', () => {
  it('is kept by the first run, and taken by the next, which does less and keeps nothing', async () => {
    expect(await version()).toEqual(right);
    const { mtimeMs, ino, mode } = statSync(kept());
    expect(mode & 0o077).toBe(0);
    expect(await version()).toEqual(right);
    expect(statSync(kept())).toMatchObject({ mtimeMs, ino });
  });

  it.each<[string, (whole: Buffer) => Buffer]>([
    ['damaged', whole => Buffer.from(whole.map((byte, at) => (at > 10_000 && at % 5000 === 0 ? byte ^ 0x5a : byte)))],
    ['cut off', whole => whole.subarray(0, whole.length / 2)],
    ['empty', () => Buffer.alloc(0)],
    ['of another bundle', whole => Buffer.from(whole.toString('latin1').replace('cli.cjs ', 'cli.cjs 1'), 'latin1')],
    ['no cache at all', () => Buffer.from('{}\nnonsense')],
  ])('is made anew when it is %s', async (_, spoil) => {
    await version();
    writeFileSync(kept(), spoil(readFileSync(kept())));
    const { ino } = statSync(kept());
    expect(await version()).toEqual(right);
    expect(statSync(kept()).ino).not.toBe(ino);
    expect(await version()).toEqual(right);
  });

  it('is not kept where there is no room for it, and nobody complains', async () => {
    expect(await version({ XDG_CACHE_HOME: '/dev/null' })).toEqual(right);
    expect(await version({ XDG_CACHE_HOME: '', HOME: '' })).toEqual(right);
  });

  it("is not kept where Node's own is switched off", async () => {
    expect(await version({ NODE_DISABLE_COMPILE_CACHE: '1' })).toEqual(right);
    expect(existsSync(path.join(folder, 'tosca-mesos'))).toBe(false);
  });
});
