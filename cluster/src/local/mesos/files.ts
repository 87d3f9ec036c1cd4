// /files/browse, /files/read and /files/download of an agent: the sandboxes of its tasks and nothing else.
// Rules and texts: mesos src/files/files.cpp at 0.28.0, 1.1.0, 1.5.0.
import type { Stats } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Answer } from '../http.ts';
import type { MesosVersion } from '../release.ts';
import { type Agent, executorDirectory } from './agents.ts';

/** 16 pages of 4 KiB. */
const longestRead = 65_536;

const bad = (text: string): Answer => ({ status: 400, text: `${text}\n` });
const notFound: Answer = { status: 404, text: '' };

interface Found {
  /** On this machine, links resolved, below the sandbox. */
  readonly real: string;
}

/** Resolves an asked path, or gives the answer of its refusal. */
async function resolve(agent: Agent, version: MesosVersion, asked: string): Promise<Found | Answer> {
  const normal = path.posix.normalize(asked).replace(/(.)\/+$/, '$1');
  const inaccessible: Answer = { status: version === '0.28.0' ? 500 : 400, text: `'${asked}' is inaccessible.\n` };
  const roots = [...agent.tasks.values(), ...agent.completed].flatMap(task => {
    const runs = path.join(executorDirectory(agent, task.frameworkId, task.info.id), 'runs');
    return [
      { virtual: task.directory, real: task.directory },
      ...(version === '1.5.0'
        ? [
            { virtual: path.join(runs, 'latest'), real: task.directory },
            { virtual: `/frameworks/${task.frameworkId}/executors/${task.info.id}/runs/latest`, real: task.directory },
          ]
        : []),
    ];
  });
  const within = (candidate: string) =>
    roots.find(({ virtual }) => candidate === virtual || candidate.startsWith(`${virtual}/`));
  const root = within(normal);
  // A path that names a sandbox and then climbs out of it is refused, one that names none is unknown.
  if (root === undefined) return within(asked) === undefined ? notFound : inaccessible;
  const target = path.join(root.real, normal.slice(root.virtual.length));
  try {
    const [realRoot, real] = await Promise.all([realpath(root.real), realpath(target)]);
    return real === realRoot || real.startsWith(`${realRoot}/`) ? { real } : inaccessible;
  } catch {
    return notFound;
  }
}

type Query = URLSearchParams;

export async function browse(agent: Agent, version: MesosVersion, query: Query): Promise<Answer> {
  const asked = query.get('path');
  if (asked === null || asked === '') return bad("Expecting 'path=value' in query.");
  const found = await resolve(agent, version, asked);
  if ('status' in found) return found;
  const names = await readdir(found.real).catch(() => [] as string[]);
  const entries = await Promise.all(
    names.sort().map(async name => {
      const info = await stat(path.join(found.real, name)).catch(() => undefined);
      if (info === undefined) return [];
      return [
        {
          gid: groupName(info.gid),
          mode: modeText(info),
          mtime: Math.floor(info.mtimeMs / 1000),
          nlink: info.nlink,
          path: path.posix.join(asked, name),
          size: info.size,
          uid: userName(info.uid),
        },
      ];
    }),
  );
  return { status: 200, json: entries.flat() };
}

export async function read(agent: Agent, version: MesosVersion, query: Query): Promise<Answer> {
  const asked = query.get('path');
  if (asked === null || asked === '') return bad("Expecting 'path=value' in query.");
  const offset = wholeNumber(query.get('offset') ?? '-1');
  if (offset === undefined) return bad(`Failed to parse offset: Failed to convert '${query.get('offset')}' to number.`);
  const length = wholeNumber(query.get('length') ?? '-1');
  if (length === undefined) return bad(`Failed to parse length: Failed to convert '${query.get('length')}' to number.`);
  if (version !== '0.28.0') {
    if (offset < -1) return bad(`Negative offset provided: ${offset}.`);
    if (length < -1) return bad(`Negative length provided: ${length}.`);
  }
  const found = await resolve(agent, version, asked);
  if ('status' in found) return found;
  let file: Awaited<ReturnType<typeof open>>;
  try {
    if ((await stat(found.real)).isDirectory()) return bad('Cannot read a directory.');
    file = await open(found.real, 'r');
  } catch (error) {
    return {
      status: 500,
      text: `Failed to open file at '${asked}': ${error instanceof Error ? error.message : error}.\n`,
    };
  }
  try {
    const { size } = await file.stat();
    if (offset < 0) return { status: 200, json: { data: '', offset: size } };
    if (offset >= size) return { status: 200, json: { data: '', offset: version === '0.28.0' ? size : offset } };
    const wanted = Math.min(length < 0 ? size - offset : length, size - offset, longestRead);
    const buffer = Buffer.alloc(wanted);
    const { bytesRead } = wanted === 0 ? { bytesRead: 0 } : await file.read(buffer, 0, wanted, offset);
    return { status: 200, text: rawData(buffer.subarray(0, bytesRead), offset), type: 'application/json' };
  } finally {
    await file.close();
  }
}

/** The bytes go into the JSON text as they are, as Mesos does it: a character may be cut at either end, and no byte is lost. */
function rawData(data: Buffer, offset: number): Buffer {
  return Buffer.from(JSON.stringify({ data: data.toString('latin1'), offset }), 'latin1');
}

export async function download(agent: Agent, version: MesosVersion, query: Query): Promise<Answer> {
  const asked = query.get('path');
  if (asked === null || asked === '') return bad("Expecting 'path=value' in query.");
  const found = await resolve(agent, version, asked);
  if ('status' in found) return found;
  const info = await stat(found.real).catch(() => undefined);
  if (info === undefined) return notFound;
  if (info.isDirectory()) return bad('Cannot download a directory.');
  const name = path.basename(asked);
  return {
    status: 200,
    file: { path: found.real, size: info.size },
    type: contentTypes[path.extname(name)] ?? 'application/octet-stream',
    headers: { 'Content-Disposition': `attachment; filename=${name.replace(/[^\x20-\x7e]/g, '_')}` },
  };
}

export const debug = (agent: Agent): Record<string, string> =>
  Object.fromEntries([...agent.tasks.values(), ...agent.completed].map(({ directory }) => [directory, directory]));

const contentTypes: Readonly<Record<string, string>> = {
  '.txt': 'text/plain',
  '.html': 'text/html',
  '.json': 'application/json',
  '.js': 'application/javascript',
  '.css': 'text/css',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.pdf': 'application/pdf',
  '.gz': 'application/x-gzip',
  '.zip': 'application/zip',
};

const wholeNumber = (text: string): number | undefined => (/^-?\d{1,15}$/.test(text) ? Number(text) : undefined);

function modeText(info: Stats): string {
  const kinds: readonly [boolean, string][] = [
    [info.isDirectory(), 'd'],
    [info.isCharacterDevice(), 'c'],
    [info.isBlockDevice(), 'b'],
    [info.isFIFO(), 'p'],
    [info.isSocket(), 's'],
  ];
  const kind = kinds.find(([holds]) => holds)?.[1] ?? '-';
  const bits = [0o400, 0o200, 0o100, 0o040, 0o020, 0o010, 0o004, 0o002, 0o001];
  return kind + bits.map((bit, n) => ((info.mode & bit) === 0 ? '-' : 'rwx'[n % 3])).join('');
}

/** Only one's own ids have a name here; Mesos gives a number as text where it knows none. */
const userName = (uid: number): string => (uid === 0 ? 'root' : uid === process.getuid?.() ? ownName() : String(uid));
const groupName = (gid: number): string => (gid === 0 ? 'root' : String(gid));
const ownName = (): string => process.env.USER ?? String(process.getuid?.());
