// Tasks with images in a real Docker engine. It has no bridge, so that nothing of this machine's network is touched: port mappings are
// held by test/cluster/local/docker-spec.test.ts only.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { connectEngine, type Engine } from '../../cluster/src/local/executors/docker/engine.ts';
import type { Launch } from '../../cluster/src/local/executors/executor.ts';
import type { MesosVersion } from '../../cluster/src/local/release.ts';
import { openTestExecutor } from '../cluster/local/executor.ts';
import { eventually, isAlive, openCluster, sender } from '../cluster/local/local.ts';

const socket = inject('socket');
const image = 'busybox:test';
const container = { type: 'DOCKER', docker: { image, network: 'HOST' } } as const;

describe.skipIf(socket === '')('with a Docker engine', () => {
  let engine: Engine;
  const named = process.env.DOCKER_HOST;
  beforeAll(() => {
    engine = connectEngine(`unix://${socket}`, { socketPath: socket });
    process.env.DOCKER_HOST = `unix://${socket}`;
  });
  afterAll(async () => {
    if (named === undefined) delete process.env.DOCKER_HOST;
    else process.env.DOCKER_HOST = named;
    await engine.close();
  });
  const containers = () => engine.ask<{ Id: string; Names: string[] }[]>('GET', '/containers/json?all=1');
  afterEach(async () => {
    expect(await containers()).toEqual([]);
  });

  test('an app has its image, command, port, volume, memory limit and health checks', async () => {
    const { deploy, marathon, mesos, cluster } = await openCluster({ executor: 'auto' });
    const shared = mkdtempSync(path.join(os.tmpdir(), 'shared-'));
    onTestFinished(() => rmSync(shared, { recursive: true }));
    await deploy({
      id: '/web',
      cmd: 'echo to stderr >&2; echo "$OWN" > index.html; trap "exit 0" TERM; httpd -f -p 127.0.0.1:$PORT0 & wait',
      cpus: 0.1,
      mem: 48,
      env: { OWN: 'served from inside' },
      container: {
        type: 'DOCKER',
        docker: {
          image,
          network: 'HOST',
          parameters: [
            { key: 'workdir', value: '/mnt/mesos/sandbox' },
            { key: 'label', value: 'kind=test' },
          ],
        },
        volumes: [{ containerPath: '/shared', hostPath: shared, mode: 'RO' }],
      },
      healthChecks: [
        { protocol: 'HTTP', path: '/', portIndex: 0, intervalSeconds: 1 },
        { protocol: 'COMMAND', command: { value: 'test -d /shared && ! touch /shared/new' }, intervalSeconds: 1 },
      ],
    });
    const { app } = (await marathon('GET', '/v2/apps/web')).json;
    expect(app).toMatchObject({ tasksRunning: 1, tasksHealthy: 1 });
    const [task] = app.tasks;
    expect(await (await fetch(`http://${task.host}:${task.ports[0]}/`)).text()).toBe('served from inside\n');

    const [{ Id = '', Names = [] } = {}] = await containers();
    const { Config, HostConfig } = await engine.ask('GET', `/containers/${Id}/json`);
    expect(Names).toEqual([expect.stringMatching(/^\/mesos-[0-9a-f-]{36}$/)]);
    expect(HostConfig).toMatchObject({ Memory: 48 * 2 ** 20, CpuShares: 102, NetworkMode: 'host' });
    expect(Config.Labels).toMatchObject({ kind: 'test', MESOS_TASK_ID: task.id });
    expect(Config.Env).toContain('MESOS_SANDBOX=/mnt/mesos/sandbox');

    const [slave] = (await mesos('GET', '/slaves')).json.slaves;
    const framework = (await mesos('GET', '/frameworks')).json.frameworks.find(
      ({ name }: { name: string }) => name === 'marathon',
    );
    const executor = `${cluster.stateDir}/agents/1/slaves/${slave.id}/frameworks/${framework.id}/executors/${task.id}`;
    const stderr = await eventually(async () => {
      const said = readFileSync(`${executor}/runs/latest/stderr`, 'utf8');
      return said.includes('to stderr') && said;
    });
    expect(stderr).toBe(`[local cluster] The image "${image}" runs in a container.\nto stderr\n`);
    await cluster.stop();
  });

  test('a killed cluster leaves no container; when it lives again at once no task runs twice', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'killed-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const start = async () => {
      const options = ['--port-base', '0', '--executor', 'docker', '--state', path.join(folder, 'state')];
      const child = spawn(process.execPath, ['bin/tosca-mesos', 'local', ...options], {
        env: { ...process.env, XDG_RUNTIME_DIR: folder, TMPDIR: folder },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      const line = await new Promise<string>(resolve => child.stdout.setEncoding('utf8').once('data', resolve));
      const { marathon, chronos, pid } = JSON.parse(line);
      const marathonOf = sender(marathon);
      const running = async () => (await marathonOf('GET', '/v2/apps/a')).json.app.tasksRunning === 1;
      return { marathon: marathonOf, chronos: sender(chronos), pid: pid as number, running };
    };
    const watchOf = (pid: number) =>
      childrenOf(pid).find(({ command }) => command.includes('container-watch'))?.pid ?? 0;

    const first = await start();
    // Only one at a time can have the port.
    const port = await freePort();
    const cmd = `httpd -f -p 127.0.0.1:${port} || touch /shared/twice`;
    const volumes = [{ containerPath: '/shared', hostPath: folder, mode: 'RW' }];
    const app = { cmd, cpus: 0.1, mem: 32, container: { ...container, volumes } };
    await first.marathon('POST', '/v2/apps', { id: '/a', ...app });
    const job = {
      name: 'j',
      command: 'sleep 1000',
      schedule: 'R1//PT24H',
      mem: 32,
      container: { type: 'DOCKER', image },
    };
    await first.chronos('POST', '/v1/scheduler/iso8601', job);
    await eventually(async () => (await containers()).length === 2 && (await first.running()));
    const watch = watchOf(first.pid);
    expect(isAlive(watch)).toBe(true);
    process.kill(first.pid, 'SIGKILL');

    const second = await start();
    await eventually(second.running);
    const before = (await second.marathon('GET', '/v2/apps/a/tasks')).json.tasks.map(({ id }: { id: string }) => id);
    // What removes the containers of the former life leaves those of the new one.
    await eventually(async () => !isAlive(watch));
    const after = (await second.marathon('GET', '/v2/apps/a/tasks')).json.tasks.map(({ id }: { id: string }) => id);
    expect(after).toEqual(before);
    expect(readdirSync(folder)).not.toContain('twice');
    const another = watchOf(second.pid);
    process.kill(second.pid, 'SIGKILL');
    await eventually(async () => (await containers()).length === 0);
    await eventually(async () => !isAlive(another));
  });

  test('what a killed cluster has left all the same goes when the next one starts', async () => {
    const over = spawn('true');
    await new Promise(resolve => over.once('exit', resolve));
    const labels = { 'tosca-mesos.cluster': 'former', 'tosca-mesos.host': os.hostname() };
    for (const [name, pid] of [
      ['left', over.pid],
      ['of-one-that-runs', process.pid],
    ]) {
      const body = { Image: image, Cmd: ['true'], Labels: { ...labels, 'tosca-mesos.pid': String(pid) } };
      await engine.ask('POST', `/containers/create?name=${name}`, body);
    }
    const { stop } = await open();
    await eventually(async () => (await containers()).length === 1);
    expect((await containers())[0]?.Names).toEqual(['/of-one-that-runs']);
    await stop();
    await engine.ask('DELETE', '/containers/of-one-that-runs');
  });

  test('a job in its image ends as its command does', async () => {
    const { run, stop } = await open();
    const good = run({ command: { shell: true, value: 'echo "$NAME"; pwd; id -u' }, env: { NAME: 'x=y z' } });
    const bad = run({ command: { shell: true, value: 'echo gone >&2; exit 7' } });
    const plain = run({ command: { shell: false, argv: ['echo', '$HOME', 'as it is'] } });
    expect(await good.ended).toEqual(['TASK_FINISHED', 'Container exited with status 0']);
    expect(good.states).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
    expect(good.output('stdout')).toBe('x=y z\n/\n0\n');
    expect(await bad.ended).toEqual(['TASK_FAILED', 'Container exited with status 7']);
    expect(bad.output('stderr')).toBe('gone\n');
    expect(await plain.ended).toEqual(['TASK_FINISHED', 'Container exited with status 0']);
    expect(plain.output('stdout')).toBe('$HOME as it is\n');
    await stop();
  });

  test('Mesos 0.28 tells of an end in its own words', async () => {
    const { run, stop } = await open('0.28.0');
    const bad = run({ command: { shell: true, value: 'exit 7' } });
    expect(await bad.ended).toEqual([
      'TASK_FAILED',
      'Docker container run error: Container exited on error: exited with status 7',
    ]);
    await stop();
  });

  test('an image that Mesos runs by itself has the sandbox as its folder, and the user of the task', async () => {
    const { run, stop } = await open();
    const task = run({
      container: { type: 'MESOS', mesos: { image: { type: 'DOCKER', docker: { name: image } } } },
      command: { shell: true, value: 'pwd; id -u; exit 3' },
      user: '4711',
    });
    expect(await task.ended).toEqual(['TASK_FAILED', 'Command exited with status 3', 'REASON_COMMAND_EXECUTOR_FAILED']);
    expect(task.output('stdout')).toBe('/mnt/mesos/sandbox\n4711\n');
    await stop();
  });

  test('a container over its memory limit is killed, and fails with that reason', async () => {
    const { run, stop } = await open();
    const resources = { cpus: 0.1, mem: 32, disk: 0, gpus: 0 };
    const command = { shell: true, value: 'exec tail /dev/zero' } as const;
    const docker = run({ command, resources });
    const mesos = run({
      container: { type: 'MESOS', mesos: { image: { type: 'DOCKER', docker: { name: image } } } },
      ...{ command, resources },
    });
    const reason = 'REASON_CONTAINER_LIMITATION_MEMORY';
    expect(await docker.ended).toEqual(['TASK_FAILED', 'Container exited with status 137', reason]);
    const message = 'Memory limit exceeded: Requested: 64MB Maximum Used: 64MB\n';
    expect(await mesos.ended).toEqual(['TASK_FAILED', message, reason]);
    await stop();
  });

  test('a stop is a signal first, and the end after its grace', async () => {
    const { run, stop } = await open();
    const ready = 'echo ready; while :; do sleep 0.1; done';
    const polite = run({ command: { shell: true, value: `trap "exit 9" TERM; ${ready}` } });
    const stubborn = run({ command: { shell: true, value: ready } });
    for (const task of [polite, stubborn]) {
      await eventually(async () => task.output('stdout') === 'ready\n');
      task.kill(500);
    }
    expect(await polite.ended).toEqual(['TASK_KILLED', 'Container exited with status 9']);
    expect(await stubborn.ended).toEqual(['TASK_KILLED', 'Container exited with status 137']);
    await stop();
  });

  test('commands run inside, within their time; what a container uses is told', async () => {
    const { run, stop } = await open();
    const task = run({ command: { shell: true, value: 'touch /there; while :; do sleep 0.1; done' } });
    await eventually(async () => task.states.includes('TASK_RUNNING'));
    await eventually(async () => (await task.exec('test -e /there', 5000)) === undefined);
    expect(await task.exec('exit 3', 5000)).toBe('Command exited with status 3');
    expect(await task.exec('touch /mnt/mesos/sandbox/begun; exec sleep 4711', 1000)).toBe('no end within 1 s');
    expect(await task.exec('! pgrep -f "sleep 4711"', 5000)).toBeUndefined();
    const used = await task.statistics();
    expect(used).toMatchObject({ cpus_limit: 0.2, mem_limit_bytes: 96 * 2 ** 20 });
    expect(used?.mem_rss_bytes).toBeGreaterThan(0);
    task.kill(0);
    await task.ended;
    await stop();
  });

  test('what cannot be run fails with one sentence', async () => {
    const { run, stop } = await open();
    const docker = (more: object) => ({ type: 'DOCKER', docker: { image, network: 'HOST', ...more } }) as const;
    const absent = run({ container: docker({ image: '127.0.0.1:1/absent' }) });
    const none = run({ command: undefined });
    const unknown = run({ container: docker({ parameters: [{ key: 'frobnicate', value: '1' }] }) });
    const late = run({ container: docker({ image: '127.0.0.1:1/absent' }) });
    late.kill(1000);
    expect(await late.ended).toEqual(['TASK_KILLED', 'Container destroyed while pulling image']);
    const reason = 'REASON_CONTAINER_LAUNCH_FAILED';
    const pull = new RegExp(
      `^Failed to launch container: Failed to run 'docker -H unix://${socket} pull 127.0.0.1:1/absent': exited with status 1; stderr='Error response from daemon: .*connection refused`,
    );
    expect(await absent.ended).toEqual(['TASK_FAILED', expect.stringMatching(pull), reason]);
    const told = 'Failed to run docker container: No command specified';
    expect(await none.ended).toEqual(['TASK_FAILED', told, reason]);
    const sentence = 'The parameter "frobnicate" is no option of docker run that can be used here';
    expect(await unknown.ended).toEqual(['TASK_FAILED', sentence, reason]);
    await stop();
  });
});

/** With what a task here has where it says nothing else. */
async function open(mesos: MesosVersion = '1.5.0') {
  const { run, stop } = await openTestExecutor('docker', mesos);
  return { run: (launch: Partial<Launch>) => run({ container, ...launch }), stop };
}

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}

function childrenOf(parent: number): { readonly pid: number; readonly command: string }[] {
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .flatMap(entry => {
      try {
        const ppid = Number(readFileSync(`/proc/${entry}/stat`, 'latin1').split(') ')[1]?.split(' ')[1]);
        return ppid === parent
          ? [{ pid: Number(entry), command: readFileSync(`/proc/${entry}/cmdline`, 'latin1') }]
          : [];
      } catch {
        return [];
      }
    });
}
