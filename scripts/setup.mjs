// What a fresh clone needs before anything runs: the npm packages, a VS Code, a Chromium, a Docker engine, haproxy, clients of the clusters, the build. Each is made
// only when it is missing or out of date. `node scripts/setup.mjs` makes all of it; start.mjs and test.mjs ask for what they use.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { completeLock } from './lockfile.mjs';
import { Failure, locked, read, root, run, script, seconds, step } from './step.mjs';
import { nodeOfVSCode, runtime, vscode } from './vscode.mjs';

/** @typedef {'packages' | 'vscode' | 'browser' | 'docker' | 'haproxy' | 'clients' | 'build'} Part */

/**
 * Makes the parts that are missing. Several processes may ask at the same time: one works, the others wait.
 * @param {readonly Part[]} parts
 */
export async function setup(parts) {
  const began = Date.now();
  await locked(path.join(root, 'build/setup.lock'), async () => {
    const independent = { packages, vscode: installVSCode, browser, docker, haproxy, clients };
    const results = await Promise.allSettled(
      Object.entries(independent).flatMap(([part, make]) =>
        parts.includes(/** @type {Part} */ (part)) ? [make()] : [],
      ),
    );
    for (const result of results) if (result.status === 'rejected') throw result.reason;
    if (parts.includes('build')) await build();
  });
  if (Date.now() - began > 1000) console.log(`  Set up in ${seconds(began)}.`);
}

export const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

function packages() {
  return step(
    'npm packages',
    () => installed(root),
    async () => {
      completeLock(root);
      await run('setup-packages', npm, ['ci'], { bound: true });
    },
  );
}

/**
 * Whether node_modules holds what package-lock.json asks for. npm itself writes down, last of all, what it has installed; held
 * against that, an `npm install` counts as well as an `npm ci`, and one that was interrupted does not.
 * @param {string} folder
 */
export function installed(folder) {
  const has = read(path.join(folder, 'node_modules/.package-lock.json'));
  if (has === undefined) return false;
  const { packages: there } = JSON.parse(has);
  const { packages: wanted } = JSON.parse(readFileSync(path.join(folder, 'package-lock.json'), 'utf8'));
  return Object.entries(wanted).every(
    ([name, { version, optional }]) => name === '' || optional || there[name]?.version === version,
  );
}

/** VS Code as the npm package code-server ships it, with the native modules that it cannot do without. */
async function installVSCode() {
  const stamp = path.join(runtime, 'node_modules/.ready');
  const want = digest([path.join(runtime, 'package-lock.json')], installVSCode.toString());
  await step(
    'VS Code',
    () => read(stamp) === want,
    async () => {
      await compiler();
      const log = 'setup-vscode';
      await run(log, npm, ['ci'], { cwd: runtime, bound: true });
      const node = nodeOfVSCode();
      const env = {
        ...process.env,
        PATH: path.dirname(node) + path.delimiter + process.env.PATH,
        npm_config_nodedir: path.join(path.dirname(node), '..'),
      };
      const options = { cwd: vscode, env, append: true, bound: true };
      // Its own npm-shrinkwrap.json pins what it gets; `npm ci` does not accept that file.
      await run(log, npm, ['install', '--omit=dev', '--ignore-scripts'], options);
      // Large, and of no use here: the Copilot and sandbox kits, the dev container command.
      for (const unused of [
        'node_modules/@github',
        'node_modules/@microsoft/mxc-sdk',
        'node_modules/@devcontainers',
        'extensions/copilot',
      ]) {
        rmSync(path.join(vscode, unused), { recursive: true, force: true });
      }
      // The log writer, without which Output channels stay empty; the watchdog that ends orphaned extension hosts.
      const native = ['@vscode/spdlog', '@vscode/native-watchdog'];
      await run(log, npm, ['rebuild', '--ignore-scripts=false', ...native], options);
      writeFileSync(stamp, want);
    },
  );
}

/** What builds native modules; Debian's root can have it installed. */
async function compiler() {
  const missing = ['make', 'g++', 'python3'].filter(command => find(command) === undefined);
  if (missing.length > 0)
    await aptInstall('setup-vscode', missing, `VS Code's native modules need ${missing.join(', ')}`);
}

async function browser() {
  await step(
    'Chromium',
    () => chromium() !== undefined,
    () => aptInstall('setup-browser', ['chromium', 'fonts-dejavu-core'], 'The end-to-end tests need Chromium'),
  );
}

/** The Chromium that shows VS Code in tests: `$CHROMIUM`, else what is on the PATH. */
export function chromium() {
  const named = process.env.CHROMIUM;
  if (named !== undefined && named !== '') {
    if (!existsSync(named))
      throw new Failure(`The environment variable CHROMIUM names ${named}, which does not exist.`);
    return named;
  }
  return ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
    .map(find)
    .find(file => file !== undefined);
}

/** Only where it can simply be had; the tests that need it say themselves where they are skipped. */
async function docker() {
  if (find('apt-get') === undefined || process.getuid?.() !== 0) return;
  await step(
    'Docker engine',
    () => find('dockerd') !== undefined && find('busybox') !== undefined,
    () => aptInstall('setup-docker', ['docker.io', 'busybox-static'], 'The tests of containers need a Docker engine'),
  );
}

/** As with Docker. */
async function haproxy() {
  if (find('apt-get') === undefined || process.getuid?.() !== 0) return;
  await step(
    'haproxy',
    () => existsSync('/usr/sbin/haproxy'),
    () => aptInstall('setup-haproxy', ['haproxy'], 'The tests of the load balancer need haproxy'),
  );
}

/** As with Docker. */
async function clients() {
  if (find('apt-get') === undefined || process.getuid?.() !== 0) return;
  await step(
    'curl, python3-marathon',
    () => find('curl') !== undefined && existsSync('/usr/lib/python3/dist-packages/marathon'),
    () => aptInstall('setup-clients', ['curl', 'python3-marathon'], "The tests with others' clients need them"),
  );
}

/**
 * Installs Debian packages where that is possible, and says what to do where it is not.
 * @param {string} log
 * @param {readonly string[]} names
 * @param {string} need
 */
async function aptInstall(log, names, need) {
  if (find('apt-get') === undefined || process.getuid?.() !== 0) {
    const how =
      find('apt-get') === undefined ? `Install ${names.join(' ')}` : `Run "sudo apt-get install ${names.join(' ')}"`;
    const browser = names.includes('chromium') ? ', or set CHROMIUM to the path of a Chromium or Chrome' : '';
    throw new Failure(`${need}. ${how}${browser}, and start again.`);
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const wait = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3'];
  const install = apt.then(async () => {
    await run(log, 'apt-get', [...wait, 'update'], { env, append: true });
    await run(log, 'apt-get', [...wait, 'install', '-y', '--no-install-recommends', ...names], { env, append: true });
  });
  apt = install.catch(() => {});
  await install;
}

/** The last installation: two cannot read the lists of packages at the same time. */
let apt = Promise.resolve();

/** @param {string} command */
function find(command) {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(folder => path.isAbsolute(folder));
  return folders.map(folder => path.join(folder, command)).find(file => existsSync(file));
}

/** The bundles in dist/, made anew whenever what goes into them has changed. */
async function build() {
  const stamp = path.join(root, 'dist/.stamp');
  const want = buildInputs();
  await step(
    'build',
    () => read(stamp) === want,
    async () => {
      await run('setup-build', process.execPath, ['scripts/build.mjs']);
      writeFileSync(stamp, want);
    },
  );
}

/** A digest of everything that goes into the bundles and the package. */
export function buildInputs() {
  const folders = [
    'protocol',
    'server',
    'cluster',
    'client',
    'cli',
    'schemas',
    'examples',
    'snippets',
    'syntaxes',
    'assets',
    'bin',
    'docs',
  ];
  const files = folders.flatMap(folder => filesBelow(path.join(root, folder)));
  const single = readdirSync(root, { withFileTypes: true }).filter(
    entry => entry.isFile() && !entry.name.endsWith('.vsix'),
  );
  return digest([...files, ...single.map(entry => path.join(root, entry.name)), path.join(root, 'scripts/build.mjs')]);
}

/** @param {string} folder @returns {string[]} */
function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name))
    .sort();
}

/** A digest of what files hold, and of a text. @param {readonly string[]} files @param {string} [text] */
export function digest(files, text = '') {
  const hash = createHash('sha256').update(text);
  for (const file of files) hash.update(`\0${path.relative(root, file)}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await script(() => setup(['packages', 'vscode', 'browser', 'docker', 'haproxy', 'build']));
}
