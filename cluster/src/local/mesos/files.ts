// /files/browse, /files/read and /files/download of master and agents: their logs, the sandboxes of tasks, and nothing else.
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

/** What can be asked for: by virtual path, the real one. */
export type Attached = () => ReadonlyMap<string, string>;

/** The sandboxes on an agent, from 1.5 also under paths that outlive a container. */
export function sandboxes(agent: Agent, version: MesosVersion): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  for (const { directory, frameworkId, info } of [...agent.completed, ...agent.tasks.values()]) {
    all.set(directory, directory);
    if (version !== '1.5.0') continue;
    all.set(path.join(executorDirectory(agent, frameworkId, info.id), 'runs', 'latest'), directory);
    all.set(`/frameworks/${frameworkId}/executors/${info.id}/runs/latest`, directory);
  }
  return all;
}

/** Resolves an asked path to one on this machine, links resolved; or gives the answer of its refusal. */
async function resolve(attached: Attached, version: MesosVersion, asked: string): Promise<string | Answer> {
  const normal = path.posix.normalize(asked).replace(/(.)\/+$/, '$1');
  const inaccessible: Answer = { status: version === '0.28.0' ? 500 : 400, text: `'${asked}' is inaccessible.\n` };
  const roots = [...attached()];
  const within = (candidate: string) =>
    roots.find(([virtual]) => candidate === virtual || candidate.startsWith(`${virtual}/`));
  const root = within(normal);
  // A path that names a sandbox and then climbs out of it is refused, one that names none is unknown.
  if (root === undefined) return within(asked) === undefined ? notFound : inaccessible;
  const [virtual, base] = root;
  try {
    const [realRoot, real] = await Promise.all([
      realpath(base),
      realpath(path.join(base, normal.slice(virtual.length))),
    ]);
    return real === realRoot || real.startsWith(`${realRoot}/`) ? real : inaccessible;
  } catch {
    return notFound;
  }
}

interface FileInfo {
  readonly path: string;
  readonly stats: Stats;
}

/** What is in a folder, sorted; nothing where it is none. */
export async function listFiles(
  attached: Attached,
  version: MesosVersion,
  asked: string,
): Promise<readonly FileInfo[] | Answer> {
  const real = await resolve(attached, version, asked);
  if (typeof real !== 'string') return real;
  const names = await readdir(real).catch(() => [] as string[]);
  const entries = await Promise.all(
    names.sort().map(async name => {
      const stats = await stat(path.join(real, name)).catch(() => undefined);
      return stats === undefined ? [] : [{ path: path.posix.join(asked, name), stats }];
    }),
  );
  return entries.flat();
}

/** At most so many bytes from an offset, and the file's size. */
export async function readFile(
  attached: Attached,
  version: MesosVersion,
  asked: string,
  { offset, length }: { readonly offset: number; readonly length: number },
): Promise<{ readonly data: Buffer; readonly size: number } | Answer> {
  const real = await resolve(attached, version, asked);
  if (typeof real !== 'string') return real;
  let file: Awaited<ReturnType<typeof open>>;
  try {
    if ((await stat(real)).isDirectory()) return bad('Cannot read a directory.');
    file = await open(real, 'r');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { status: 500, text: `Failed to open file at '${asked}': ${reason}.\n` };
  }
  try {
    const { size } = await file.stat();
    const wanted = offset < 0 ? 0 : Math.min(length < 0 ? size - offset : length, size - offset, longestRead);
    if (wanted <= 0) return { data: Buffer.alloc(0), size };
    const buffer = Buffer.alloc(wanted);
    const { bytesRead } = await file.read(buffer, 0, wanted, offset);
    return { data: buffer.subarray(0, bytesRead), size };
  } finally {
    await file.close();
  }
}

type Query = URLSearchParams;

export async function browse(attached: Attached, version: MesosVersion, query: Query): Promise<Answer> {
  const asked = query.get('path');
  if (asked === null || asked === '') return bad("Expecting 'path=value' in query.");
  const found = await listFiles(attached, version, asked);
  if ('status' in found) return found;
  return {
    status: 200,
    json: found.map(file => ({
      gid: groupName(file.stats.gid),
      mode: modeText(file.stats),
      mtime: Math.floor(file.stats.mtimeMs / 1000),
      nlink: file.stats.nlink,
      path: file.path,
      size: file.stats.size,
      uid: userName(file.stats.uid),
    })),
  };
}

export async function read(attached: Attached, version: MesosVersion, query: Query): Promise<Answer> {
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
  const found = await readFile(attached, version, asked, { offset, length });
  if ('status' in found) return found;
  const { data, size } = found;
  const from = offset < 0 || (offset >= size && version === '0.28.0') ? size : offset;
  return { status: 200, text: rawData(data, from), type: 'application/json' };
}

/** The bytes go into the JSON text as they are, as Mesos does it: a character may be cut at either end, and no byte is lost. */
function rawData(data: Buffer, offset: number): Buffer {
  return Buffer.from(JSON.stringify({ data: data.toString('latin1'), offset }), 'latin1');
}

export async function download(attached: Attached, version: MesosVersion, query: Query): Promise<Answer> {
  const asked = query.get('path');
  if (asked === null || asked === '') return bad("Expecting 'path=value' in query.");
  const real = await resolve(attached, version, asked);
  if (typeof real !== 'string') return real;
  const info = await stat(real).catch(() => undefined);
  if (info === undefined) return notFound;
  if (info.isDirectory()) return bad('Cannot download a directory.');
  const name = path.basename(asked);
  return {
    status: 200,
    file: { path: real, size: info.size },
    type: contentTypes[path.extname(name)] ?? 'application/octet-stream',
    headers: { 'Content-Disposition': `attachment; filename=${name.replace(/[^\x20-\x7e]/g, '_')}` },
  };
}

export const debug = (attached: Attached): Record<string, string> => Object.fromEntries(attached());

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
export const userName = (uid: number): string =>
  uid === 0 ? 'root' : uid === process.getuid?.() ? ownName() : String(uid);
export const groupName = (gid: number): string => (gid === 0 ? 'root' : String(gid));
const ownName = (): string => process.env.USER ?? String(process.getuid?.());
