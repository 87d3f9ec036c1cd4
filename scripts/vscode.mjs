// A VS Code of our own: where its server lies, how it gets an extension, how it is started and stopped. Who opens it in a
// browser, and what for, is in start.mjs and in test/e2e. Uses nothing but Node.
import { spawnSync } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { endWithParent, Failure, root, spawnGroup, stopGroup } from './step.mjs';

/** An npm package apart from the project's, so that its Node does not shadow the system's in node_modules/.bin. */
export const runtime = path.join(root, 'test/e2e/runtime');
/** The workbench and the Node extension host. code-server's own entry point, with its log-in page, is not used. */
export const vscode = path.join(runtime, 'node_modules/code-server/lib/vscode');
const server = path.join(vscode, 'out/server-main.js');

/** The Node that VS Code's server runs on: version 24, ours or the system's. */
export function nodeOfVSCode() {
  const own = path.join(runtime, `node_modules/node-linux-${process.arch}/bin/node`);
  if (process.platform === 'linux' && existsSync(own)) return own;
  if (process.versions.node.startsWith('24.')) return process.execPath;
  throw new Failure(
    `On ${process.platform} ${process.arch} the VS Code that this opens needs Node.js 24, and this is ${process.versions.node}. Switch to Node.js 24; or install the extension in your own VS Code: "npm run package", then "code --install-extension tosca-mesos-*.vsix".`,
  );
}

const quiet = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.enabled': false,
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  // Server and browser are on one machine.
  'remote.autoForwardPorts': false,
};

/**
 * Prepares a folder for a server's data, with settings that keep VS Code to itself. Settings that are there already stay.
 * @param {string} data
 * @param {Readonly<Record<string, unknown>>} [settings]
 */
export function prepare(data, settings = {}) {
  mkdirSync(path.join(data, 'extensions'), { recursive: true });
  // Some settings are read from the machine's file only, others (workspace trust) from the user's only.
  for (const scope of ['Machine', 'User']) {
    const file = path.join(data, 'data', scope, 'settings.json');
    mkdirSync(path.dirname(file), { recursive: true });
    if (!existsSync(file)) writeFileSync(file, `${JSON.stringify({ ...quiet, ...settings }, null, 2)}\n`);
  }
}

/** @param {string} data */
const folders = data => [
  '--server-data-dir',
  data,
  '--user-data-dir',
  path.join(data, 'data'),
  '--extensions-dir',
  path.join(data, 'extensions'),
];

/** @param {NodeJS.ProcessEnv} more */
function environment(more) {
  // An empty gallery: nothing is looked up on the network.
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, EXTENSIONS_GALLERY: '{}', ...more };
  // Set by npm and by test runners for their own children; VS Code's extension host would act on them.
  for (const name of Object.keys(env)) {
    if (name === 'NODE_OPTIONS' || name.startsWith('npm_') || name.startsWith('VITEST')) delete env[name];
  }
  return env;
}

/**
 * Installs a packaged extension.
 * @param {string} data prepared
 * @param {string} vsix
 */
export function installExtension(data, vsix) {
  const args = [server, ...folders(data), '--accept-server-license-terms', '--force', '--install-extension', vsix];
  const { status, stdout, stderr } = spawnSync(nodeOfVSCode(), args, { env: environment({}), encoding: 'utf8' });
  if (status !== 0 || !/successfully installed/.test(stdout)) {
    throw new Failure(`VS Code refused to install ${vsix}.`, `${stdout}${stderr}`.trim());
  }
}

/**
 * @typedef {object} Server
 * @property {import('node:child_process').ChildProcess} process leader of its own group
 * @property {number} port
 * @property {() => Promise<void>} stop
 */

/**
 * Starts the server on loopback; resolves when it listens.
 * @param {string} data prepared
 * @param {{ port?: number, tokenFile?: string, testDriver?: boolean, env?: NodeJS.ProcessEnv, log: string }} options
 *   `testDriver` lets tests run inside the extension host; it also hides information messages. `log` is a file.
 * @returns {Promise<Server>}
 */
export async function startServer(data, { port = 0, tokenFile, testDriver = false, env = {}, log }) {
  const args = [
    server,
    ...folders(data),
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--accept-server-license-terms',
  ];
  args.push('--telemetry-level', 'off');
  args.push(...(tokenFile === undefined ? ['--without-connection-token'] : ['--connection-token-file', tokenFile]));
  if (testDriver) args.push('--enable-smoke-test-driver');
  mkdirSync(path.dirname(log), { recursive: true });
  const out = createWriteStream(log);
  const child = spawnGroup(nodeOfVSCode(), ['--require', endWithParent, ...args], {
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  try {
    const listening = await new Promise((resolve, reject) => {
      let text = '';
      const fail = (/** @type {string} */ why) => reject(new Failure(`VS Code's server did not start: ${why}.`, text));
      const timer = setTimeout(fail, 60_000, 'it did not listen within 60 s');
      const read = (/** @type {Buffer} */ chunk) => {
        out.write(chunk);
        if (text.length < 20_000) text += chunk;
        const match = /Extension host agent listening on (\d+)/.exec(text);
        if (match !== null) {
          clearTimeout(timer);
          resolve(Number(match[1]));
        }
      };
      child.stdout?.on('data', read);
      child.stderr?.on('data', read);
      child.once('error', error => fail(error.message));
      child.once('exit', code => fail(`it ended with code ${code}`));
      child.once('close', () => out.end());
    });
    return { process: child, port: listening, stop: () => stopGroup(child) };
  } catch (error) {
    await stopGroup(child);
    throw error;
  }
}
