import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type LocalAddress,
  localAddressFile,
  readLocalAddress,
  removeLocalAddress,
  writeLocalAddress,
} from '../../cluster/src/local-address.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'tosca-mesos-address-'));
  file = localAddressFile({ XDG_RUNTIME_DIR: folder });
});
afterEach(() => rmSync(folder, { recursive: true }));

const address: LocalAddress = {
  marathon: 'http://127.0.0.1:8080',
  chronos: 'http://127.0.0.1:4400',
  mesos: 'http://127.0.0.1:5050',
  orchestrator: 'http://127.0.0.1:8081',
  release: 'deep_1',
  pid: process.pid,
};

describe('the address of the local cluster', () => {
  it('is read as it was written, by its user only', async () => {
    await writeLocalAddress(address, file);
    expect(await readLocalAddress(file)).toEqual(address);
    expect(readdirSync(path.dirname(file))).toEqual(['local.json']);
    if (process.platform === 'win32') return;
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  });

  it('lies in the run-time directory, else in the temporary one, in both in a folder of the user', () => {
    expect(path.dirname(path.dirname(file))).toBe(folder);
    expect(path.dirname(path.dirname(localAddressFile({})))).toBe(os.tmpdir());
  });

  it('is removed by the cluster that wrote it, and by no other', async () => {
    await writeLocalAddress(address, file);
    await removeLocalAddress(process.pid + 1, file);
    expect(await readLocalAddress(file)).toEqual(address);
    await removeLocalAddress(process.pid, file);
    expect(await readLocalAddress(file)).toBeUndefined();
    await removeLocalAddress(process.pid, file);
  });

  it('of a process that is gone is none', async () => {
    // The first process id that Linux never gives.
    await writeLocalAddress({ ...address, pid: 4_194_305 }, file);
    expect(await readLocalAddress(file)).toBeUndefined();
  });

  it.each([
    '',
    '{',
    '[]',
    'null',
    '{"pid":1}',
    JSON.stringify({ ...address, release: 'x' }),
    JSON.stringify({ ...address, pid: -1 }),
  ])('that is %j is none', async content => {
    await writeLocalAddress(address, file);
    writeFileSync(file, content);
    expect(await readLocalAddress(file)).toBeUndefined();
  });

  it.skipIf(process.platform === 'win32')(
    'is not taken from a link that somebody else may have put there',
    async () => {
      const elsewhere = path.join(folder, 'elsewhere');
      mkdirSync(elsewhere);
      writeFileSync(path.join(elsewhere, 'local.json'), JSON.stringify(address));
      symlinkSync(elsewhere, path.dirname(file));
      expect(await readLocalAddress(file)).toBeUndefined();
      await expect(writeLocalAddress(address, file)).rejects.toThrow('belongs to another user');
    },
  );

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'that cannot be written is an error',
    async () => {
      chmodSync(folder, 0o500);
      await expect(writeLocalAddress(address, file)).rejects.toThrow();
      chmodSync(folder, 0o700);
    },
  );
});
