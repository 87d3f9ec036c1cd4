// Deployments on the embedded local cluster: real processes, real output, nothing left behind.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as chronos from '../../../cluster/src/chronos/client.ts';
import { endpointOf } from '../../../cluster/src/connect/endpoint.ts';
import { deploy } from '../../../cluster/src/deploy/deploy.ts';
import { deployments } from '../../../cluster/src/deploy/deployments.ts';
import { undeploy } from '../../../cluster/src/deploy/undeploy.ts';
import type { LiveState } from '../../../cluster/src/live/state.ts';
import { type LiveStore, openLiveStore } from '../../../cluster/src/live/store.ts';
import { type LocalCluster, startLocalCluster } from '../../../cluster/src/local/start.ts';
import * as marathon from '../../../cluster/src/marathon/client.ts';
import { followFile } from '../../../cluster/src/mesos/files.ts';
import { locateSandbox } from '../../../cluster/src/mesos/sandbox.ts';
import { masterState } from '../../../cluster/src/mesos/state.ts';
import type { Profile } from '../../../cluster/src/profile.ts';
import type { MarathonApp } from '../../../protocol/src/marathon.ts';
import type { Release } from '../../../protocol/src/plan.ts';
import { job, plan } from './fake.ts';

const releases: readonly Release[] = ['indigo_1', 'indigo_2', 'deep_1'];

const app = (id: string, cmd: string, instances = 1): MarathonApp => ({
  id,
  cmd,
  instances,
  cpus: 0.1,
  mem: 16,
  env: {},
  labels: {},
  uris: [],
  constraints: [],
  container: {
    type: 'DOCKER',
    docker: {
      image: 'node',
      forcePullImage: false,
      privileged: false,
      network: 'BRIDGE',
      portMappings: [{ containerPort: 80, protocol: 'tcp', labels: {} }],
    },
    volumes: [],
  },
});

const serverScript =
  'require("http").createServer((q, r) => r.end("here ☃")).listen(process.env.PORT0, () => console.log("listening ☃"))';

function until(store: LiveStore, holds: (state: LiveState) => boolean): Promise<LiveState> {
  if (holds(store.state)) return Promise.resolve(store.state);
  return new Promise(resolve => {
    const end = store.onDidChange(state => {
      if (!holds(state)) return;
      end();
      resolve(state);
    });
  });
}

describe.each(releases)('on a local cluster of %s', release => {
  let cluster: LocalCluster;
  let profile: Profile;
  let store: LiveStore;
  beforeEach(async () => {
    cluster = await startLocalCluster({ release, portBase: 0 });
    const { marathon: marathonUrl, chronos: chronosUrl, mesos } = cluster;
    profile = { name: 'local', release, marathon: marathonUrl, chronos: chronosUrl, mesos };
    store = openLiveStore(profile);
  });
  afterEach(async () => {
    store.dispose();
    await cluster.stop();
  });

  it('two apps run, answer, are read, scaled, and taken away', async () => {
    const web = app('web', `exec ${process.execPath} -e '${serverScript}'`);
    const outcome = await deploy(
      plan({
        release,
        marathon: { id: '/demo', apps: [web, app('idle', 'exec sleep 1000')] },
        hosts: { web: 'docker' },
        outputs: {
          url: {
            concat: [
              'http://',
              { get_attribute: ['web', 'load_balancer_ips', 0] },
              ':',
              { get_attribute: ['docker', 'host', 'publish_ports', 0, 'target'] },
            ],
          },
        },
      }),
      profile,
    );
    expect(outcome).toMatchObject({ status: 'deployed', missingOutputs: {} });
    const [task] = outcome.apps[0]?.tasks ?? [];
    const sandbox = await locateSandbox(endpointOf(profile, 'mesos'), task?.id ?? '');
    let output = '';
    for await (const text of followFile(sandbox, 'stdout', { isComplete: () => output.includes('\n') })) output += text;
    expect(output).toContain('listening ☃\n');
    // The server has said that it listens.
    expect(await (await fetch(String(outcome.outputs.url))).text()).toBe('here ☃');

    await until(store, ({ apps }) => apps.length === 2 && apps.every(({ running }) => running === 1));
    await marathon.scale(endpointOf(profile, 'marathon'), '/demo/idle', 3);
    const scaled = await until(store, ({ apps }) => apps.find(({ id }) => id === '/demo/idle')?.tasks.length === 3);
    expect(scaled.apps.find(({ id }) => id === '/demo/idle')).toMatchObject({ wanted: 3 });
    expect((await deployments(profile)).deployments).toMatchObject([{ name: 'demo', apps: [{}, {}], jobs: [] }]);

    expect((await undeploy('demo', profile)).status).toBe('removed');
    await until(store, ({ apps }) => apps.length === 0);
    const left = (await masterState(endpointOf(profile, 'mesos'))).tasks.filter(
      ({ state }) => state === 'TASK_RUNNING',
    );
    expect(left).toEqual([]);
    await expect(fetch(String(outcome.outputs.url))).rejects.toThrow();
  });

  it('jobs run one after the other, however quick they are, and leave their output', async () => {
    const chain = [
      job('demo--a', { command: 'echo a' }),
      job('demo--b', { command: 'echo b', parents: ['demo--a'] }),
      job('demo--c', { command: 'echo c', parents: ['demo--b'] }),
    ];
    const outcome = await deploy(plan({ release, chronos: chain }), profile);
    expect(outcome.failure).toBeUndefined();
    const done = await until(
      store,
      ({ jobs }) => jobs.length === 3 && jobs.every(({ last, taskIds }) => last === 'success' && taskIds.length > 0),
    );
    const mesos = endpointOf(profile, 'mesos');
    for (const [index, text] of ['a\n', 'b\n', 'c\n'].entries()) {
      const sandbox = await locateSandbox(mesos, done.jobs[index]?.taskIds[0] ?? '');
      let output = '';
      for await (const piece of followFile(sandbox, 'stdout', { isComplete: () => true })) output += piece;
      expect(output).toContain(text);
    }
    expect((await undeploy('demo', profile)).status).toBe('removed');
    expect(await chronos.jobs(chronos.chronosOf(profile))).toEqual([]);
  });

  it('a job that fails is told with its last words, and taken back', async () => {
    const failing = job('demo--a', { command: 'echo "no such data set" >&2; exit 3', retries: 0 });
    const outcome = await deploy(plan({ release, chronos: [failing] }), profile, { rollback: 'on-failure' });
    expect(outcome.failure).toBe('The job demo--a failed. The last line of its stderr: no such data set');
    expect(await chronos.jobs(chronos.chronosOf(profile))).toEqual([]);
  });

  it('a cluster that goes in the middle ends the deployment and shows as offline', async () => {
    const never: MarathonApp = { ...app('web', 'sleep 1000'), constraints: [['hostname', 'LIKE', 'nowhere']] };
    await until(store, ({ connection }) => connection.status === 'online');
    const offline = until(store, ({ connection }) => connection.status === 'offline');
    const outcome = await deploy(plan({ release, marathon: { id: '/demo', apps: [never] } }), profile, {
      awayMs: 500,
      onProgress: ({ id, detail }) => {
        if (id === '/demo/web' && detail.startsWith('0 of 1')) void cluster.stop();
      },
    });
    expect(outcome).toMatchObject({ status: 'failed', failure: expect.stringContaining('cannot be reached') });
    await offline;
  });
});
