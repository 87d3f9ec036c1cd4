// The file in which the cluster keeps what must outlive it: what is told to be kept is there again, and nothing that is not understood is
// overwritten.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Journal, openJournal } from '../../../cluster/src/local/journal.ts';

function newFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'journal-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const fileOf = (folder: string) => path.join(folder, 'cluster.journal');
const silent = () => {};
const all = (journal: Journal, kind: string) => Object.fromEntries(journal.read(kind));

/** A journal with two values, each in a line of its own, closed again. */
async function written(): Promise<string> {
  const folder = newFolder();
  const journal = await openJournal(folder, silent);
  for (const key of ['one', 'two']) {
    journal.put('app', key, { name: `${key} é` });
    await journal.flushed();
  }
  await journal.close();
  return folder;
}

test('what was flushed is there again, in its order, and what was taken away is not', async () => {
  const folder = newFolder();
  const journal = await openJournal(folder, silent);
  for (const key of ['b', 'a', 'c']) journal.put('app', key, { key });
  journal.put('job', 'b', 'other kind');
  await journal.flushed();
  journal.put('app', 'a', undefined);
  journal.put('app', 'b', { key: 'changed' });
  await journal.flushed();
  // As a crash would leave it: not closed.
  const again = await openJournal(folder, silent);
  expect([...again.read('app')]).toEqual([
    ['b', { key: 'changed' }],
    ['c', { key: 'c' }],
  ]);
  expect(all(again, 'job')).toEqual({ b: 'other kind' });
  await Promise.all([journal.close(), again.close()]);
});

test('changes that belong together share one line and one write, those that wait share the next', async () => {
  const folder = newFolder();
  const journal = await openJournal(folder, silent);
  const waiting = Array.from({ length: 200 }, (_, n) => {
    journal.put('app', String(n), n);
    return journal.flushed();
  });
  await Promise.all(waiting);
  // The header, what was there at the first write, and all that came while it went on.
  expect(readFileSync(fileOf(folder), 'utf8').trim().split('\n').length).toBeLessThanOrEqual(4);
  await journal.close();
  const again = await openJournal(folder, silent);
  expect(Object.keys(all(again, 'app'))).toHaveLength(200);
  await again.close();
});

test('a line that is cut anywhere is dropped, and the next one takes its place', async () => {
  const folder = await written();
  const whole = readFileSync(fileOf(folder));
  const second = whole.indexOf(10, whole.indexOf(10) + 1) + 1;
  for (let length = second; length < whole.length; length += 7) {
    writeFileSync(fileOf(folder), whole.subarray(0, length));
    const journal = await openJournal(folder, silent);
    expect(all(journal, 'app'), `cut at ${length}`).toEqual({ one: { name: 'one é' } });
    journal.put('app', 'three', 3);
    await journal.close();
    const again = await openJournal(folder, silent);
    expect(Object.keys(all(again, 'app'))).toEqual(['one', 'three']);
    await again.close();
  }
});

test('a block of a line that never reached the disk, and a file that was only begun, are no damage', async () => {
  const folder = await written();
  appendFileSync(fileOf(folder), Buffer.concat([Buffer.alloc(300), Buffer.from('],["app","x",1]]\n')]));
  const journal = await openJournal(folder, silent);
  expect(Object.keys(all(journal, 'app'))).toEqual(['one', 'two']);
  await journal.close();
  writeFileSync(fileOf(folder), readFileSync(fileOf(folder)).subarray(0, 10));
  const begun = await openJournal(folder, silent);
  expect(all(begun, 'app')).toEqual({});
  await begun.close();
});

test('a damaged file, a newer one and one of something else are refused in one sentence, and left as they are', async () => {
  const folder = await written();
  const whole = readFileSync(fileOf(folder), 'utf8');
  for (const [content, problem] of [
    [whole.replace('one é', 'ome é'), /^The state file \S+ is damaged at byte \d+: restore it [^.]+\.$/],
    [whole.replace('format 1', 'format 2'), /^The state file \S+ was written by a newer version [^.]+\.$/],
    ['[core]\nbare = false\n', /^\S+ is no state file of a local cluster: [^.]+\.$/],
  ] as const) {
    writeFileSync(fileOf(folder), content);
    await expect(openJournal(folder, silent)).rejects.toThrow(problem);
    expect(readFileSync(fileOf(folder), 'utf8')).toBe(content);
  }
});

test('the file does not grow without end, and can be emptied', async () => {
  const folder = newFolder();
  const journal = await openJournal(folder, silent);
  const text = 'x'.repeat(100_000);
  for (let n = 0; n < 40; n++) {
    journal.put('app', 'same', { n, text });
    await journal.flushed();
  }
  expect(statSync(fileOf(folder)).size).toBeLessThan(2_000_000);
  expect(readFileSync(fileOf(folder), 'utf8').startsWith('tosca-mesos')).toBe(true);
  await journal.clear();
  journal.put('app', 'new', 1);
  await journal.close();
  const again = await openJournal(folder, silent);
  expect(all(again, 'app')).toEqual({ new: 1 });
  await again.close();
});
