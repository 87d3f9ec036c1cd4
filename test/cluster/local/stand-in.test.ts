// Stand-ins, and which tasks get one.
import { readFile } from 'node:fs/promises';
import tls from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { selfSigned } from '../../../cluster/src/local/self-signed.ts';
import { openTestExecutor } from './executor.ts';
import { eventually, openCluster } from './local.ts';

const small = { cpus: 0.1, mem: 16 };
const named = process.env.DOCKER_HOST;
beforeEach(() => {
  process.env.DOCKER_HOST = 'unix:///nowhere/docker.sock';
});
afterEach(() => {
  if (named === undefined) delete process.env.DOCKER_HOST;
  else process.env.DOCKER_HOST = named;
});

test('stand-ins run nothing and say so, jobs end well', async () => {
  const { deploy, marathon, chronos, cluster } = await openCluster({ executor: 'stand-in' });
  await deploy({ id: '/web', cmd: `touch ${cluster.stateDir}/ran; sleep 1`, ...small });
  const [{ host, ports, id }] = (await marathon('GET', '/v2/tasks')).json.tasks;
  expect(await (await fetch(`http://${host}:${ports[0]}/any`)).text()).toContain(
    `stand-in of the TOSCA for Mesos local cluster for task ${id}`,
  );
  await chronos('POST', '/iso8601', { name: 'j', command: `touch ${cluster.stateDir}/ran`, schedule: 'R1//PT24H' });
  await eventually(async () => (await chronos('GET', '/job/j')).json.successCount === 1);
  await expect(readFile(`${cluster.stateDir}/ran`)).rejects.toThrow('ENOENT');
});

test('a stand-in passes health checks of every protocol', async () => {
  const { deploy, marathon } = await openCluster({ executor: 'stand-in' });
  const often = { intervalSeconds: 1, gracePeriodSeconds: 1, maxConsecutiveFailures: 1, portIndex: 0 };
  const healthChecks = [
    ...['HTTP', 'HTTPS', 'TCP'].map(protocol => ({ protocol, ...often })),
    { protocol: 'COMMAND', command: { value: 'exit 1' }, intervalSeconds: 1 },
  ];
  await deploy({ id: '/web', cmd: 'never run', ...small, healthChecks });
  expect((await marathon('GET', '/v2/apps/web')).json.app).toMatchObject({ tasksRunning: 1, tasksHealthy: 1 });
});

test('a certificate of our own is one that TLS clients can check', async () => {
  const { cert, key } = selfSigned(['localhost', '127.0.0.1']);
  const server = tls.createServer({ cert, key }, socket => void socket.end('inside'));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  for (const host of ['localhost', '127.0.0.1']) {
    const text = await new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port, ca: cert, ...(host === 'localhost' ? { servername: host } : {}) };
      const client = tls.connect(options, () => client.once('data', data => resolve(String(data))));
      client.once('error', reject);
    });
    expect(text).toBe('inside');
  }
  server.close();
});

test('without a container engine an image with a command runs as a process, one without has a stand-in, and each says why', async () => {
  const { run, stop } = await openTestExecutor('auto');
  const container = { type: 'DOCKER', docker: { image: 'nginx:1' } } as const;
  const why = '[local cluster] No Docker or Podman engine answers (unix:///nowhere/docker.sock: ';
  const process = run({ container, command: { shell: true, value: 'echo ran' } });
  expect((await process.ended)[0]).toBe('TASK_FINISHED');
  expect(process.output('stdout')).toBe('ran\n');
  expect(process.output('stderr')).toContain(why);
  expect(process.output('stderr')).toContain('The image "nginx:1" is not used');
  const standIn = run({ container });
  expect((await standIn.ended)[0]).toBe('TASK_FINISHED');
  expect(standIn.output('stdout')).toContain('stand-in');
  expect(standIn.output('stderr')).toContain(why);
  const plain = run({ command: { shell: true, value: 'true' } });
  expect((await plain.ended)[0]).toBe('TASK_FINISHED');
  expect(plain.output('stderr')).toBe('');
  await stop();
});

test('a task that is killed before it is known where it runs does not run', async () => {
  const { run, stop } = await openTestExecutor('auto');
  const task = run({
    container: { type: 'DOCKER', docker: { image: 'nginx' } },
    command: { shell: true, value: 'echo ran' },
  });
  task.kill(0);
  expect(await task.ended).toEqual(['TASK_KILLED', 'Killed before it was started', 'REASON_TASK_KILLED_DURING_LAUNCH']);
  await stop();
  expect(task.output('stdout')).toBe('');
});
