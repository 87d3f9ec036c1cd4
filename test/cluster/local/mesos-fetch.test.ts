import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { create as tar } from 'tar';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { fetcherCache } from '../../../cluster/src/local/mesos/fetch/cache.ts';
import { fetchAll } from '../../../cluster/src/local/mesos/fetch/fetcher.ts';
import { zip } from '../../server/workspace/zip.ts';
import { openCluster } from './local.ts';

let folder: string;
let sandbox: string;
let log: string[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fetch-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  sandbox = path.join(folder, 'sandbox');
  await mkdir(sandbox);
  log = [];
});

const plain = { executable: false, extract: true, cache: false };
const bring = (uri: object, signal = new AbortController().signal, cache = fetcherCache(path.join(folder, 'cache'))) =>
  fetchAll([{ ...plain, ...uri } as Parameters<typeof fetchAll>[0][number]], sandbox, cache, signal, line =>
    log.push(line),
  );
const read = (name: string) => readFile(path.join(sandbox, name), 'utf8');

async function serve(handle: http.RequestListener): Promise<string> {
  const server = http.createServer(handle);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A folder with a file in it, packed. */
async function archive(name: string, gzip: boolean): Promise<string> {
  await mkdir(path.join(folder, 'model'), { recursive: true });
  await writeFile(path.join(folder, 'model', 'weights'), 'w');
  const file = path.join(folder, name);
  await tar({ file, cwd: folder, gzip }, ['model']);
  return file;
}

test.for([
  ['a.tgz', true],
  ['a.tar.gz', true],
  ['a.tar', false],
] as const)('%s is unpacked into the sandbox, and stays there', async ([name, gzip]) => {
  const file = await archive(name, gzip);
  await bring({ value: file });
  expect(await read('model/weights')).toBe('w');
  expect((await readdir(sandbox)).sort()).toEqual([name, 'model']);
  expect(log.at(-1)).toMatch(/^I\d{4} \d\d:\d\d:\d\d\.\d{6} \d+ fetcher\.cpp\] Fetched '/);
});

test.for(['bzip2', 'xz'])('a tar packed by %s is unpacked', async program => {
  const file = await archive('a.tar', false);
  try {
    execFileSync(program, [file]);
  } catch {
    return; // The program is not there.
  }
  await bring({ value: `${file}.${program === 'xz' ? 'xz' : 'bz2'}` });
  expect(await read('model/weights')).toBe('w');
});

test('a file that is gzipped is unpacked under its name without .gz', async () => {
  await writeFile(path.join(folder, 'data.csv.gz'), gzipSync('1,2'));
  await bring({ value: `file://${folder}/data.csv.gz` });
  expect(await read('data.csv')).toBe('1,2');
});

test('what is no archive is copied, and the log says so', async () => {
  await writeFile(path.join(folder, 'run.sh'), 'echo');
  await bring({ value: path.join(folder, 'run.sh'), executable: true, output_file: 'bin/start' });
  expect((await stat(path.join(sandbox, 'bin/start'))).mode & 0o777).toBe(0o755);
  await bring({ value: path.join(folder, 'run.sh') });
  expect(log.join('\n')).toContain('Copying instead of extracting resource');
});

test('over HTTP: redirects are followed, the query stays in the name', async () => {
  const url = await serve((request, response) => {
    if (request.url === '/a?v=1') response.writeHead(302, { Location: '/b' }).end();
    else response.end('body');
  });
  await bring({ value: ` ${url}/a?v=1` });
  expect(await read('a?v=1')).toBe('body');
});

test('credentials in the address are sent to its host, and to no other', async () => {
  const sent: (string | undefined)[] = [];
  const other = await serve((request, response) => {
    sent.push(request.headers.authorization);
    response.end();
  });
  const url = await serve((request, response) => {
    sent.push(request.headers.authorization);
    response.writeHead(302, { Location: `${other}/b` }).end();
  });
  await bring({ value: `${url.replace('//', '//me:p%40ss@')}/a` });
  expect(sent).toEqual([`Basic ${Buffer.from('me:p@ss').toString('base64')}`, undefined]);
});

test.for<[string, (url: string) => object, RegExp]>([
  ['an answer that is not 200', url => ({ value: `${url}/404` }), /received HTTP return code 404/],
  ['redirects without end', url => ({ value: `${url}/loop` }), /more than 10 redirects/],
  ['a redirect to a file', url => ({ value: `${url}/file` }), /a redirect leads to file:/],
  ['an address without a path', () => ({ value: 'http://127.0.0.1' }), /Malformed URI/],
  ['another scheme', () => ({ value: 'hdfs://a/b' }), /fetches http:, https:, and files/],
  ['a relative path', () => ({ value: 'a/b' }), /framework home was not specified/],
  ['a file that is not there', () => ({ value: '/no/such/file' }), /ENOENT/],
  ['a name that climbs', () => ({ value: '/etc/hostname', output_file: '../x' }), /outside of the sandbox/],
  ['an absolute name', () => ({ value: '/etc/hostname', output_file: '/tmp/x' }), /outside of the sandbox/],
  [
    'a name that leads through a link',
    () => ({ value: '/etc/hostname', output_file: 'out/x' }),
    /leads out of the sandbox/,
  ],
])('%s is refused', async ([, uri, problem]) => {
  const url = await serve((request, response) => {
    const location = { '/loop': '/loop', '/file': 'file:///etc/passwd' }[request.url ?? ''];
    if (location === undefined) response.writeHead(404).end();
    else response.writeHead(302, { Location: location }).end();
  });
  await symlink(folder, path.join(sandbox, 'out'));
  await expect(bring(uri(url))).rejects.toThrow(problem);
  expect(log.at(-1)).toMatch(/^Failed to fetch '/);
  expect(await readdir(sandbox)).toEqual(['out']);
});

test('archives that climb out of the sandbox, through names or links, are refused', async () => {
  await mkdir(path.join(folder, 'in'));
  await writeFile(path.join(folder, 'evil'), 'evil');
  await tar({ file: path.join(folder, 'climb.tar'), cwd: path.join(folder, 'in'), preservePaths: true }, ['../evil']);
  await rm(path.join(folder, 'evil'));
  await expect(bring({ value: path.join(folder, 'climb.tar') })).rejects.toThrow(/Failed to extract/);
  await symlink(folder, path.join(folder, 'in', 'link'));
  await tar({ file: path.join(folder, 'link.tar'), cwd: path.join(folder, 'in') }, ['link']);
  await rm(path.join(folder, 'in', 'link'));
  await mkdir(path.join(folder, 'in', 'link'));
  await writeFile(path.join(folder, 'in', 'link', 'evil'), 'evil');
  await tar({ file: path.join(folder, 'through.tar'), cwd: path.join(folder, 'in') }, ['link/evil']);
  await bring({ value: path.join(folder, 'link.tar') }).catch(() => {});
  await bring({ value: path.join(folder, 'through.tar') }).catch(() => {});
  expect(await readdir(folder)).not.toContain('evil');
});

test('a zip is unpacked; names that climb are refused', async () => {
  const file = path.join(folder, 'a.zip');
  await writeFile(file, zip([{ name: 'model/weights', content: 'w' }]));
  await bring({ value: file });
  expect(await read('model/weights')).toBe('w');
  await writeFile(file, zip([{ name: '../evil', content: 'evil' }]));
  await expect(bring({ value: file })).rejects.toThrow(/Failed to extract/);
  expect(await readdir(folder)).not.toContain('evil');
});

test('a bomb is stopped', async () => {
  await writeFile(path.join(folder, 'bomb.gz'), gzipSync(Buffer.alloc(80 * 2 ** 20)));
  await expect(bring({ value: path.join(folder, 'bomb.gz') })).rejects.toThrow(/unpacks to more than 67108864 bytes/);
});

test('the cache downloads once, and lets the oldest go when it is full', async () => {
  const asked: string[] = [];
  const url = await serve((request, response) => {
    asked.push(request.url ?? '');
    response.end('0123456789');
  });
  const cache = fetcherCache(path.join(folder, 'cache'), 15);
  const { signal } = new AbortController();
  await Promise.all([1, 2].map(() => bring({ value: `${url}/a`, cache: true }, signal, cache)));
  await bring({ value: `${url}/a`, cache: true }, signal, cache);
  expect(asked).toEqual(['/a']);
  expect(await read('a')).toBe('0123456789');
  await bring({ value: `${url}/b`, cache: true }, signal, cache);
  expect(await readdir(path.join(folder, 'cache'))).toHaveLength(1);
  await bring({ value: `${url}/a`, cache: true }, signal, cache);
  expect(asked).toEqual(['/a', '/b', '/a']);
});

test('a task gets what it fetches; where that fails, it fails as on a real agent; a kill ends it', async () => {
  let asked: (response: http.ServerResponse) => void = () => {};
  const slow = new Promise<http.ServerResponse>(resolve => {
    asked = resolve;
  });
  const url = await serve((request, response) => {
    if (request.url === '/slow') asked(response);
    else if (request.url === '/script') response.end('echo fetched');
    else response.writeHead(404).end();
  });
  const { marathon, events } = await openCluster();
  const stream = await events();
  const app = { cmd: 'sh ./script > out; sleep 1000', cpus: 0.1, mem: 16 };
  const states = (id: string) =>
    stream.seen.flatMap(({ appId, taskStatus }) => (appId === id && taskStatus !== undefined ? [taskStatus] : []));
  await marathon('POST', '/v2/apps', { id: '/good', ...app, fetch: [{ uri: `${url}/script` }] });
  await stream.until(({ appId, taskStatus }) => appId === '/good' && taskStatus === 'TASK_RUNNING');
  await marathon('POST', '/v2/apps', { id: '/bad', ...app, fetch: [{ uri: `${url}/none` }] });
  const failed = await stream.until(({ appId, taskStatus }) => appId === '/bad' && taskStatus === 'TASK_FAILED');
  expect(failed.message).toMatch(
    /^Failed to launch container: Failed to fetch all URIs for container '[0-9a-f-]{36}': exited with status 1$/,
  );
  await marathon('POST', '/v2/apps', { id: '/slow', ...app, fetch: [{ uri: `${url}/slow` }] });
  const response = await slow;
  const closed = new Promise(resolve => response.once('close', resolve));
  await marathon('DELETE', '/v2/apps/slow?force=true');
  await stream.until(({ appId, taskStatus }) => appId === '/slow' && taskStatus === 'TASK_KILLED');
  await closed;
  expect(states('/slow')).toEqual(['TASK_KILLED']);
});
