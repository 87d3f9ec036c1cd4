import { afterEach, describe, expect, it } from 'vitest';
import * as chronos from '../../../cluster/src/chronos/client.ts';
import type { ChronosJob } from '../../../protocol/src/chronos.ts';
import type { Release } from '../../../protocol/src/plan.ts';
import { answers, type Handler, serve, type TestServer } from '../server.ts';

let server: TestServer | undefined;
afterEach(() => server?.close());

async function open(release: Release, handler: Handler): Promise<chronos.Chronos> {
  server = await serve(handler);
  return { service: 'Chronos', url: server.url, release };
}

const job = (name: string, more: Partial<ChronosJob> = {}): ChronosJob => ({
  name,
  command: 'date',
  uris: [],
  environmentVariables: [],
  constraints: [],
  container: { type: 'DOCKER', image: 'busybox', forcePullImage: false, volumes: [] },
  ...more,
});

const posted = { successCount: 0, errorCount: 0, lastSuccess: '', lastError: '', disabled: false, retries: 2 };

describe('jobs', () => {
  it('come sorted, empty texts as absent, in both releases', async () => {
    const all = [
      { name: 'b', command: 'date', parents: ['z', 'a'], ...posted },
      {
        ...posted,
        name: 'a',
        command: '',
        schedule: 'R0/2017-03-02T10:00:00.000Z/PT24H',
        disabled: true,
        successCount: 1,
        lastSuccess: '2017-03-01T10:00:04.120Z',
        container: { type: 'docker', image: 'busybox' },
      },
    ];
    for (const [release, path] of [
      ['indigo_1', '/scheduler/jobs'],
      ['indigo_2', '/v1/scheduler/jobs'],
    ] as const) {
      const endpoint = await open(release, answers({ [`GET ${path}`]: all }));
      expect(await chronos.jobs(endpoint)).toEqual([
        {
          name: 'a',
          command: undefined,
          description: undefined,
          schedule: 'R0/2017-03-02T10:00:00.000Z/PT24H',
          parents: [],
          disabled: true,
          retries: 2,
          successCount: 1,
          errorCount: 0,
          lastSuccess: '2017-03-01T10:00:04.120Z',
          lastError: undefined,
          image: 'busybox',
        },
        expect.objectContaining({ name: 'b', command: 'date', schedule: undefined, parents: ['a', 'z'] }),
      ]);
      await server?.close();
    }
  });

  it.each([['{}'], ['[{}]'], ['[null]'], ['[{"name":"x","parents":[1]}]']])(
    'that are %s are a ClusterError',
    async body => {
      const endpoint = await open('deep_1', answers({ 'GET /v1/scheduler/jobs': body }));
      await expect(chronos.jobs(endpoint)).rejects.toMatchObject({ name: 'ClusterError', code: 'unexpected-shape' });
    },
  );
});

describe('the summary', () => {
  it('of Chronos 3, whose members are crossed', async () => {
    const jobs = [
      { name: 'a', status: 'success', state: 'idle', schedule: 'R0/…', parents: [], disabled: true },
      { name: 'b', status: 'fresh', state: '1 running', schedule: '', parents: ['a'], disabled: false },
      { name: 'c', status: 'failure', state: 'queued', schedule: '', parents: ['a'], disabled: false },
    ];
    const endpoint = await open('indigo_2', answers({ 'GET /v1/scheduler/jobs/summary': { jobs } }));
    expect(await chronos.summary(endpoint)).toEqual([
      { name: 'a', last: 'success', current: 'idle' },
      { name: 'b', last: 'fresh', current: 'running' },
      { name: 'c', last: 'failure', current: 'queued' },
    ]);
  });

  it('of Chronos 2, from the jobs and the graph', async () => {
    const early = '2017-03-01T10:00:00.000Z';
    const late = '2017-03-01T10:00:01.000Z';
    const endpoint = await open(
      'indigo_1',
      answers({
        'GET /scheduler/jobs': [
          { ...posted, name: 'a job' },
          { ...posted, name: 'b', lastSuccess: late, lastError: early },
          { ...posted, name: 'c', lastSuccess: late, lastError: late },
          { ...posted, name: 'd', lastError: early },
        ],
        'GET /scheduler/graph/csv': 'node,a job,fresh,running\nnode,b,success,queued\nnode,c,failure,idle\nlink,b,c\n',
      }),
    );
    expect(await chronos.summary(endpoint)).toEqual([
      { name: 'a job', last: 'fresh', current: 'running' },
      { name: 'b', last: 'success', current: 'queued' },
      { name: 'c', last: 'failure', current: 'idle' },
      { name: 'd', last: 'failure', current: 'idle' },
    ]);
  });
});

describe('a job', () => {
  it('is created by its kind, run and removed', async () => {
    const endpoint = await open('indigo_2', (_, response) => void response.writeHead(204).end());
    await chronos.create(endpoint, job('d--a', { schedule: 'R1//PT1M' }));
    await chronos.create(endpoint, job('d--b', { parents: [] }));
    await chronos.create(endpoint, job('d--c', { parents: ['d--a'] }));
    await chronos.runNow(endpoint, 'd--a');
    expect(await chronos.remove(endpoint, 'a b#')).toBe(true);
    expect(server?.requests).toEqual([
      'POST /v1/scheduler/iso8601',
      'POST /v1/scheduler/iso8601',
      'POST /v1/scheduler/dependency',
      'PUT /v1/scheduler/job/d--a',
      'DELETE /v1/scheduler/job/a b#',
    ]);
    expect(JSON.parse(server?.bodies[2] ?? '')).toEqual(job('d--c', { parents: ['d--a'] }));
  });

  it('that Chronos does not know is no failure to remove, and one to run', async () => {
    const message = "java.lang.IllegalArgumentException: requirement failed: JobSchedule 'x' not found\n\tat scala";
    const endpoint = await open('indigo_2', (_, response) =>
      response.writeHead(400).end(JSON.stringify({ status: 'Bad Request', message })),
    );
    expect(await chronos.remove(endpoint, 'x')).toBe(false);
    await expect(chronos.runNow(endpoint, 'x')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('whose schedule Chronos 2 refuses without a word is explained', async () => {
    const endpoint = await open('indigo_1', (_, response) => void response.writeHead(400).end());
    await expect(chronos.create(endpoint, job('x', { schedule: 'daily' }))).rejects.toThrow(
      'Chronos refuses the job "x": it cannot read the schedule "daily".',
    );
  });
});
