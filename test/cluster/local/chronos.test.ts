import { readdir, readFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { eventually, openCluster, type Send } from './local.ts';

const newer = ['indigo_2', 'deep_1'] as const;
const releases = ['indigo_1', ...newer] as const;
const fast = { failureRetryMs: 20 } as const;

const find = async (chronos: Send, name: string) =>
  (await chronos('GET', '/jobs')).json.find((job: { name: string }) => job.name === name);
const until = (chronos: Send, name: string, test: (job: Record<string, unknown>) => boolean) =>
  eventually(async () => {
    const job = await find(chronos, name);
    return job !== undefined && test(job) && job;
  });

test.for(releases)('a job runs once, then its children one after the other (%s)', async release => {
  const { chronos, cluster, mesos } = await openCluster({ release });
  const write = (text: string) => `echo ${text} >> ${cluster.stateDir}/order`;
  for (const [name, parents] of [
    ['a', undefined],
    ['b', ['a']],
    ['c', ['b']],
  ] as const) {
    const body = { name, command: write(name), ...(parents === undefined ? {} : { parents }) };
    expect(
      await chronos('POST', parents === undefined ? '/iso8601' : '/dependency', {
        ...body,
        ...(parents === undefined ? { schedule: 'R1//PT24H' } : {}),
      }),
    ).toMatchObject({ status: 204, text: '' });
  }
  await until(chronos, 'c', ({ successCount }) => successCount === 1);
  expect(await readFile(`${cluster.stateDir}/order`, 'utf8')).toBe('a\nb\nc\n');
  const first = await find(chronos, 'a');
  expect(first).toMatchObject({ successCount: 1, errorCount: 0, disabled: true, lastError: '' });
  expect(first.schedule).toMatch(/^R0\/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)\/PT24H$/);
  expect(await find(chronos, 'c')).toMatchObject({ disabled: false, parents: ['b'] });
  const { text } = await chronos('GET', '/graph/csv');
  expect(text.split('\n').sort()).toEqual([
    '',
    'link,a,b',
    'link,b,c',
    'node,a,success,idle',
    'node,b,success,idle',
    'node,c,success,idle',
  ]);
  expect((await chronos('GET', '/graph/dot')).text).toMatch(
    /^digraph G \{\n {2}1 \[ label="a" \];\n[\s\S]*1 -> 2;[\s\S]*\}\n$/,
  );
  const frameworks = (await mesos('GET', '/state')).json.frameworks;
  const { completed_tasks: completed } = frameworks.find(({ name }: { name: string }) => name.startsWith('chronos'));
  expect(completed.map(({ name }: { name: string }) => name)).toEqual([
    'ChronosTask:a',
    'ChronosTask:b',
    'ChronosTask:c',
  ]);
  expect(completed[0].id).toMatch(/^ct:\d+:0:a:$/);
});

test('the members of a job are those of the release', async () => {
  const old = await openCluster({ release: 'indigo_1' });
  await old.chronos('POST', '/iso8601', {
    name: 'my job',
    command: 'date',
    schedule: 'R/2030-01-01T00:00:00Z/P1D',
    container: { type: 'MESOS', image: 'busybox', parameters: [] },
    fetch: [],
    concurrent: true,
  });
  expect((await old.chronos('GET', '/jobs')).text).toBe(
    '[{"name":"my job","command":"date","shell":true,"epsilon":"PT60S","executor":"","executorFlags":"","retries":2,"owner":"","ownerName":"",' +
      '"description":"","async":false,"successCount":0,"errorCount":0,"lastSuccess":"","lastError":"","cpus":0.1,"disk":256,"mem":128,"disabled":false,' +
      '"softError":false,"dataProcessingJobType":false,"errorsSinceLastSuccess":0,"uris":[],"environmentVariables":[],"arguments":[],"highPriority":false,' +
      '"runAsUser":"root","container":{"type":"docker","image":"busybox","network":"HOST","volumes":[],"forcePullImage":false},"constraints":[],' +
      '"schedule":"R/2030-01-01T00:00:00Z/P1D","scheduleTimeZone":""}]',
  );
  const gpu = await openCluster();
  await gpu.chronos('POST', '/iso8601', {
    name: 'g',
    gpus: 2,
    schedule: 'R/2030-01-01T00:00:00Z/P1D',
    epsilon: 'PT1S',
    cpus: '0.5',
    mem: 0,
    constraints: [['hostname', 'UNIQUE', '']],
  });
  const { json } = await gpu.chronos('GET', '/job/g');
  expect(json).toMatchObject({
    command: '',
    gpus: 2,
    cpus: 0.5,
    mem: 128,
    maxCompletionTime: 0,
    concurrent: false,
    constraints: [],
  });
  expect(json).not.toHaveProperty('epsilon');
  expect(json).not.toHaveProperty('container');
  const plain = await openCluster({ release: 'indigo_2' });
  await plain.chronos('POST', '/iso8601', {
    name: 'p',
    gpus: 2,
    schedule: 'R/2030-01-01T00:00:00Z/P1D',
    description: null,
    retries: null,
  });
  expect((await plain.chronos('GET', '/job/p')).json).toMatchObject({ description: 'null', retries: 0 });
  expect((await plain.chronos('GET', '/job/p')).json).not.toHaveProperty('gpus');
});

test('a job that fails is tried again, then counts one error and is disabled', async () => {
  const { chronos, cluster } = await openCluster({ ...fast, release: 'indigo_1' });
  await chronos('POST', '/iso8601', {
    name: 'bad',
    command: `echo x >> ${cluster.stateDir}/tries; exit 1`,
    schedule: 'R1//PT24H',
    retries: 2,
  });
  await chronos('POST', '/dependency', { name: 'child', command: 'true', parents: ['bad'] });
  const job = await until(chronos, 'bad', ({ errorCount }) => errorCount === 1);
  expect(job).toMatchObject({ successCount: 0, errorsSinceLastSuccess: 1, disabled: true, lastSuccess: '' });
  expect(await readFile(`${cluster.stateDir}/tries`, 'utf8')).toBe('x\nx\nx\n');
  expect(await find(chronos, 'child')).toMatchObject({ successCount: 0, errorCount: 0 });
  expect((await chronos('GET', '/graph/csv')).text).toContain('node,bad,failure,idle\n');
});

test('a soft error triggers the children all the same', async () => {
  const { chronos } = await openCluster({ ...fast, disableAfterFailures: 0 });
  await chronos('POST', '/iso8601', {
    name: 'soft',
    command: 'exit 1',
    schedule: 'R1//PT24H',
    retries: 0,
    softError: true,
  });
  await chronos('POST', '/dependency', { name: 'child', command: 'true', parents: ['soft'] });
  await until(chronos, 'child', ({ successCount }) => successCount === 1);
  expect(await find(chronos, 'soft')).toMatchObject({ errorCount: 1, disabled: false });
  expect((await find(chronos, 'soft')).schedule).toMatch(/^R0\//);
});

test('in 3.0.2 a retry takes a recurrence, and R1 becomes R', async () => {
  const { chronos, cluster } = await openCluster(fast);
  await chronos('POST', '/iso8601', {
    name: 'j',
    command: `test -f ${cluster.stateDir}/once || { touch ${cluster.stateDir}/once; exit 1; }`,
    schedule: 'R1//PT24H',
  });
  const job = await until(chronos, 'j', ({ successCount }) => successCount === 1);
  expect(job).toMatchObject({ errorCount: 0, disabled: false });
  expect(job.schedule).toMatch(/^R\/\d/);
});

test('a start in the past runs once at once in 3.0.2, and is skipped when older than epsilon in 2.4.0', async () => {
  const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
  const body = { name: 'past', command: 'true', schedule: `R1/${hourAgo}/PT24H` };
  const { chronos } = await openCluster();
  await chronos('POST', '/iso8601', body);
  await until(chronos, 'past', ({ successCount }) => successCount === 1);
  const old = await openCluster({ release: 'indigo_1' });
  await old.chronos('POST', '/iso8601', body);
  await old.chronos('POST', '/iso8601', { ...body, name: 'recent', epsilon: 'PT2H' });
  await until(old.chronos, 'recent', ({ successCount }) => successCount === 1);
  expect(await find(old.chronos, 'past')).toMatchObject({ successCount: 0, errorCount: 0, disabled: false });
});

test('a job runs as often as its schedule says', async () => {
  const { chronos } = await openCluster();
  await chronos('POST', '/iso8601', { name: 'thrice', command: 'true', schedule: 'R3//PT1S' });
  const job = await until(chronos, 'thrice', ({ disabled }) => disabled === true);
  expect(job.schedule).toMatch(/^R0\//);
  expect(job.successCount).toBe(3);
});

test('a job with neither schedule nor parents runs now, once', async () => {
  const { chronos } = await openCluster();
  expect((await chronos('POST', '/iso8601', { name: 'now', command: 'true' })).status).toBe(204);
  expect(await until(chronos, 'now', ({ successCount }) => successCount === 1)).toMatchObject({ disabled: true });
});

test('a child of two parents runs when both have run as often', async () => {
  const { chronos } = await openCluster();
  for (const name of ['p', 'q'])
    await chronos('POST', '/iso8601', { name, command: 'true', schedule: 'R/2040-01-01T00:00:00Z/P1D' });
  await chronos('POST', '/dependency', { name: 'both', command: 'true', parents: ['p', 'q'] });
  await chronos('PUT', '/job/p');
  await until(chronos, 'p', ({ successCount }) => successCount === 1);
  expect(await find(chronos, 'both')).toMatchObject({ successCount: 0 });
  await chronos('PUT', '/job/q');
  await until(chronos, 'both', ({ successCount }) => successCount === 1);
});

test('run now takes arguments in 3.0.2, which go to the command', async () => {
  const { chronos, cluster } = await openCluster();
  await chronos('POST', '/iso8601', {
    name: 'say',
    command: `echo > ${cluster.stateDir}/said`,
    schedule: 'R/2040-01-01T00:00:00Z/P1D',
    arguments: ['own'],
  });
  expect((await chronos('PUT', '/job/say?arguments=hello')).status).toBe(204);
  await until(chronos, 'say', ({ successCount }) => successCount === 1);
  expect(await readFile(`${cluster.stateDir}/said`, 'utf8')).toBe('hello\n');
  expect((await chronos('GET', '/jobs/summary')).json.jobs).toEqual([
    {
      name: 'say',
      status: 'success',
      state: 'idle',
      schedule: 'R/2040-01-01T00:00:00.000Z/P1D',
      parents: [],
      disabled: false,
    },
  ]);
});

test('a running job can be killed, which counts as nothing, and deleted', async () => {
  const { chronos, mesos } = await openCluster();
  await chronos('POST', '/iso8601', { name: 'long', command: 'sleep 1000', schedule: 'R1//PT24H' });
  const state = async () => (await chronos('GET', '/jobs/summary')).json.jobs[0].state;
  await eventually(async () => (await state()) === '1 running');
  expect((await chronos('DELETE', '/task/kill/long')).status).toBe(204);
  await eventually(async () => (await state()) === 'idle');
  expect(await find(chronos, 'long')).toMatchObject({ successCount: 0, errorCount: 0 });
  await chronos('PUT', '/job/long');
  await eventually(async () => (await state()) === '1 running');
  expect((await chronos('DELETE', '/job/long')).status).toBe(204);
  expect((await chronos('GET', '/jobs')).json).toEqual([]);
  await eventually(async () =>
    (await mesos('GET', '/state')).json.frameworks.every(({ tasks }: { tasks: unknown[] }) => tasks.length === 0),
  );
});

test('children of a deleted job take over what it depended on', async () => {
  const { chronos } = await openCluster();
  const later = 'R/2040-01-01T00:00:00Z/P1D';
  await chronos('POST', '/iso8601', { name: 'a', command: 'true', schedule: later });
  await chronos('POST', '/dependency', { name: 'b', command: 'true', parents: ['a'] });
  await chronos('POST', '/dependency', {
    name: 'c',
    command: 'true',
    parents: ['b'],
    environmentVariables: [{ name: 'A', value: 'b' }],
  });
  await chronos('DELETE', '/job/b');
  expect(await find(chronos, 'c')).toMatchObject({ parents: ['a'], environmentVariables: [{ name: 'A', value: 'b' }] });
  await chronos('DELETE', '/job/a');
  expect(await find(chronos, 'c')).toMatchObject({ schedule: later, environmentVariables: [] });
  expect(await find(chronos, 'c')).not.toHaveProperty('parents');
});

test('search looks for parts of names and commands, ten at a time', async () => {
  const { chronos } = await openCluster();
  for (let n = 0; n < 12; n++)
    await chronos('POST', '/iso8601', {
      name: `job-${n}`,
      command: `run ${n % 2}`,
      schedule: 'R/2040-01-01T00:00:00Z/P1D',
    });
  const names = async (query: string) =>
    (await chronos('GET', `/jobs/search?${query}`)).json.map(({ name }: { name: string }) => name);
  expect(await names('')).toHaveLength(10);
  expect(await names('limit=100')).toHaveLength(12);
  expect(await names('name=JOB-1')).toEqual(['job-1', 'job-10', 'job-11']);
  expect(await names('name=job-1&command=run%201')).toEqual(['job-1', 'job-11']);
  expect(await names('name=job-1&offset=1&limit=1')).toEqual(['job-10']);
});

test('2.4.0 refuses with bare words, or none', async () => {
  const { chronos } = await openCluster({ release: 'indigo_1' });
  const later = 'R/2040-01-01T00:00:00Z/P1D';
  expect(await chronos('DELETE', '/job/x')).toMatchObject({
    status: 400,
    text: "requirement failed: Job 'x' not found",
  });
  expect(await chronos('DELETE', '/task/kill/x')).toMatchObject({ status: 500, text: '' });
  expect(await chronos('POST', '/iso8601', { name: 'a.b', command: 'true', schedule: later })).toMatchObject({
    status: 400,
    text: "requirement failed: the job's name is invalid. Allowed names: '([\\w\\s#_-]+)'",
  });
  expect(await chronos('POST', '/iso8601', { name: 'a', command: 'true', schedule: 'daily' })).toMatchObject({
    status: 400,
    text: '',
  });
  expect((await chronos('POST', '/iso8601', { name: 'a', schedule: later })).status).toBe(500);
  expect(await chronos('POST', '/dependency', { name: 'a', command: 'true', parents: ['x'] })).toMatchObject({
    status: 400,
    text: 'requirement failed: Job a does not have all parents defined!',
  });
  expect((await chronos('POST', '/dependency', { name: 'a', command: 'true', parents: [] })).status).toBe(500);
  expect((await chronos('PUT', '/iso8601', { name: 'with blanks #1', command: 'true', schedule: later })).status).toBe(
    204,
  );
  expect((await chronos('GET', '/job/x')).status).toBe(405);
});

test('3.0.2 refuses with status and message', async () => {
  const { chronos } = await openCluster();
  const later = 'R/2040-01-01T00:00:00Z/P1D';
  const refused = async (method: string, path: string, body?: unknown) => {
    const { status, json } = await chronos(method, path, body);
    expect(json.status).toBe(status === 400 ? 'Bad Request' : 'Internal Server Error');
    return json.message;
  };
  const requirement = 'java.lang.IllegalArgumentException: requirement failed: ';
  expect(await refused('DELETE', '/job/x')).toBe(`${requirement}JobSchedule 'x' not found`);
  expect(await refused('PUT', '/job/x')).toBe(`${requirement}Job 'x' not found`);
  expect(await refused('GET', '/job/x')).toBe(`${requirement}Job 'x' not found`);
  expect(await refused('POST', '/iso8601', { name: 'a b', schedule: later })).toBe(
    `${requirement}the job's name is invalid. Allowed names: '([\\w\\.-]+)'`,
  );
  expect(await refused('POST', '/iso8601', { name: 'a', schedule: null })).toBe(
    "Cannot parse schedule 'null' (wtf bro)",
  );
  expect(await refused('POST', '/iso8601', { name: 'a', schedule: 'R1/1970-01-01T00:00:00Z/P1D' })).toContain(
    'is before 1970!',
  );
  expect(await refused('POST', '/iso8601', { name: 'a', schedule: later, uris: ['u'], fetch: [{ uri: 'u' }] })).toBe(
    'Tried to add both uri (deprecated) and fetch parameters on a',
  );
  expect((await chronos('POST', '/iso8601', '{"name":')).status).toBe(500);
  expect((await chronos('PUT', '/iso8601', { name: 'a', schedule: later })).status).toBe(405);
  expect((await chronos('POST', '/iso8601', '{}', { 'Content-Type': 'text/plain' })).status).toBe(415);
  // A parent that is not there: taken, and hidden until it is.
  expect((await chronos('POST', '/dependency', { name: 'child', parents: ['p'] })).status).toBe(204);
  expect((await chronos('GET', '/jobs')).json).toEqual([]);
  expect((await chronos('GET', '/job/child')).status).toBe(400);
  await chronos('POST', '/iso8601', { name: 'p', schedule: later });
  expect((await chronos('GET', '/job/child')).status).toBe(200);
});

/** Serves a script at any path; returns its address. */
async function serveScript(script: string): Promise<string> {
  const server = http.createServer((_, response) => response.end(script));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.for(['indigo_1', 'deep_1'] as const)('a command that is an address is fetched and run (%s)', async release => {
  const { chronos, cluster } = await openCluster({ release });
  const address = await serveScript(`#!/bin/sh\necho "$0 in $MESOS_SANDBOX" > ${cluster.stateDir}/said\n`);
  await chronos('POST', '/iso8601', { name: 'a', command: `${address}/tools/run.sh`, uris: [`${address}/never`] });
  await until(chronos, 'a', ({ successCount }) => successCount === 1);
  const said = await readFile(`${cluster.stateDir}/said`, 'utf8');
  expect(said).toMatch(/^\.\/run\.sh in /);
  const sandbox = said.trim().slice('./run.sh in '.length);
  expect((await readdir(sandbox)).sort()).toEqual(['run.sh', 'stderr', 'stdout']);
});

test('what a job wants fetched is in its sandbox', async () => {
  const { chronos } = await openCluster();
  const address = await serveScript('#!/bin/sh\necho fetched\n');
  await chronos('POST', '/iso8601', {
    name: 'a',
    command: './tool && [ ! -x plain ] && grep -q fetched plain',
    retries: 0,
    fetch: [{ uri: `${address}/first.sh`, executable: true, output_file: 'tool' }, { uri: `${address}/plain` }],
  });
  const job = await until(
    chronos,
    'a',
    ({ successCount, errorCount }) => Number(successCount) + Number(errorCount) === 1,
  );
  expect(job).toMatchObject({ successCount: 1, uris: [`${address}/first.sh`, `${address}/plain`] });
});

test('a job that fits nowhere keeps nobody waiting', async () => {
  const { chronos } = await openCluster({ executor: 'stand-in', cpus: 1 });
  for (const [name, cpus] of [
    ['large', 2],
    ['small', 0.1],
  ] as const)
    await chronos('POST', '/iso8601', { name, command: 'true', cpus });
  await until(chronos, 'small', ({ successCount }) => successCount === 1);
  const { jobs } = (await chronos('GET', '/jobs/summary')).json;
  expect(jobs).toMatchObject([
    { name: 'large', status: 'fresh', state: 'queued' },
    { name: 'small', status: 'success', state: 'idle' },
  ]);
});

test('how long runs took is told by job', async () => {
  const { chronos } = await openCluster({ executor: 'stand-in' });
  await chronos('POST', '/iso8601', { name: 'a', command: 'true' });
  await chronos('POST', '/iso8601', { name: 'b', command: 'true', schedule: 'R/2090-01-01T00:00:00Z/P1D' });
  await until(chronos, 'a', ({ successCount }) => successCount === 1);
  const { histogram } = (await chronos('GET', '/job/stat/a')).json;
  expect(histogram).toMatchObject({ count: 1, mean: histogram.median, '99thPercentile': histogram.median });
  expect((await chronos('GET', '/stats/median')).json).toEqual([
    { jobNameLabel: 'a', time: histogram.median / 1000 },
    { jobNameLabel: 'b', time: 0 },
  ]);
});

test('a long chain of jobs is hidden until its first is there', async () => {
  const { chronos } = await openCluster({ executor: 'stand-in' });
  const length = 100;
  for (let n = length; n > 0; n--)
    await chronos('POST', '/dependency', { name: `j${n}`, command: 'true', parents: [`j${n - 1}`] });
  expect((await chronos('GET', '/jobs')).json).toEqual([]);
  expect((await chronos('GET', '/job/j5')).status).toBe(400);
  await chronos('POST', '/iso8601', { name: 'j0', command: 'true', schedule: 'R/2090-01-01T00:00:00Z/P1D' });
  expect((await chronos('GET', '/jobs')).json).toHaveLength(length + 1);
});
