// `npm start`: a VS Code in the browser with the extension, a running local cluster, and a copy of the examples to play with.
// What it keeps (settings, the copy) is in build/start and survives; Ctrl-C stops everything that it started.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, createWriteStream, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { pack } from './package.mjs';
import { digest, setup } from './setup.mjs';
import { Failure, isEnding, logs, read, root, run, script, spawnGroup } from './step.mjs';
import { installExtension, prepare, startServer } from './vscode.mjs';

const usage = `Usage: npm start -- [--port N] [--folder DIR] [--no-open]

  --port N      where VS Code answers (default 8765, or a free one when that is taken)
  --folder DIR  where it keeps its settings and the copy of the examples (default build/start)
  --no-open     do not open the browser
`;
const usualPort = 8765;
const command = path.join(root, 'bin/tosca-mesos');

await script(async () => {
  const { port, folder, open } = options();
  const running = path.join(folder, 'running.json');
  const before = JSON.parse(read(running) ?? 'null');
  if (before !== null && (await answers(before.address))) {
    if (open) openBrowser(before.address);
    console.log(`It runs already (process ${before.pid}).\nTOSCA for Mesos is ready: ${before.address}`);
    return;
  }
  await setup(['packages', 'vscode', 'build']);
  const data = path.join(folder, 'vscode');
  install(data, await pack());
  const examples = path.join(folder, 'examples');
  if (!existsSync(examples)) cpSync(path.join(root, 'examples'), examples, { recursive: true });
  const token = connectionToken(folder);

  const log = path.join(logs, 'start-vscode.log');
  const [server] = await Promise.all([
    startServer(data, { port: await portFor(port), tokenFile: token.file, log }),
    localClusterRuns().then(runs => (runs ? undefined : startCluster(folder))),
  ]);
  const address = `http://127.0.0.1:${server.port}/?tkn=${token.value}&folder=${encodeURIComponent(examples).replaceAll('%2F', '/')}`;
  writeFileSync(running, JSON.stringify({ pid: process.pid, address }), { mode: 0o600 });
  process.once('exit', () => rmSync(running, { force: true }));
  server.process.once('exit', () => {
    if (isEnding) return;
    console.error('VS Code has ended; its log is build/logs/start-vscode.log.');
    process.exit(1);
  });
  endWithParent();
  if (open) openBrowser(address);
  process.exitCode = 0; // From here on, Ctrl-C is how it is meant to end.
  console.log(`Ctrl-C stops it.\nTOSCA for Mesos is ready: ${address}`);
});

/** npm hands a signal that it gets on to nobody: with npm gone, nobody is left to stop what was started. */
function endWithParent() {
  const parent = process.ppid;
  const look = () => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  };
  setInterval(look, 1000).unref();
}

function options() {
  /** @type {{ port?: string | undefined, folder?: string | undefined, 'no-open'?: boolean | undefined, help?: boolean | undefined }} */
  let values;
  try {
    const known = /** @type {const} */ ({
      port: { type: 'string' },
      folder: { type: 'string' },
      'no-open': { type: 'boolean' },
      help: { type: 'boolean' },
    });
    ({ values } = parseArgs({ options: known }));
  } catch (error) {
    throw new Failure(`${/** @type {Error} */ (error).message}\n\n${usage}`);
  }
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65_536)) {
    throw new Failure(`--port wants a number from 0 to 65535, not "${values.port}".`);
  }
  const desktop = Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY || process.platform === 'darwin');
  const folder = path.resolve(values.folder ?? path.join(root, 'build/start'));
  return { port, folder, open: desktop && !values['no-open'] && !process.env.CI };
}

/**
 * Puts the packaged extension into the VS Code, in place of an older one.
 * @param {string} data
 * @param {string} vsix
 */
function install(data, vsix) {
  prepare(data);
  const stamp = path.join(data, 'extensions/.installed');
  const want = digest([vsix, path.join(root, 'test/e2e/runtime/package-lock.json')]);
  if (read(stamp) === want) return;
  rmSync(path.join(data, 'extensions'), { recursive: true, force: true });
  prepare(data);
  installExtension(data, vsix);
  writeFileSync(stamp, want);
}

/**
 * What the address must carry, so that nobody else on this machine gets in. Kept, so that an open page finds its server
 * again after a restart; in a file, because command lines are for all to see.
 * @param {string} folder
 */
function connectionToken(folder) {
  const file = path.join(folder, 'token');
  const value = read(file) ?? randomBytes(16).toString('hex');
  if (!existsSync(file)) writeFileSync(file, value, { mode: 0o600 });
  return { file, value };
}

/** The port that was asked for; else the usual one, or any when that is taken. @param {number | undefined} asked */
async function portFor(asked) {
  if (await isFree(asked ?? usualPort)) return asked ?? usualPort;
  if (asked !== undefined) throw new Failure(`Port ${asked} is taken: choose another with --port, or leave it out.`);
  return 0;
}

/** Whether a port can be listened on at loopback. @param {number} port @returns {Promise<boolean>} */
function isFree(port) {
  return new Promise(resolve => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** Whether our server is there: it takes the token and leads on. @param {string} address */
async function answers(address) {
  try {
    return (await fetch(address, { redirect: 'manual', signal: AbortSignal.timeout(3000) })).status < 400;
  } catch {
    return false;
  }
}

/** Whether this user has a local cluster already: it is shown instead of a second one. */
function localClusterRuns() {
  const status = run('start-status', process.execPath, [command, 'status', '--of', 'local']);
  return status.then(
    () => true,
    () => false,
  );
}

/** Starts the embedded cluster, as the extension would, and resolves when it is ready. @param {string} folder @returns {Promise<void>} */
function startCluster(folder) {
  mkdirSync(logs, { recursive: true });
  const out = createWriteStream(path.join(logs, 'start-cluster.log'));
  const child = spawnGroup(process.execPath, [command, 'local', '--port-base', '0'], {
    cwd: folder,
    // The channel is there so that the cluster sees this process die, however it dies.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let text = '';
  child.stderr?.on('data', chunk => {
    text += chunk;
    out.write(chunk);
  });
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    child.once('error', error => reject(new Failure(`The local cluster did not start: ${error.message}.`)));
    child.once('exit', code =>
      reject(new Failure(`The local cluster did not start (exit code ${code}).`, text.trim())),
    );
  });
}

/** @param {string} address */
function openBrowser(address) {
  const child = spawn(process.platform === 'darwin' ? 'open' : 'xdg-open', [address], {
    stdio: 'ignore',
    detached: true,
  });
  child.once('error', () => {}); // No such command: the address is printed anyway.
  child.unref();
}
