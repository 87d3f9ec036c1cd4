// Debian's haproxy as the load balancer: a process with a configuration that follows what runs. A change starts another, which takes
// over the ports and lets the one before finish what it has (-sf). Each is on a leash and ends with the cluster, however that ends.
// What is in the configuration is in haproxy-config.ts.
import { execFile } from 'node:child_process';
import { accessSync, closeSync, constants, openSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { type Held, spawnHeld } from '../executors/leash.ts';
import { loopbackOf } from './builtin.ts';
import { configuration } from './haproxy-config.ts';
import { readCertificate } from './listener.ts';
import type { LoadBalancer, LoadBalancerOptions } from './load-balancer.ts';
import { followServed, once, type Served } from './served.ts';
import type { ServicePort } from './service-port.ts';

/** Changes wait for this long after a change, in milliseconds: each costs a process. */
const reloadsApart = 300;
/** How long is waited before it is started again when it has ended by itself, or a port that was taken is tried again. */
const retryAfter = 2000;
const checkWithin = 10_000;

interface Process {
  readonly held: Held;
  readonly text: string;
  readonly ports: ReadonlySet<number>;
}

export async function openHaproxy(options: LoadBalancerOptions): Promise<LoadBalancer> {
  const { clock, folder } = options;
  const program = find('haproxy');
  if (program === undefined)
    throw new Error('There is no haproxy on this machine: install it, or use --load-balancer builtin.');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = (name: string) => path.join(folder, name);
  const httpPort = options.httpPort === 0 ? await freePort() : options.httpPort;
  if (!(await canListen('127.0.0.1', httpPort)))
    throw new Error(`Port ${httpPort} for virtual hosts is taken by another program: choose another with --http-port.`);
  const tellOnce = once(options.log);
  /** The one that takes connections, and with it those that finish what they have. */
  let current: Process | undefined;
  const all = new Set<Process>();
  let busy = false;
  let again = false;
  let stopped = false;
  let cancelRetry: (() => void) | undefined;

  const served = followServed(options, apply);

  /** Brings what haproxy does to what is served; one at a time, and once more when something changed meanwhile. Never throws. */
  function apply(): void {
    again = true;
    if (!busy) void applyAll();
  }

  async function applyAll(): Promise<void> {
    busy = true;
    while (again && !stopped) {
      again = false;
      await applyOnce().catch((error: unknown) => options.log(`haproxy: ${String(error)}`));
      await new Promise<void>(resolve => clock.after(reloadsApart, resolve));
    }
    busy = false;
  }

  async function applyOnce(): Promise<void> {
    const usable = await withFreePorts(served.all());
    if (usable.some(({ service }) => service.certificate !== undefined)) {
      const { cert, key } = await options.certificate();
      await writeFile(file('own.pem'), `${cert}${key}`, { mode: 0o600 });
    }
    const text = await checked(usable);
    if (stopped || text === current?.text) return;
    await writeFile(file('haproxy.cfg.new'), text, { mode: 0o600 });
    await rename(file('haproxy.cfg.new'), file('haproxy.cfg'));
    start(text, new Set(usable.map(({ service }) => service.port)));
  }

  function start(text: string, ports: ReadonlySet<number>): void {
    const log = openSync(file('haproxy.log'), 'w', 0o600);
    const before = current;
    const takeOver = before?.held.pid === undefined ? [] : ['-sf', String(before.held.pid)];
    const argv = [program ?? '', '-db', '-f', file('haproxy.cfg'), ...takeOver];
    const env = { PATH: process.env.PATH };
    const held = spawnHeld(argv, { cwd: folder, env, containerId: 'haproxy', stdout: log, stderr: log });
    closeSync(log);
    const own: Process = { held, text, ports };
    current = own;
    all.add(own);
    held.child.once('error', ended);
    held.child.once('exit', ended);
    function ended(): void {
      all.delete(own);
      held.release();
      if (stopped || current !== own) return;
      // One that could not take over has left the one before as it was.
      current = before !== undefined && all.has(before) ? before : undefined;
      const problem = lastAlert(file('haproxy.log'));
      options.log(`haproxy has ended: ${problem}. It is started again in ${retryAfter / 1000} s.`);
      retry();
    }
  }

  function retry(): void {
    cancelRetry?.();
    cancelRetry = clock.after(retryAfter, apply);
  }

  /** haproxy would not start, or not reload, with a port that another program holds. */
  async function withFreePorts(wanted: readonly Served[]): Promise<readonly Served[]> {
    const usable: Served[] = [];
    for (const each of wanted) {
      const { app, port, bindAddress } = each.service;
      if (current?.ports.has(port) || (port !== httpPort && (await canListen(loopbackOf(bindAddress), port)))) {
        usable.push(each);
        continue;
      }
      tellOnce(`Service port ${port} of ${app.id} is not served: another program holds it. The app itself goes on.`);
      retry();
    }
    return usable;
  }

  /** The configuration without the apps whose labels haproxy does not take. */
  async function checked(wanted: readonly Served[]): Promise<string> {
    const text = tryConfiguration(wanted);
    if (typeof text === 'string' && (await problemOf(text)) === undefined) return text;
    const good: Served[] = [];
    for (const each of wanted) {
      const alone = tryConfiguration([each]);
      const problem = typeof alone === 'string' ? await problemOf(alone) : alone.message;
      if (problem === undefined) good.push(each);
      else tellOnce(`${each.service.app.id} is left out of the load balancer: ${problem}.`);
    }
    return configuration(good, configOptions);
  }

  function tryConfiguration(some: readonly Served[]): string | Error {
    try {
      return configuration(some, configOptions);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  async function problemOf(text: string): Promise<string | undefined> {
    await writeFile(file('check.cfg'), text, { mode: 0o600 });
    return new Promise(resolve => {
      execFile(program ?? '', ['-c', '-f', file('check.cfg')], { timeout: checkWithin }, (error, _, stderr) => {
        resolve(error === null ? undefined : alertIn(stderr));
      });
    });
  }

  const configOptions = {
    httpPort,
    bindAddress: ({ bindAddress }: ServicePort) => loopbackOf(bindAddress),
    certificate({ certificate }: ServicePort): string | undefined {
      return certificate === undefined || readCertificate(certificate) !== undefined ? certificate : file('own.pem');
    },
  };
  apply();

  return {
    virtualHosts: `http://127.0.0.1:${httpPort}`,
    async stop() {
      stopped = true;
      served.stop();
      cancelRetry?.();
      const gone = [...all].map(({ held }) => new Promise<void>(resolve => held.child.once('exit', () => resolve())));
      for (const { held } of all) held.signal('SIGKILL');
      await Promise.all(gone);
    },
  };
}

/** Also where a user's PATH does not lead, but the program is for users too. */
function find(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/local/sbin', '/usr/sbin'];
  return folders
    .filter(folder => path.isAbsolute(folder))
    .map(folder => path.join(folder, name))
    .find(file => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

function canListen(host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

/** What haproxy complains of first, in its own words. */
function alertIn(output: string): string {
  const line = output.split('\n').find(each => each.includes('[ALERT]'));
  return (
    (line ?? output).replace(/^\[ALERT\]\s*\(\d+\)\s*:\s*/, '').trim() || 'haproxy does not take its configuration'
  );
}

function lastAlert(log: string): string {
  try {
    return alertIn(readFileSync(log, 'utf8'));
  } catch {
    return 'it left no word';
  }
}
