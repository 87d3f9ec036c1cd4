// A Docker engine of the tests' own, with folders of its own, and an image made of BusyBox; neither reaches any other engine or registry.
// Where there can be none, the tests are skipped, and say why.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { connectEngine } from '../../cluster/src/local/executors/docker/engine.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The engine's socket; empty where there is none. */
    socket: string;
  }
}

const startsWithin = 20_000;

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const missing = whatIsMissing();
  if (missing !== undefined) return skip(project, missing);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tosca-mesos-docker-'));
  const socket = path.join(folder, 'docker.sock');
  const log = path.join(folder, 'log');
  // The two networks of which containers need nothing: bridges would change the machine's own rules.
  const networks = ['--iptables=false', '--ip6tables=false', '--bridge=none'];
  const folders = ['--data-root', 'data', '--exec-root', 'exec', '--pidfile', 'pid'].map(each =>
    each.startsWith('--') ? each : path.join(folder, each),
  );
  const output = openSync(log, 'w');
  const daemon = spawn('dockerd', [...networks, ...folders, '-H', `unix://${socket}`], {
    stdio: ['ignore', output, output],
  });
  const gone = new Promise<void>(resolve => {
    daemon.once('exit', () => resolve());
    daemon.once('error', () => resolve());
  });
  const stop = async () => {
    daemon.kill('SIGTERM');
    await gone;
    // It leaves the network of its containers mounted.
    const mounts = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .map(line => line.split(' ')[1] ?? '');
    for (const mount of mounts.reverse()) if (mount.startsWith(`${folder}/`)) spawnSync('umount', [mount]);
    rmSync(folder, { recursive: true, force: true });
  };
  const engine = connectEngine(`unix://${socket}`, { socketPath: socket });
  try {
    await Promise.race([ready(socket), gone.then(() => Promise.reject(new Error('it ended')))]);
    await engine.ask('GET', '/_ping');
    importImage(folder, socket);
  } catch {
    const said = readFileSync(log, 'utf8').trim().split('\n').at(-1);
    await stop();
    return skip(project, `dockerd does not start here: ${said}`);
  } finally {
    await engine.close();
  }
  project.provide('socket', socket);
  return stop;
}

function whatIsMissing(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'a Docker engine can be started by root on Linux only';
  const absent = ['dockerd', 'busybox'].filter(name => spawnSync(name, ['--help']).error !== undefined);
  return absent.length === 0
    ? undefined
    : `${absent.join(' and ')} is not installed (Debian: docker.io, busybox-static)`;
}

function skip(project: TestProject, why: string): undefined {
  console.log(`The tests with a real Docker engine are skipped: ${why}.`);
  project.provide('socket', '');
  return undefined;
}

async function ready(socket: string): Promise<void> {
  const until = Date.now() + startsWithin;
  while (!existsSync(socket)) {
    if (Date.now() > until) throw new Error('it takes too long');
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

/** `busybox:test`: BusyBox under all of its names, no entry point. */
function importImage(folder: string, socket: string): void {
  const bin = path.join(folder, 'image/bin');
  mkdirSync(bin, { recursive: true });
  const busybox = execFileSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).trim();
  copyFileSync(busybox, path.join(bin, 'busybox'));
  for (const name of execFileSync(busybox, ['--list'], { encoding: 'utf8' }).trim().split('\n'))
    if (name !== 'busybox') symlinkSync('busybox', path.join(bin, name));
  const tar = execFileSync('tar', ['c', '-C', path.join(folder, 'image'), '.'], { maxBuffer: 2 ** 26 });
  execFileSync('docker', ['-H', `unix://${socket}`, 'import', '-', 'busybox:test'], { input: tar });
}
