import { afterEach, describe, expect, it } from 'vitest';
import { deployments } from '../../../cluster/src/deploy/deployments.ts';
import { planUndeploy, undeploy } from '../../../cluster/src/deploy/undeploy.ts';
import type { Profile } from '../../../cluster/src/profile.ts';
import type { TestServer } from '../server.ts';
import { FakeCluster, job, plan, runAll } from './fake.ts';

let server: TestServer;
let profile: Profile;
afterEach(() => server.close());

async function open(): Promise<FakeCluster> {
  const cluster = new FakeCluster();
  ({ server, profile } = await cluster.start());
  cluster.createGroup(JSON.stringify(plan({ apps: { web: 1, db: 2 } }).marathon));
  cluster.createGroup(JSON.stringify({ id: '/other', apps: [] }));
  for (const [name, parents] of [
    ['demo--a', []],
    ['demo--b', ['demo--a']],
    ['demo--c', ['demo--a', 'demo--b']],
    ['demo--not-one', []],
    ['other--a', []],
    ['my-demo--a', []],
    ['nightly', []],
  ] as const) {
    cluster.createJob(JSON.stringify(job(name, { parents })));
  }
  return cluster;
}

describe('undeploy', () => {
  it('tells what it would remove and changes nothing', async () => {
    const cluster = await open();
    expect(await planUndeploy('demo', profile)).toEqual({
      name: 'demo',
      group: '/demo',
      apps: ['/demo/web', '/demo/db'],
      jobs: ['demo--c', 'demo--b', 'demo--a'],
    });
    expect(cluster.actions).toEqual([]);
  });

  it('removes that and nothing else, children first', async () => {
    const cluster = await open();
    const outcome = await undeploy('demo', profile);
    expect(outcome.status).toBe('removed');
    expect(outcome.steps.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'demo--c done',
      'demo--b done',
      'demo--a done',
      '/demo done',
    ]);
    expect(cluster.actions).toEqual(['DELETE demo--c', 'DELETE demo--b', 'DELETE demo--a', 'DELETE /demo']);
    expect([...cluster.groups.keys()]).toEqual(['/other']);
    expect([...cluster.jobs.keys()]).toEqual(['demo--not-one', 'other--a', 'my-demo--a', 'nightly']);
  });

  it('waits until the group, its tasks and the deployment are gone', async () => {
    const cluster = await open();
    let looks = 0;
    cluster.intercept = ({ method, path }, response) => {
      if (method === 'DELETE' && path === '/v2/groups/demo') {
        cluster.ending = [
          { id: 'a', appId: '/demo/web' },
          { id: 'b', appId: '/demo2/web' },
        ];
        cluster.deployments = [{ id: 'd-9' }];
        response.end('{"version":"x","deploymentId":"d-9"}');
        return true;
      }
      if (method === 'GET' && path === '/v2/groups/demo' && cluster.deployments.length > 0) {
        looks++;
        if (looks === 2) cluster.groups.delete('/demo');
        if (looks === 3) cluster.ending = cluster.ending.slice(1);
        if (looks === 4) cluster.deployments = [];
        cluster.tell();
      }
      return false;
    };
    const details: string[] = [];
    const outcome = await undeploy('demo', profile, { onProgress: ({ detail }) => details.push(detail) });
    expect(outcome.status).toBe('removed');
    expect(looks).toBeGreaterThanOrEqual(4);
    expect(details).toContain('1 task to stop');
  });

  it('says that nothing is there', async () => {
    await open();
    expect(await undeploy('unknown', profile)).toEqual({ status: 'nothing-there', name: 'unknown', steps: [] });
  });

  it.each(['', '/', '..', 'a/b', 'demo/', 'Demo', '.*'])(
    'refuses %j, which could mean more than one deployment',
    async name => {
      const cluster = await open();
      expect((await undeploy(name, profile)).failure).toContain('is no name of a deployment');
      expect(cluster.actions).toEqual([]);
    },
  );

  it('removes nothing when one part cannot be asked', async () => {
    const cluster = await open();
    cluster.intercept = ({ path }, response) => {
      if (!path.startsWith('/v1/scheduler')) return false;
      response.writeHead(401).end();
      return true;
    };
    const outcome = await undeploy('demo', profile);
    expect(outcome).toMatchObject({ status: 'failed', failure: expect.stringContaining('asks for credentials') });
    expect(cluster.groups.has('/demo')).toBe(true);
  });

  it('is cancelled between two removals', async () => {
    const cluster = await open();
    const controller = new AbortController();
    const outcome = await undeploy('demo', profile, {
      signal: controller.signal,
      onProgress: ({ status }) => {
        if (status === 'done') controller.abort();
      },
    });
    expect(outcome.status).toBe('cancelled');
    expect(cluster.actions).toEqual(['DELETE demo--c']);
  });

  it('says that it takes too long', async () => {
    const cluster = await open();
    cluster.intercept = ({ method, path }, response) => {
      if (method !== 'DELETE' || path !== '/v2/groups/demo') return false;
      response.end('{"version":"x","deploymentId":"d"}');
      return true;
    };
    const outcome = await undeploy('demo', profile, { timeoutMs: 1_000 });
    expect(outcome).toMatchObject({ status: 'failed', failure: expect.stringContaining('not gone after 1 s') });
  });
});

describe('deployments', () => {
  it('are groups and jobs by their names, each with its state', async () => {
    const cluster = await open();
    const states = async () => {
      const { deployments: all, problems } = await deployments(profile);
      expect(problems).toEqual([]);
      return Object.fromEntries(all.map(({ name, state }) => [name, state]));
    };
    expect(await states()).toEqual({ demo: 'changing', 'my-demo': 'waiting', other: 'waiting' });
    for (const app of cluster.groups.get('/demo')?.values() ?? []) runAll(app);
    const other = cluster.jobs.get('other--a');
    if (other !== undefined) other.state = '1 running';
    expect(await states()).toMatchObject({ demo: 'running', other: 'running' });
    const web = cluster.groups.get('/demo')?.get('/demo/web');
    if (web !== undefined)
      Object.assign(web, { tasksRunning: 0, lastTaskFailure: { state: 'TASK_FAILED', timestamp: 'x' } });
    expect(await states()).toMatchObject({ demo: 'failing' });
  });

  it('are told as far as the cluster answers', async () => {
    const cluster = await open();
    cluster.intercept = ({ path }, response) => {
      if (!path.startsWith('/v2')) return false;
      response.writeHead(200).end('<html>');
      return true;
    };
    const { deployments: all, problems } = await deployments(profile);
    expect(all.map(({ name }) => name)).toEqual(['demo', 'my-demo', 'other']);
    expect(problems).toHaveLength(2);
  });
});
