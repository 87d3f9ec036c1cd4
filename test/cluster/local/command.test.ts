// The command that runs the cluster, as a process of its own: its ready line, its exit codes, and that nothing outlives it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { endpointOf } from '../../../cluster/src/connect/endpoint.ts';
import { localAddressFile } from '../../../cluster/src/local-address.ts';
import { apps } from '../../../cluster/src/marathon/client.ts';
import { localProfile, type Profile } from '../../../cluster/src/profile.ts';
import { eventually, isAlive, processesWith, sender } from './local.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'local-command-'));
const program = path.join(folder, 'cli.cjs');
const env = { ...process.env, XDG_RUNTIME_DIR: folder, TMPDIR: folder, DOCKER_HOST: 'unix:///nowhere/docker.sock' };

beforeAll(async () => {
  const entry = path.join(__dirname, '../../../cli/src/run.ts');
  await build({
    entryPoints: [entry],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Running {
  readonly child: ChildProcess;
  readonly ready: { marathon: string; chronos: string; mesos: string; orchestrator: string; pid: number };
  readonly exited: Promise<unknown[]>;
  readonly stderr: () => string;
}

function run(...args: string[]) {
  const child = spawn(process.execPath, [program, 'local', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', data => {
    stdout += data;
  });
  child.stderr.on('data', data => {
    stderr += data;
  });
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await exited;
  });
  return { child, exited, stdout: () => stdout, stderr: () => stderr };
}

async function start(...args: string[]): Promise<Running> {
  const { child, exited, stdout, stderr } = run('--port-base', '0', ...args);
  const line = await Promise.race([
    eventually(async () => stdout().includes('\n') && stdout()),
    exited.then(() => {
      throw new Error(`ended before it was ready: ${stderr()}`);
    }),
  ]);
  expect(line.trim().split('\n')).toHaveLength(1);
  return { child, ready: JSON.parse(line), exited, stderr };
}

/** Runs `count` tasks that each leave their process ids, in every way in which a process can slip away. */
async function startTasks({ ready }: Running, count: number, pids: string): Promise<number[]> {
  const cmd = `trap '' TERM HUP; echo $$ >> ${pids}; sleep 1001 & echo $! >> ${pids}; setsid sh -c 'trap "" TERM; echo $$ >> ${pids}; sleep 1002' & while :; do sleep 1; done`;
  const marathon = sender(ready.marathon);
  expect((await marathon('POST', '/v2/apps', { id: '/many', cmd, cpus: 0.1, mem: 16, instances: count })).status).toBe(
    201,
  );
  await sender(ready.chronos)('POST', '/v1/scheduler/iso8601', {
    name: 'long',
    command: `echo $$ >> ${pids}; sleep 1003`,
    schedule: 'R1//PT24H',
  });
  return eventually(async () => {
    const lines = existsSync(pids) ? readFileSync(pids, 'utf8').trim().split('\n') : [];
    return lines.length === 3 * count + 1 && lines.map(Number);
  });
}

test('it says where it answers, and stops as told with all that it runs', async () => {
  const running = await start();
  const { ready, child, exited } = running;
  expect(Object.keys(ready)).toEqual(['marathon', 'chronos', 'mesos', 'orchestrator', 'pid']);
  expect(ready.pid).toBe(child.pid);
  const address = localAddressFile(env);
  expect(JSON.parse(readFileSync(address, 'utf8'))).toMatchObject({ ...ready, release: 'deep_1' });
  const pids = await startTasks(running, 2, path.join(folder, 'stopped'));
  expect(pids.every(isAlive)).toBe(true);
  const work = /sandboxes are below (\S+)\.\n/.exec(running.stderr())?.[1] ?? '';
  expect(existsSync(work)).toBe(true);
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
  await eventually(async () => !pids.some(isAlive));
  expect(existsSync(work)).toBe(false);
  expect(existsSync(address)).toBe(false);
});

test('no task outlives a cluster that is killed hard, and another starts at once', async () => {
  const running = await start();
  const pids = await startTasks(running, 3, path.join(folder, 'killed'));
  expect(pids.every(isAlive)).toBe(true);
  running.child.kill('SIGKILL');
  const killed = Date.now();
  await running.exited;
  const next = await start();
  expect((await sender(next.ready.marathon)('GET', '/v2/apps')).json).toEqual({ apps: [] });
  await eventually(async () => !pids.some(isAlive));
  expect(Date.now() - killed).toBeLessThan(5000);
  const work = /sandboxes are below (\S+)\.\n/.exec(running.stderr())?.[1] ?? '';
  expect(work).not.toBe('');
  next.child.kill('SIGINT');
  expect(await next.exited).toEqual([0, null]);
  // The next one after the tasks are gone clears away what is left.
  const last = await start();
  await eventually(async () => !existsSync(work));
  last.child.kill('SIGTERM');
  await last.exited;
});

test('a cluster killed while tasks are being started leaves none of them', async () => {
  const running = await start();
  const mark = path.join(folder, 'starting');
  const body = { id: '/many', cmd: `echo $$ >> ${mark}; sleep 1004`, cpus: 0.1, mem: 16, instances: 30 };
  await sender(running.ready.marathon)('POST', '/v2/apps', body);
  await eventually(async () => existsSync(mark));
  running.child.kill('SIGKILL');
  await running.exited;
  await eventually(async () => {
    const pids = readFileSync(mark, 'utf8').trim().split('\n').map(Number);
    return !pids.some(isAlive);
  });
});

test.skipIf(!existsSync('/usr/sbin/haproxy'))('haproxy without its port is one sentence and exit code 2', async () => {
  const taken = net.createServer();
  await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void taken.close());
  const { port } = taken.address() as net.AddressInfo;
  const { exited, stderr } = run('--port-base', '0', '--load-balancer', 'haproxy', '--http-port', String(port));
  expect(await exited).toEqual([2, null]);
  expect(stderr()).toBe(
    `Port ${port} for virtual hosts is taken by another program: choose another with --http-port.\n`,
  );
});

test.skipIf(!existsSync('/usr/sbin/haproxy'))('haproxy does not outlive a cluster that is killed hard', async () => {
  const running = await start('--load-balancer', 'haproxy');
  const pids = await eventually(async () => {
    const work = /sandboxes are below (\S+)\.\n/.exec(running.stderr())?.[1] ?? 'not told yet';
    const found = await processesWith(`${work}/load-balancer/haproxy.cfg`);
    return found.length > 0 && found;
  });
  running.child.kill('SIGKILL');
  await running.exited;
  await eventually(async () => !pids.some(isAlive));
});

test('a named state folder keeps the sandboxes, and serves one cluster at a time', async () => {
  const state = path.join(folder, 'state');
  const { child, exited } = await start('--state', state);
  const second = run('--port-base', '0', '--state', state);
  expect(await second.exited).toEqual([2, null]);
  expect(second.stderr()).toBe(
    `The state folder ${state} is used by the cluster with process id ${child.pid}: stop that, or name another folder.\n`,
  );
  child.kill('SIGTERM');
  await exited;
  expect(existsSync(state)).toBe(true);
  const again = await start('--state', state);
  again.child.kill('SIGTERM');
  expect(await again.exited).toEqual([0, null]);
});

test('a port that is taken is one sentence and exit code 2', async () => {
  const taken = net.createServer();
  await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void taken.close());
  const { port } = taken.address() as net.AddressInfo;
  const { exited, stderr, stdout } = run('--port-base', String(port));
  expect(await exited).toEqual([2, null]);
  expect(stderr()).toBe(
    `Port ${port} for Marathon is taken by another program: stop that, or choose other ports with --port-base (0 takes free ones).\n`,
  );
  expect(stdout()).toBe('');
});

test.for([
  [['--release', 'indigo_3'], 'There is no release "indigo_3": indigo_1, indigo_2, deep_1.'],
  [['--agents', '0'], '--agents wants a whole number from 1 to 100, not "0".'],
  [['--cpus', 'many'], '--cpus wants a number from 0.01 to 10000, not "many".'],
  [
    ['--port-base', '0', '--executor', 'docker'],
    'No Docker or Podman engine answers (unix:///nowhere/docker.sock: connect ENOENT /nowhere/docker.sock): start one, say where it is in DOCKER_HOST, or use --executor auto.',
  ],
  [
    ['--enable-features', 'secrets,magic'],
    'Marathon has no feature "magic": vips, task_killing, external_volumes, secrets, gpu_resources.',
  ],
  [['--agent-down', 'x'], '--agent-down wants the number of an agent, the first is 1.'],
  [
    ['--port-base', '0', '--resources', 'tapes:2'],
    'The resource "tapes:2" makes no sense: there are cpus, mem, disk, gpus and ports.',
  ],
  [['--load-balancer', 'nginx'], 'There is no load balancer "nginx": builtin, haproxy, none.'],
  [['--clock-rate', '0'], '--clock-rate wants a number from 0.01 to 10000, not "0".'],
  [['--credentials', 'admin'], 'Credentials are a name, a colon and a password in one line.'],
  [['--tls-cert', 'x'], 'A certificate needs its key: give both --tls-cert FILE and --tls-key FILE.'],
  [
    ['--port-base', '0', '--listen', '192.0.2.1'],
    '192.0.2.1 is no address of this machine: name one of its own with --listen, or 0.0.0.0 for all.',
  ],
  [['--executor', 'magic'], 'There is no executor "magic": auto, process, docker, stand-in.'],
] as const)('%j is refused with one sentence', async ([args, sentence]) => {
  const { exited, stderr } = run(...args);
  expect(await exited).toEqual([2, null]);
  expect(stderr()).toBe(`${sentence}\n`);
});

test('agents are told what they offer, and go down and come back', async () => {
  const args = [
    '--agents',
    '2',
    '--resources',
    'cpus:3;cpus(dev):1',
    '--attributes',
    'rack:a',
    '--attributes',
    'rack:b',
  ];
  const { ready, child, exited } = await start(...args, '--executor', 'stand-in');
  const slaves = async () => (await sender(ready.mesos)('GET', '/slaves')).json.slaves;
  expect(await slaves()).toMatchObject([
    { attributes: { rack: 'a' }, resources: { cpus: 4 }, unreserved_resources: { cpus: 3 } },
    { attributes: { rack: 'b' } },
  ]);
  const down = run('--agent-down', '2');
  expect(await down.exited).toEqual([0, null]);
  expect(down.stdout()).toMatch(/^Agent 2 \(\S+\) is down\.\n$/);
  expect(await slaves()).toHaveLength(1);
  const again = run('--agent-down', '2');
  expect(await again.exited).toEqual([1, null]);
  expect(again.stderr()).toMatch(/ is down already\.\n$/);
  expect(await run('--agent-up', '2').exited).toEqual([0, null]);
  expect(await slaves()).toHaveLength(2);
  child.kill('SIGTERM');
  await exited;
  const none = run('--agent-up', '2');
  expect(await none.exited).toEqual([2, null]);
  expect(none.stderr()).toBe('The local cluster is not running: start it with `tosca-mesos local`.\n');
});

test('in the background it says what runs, begins anew, and shows its password to nobody', async () => {
  const none = run('--status');
  expect(await none.exited).toEqual([3, null]);
  expect(await run('--reset').exited).toEqual([3, null]);
  const state = path.join(folder, 'detached');
  const args = ['--port-base', '0', '--executor', 'stand-in', '--tls', '--state', state];
  const started = run('--detach', ...args, '--credentials', 'admin:not-for-ps');
  expect(await started.exited).toEqual([0, null]);
  const ready = JSON.parse(started.stdout());
  expect(ready.marathon).toMatch(/^https:/);
  onTestFinished(() => {
    if (isAlive(ready.pid)) process.kill(ready.pid, 'SIGKILL');
  });
  const log = path.join(state, 'local.log');
  expect(started.stderr()).toBe(`What the local cluster has to say is in ${log}.\n`);
  await eventually(async () =>
    /^\d{4}-\d\d-\d\dT\S+ The local cluster \(deep_1\) runs;/m.test(readFileSync(log, 'utf8')),
  );
  if (process.platform === 'linux') {
    expect(readFileSync(`/proc/${ready.pid}/cmdline`, 'latin1')).not.toContain('not-for-ps');
  }
  const profile = await localProfile({ file: localAddressFile(env) });
  expect(profile).toMatchObject({ name: 'local', marathon: ready.marathon });
  expect(await apps(endpointOf(profile as Profile, 'marathon'))).toEqual([]);
  const master = sender(ready.mesos);
  expect((await master('GET', '/state')).status).toBe(401);
  const status = run('--status');
  expect(await status.exited).toEqual([0, null]);
  expect(status.stdout()).toMatch(/^Release +deep_1 \(Mesos 1\.5\.0, Marathon 1\.5\.6, Chronos 3\.0\.2\)$/m);
  expect(status.stdout()).toContain(ready.chronos);
  expect(status.stdout()).toContain(log);
  expect(status.stdout()).not.toContain('not-for-ps');
  const reset = run('--reset');
  expect(await reset.exited).toEqual([0, null]);
  expect(await run('--stop').exited).toEqual([0, null]);
  expect(isAlive(ready.pid)).toBe(false);
});

test('a password in a file that others can read is refused', async () => {
  const file = path.join(folder, 'credentials');
  writeFileSync(file, 'admin:secret\n', { mode: 0o644 });
  const { exited, stderr } = run('--port-base', '0', '--credentials-file', file);
  expect(await exited).toEqual([2, null]);
  expect(stderr()).toBe(`Others can read ${file}: take that from them with chmod 600.\n`);
  chmodSync(file, 0o600);
  const { ready, child, exited: ended } = await start('--credentials-file', file, '--executor', 'stand-in');
  expect((await sender(ready.marathon)('GET', '/ping')).status).toBe(401);
  child.kill('SIGTERM');
  await ended;
});

test('an option that does not exist is refused, and help is given', async () => {
  const wrong = run('--bogus');
  expect(await wrong.exited).toEqual([2, null]);
  expect(wrong.stderr()).toContain("Unknown option '--bogus'");
  const help = run('--help');
  expect(await help.exited).toEqual([0, null]);
  expect(help.stdout()).toContain('--port-base N');
});
