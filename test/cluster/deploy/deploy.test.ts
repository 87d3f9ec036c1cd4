import { afterEach, describe, expect, it } from 'vitest';
import { type DeployOptions, deploy } from '../../../cluster/src/deploy/deploy.ts';
import type { Profile } from '../../../cluster/src/profile.ts';
import type { TestServer } from '../server.ts';
import { FakeCluster, job, plan, runAll } from './fake.ts';

let server: TestServer;
let profile: Profile;
afterEach(() => server.close());

async function open(set: (cluster: FakeCluster) => void = () => {}): Promise<FakeCluster> {
  const cluster = new FakeCluster();
  set(cluster);
  ({ server, profile } = await cluster.start());
  return cluster;
}

const failureOf = (cluster: FakeCluster, taskId: string, at: string) => ({
  state: 'TASK_FAILED',
  message: 'Command exited with status 1',
  taskId,
  host: 'h',
  timestamp: at,
  appId: [...cluster.groups.keys()][0],
});

describe('a deployment of apps', () => {
  it('ends when all tasks run, with addresses and outputs', async () => {
    const cluster = await open();
    cluster.onGroup = apps => {
      for (const app of apps.values()) runAll(app);
    };
    const progress: string[] = [];
    const outcome = await deploy(
      plan({
        apps: { web: 2, db: 1 },
        hosts: { web: 'docker' },
        outputs: {
          url: {
            concat: [
              'http://',
              { get_attribute: ['web', 'load_balancer_ips', 0] },
              ':',
              { get_attribute: ['docker', 'host', 'publish_ports', 1, 'target'] },
            ],
          },
          never: { get_attribute: ['web', 'colour'] },
        },
      }),
      profile,
      { onProgress: step => progress.push(`${step.id} ${step.status}`) },
    );
    expect(outcome).toMatchObject({
      status: 'deployed',
      name: 'demo',
      apps: [
        {
          id: '/demo/web',
          address: '10.0.0.2:31000',
          tasks: [
            { id: 'demo_web.0', host: '10.0.0.2', ports: [31000, 31100] },
            { id: 'demo_web.1', host: '10.0.0.2', ports: [31001, 31101] },
          ],
        },
        { id: '/demo/db' },
      ],
      outputs: { url: 'http://10.0.0.2:31100' },
      missingOutputs: { never: 'get_attribute [web, colour] has no value in this deployment.' },
      left: { group: '/demo', jobs: [] },
    });
    expect(outcome.failure).toBeUndefined();
    expect([...new Set(progress)]).toEqual([
      '/demo running',
      '/demo done',
      '/demo/web running',
      '/demo/db running',
      '/demo/web done',
      '/demo/db done',
    ]);
    expect(outcome.steps.map(({ id, detail }) => `${id}: ${detail}`)).toEqual([
      '/demo: created',
      '/demo/web: 2 of 2 tasks running',
      '/demo/db: 1 of 1 task running',
    ]);
  });

  it('waits for health where it is checked, woken by events', async () => {
    const cluster = await open();
    cluster.onGroup = apps => {
      for (const app of apps.values()) {
        runAll(app);
        app.healthChecks = [{ protocol: 'HTTP' }];
      }
    };
    const details: string[] = [];
    const outcome = await deploy(plan({ apps: { web: 1 } }), profile, {
      onProgress: ({ id, detail }) => {
        details.push(`${id} ${detail}`);
        const web = cluster.groups.get('/demo')?.get('/demo/web');
        if (web !== undefined && detail === '0 of 1 task healthy') {
          web.tasksHealthy = 1;
          cluster.tell();
        }
      },
    });
    expect(outcome.status).toBe('deployed');
    expect(details).toContain('/demo/web 0 of 1 task healthy');
  });

  it('takes no app for running that falls over at once', async () => {
    const cluster = await open();
    let looks = 0;
    cluster.onGroup = apps => {
      for (const app of apps.values()) runAll(app);
    };
    cluster.intercept = ({ method, path }) => {
      const web = cluster.groups.get('/demo')?.get('/demo/web');
      if (method !== 'GET' || path !== '/v2/apps/demo/web' || web === undefined) return false;
      // Each look finds another task: the one before has failed.
      looks++;
      web.tasks = [{ id: `web.${looks}`, state: 'TASK_RUNNING', host: 'h', slaveId: 'S0', ports: [] }];
      web.lastTaskFailure = failureOf(cluster, `web.${looks - 1}`, `2018-02-01T10:00:0${looks}.000Z`);
      cluster.tasks = [{ id: `web.${looks - 1}`, framework_id: 'F0', slave_id: 'S0', executor_id: '' }];
      cluster.files.set(`/w/web.${looks - 1}/stderr`, 'starting\nsh: nginx: not found\n\n');
      cluster.tell();
      return false;
    };
    const outcome = await deploy(plan({ apps: { web: 1 } }), profile);
    expect(outcome.status).toBe('failed');
    expect(outcome.failure).toBe(
      '/demo/web does not stay up: Command exited with status 1. The last line of its stderr: sh: nginx: not found',
    );
    expect(outcome.left).toEqual({ group: '/demo', jobs: [] });
    expect(cluster.groups.has('/demo')).toBe(true);
  });

  it('that takes too long says how far it came, and takes back what it created when asked to', async () => {
    const cluster = await open();
    const outcome = await deploy(plan({ apps: { web: 2 } }), profile, { timeoutMs: 300, rollback: 'on-failure' });
    expect(outcome.status).toBe('failed');
    expect(outcome.failure).toBe('It is not ready after 0.3 s: /demo/web (0 of 2 tasks running).');
    expect(outcome.left).toEqual({ jobs: [] });
    expect(cluster.groups.size).toBe(0);
    expect(cluster.actions).toEqual(['DELETE /demo']);
  });

  it.each(['never', 'on-failure'] as const)('that is cancelled tells what is there: rollback %s', async rollback => {
    const cluster = await open();
    const controller = new AbortController();
    const outcome = await deploy(plan({ apps: { web: 1 } }), profile, {
      signal: controller.signal,
      rollback,
      onProgress: ({ id, status }) => {
        if (id === '/demo/web' && status === 'running') controller.abort();
      },
    });
    expect(outcome).toMatchObject({ status: 'cancelled', failure: 'The deployment was cancelled.' });
    expect(cluster.groups.has('/demo')).toBe(rollback === 'never');
    expect(outcome.left).toEqual(rollback === 'never' ? { group: '/demo', jobs: [] } : { jobs: [] });
    expect(outcome.steps.find(({ id }) => id === '/demo/web')?.status).toBe('stopped');
  });
});

describe('a deployment that cannot begin', () => {
  const refused = async (
    set: (cluster: FakeCluster) => void,
    what: Parameters<typeof plan>[0],
    options: DeployOptions = {},
  ) => {
    const cluster = await open(set);
    const outcome = await deploy(plan(what), profile, { rollback: 'on-failure', ...options });
    expect(outcome).toMatchObject({ status: 'failed', left: { jobs: [] } });
    expect(outcome.left.group).toBeUndefined();
    expect(cluster.actions).toEqual([]);
    return outcome.failure;
  };

  it('because the group is there already, and leaves it alone', async () => {
    const before = (cluster: FakeCluster) => cluster.groups.set('/demo', new Map());
    expect(await refused(before, { apps: { web: 1 } })).toBe(
      'The cluster has a deployment "demo" already (the group /demo): undeploy it first, or choose another name.',
    );
  });

  it('because jobs of the name are there, whose like Chronos would silently replace', async () => {
    const before = (cluster: FakeCluster) => {
      cluster.createJob(JSON.stringify(job('demo--old')));
      cluster.createJob(JSON.stringify(job('demo2--x')));
    };
    expect(await refused(before, { chronos: [job('demo--a')] })).toContain('(the job demo--old)');
    expect(server.requests.some(request => request.startsWith('POST'))).toBe(false);
  });

  it('because the template has errors, or nothing to run', async () => {
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
    const diagnostics = [{ range, severity: 1, code: 'x', source: 'tosca', message: 'no' }] as const;
    expect(await refused(() => {}, { apps: { web: 1 }, diagnostics })).toBe(
      'The template has errors: mend them first.',
    );
    expect(await refused(() => {}, {})).toContain('nothing that runs on Mesos');
    expect(server.requests).toEqual([]);
  });

  it('because the profile has no such part', async () => {
    await open();
    const { chronos: _, ...without } = profile;
    const outcome = await deploy(plan({ chronos: [job('demo--a')] }), without);
    expect(outcome.failure).toBe('The profile "fake" has no address for Chronos: add one.');
  });

  it('because Marathon refuses the group: nothing is taken for created', async () => {
    const refuse = (cluster: FakeCluster) => {
      cluster.intercept = ({ method, path }, response) => {
        if (method !== 'POST' || path !== '/v2/groups') return false;
        const details = [{ path: '/apps(0)/id', errors: ['is bad'] }];
        response.writeHead(422).end(JSON.stringify({ message: 'Object is not valid', details }));
        return true;
      };
    };
    expect(await refused(refuse, { apps: { web: 1 } })).toContain('refuses what was sent (422): /apps(0)/id is bad.');
  });
});

describe('a reply that is lost', () => {
  it.each([true, false])('of the group, accepted %s', async accepted => {
    const cluster = await open();
    let posts = 0;
    cluster.onGroup = apps => {
      for (const app of apps.values()) runAll(app);
    };
    cluster.intercept = ({ method, path, body }, response) => {
      if (method !== 'POST' || path !== '/v2/groups' || ++posts > 1) return false;
      if (accepted) cluster.createGroup(body);
      response.destroy();
      return true;
    };
    expect((await deploy(plan({ apps: { web: 1 } }), profile)).status).toBe('deployed');
    expect(posts).toBe(accepted ? 1 : 2);
  });

  it.each([true, false])('of a job, accepted %s', async accepted => {
    const cluster = await open();
    let posts = 0;
    cluster.onJob = created => {
      created.successCount = 1;
    };
    cluster.intercept = ({ method, path, body }, response) => {
      if (method !== 'POST' || path !== '/v1/scheduler/iso8601' || ++posts > 1) return false;
      if (accepted) cluster.createJob(body);
      response.destroy();
      return true;
    };
    expect((await deploy(plan({ chronos: [job('demo--a')] }), profile)).status).toBe('deployed');
    expect(posts).toBe(accepted ? 1 : 2);
  });
});

describe('a cluster that dies in the middle', () => {
  it('ends the deployment with a sentence, and a rollback that cannot be says so', async () => {
    const cluster = await open();
    const details: string[] = [];
    const outcome = await deploy(plan({ apps: { web: 1 } }), profile, {
      awayMs: 200,
      rollback: 'on-failure',
      onProgress: ({ id, status, detail }) => {
        details.push(`${id} ${detail}`);
        if (id === '/demo/web' && status === 'running') void server.close();
      },
    });
    expect(outcome.status).toBe('failed');
    expect(outcome.failure).toMatch(/cannot be reached: .* What it had created could not be taken away: Marathon at /);
    expect(outcome.left).toEqual({ group: '/demo', jobs: [] });
    expect(details).toContain('/demo/web the cluster does not answer for now; trying again');
    expect(cluster.groups.has('/demo')).toBe(true);
  });
});

describe('a deployment of jobs', () => {
  const chain = [
    job('demo--a'),
    job('demo--b', { parents: ['demo--a'] }),
    job('demo--c', { parents: ['demo--a', 'demo--b'] }),
  ];

  it('ends when each has succeeded once, though one was forgotten', async () => {
    const cluster = await open();
    cluster.onJob = created => {
      // The first is over before Chronos hears of its child.
      if (created.name === 'demo--a') created.successCount = 1;
    };
    cluster.onRun = started => {
      started.successCount = 1;
      const c = cluster.jobs.get('demo--c');
      if (c !== undefined) c.successCount = 1;
    };
    const outcome = await deploy(plan({ chronos: chain }), profile);
    expect(outcome).toMatchObject({ status: 'deployed', left: { jobs: ['demo--a', 'demo--b', 'demo--c'] } });
    expect(cluster.actions).toEqual(['PUT demo--b']);
    expect(outcome.steps.map(({ status, detail }) => `${status} ${detail}`)).toEqual(Array(3).fill('done succeeded'));
  });

  it('fails with the first that fails, says why, and takes children away first', async () => {
    const cluster = await open();
    cluster.onJob = created => {
      if (created.name !== 'demo--a') return;
      created.errorCount = 1;
      cluster.tasks = [{ id: 'ct:1:0:demo--a:', framework_id: 'F0', slave_id: 'S0', executor_id: '' }];
      cluster.files.set('/w/ct:1:0:demo--a:/stderr', 'no such data set\n');
    };
    const outcome = await deploy(plan({ chronos: chain }), profile, { rollback: 'on-failure' });
    expect(outcome.failure).toBe('The job demo--a failed. The last line of its stderr: no such data set');
    expect(cluster.actions).toEqual(['DELETE demo--c', 'DELETE demo--b', 'DELETE demo--a']);
    expect(outcome.left).toEqual({ jobs: [] });
  });

  it('does not take the runs of earlier jobs of the name for its own', async () => {
    const cluster = await open();
    cluster.tasks = ['a', 'b'].map(name => ({ id: `ct:1:0:demo--${name}:`, framework_id: 'F0', slave_id: 'S0' }));
    cluster.onJob = created => {
      if (created.name === 'demo--a') created.successCount = 1;
    };
    cluster.onRun = started => {
      started.successCount = 1;
    };
    const details: string[] = [];
    const outcome = await deploy(plan({ chronos: chain.slice(0, 2) }), profile, {
      onProgress: ({ detail }) => details.push(detail),
    });
    expect(outcome.status).toBe('deployed');
    expect(cluster.actions).toEqual(['PUT demo--b']);
    expect(details.join()).not.toContain('attempt');
  });

  it('does not wait for what runs later, nor for what hangs on it', async () => {
    const cluster = await open();
    const later = job('demo--a', { schedule: 'R/2200-01-01T00:00:00Z/P1D' });
    const outcome = await deploy(
      plan({ chronos: [later, job('demo--b', { parents: ['demo--a'] }), job('demo--c', { schedule: 'R0//PT1M' })] }),
      profile,
    );
    expect(outcome.steps.map(({ detail }) => detail)).toEqual([
      'scheduled, first run at 2200-01-01T00:00:00Z',
      'runs after demo--a',
      'its schedule leaves no run',
    ]);
    expect(cluster.jobs.size).toBe(3);
  });

  it('waits for a job that runs, and says what it waits for', async () => {
    const cluster = await open();
    const seen: string[] = [];
    cluster.onJob = created => {
      if (created.name === 'demo--a') created.state = 'queued';
    };
    const outcome = await deploy(plan({ chronos: chain.slice(0, 2) }), profile, {
      onProgress: ({ id, detail }) => {
        seen.push(`${id} ${detail}`);
        const a = cluster.jobs.get('demo--a');
        if (a === undefined) return;
        if (detail === 'running') for (const one of cluster.jobs.values()) one.successCount = 1;
        else if (detail.startsWith('queued')) a.state = '1 running';
      },
    });
    expect(outcome.status).toBe('deployed');
    expect(seen).toContain('demo--a queued: waits for room on an agent');
    expect(seen).toContain('demo--b waits for demo--a');
    expect(seen).toContain('demo--a running');
  });
});
