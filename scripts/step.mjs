// Runs one step of a script: says what it does and how long it took, keeps its output in build/logs. What the steps
// are is in setup.mjs, start.mjs and test.mjs. Uses nothing but Node, because it runs before `npm ci` has.
import { spawn } from 'node:child_process';
import { createWriteStream, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
export const logs = path.join(root, 'build/logs');
export const endWithParent = path.join(root, 'scripts/end-with-parent.cjs');

/** A step that did not work: one sentence for the user, and the end of the log that shows why. */
export class Failure extends Error {
  /**
   * @param {string} sentence
   * @param {string} [tail]
   */
  constructor(sentence, tail = '') {
    super(sentence);
    this.tail = tail;
  }
}

/** @param {number} since milliseconds, as of `Date.now()` */
export const seconds = since => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** The lines of a log that say what went wrong: of npm the first ones, else the last. @param {string} text */
function tail(text) {
  const lines = text.trimEnd().split('\n');
  const npm = lines.filter(line => line.startsWith('npm error'));
  return (npm.length > 0 ? npm.slice(0, 15) : lines.slice(-40)).join('\n');
}

/**
 * Runs a command and waits for its end; its output goes to `build/logs/LOG.log`.
 * @param {string} log
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, append?: boolean, bound?: boolean }} [options] A `bound` command is a Node
 *   program that ends also when this process is killed outright.
 * @returns {Promise<string>} standard output
 */
export async function run(log, command, args, { cwd = root, env = process.env, append = false, bound = false } = {}) {
  mkdirSync(logs, { recursive: true });
  const file = path.join(logs, `${log}.log`);
  const out = createWriteStream(file, { flags: append ? 'a' : 'w' });
  const shown = [path.basename(command), ...args].join(' ');
  out.write(`$ ${shown}\n`);
  const child = spawnGroup(command, args, {
    cwd,
    env: bound ? { ...env, NODE_OPTIONS: `${env.NODE_OPTIONS ?? ''} --require ${JSON.stringify(endWithParent)}` } : env,
    stdio: ['ignore', 'pipe', 'pipe', ...(bound ? /** @type {const} */ (['ipc']) : [])],
  });
  let stdout = '';
  let all = '';
  child.stdout?.on('data', chunk => {
    stdout += chunk;
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', chunk => {
      all += chunk;
      out.write(chunk);
    });
  }
  const outcome = await new Promise(resolve => {
    child.once('error', error => resolve(`could not run (${error.message})`));
    child.once('close', (code, signal) =>
      resolve(code === 0 ? undefined : `failed (${signal ?? `exit code ${code}`})`),
    );
  });
  out.end();
  if (outcome !== undefined) {
    throw new Failure(`"${shown}" ${outcome}; its log is ${path.relative(root, file)}.`, tail(all));
  }
  return stdout;
}

/**
 * Says that the work begins, does it, says how long it took. Nothing is done or said where it is done already.
 * @param {string} name
 * @param {() => boolean} done
 * @param {() => Promise<void>} work
 */
export async function step(name, done, work) {
  if (done()) return;
  const began = Date.now();
  console.log(`  ${name} …`);
  await work();
  console.log(`  ${name}: ready in ${seconds(began)}`);
}

/**
 * Does the work while no other process does any under the same lock file; waits for its turn.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function locked(file, work) {
  mkdirSync(path.dirname(file), { recursive: true });
  const mine = `${file}.${process.pid}`;
  const release = () => rmSync(file, { force: true });
  writeFileSync(mine, String(process.pid));
  // The first try may only have cleared away the lock of a process that was killed.
  for (let tries = 1; !take(mine, file); tries++) {
    if (tries === 2) console.log(`  Waiting for another set-up of this folder (see ${path.relative(root, file)}) …`);
    if (tries > 1) await sleep(250);
  }
  rmSync(mine);
  process.once('exit', release);
  try {
    return await work();
  } finally {
    release();
    process.off('exit', release);
  }
}

/**
 * @param {string} mine
 * @param {string} file
 */
function take(mine, file) {
  try {
    linkSync(mine, file);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
  const holder = read(file);
  if (holder === undefined || alive(Number(holder))) return false;
  // Left behind by a process that was killed. Moved aside rather than deleted, so that of two that see it only one
  // removes it, and put back if it was taken anew in between.
  const aside = `${mine}.stale`;
  try {
    renameSync(file, aside);
    if (read(aside) !== holder) linkSync(aside, file);
    rmSync(aside, { force: true });
  } catch {
    // The other one was first.
  }
  return false;
}

/** @param {string} file */
export function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** The groups that this process has started and that have not ended. @type {Set<import('node:child_process').ChildProcess>} */
const groups = new Set();

/**
 * Starts a command as the leader of a process group of its own. The group ends with this process: when that is interrupted or
 * told to end, and when it breaks off.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 */
export function spawnGroup(command, args, options) {
  endGroupsWithUs();
  const child = spawn(command, args, { ...options, detached: true });
  groups.add(child);
  child.once('exit', () => groups.delete(child));
  return child;
}

/** Whether this process has been told to end, and ends its groups. */
export let isEnding = false;

const endGroupsWithUs = once(() => {
  for (const [signal, code] of /** @type {const} */ ([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])) {
    process.once(signal, async () => {
      isEnding = true;
      await Promise.all([...groups].map(stopGroup));
      process.exit(process.exitCode ?? code);
    });
  }
  process.once('exit', () => {
    for (const child of groups) kill(child, 'SIGKILL');
  });
});

/** @param {() => void} work */
function once(work) {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}

/**
 * Whether there is anybody in the group to take the signal; 0 is none and only asks.
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals | 0} signal
 */
function kill({ pid }, signal) {
  try {
    return pid !== undefined && process.kill(-pid, signal);
  } catch {
    return false;
  }
}

/**
 * Ends a group: politely, and after five seconds by force.
 * @param {import('node:child_process').ChildProcess} child from `spawnGroup`
 */
export async function stopGroup(child) {
  kill(child, 'SIGTERM');
  for (let left = 100; left > 0 && kill(child, 0); left--) await sleep(50);
  kill(child, 'SIGKILL');
}

/**
 * Runs a script: a failure is printed as one sentence with the end of its log, and ends the process with code 1.
 * @param {() => Promise<void>} main
 */
export async function script(main) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`TOSCA for Mesos needs Node.js 20.19 or newer; this is ${process.versions.node}.`);
    process.exit(1);
  }
  try {
    await main();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.tail !== '') console.error(`\n${error.tail}\n`);
    console.error(error.message);
    process.exit(1);
  }
}
