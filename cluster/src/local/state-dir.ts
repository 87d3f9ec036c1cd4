// Where the local cluster keeps its files: a folder that the user names, or a temporary one that nobody is left behind with.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isAlive } from '../local-address.ts';

export interface StateDir {
  readonly path: string;
  /** Removes what agents, master and Marathon have written. Throws one sentence when something stays. */
  empty(): Promise<void>;
  /** Gives the folder up; a temporary one is removed. */
  release(): Promise<void>;
}

const temporary = 'tosca-mesos-local-';
/** In a named folder: the process that uses it. */
const ownerFile = 'cluster.pid';

/** Throws one sentence when the folder cannot be used. */
export async function openStateDir(wanted: string | undefined): Promise<StateDir> {
  if (wanted === undefined) {
    void removeAbandoned();
    const folder = await mkdtemp(path.join(os.tmpdir(), `${temporary}${process.pid}-`));
    // A task that was killed this moment may still have left something.
    return {
      path: folder,
      empty: () => empty(folder),
      release: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
    };
  }
  const folder = path.resolve(wanted);
  const owner = path.join(folder, ownerFile);
  const said = Number(await readFile(owner, 'utf8').catch(() => ''));
  if (said > 0 && said !== process.pid && isAlive(said)) {
    throw new Error(
      `The state folder ${folder} is used by the cluster with process id ${said}: stop that, or name another folder.`,
    );
  }
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(owner, `${process.pid}\n`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The state folder ${folder} cannot be written: ${reason}. Name another.`);
  }
  return { path: folder, empty: () => empty(folder), release: () => rm(owner, { force: true }) };
}

async function empty(folder: string): Promise<void> {
  const written = ['agents', 'artifacts', 'master', 'volumes'].map(name => path.join(folder, name));
  try {
    await Promise.all(written.map(each => rm(each, { recursive: true, force: true, maxRetries: 5 })));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The folder ${folder} cannot be emptied (${reason}): see to its permissions.`);
  }
}

/** Temporary folders of clusters that were killed. */
async function removeAbandoned(): Promise<void> {
  const names = await readdir(os.tmpdir()).catch(() => [] as string[]);
  for (const name of names) {
    const pid = name.startsWith(temporary) ? Number(name.slice(temporary.length).split('-', 1)[0]) : 0;
    if (pid > 0 && !isAlive(pid))
      await rm(path.join(os.tmpdir(), name), { recursive: true, force: true }).catch(() => {});
  }
}
