import { readFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openTestExecutor } from './executor.ts';
import { eventually, isAlive, openCluster } from './local.ts';

const small = { cpus: 0.1, mem: 16 };
const readWhenThere = (file: string) =>
  eventually(async () => {
    const text = await readFile(file, 'utf8').catch(() => '');
    return text.endsWith('\n') && text;
  });

test('a task has the environment that Marathon and Mesos give', async () => {
  const { deploy, marathon, cluster } = await openCluster();
  await deploy({
    ...{
      id: '/team/web',
      cmd: `env > ${cluster.stateDir}/env; sleep 1000`,
      ...small,
      env: { OWN: 'value', HOST: 'mine' },
    },
    labels: { 'my-label': 'x', LONG: 'y'.repeat(600) },
    portDefinitions: [{ port: 0, name: 'http-api' }, { port: 10_500 }],
  });
  const text = await readWhenThere(`${cluster.stateDir}/env`);
  const env = Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map(line => line.split(/=(.*)/s, 2)),
  );
  const [task] = (await marathon('GET', '/v2/tasks')).json.tasks;
  const [first, second] = task.ports;
  expect(env).toMatchObject({
    ...{
      OWN: 'value',
      HOST: 'mine',
      MARATHON_APP_ID: '/team/web',
      MARATHON_APP_VERSION: task.version,
      MESOS_TASK_ID: task.id,
    },
    ...{ MARATHON_APP_RESOURCE_CPUS: '0.1', MARATHON_APP_RESOURCE_MEM: '16.0', MARATHON_APP_RESOURCE_GPUS: '0' },
    ...{ MARATHON_APP_LABELS: 'MY_LABEL', MARATHON_APP_LABEL_MY_LABEL: 'x' },
    ...{
      PORT: `${first}`,
      PORT0: `${first}`,
      PORT1: `${second}`,
      PORTS: `${first},${second}`,
      PORT_HTTP_API: `${first}`,
      PORT_10500: `${second}`,
    },
  });
  expect(env.MESOS_SANDBOX).toContain(task.id);
  expect(env.PWD).toBe(env.MESOS_SANDBOX);
  expect(env).not.toHaveProperty('MARATHON_APP_LABEL_LONG');
});

test('arguments without a shell are run as they are', async () => {
  const { deploy, cluster } = await openCluster();
  const script = `require('node:fs').writeFileSync(process.argv[1], process.argv[2] + '\\n'); setInterval(() => {}, 1000)`;
  await deploy({
    id: '/args',
    args: [process.execPath, '-e', script, `${cluster.stateDir}/said`, '$HOME; "x"'],
    ...small,
  });
  expect(await readWhenThere(`${cluster.stateDir}/said`)).toBe('$HOME; "x"\n');
});

test('an image with a command runs the command and says that it is without its image', async () => {
  const { deploy, marathon, cluster } = await openCluster();
  await deploy({ id: '/web', cmd: 'echo here; sleep 1000', ...small, container: { docker: { image: 'nginx:1' } } });
  const [{ id, slaveId }] = (await marathon('GET', '/v2/tasks')).json.tasks;
  const sandbox = path.join(
    cluster.stateDir,
    'agents/1/slaves',
    slaveId,
    'frameworks',
    slaveId.replace(/S0$/, '0000'),
    'executors',
    id,
    'runs/latest',
  );
  expect(await readWhenThere(path.join(sandbox, 'stdout'))).toBe('here\n');
  expect(await readFile(path.join(sandbox, 'stderr'), 'utf8')).toBe(
    '[local cluster] The image "nginx:1" is not used: the command runs on this machine as it stands.\n',
  );
});

test.for([
  [
    'an image without a command',
    { container: { docker: { image: 'nginx' } } },
    'The image "nginx" comes without a command',
  ],
] as const)('%s fails with a sentence that says so', async ([, app, sentence]) => {
  const { marathon, events } = await openCluster();
  const stream = await events();
  await marathon('POST', '/v2/apps', { id: '/x', ...small, ...app });
  const failed = await stream.until(({ taskStatus }) => taskStatus === 'TASK_FAILED');
  expect(failed.message).toContain(sentence);
  const { lastTaskFailure } = (await marathon('GET', '/v2/apps/x')).json.app;
  expect(lastTaskFailure.message).toBe(failed.message);
  expect((await marathon('GET', '/v2/deployments')).json).toHaveLength(1);
});

test('a stopped task gets its grace, and all of its processes go', async () => {
  const { deploy, marathon, events, cluster } = await openCluster();
  const stream = await events();
  const pids = `${cluster.stateDir}/pids`;
  // One that ignores TERM, one in the background, one in a session of its own.
  const cmd = `trap '' TERM; sleep 1001 & echo $! >> ${pids}; setsid sleep 1002 & echo $$ >> ${pids}; setsid sh -c 'echo $$ >> ${pids}; sleep 1003' & sleep 0.1; echo end >> ${pids}; while :; do sleep 1; done`;
  await deploy({ id: '/stubborn', cmd, ...small, taskKillGracePeriodSeconds: 1 });
  const lines = await eventually(async () => {
    const found = (await readFile(pids, 'utf8').catch(() => '')).trim().split('\n');
    return found.includes('end') && found.length >= 4 && found;
  });
  const running = lines.filter(line => line !== 'end').map(Number);
  expect(running.every(isAlive)).toBe(true);
  const asked = Date.now();
  await marathon('DELETE', '/v2/apps/stubborn');
  const killed = await stream.until(({ taskStatus }) => taskStatus === 'TASK_KILLED');
  expect(Date.now() - asked).toBeGreaterThanOrEqual(900);
  expect(killed.message).toBe('Command terminated with signal Killed');
  await eventually(async () => !running.some(isAlive));
});

test('a task that ends takes what it left in the background with it', async () => {
  const { chronos, cluster } = await openCluster();
  await chronos('POST', '/iso8601', {
    name: 'j',
    command: `sleep 1000 & echo $! > ${cluster.stateDir}/pid`,
    schedule: 'R1//PT24H',
  });
  const pid = Number(await readWhenThere(`${cluster.stateDir}/pid`));
  await eventually(async () => !isAlive(pid));
});

test('host ports on which something listens are not given out', async () => {
  const taken = net.createServer();
  await new Promise<void>((resolve, reject) => {
    taken.once('error', reject);
    taken.listen(0, '127.0.0.1', resolve);
  });
  const { port } = taken.address() as net.AddressInfo;
  const { choosePorts, listeningPorts } = await import('../../../cluster/src/local/mesos/ports.ts');
  const amount = { cpus: 1, mem: 1, disk: 0, gpus: 0 };
  const agent = {
    shares: [{ role: '*', amount, portRanges: [[port, port + 1] as const] }],
    usedPorts: new Set<number>(),
  };
  const listening = listeningPorts();
  taken.close();
  if (process.platform !== 'linux') return;
  expect(listening.has(port)).toBe(true);
  expect(choosePorts(agent, [0], new Set([port]))).toEqual([port + 1]);
  expect(choosePorts(agent, [0, 0], new Set([port]))).toBeUndefined();
  expect(choosePorts(agent, [port + 1, 0], new Set())).toEqual([port + 1, port]);
  expect(choosePorts(agent, [port - 1], new Set())).toBeUndefined();
});

test.for([
  ['0.28.0', 'TASK_FINISHED'],
  ['1.1.0', 'TASK_FINISHED'],
  ['1.5.0', 'TASK_KILLED'],
] as const)('a task that ends well when it is killed is %s’s %s', async ([mesos, state]) => {
  const { run, stop } = await openTestExecutor('process', mesos);
  const task = run({ command: { shell: true, value: 'trap "exit 0" TERM; echo ready; while :; do sleep 0.02; done' } });
  await eventually(async () => task.output('stdout') === 'ready\n');
  task.kill(10_000);
  expect(await task.ended).toEqual([state, 'Command exited with status 0']);
  await stop();
});
