// Where the running local cluster of this user answers: a small file that it writes when ready and removes when it stops.
// Who starts the cluster is in local/; who asks it whether it lives is in profiles.ts.
import { chmod, lstat, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Release } from '../../protocol/src/plan.ts';
import type { Access } from './connect/endpoint.ts';

export interface LocalAddress {
  /** Base URLs without a trailing slash. */
  readonly marathon: string;
  readonly chronos: string;
  readonly mesos: string;
  readonly orchestrator: string;
  readonly release: Release;
  /** The process that is the cluster. */
  readonly pid: number;
  /** ISO 8601. */
  readonly startedAt?: string;
  readonly executor?: string;
  readonly stateDir?: string;
  /** The file to which it writes what it has to say, when it runs in the background. */
  readonly log?: string;
  /** What it asks of those who call it. The file is readable by its user only. */
  readonly access?: Access;
  /** Where the apps' service ports answer, when a load balancer serves them. */
  readonly loadBalancerIps?: readonly string[];
  /** Directory below which local volumes lie, when the cluster offers them. */
  readonly localVolumesHostBasePath?: string;
}

/** The file's path: in the user's run-time directory, else in the system's temporary one, in both in a folder of our own. */
export function localAddressFile(env: NodeJS.ProcessEnv = process.env): string {
  const user = process.getuid?.() ?? os.userInfo().username;
  return path.join(env.XDG_RUNTIME_DIR || os.tmpdir(), `tosca-mesos-${user}`, 'local.json');
}

/** What the file says; undefined when there is none, when it is not ours or makes no sense, and when its process is gone. */
export async function readLocalAddress(file: string = localAddressFile()): Promise<LocalAddress | undefined> {
  const address = await readAddress(file);
  return address !== undefined && isAlive(address.pid) ? address : undefined;
}

/** Replaces the file in one step, readable by this user only. Throws when the folder cannot be trusted or written. */
export async function writeLocalAddress(address: LocalAddress, file: string = localAddressFile()): Promise<void> {
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (!(await isOwn(folder))) throw new Error(`${folder} belongs to another user: remove it, or set XDG_RUNTIME_DIR.`);
  await chmod(folder, 0o700);
  const draft = `${file}.${process.pid}`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(address)}\n`);
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}

/** Removes the file, unless another cluster has written its own there meanwhile. */
export async function removeLocalAddress(pid: number, file: string = localAddressFile()): Promise<void> {
  if ((await readAddress(file))?.pid === pid) await rm(file, { force: true });
}

async function readAddress(file: string): Promise<LocalAddress | undefined> {
  try {
    // In a shared temporary directory anybody could have put a file there that leads to a cluster of theirs.
    if (!(await isOwn(path.dirname(file))) || !(await isOwn(file))) return undefined;
    const address: unknown = JSON.parse(await readFile(file, 'utf8'));
    return isAddress(address) ? address : undefined;
  } catch {
    return undefined;
  }
}

async function isOwn(file: string): Promise<boolean> {
  const status = await lstat(file);
  return !status.isSymbolicLink() && (process.getuid === undefined || status.uid === process.getuid());
}

function isAddress(value: unknown): value is LocalAddress {
  if (typeof value !== 'object' || value === null) return false;
  const { marathon, chronos, mesos, orchestrator, release, pid } = value as Record<string, unknown>;
  return (
    [marathon, chronos, mesos, orchestrator].every(url => typeof url === 'string' && URL.canParse(url)) &&
    (release === 'indigo_1' || release === 'indigo_2' || release === 'deep_1') &&
    Number.isInteger(pid) &&
    (pid as number) > 0
  );
}

/** Whether there is such a process, of whichever user. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
