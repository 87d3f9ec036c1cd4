// What the Chronos of each release answers, endpoint by endpoint. Paths are those below the release's prefix: /scheduler, and /v1/scheduler
// from 3 on.
import type { Release } from '../../../../protocol/src/plan.ts';
import { eventually, type Reply, sender, type TestCluster } from '../local.ts';
import {
  anything,
  boolean,
  type Contract,
  exactly,
  having,
  integer,
  list,
  mapOf,
  matching,
  number,
  object,
  type Schema,
  string,
} from './contract.ts';

const old: readonly Release[] = ['indigo_1'];
const newer: readonly Release[] = ['indigo_2', 'deep_1'];

const empty: Schema = { type: 'string', maxLength: 0 };
const page = (status: number): Schema => matching(new RegExp(`<title>Error ${status}</title>`));
const time = matching(/^$|^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

/** An error in words: the words alone in 2.4.0, in 3.0.2 with a status and the exception's name before them. */
const refusal =
  (text: string, exception = true) =>
  (release: Release): Schema => {
    const words = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    if (release === 'indigo_1') return exception ? matching(new RegExp(`^requirement failed: ${words}`)) : empty;
    const name = exception ? 'java\\.lang\\.IllegalArgumentException: requirement failed: ' : '';
    return object({ status: exactly('Bad Request'), message: matching(new RegExp(`^${name}${words}`)) });
  };
const failure = (release: Release): Schema =>
  release === 'indigo_1' ? empty : object({ status: exactly('Internal Server Error'), message: string });

const container = (release: Release) =>
  release === 'indigo_1'
    ? object({
        type: exactly('docker'),
        image: string,
        network: string,
        volumes: list(anything),
        forcePullImage: boolean,
      })
    : object({
        type: matching(/^(DOCKER|MESOS)$/),
        image: string,
        network: string,
        'networkName?': string,
        networkInfos: list(anything),
        volumes: list(anything),
        forcePullImage: boolean,
        parameters: list(object({ key: string, value: string })),
      });

const job = (release: Release): Schema =>
  object({
    name: string,
    command: string,
    shell: boolean,
    ...(release === 'indigo_1' ? { epsilon: string, async: boolean } : {}),
    executor: string,
    executorFlags: string,
    retries: integer,
    owner: string,
    ownerName: string,
    description: string,
    successCount: integer,
    errorCount: integer,
    lastSuccess: time,
    lastError: time,
    cpus: number,
    disk: number,
    mem: number,
    ...(release === 'deep_1' ? { gpus: integer, maxCompletionTime: integer } : {}),
    disabled: boolean,
    softError: boolean,
    dataProcessingJobType: boolean,
    errorsSinceLastSuccess: integer,
    ...(release === 'indigo_1'
      ? {}
      : {
          taskInfoData: string,
          concurrent: boolean,
          fetch: list(
            object({ uri: string, executable: boolean, cache: boolean, extract: boolean, 'output_file?': string }),
          ),
        }),
    uris: list(string),
    environmentVariables: list(object({ name: string, value: string })),
    arguments: list(string),
    highPriority: boolean,
    runAsUser: string,
    'container?': container(release),
    constraints: list(list(string)),
    'parents?': list(string),
    'schedule?': string,
    'scheduleTimeZone?': string,
  });

const histogram = object({
  '75thPercentile': number,
  '95thPercentile': number,
  '98thPercentile': number,
  '99thPercentile': number,
  median: number,
  mean: number,
  count: integer,
});

let made = 0;
const later = 'R/2090-01-01T00:00:00Z/P1D';
const body = (more: object = {}) => ({ name: `job${++made}`, command: 'date', schedule: later, ...more });

/** The name of a job of its own. */
async function scheduled({ chronos }: TestCluster, more: object = {}): Promise<string> {
  const job = body(more);
  await chronos('POST', '/iso8601', job);
  return job.name;
}

/** The same, after it ran once. */
async function ran(cluster: TestCluster): Promise<string> {
  const name = await scheduled(cluster, { schedule: 'R1//PT24H' });
  await eventually(async () => {
    const { json } = await cluster.chronos('GET', `/jobs/search?name=${name}`);
    return json.some((each: { name: string; successCount: number }) => each.name === name && each.successCount > 0);
  });
  return name;
}

const on =
  (method: string, path: string, sent?: unknown, headers?: Record<string, string>) =>
  ({ chronos }: TestCluster): Promise<Reply> =>
    chronos(method, path, sent, headers);
const atTop =
  (path: string) =>
  ({ cluster }: TestCluster): Promise<Reply> =>
    sender(cluster.chronos)('GET', path);
/** On a job of its own, whose name stands for `NAME`. */
const onJob =
  (method: string, path: string, sent?: unknown, more: object = {}) =>
  async (cluster: TestCluster): Promise<Reply> =>
    cluster.chronos(method, path.replace('NAME', await scheduled(cluster, more)), sent);

const creates = (method: 'POST' | 'PUT', releases?: readonly Release[]): readonly Contract[] => {
  const only = releases === undefined ? {} : { in: releases };
  return [
    {
      endpoint: `${method} /scheduler/iso8601`,
      ...only,
      ask: ({ chronos }) => chronos(method, '/iso8601', body({ container: { image: 'busybox' }, unknown: 1 })),
      status: 204,
      body: empty,
    },
    {
      endpoint: `${method} /scheduler/dependency`,
      ...only,
      ask: async cluster => {
        const { schedule: _, ...rest } = body({ parents: [await scheduled(cluster)] });
        return cluster.chronos(method, '/dependency', rest);
      },
      status: 204,
      body: empty,
    },
  ];
};

export const contracts: readonly Contract[] = [
  {
    endpoint: 'GET /scheduler/jobs',
    ask: async cluster => {
      await scheduled(cluster, { uris: ['http://127.0.0.1:9/a'], container: { image: 'busybox', parameters: [] } });
      return cluster.chronos('GET', '/jobs');
    },
    status: 200,
    body: release => list(job(release)),
    headers: { 'content-type': 'application/json' },
  },
  {
    endpoint: 'GET /scheduler/jobs',
    title: 'of another release',
    ask: ({ cluster }, release) =>
      sender(cluster.chronos)('GET', release === 'indigo_1' ? '/v1/scheduler/jobs' : '/scheduler/jobs'),
    status: 404,
    body: page(404),
  },
  {
    endpoint: 'GET /scheduler/jobs/search',
    ask: async cluster => cluster.chronos('GET', `/jobs/search?name=${await scheduled(cluster)}&limit=1&offset=0`),
    status: 200,
    body: release => ({ ...list(job(release)), minItems: 1 }),
  },
  {
    endpoint: 'GET /scheduler/jobs/summary',
    in: newer,
    ask: async cluster => {
      await scheduled(cluster);
      return cluster.chronos('GET', '/jobs/summary');
    },
    status: 200,
    body: object({
      jobs: list(
        object({
          name: string,
          status: matching(/^(fresh|success|failure)$/),
          state: matching(/^(idle|queued|\d+ running)$/),
          schedule: string,
          parents: list(string),
          disabled: boolean,
        }),
      ),
    }),
  },
  { endpoint: 'GET /scheduler/jobs/summary', in: old, ask: on('GET', '/jobs/summary'), status: 404, body: page(404) },
  { endpoint: 'GET /scheduler/job/{name}', in: newer, ask: onJob('GET', '/job/NAME'), status: 200, body: job },
  { endpoint: 'GET /scheduler/job/{name}', in: old, ask: onJob('GET', '/job/NAME'), status: 405, body: page(405) },
  {
    endpoint: 'GET /scheduler/job/{name}',
    title: 'unknown',
    in: newer,
    ask: on('GET', '/job/none'),
    status: 400,
    body: refusal("Job 'none' not found"),
  },
  ...creates('POST'),
  ...creates('PUT', old),
  { endpoint: 'PUT /scheduler/iso8601', in: newer, ask: on('PUT', '/iso8601', {}), status: 405, body: page(405) },
  { endpoint: 'PUT /scheduler/dependency', in: newer, ask: on('PUT', '/dependency', {}), status: 405, body: page(405) },
  {
    endpoint: 'POST /scheduler/iso8601',
    title: 'a name that is none',
    ask: ({ chronos }) => chronos('POST', '/iso8601', body({ name: 'a/b' })),
    status: 400,
    body: release =>
      refusal(
        `the job's name is invalid. Allowed names: '${release === 'indigo_1' ? '([\\w\\s#_-]+)' : '([\\w\\.-]+)'}'`,
      )(release),
  },
  {
    endpoint: 'POST /scheduler/iso8601',
    title: 'a schedule that is none',
    ask: ({ chronos }) => chronos('POST', '/iso8601', body({ schedule: '0 * * * *' })),
    status: 400,
    body: refusal("Cannot parse schedule '0 * * * *' (wtf bro)", false),
  },
  {
    endpoint: 'POST /scheduler/iso8601',
    title: 'a start before 1970',
    in: newer,
    ask: ({ chronos }) => chronos('POST', '/iso8601', body({ schedule: 'R1/1969-01-01T00:00:00Z/P1D' })),
    status: 400,
    body: refusal("Scheduled start date '1969-01-01T00:00:00.000Z' is before 1970!", false),
  },
  {
    endpoint: 'POST /scheduler/iso8601',
    title: 'with uris and fetch',
    in: newer,
    ask: ({ chronos }) => chronos('POST', '/iso8601', body({ uris: ['http://a/b'], fetch: [{ uri: 'http://a/b' }] })),
    status: 400,
    body: refusal('Tried to add both uri (deprecated) and fetch parameters on job', false),
  },
  {
    endpoint: 'POST /scheduler/iso8601',
    title: 'no JSON',
    ask: on('POST', '/iso8601', '{'),
    status: 500,
    body: page(500),
  },
  {
    endpoint: 'POST /scheduler/iso8601',
    title: 'without name',
    ask: on('POST', '/iso8601', { schedule: later, command: 'date' }),
    status: 500,
    body: page(500),
  },
  {
    endpoint: 'POST /scheduler/iso8601',
    title: 'without command',
    in: old,
    ask: on('POST', '/iso8601', { name: 'nothing', schedule: later }),
    status: 500,
    body: page(500),
  },
  {
    endpoint: 'POST /scheduler/iso8601',
    title: 'an argument with a slash, soon',
    in: old,
    ask: ({ chronos }) => chronos('POST', '/iso8601', body({ schedule: 'R1//PT24H', arguments: ['/tmp'] })),
    status: 500,
    body: empty,
  },
  {
    endpoint: 'POST /scheduler/iso8601',
    title: 'with parents',
    ask: ({ chronos }) => chronos('POST', '/iso8601', body({ parents: ['a'] })),
    status: 500,
    body: failure,
  },
  {
    endpoint: 'POST /scheduler/iso8601',
    title: 'another type of content',
    ask: on('POST', '/iso8601', '{}', { 'Content-Type': 'text/plain' }),
    status: 415,
    body: page(415),
  },
  {
    endpoint: 'POST /scheduler/dependency',
    title: 'of a parent that is not there',
    in: old,
    ask: on('POST', '/dependency', { name: 'child', command: 'date', parents: ['none'] }),
    status: 400,
    body: refusal('Job child does not have all parents defined!'),
  },
  {
    endpoint: 'POST /scheduler/dependency',
    title: 'of a parent that is not there',
    in: newer,
    ask: on('POST', '/dependency', { name: 'child', command: 'date', parents: ['none'] }),
    status: 204,
    body: empty,
  },
  {
    endpoint: 'POST /scheduler/dependency',
    title: 'of no parent',
    ask: on('POST', '/dependency', { name: 'orphan', command: 'date', parents: [] }),
    status: 500,
    body: failure,
  },
  {
    endpoint: 'POST /scheduler/dependency',
    title: 'of itself',
    ask: async cluster => {
      const name = await scheduled(cluster);
      return cluster.chronos('POST', '/dependency', { name, command: 'date', parents: [name] });
    },
    status: 500,
    body: failure,
  },
  { endpoint: 'PUT /scheduler/job/{name}', ask: onJob('PUT', '/job/NAME?arguments=-v'), status: 204, body: empty },
  {
    endpoint: 'PUT /scheduler/job/{name}',
    title: 'unknown',
    ask: on('PUT', '/job/none'),
    status: 400,
    body: refusal("Job 'none' not found"),
  },
  { endpoint: 'DELETE /scheduler/job/{name}', ask: onJob('DELETE', '/job/NAME'), status: 204, body: empty },
  {
    endpoint: 'DELETE /scheduler/job/{name}',
    title: 'unknown',
    ask: on('DELETE', '/job/none'),
    status: 400,
    body: release => refusal(`${release === 'indigo_1' ? 'Job' : 'JobSchedule'} 'none' not found`)(release),
  },
  { endpoint: 'DELETE /scheduler/task/kill/{name}', ask: onJob('DELETE', '/task/kill/NAME'), status: 204, body: empty },
  {
    endpoint: 'DELETE /scheduler/task/kill/{name}',
    title: 'unknown',
    in: old,
    ask: on('DELETE', '/task/kill/none'),
    status: 500,
    body: empty,
  },
  {
    endpoint: 'DELETE /scheduler/task/kill/{name}',
    title: 'unknown',
    in: newer,
    ask: on('DELETE', '/task/kill/none'),
    status: 400,
    body: refusal("JobSchedule 'none' not found"),
  },
  { endpoint: 'DELETE /scheduler/task/all', in: old, ask: on('DELETE', '/task/all'), status: 204, body: empty },
  { endpoint: 'DELETE /scheduler/task/all', in: newer, ask: on('DELETE', '/task/all'), status: 404, body: page(404) },
  {
    endpoint: 'PUT /scheduler/task/{taskId}',
    in: old,
    ask: on('PUT', '/task/ct:1:0:none:', { statusCode: 0 }),
    status: 204,
    body: empty,
  },
  {
    endpoint: 'PUT /scheduler/task/{taskId}',
    in: newer,
    ask: on('PUT', '/task/ct:1:0:none:', { statusCode: 0 }),
    status: 404,
    body: page(404),
  },
  {
    endpoint: 'PUT /scheduler/job/success/{name}',
    in: newer,
    ask: onJob('PUT', '/job/success/NAME'),
    status: 200,
    body: matching(/^marked job job\d+ as successful: true$/),
  },
  {
    endpoint: 'PUT /scheduler/job/success/{name}',
    title: 'unknown',
    in: newer,
    ask: on('PUT', '/job/success/none'),
    status: 200,
    body: exactly('marked job none as successful: false'),
  },
  {
    endpoint: 'PUT /scheduler/job/success/{name}',
    in: old,
    ask: onJob('PUT', '/job/success/NAME'),
    status: 404,
    body: page(404),
  },
  {
    endpoint: 'GET /scheduler/job/stat/{name}',
    title: 'that never ran',
    ask: onJob('GET', '/job/stat/NAME'),
    status: 200,
    body: object({
      histogram: { ...histogram, properties: mapValues(histogram, exactly(0)) },
      taskStatHistory: exactly([]),
    }),
  },
  {
    endpoint: 'GET /scheduler/job/stat/{name}',
    ask: async cluster => cluster.chronos('GET', `/job/stat/${await ran(cluster)}`),
    status: 200,
    body: having({ histogram: having({ count: exactly(1) }) }),
  },
  {
    endpoint: 'GET /scheduler/job/stat/{name}',
    title: 'unknown',
    ask: on('GET', '/job/stat/none'),
    status: 400,
    body: refusal("Job 'none' not found"),
  },
  {
    endpoint: 'GET /scheduler/stats/{percentile}',
    ask: async cluster => {
      await scheduled(cluster);
      return cluster.chronos('GET', '/stats/99thPercentile');
    },
    status: 200,
    body: { ...list(object({ jobNameLabel: string, time: number })), minItems: 1 },
  },
  {
    endpoint: 'GET /scheduler/stats/{percentile}',
    title: 'unknown',
    ask: on('GET', '/stats/50thPercentile'),
    status: 200,
    body: exactly([]),
  },
  {
    endpoint: 'POST /scheduler/job/{name}/task/{taskId}/progress',
    ask: onJob(
      'POST',
      '/job/NAME/task/ct:1:0:a:/progress',
      { numAdditionalElementsProcessed: 1 },
      { dataProcessingJobType: true },
    ),
    status: 204,
    body: empty,
  },
  {
    endpoint: 'POST /scheduler/job/{name}/task/{taskId}/progress',
    title: 'of a job that tracks none',
    ask: onJob('POST', '/job/NAME/task/ct:1:0:a:/progress', { numAdditionalElementsProcessed: 1 }),
    status: 400,
    body: refusal("Job 'job"),
  },
  {
    endpoint: 'POST /scheduler/job/{name}/task/{taskId}/progress',
    title: 'of no task',
    ask: onJob('POST', '/job/NAME/task/a/progress', { numAdditionalElementsProcessed: 1 }),
    status: 400,
    body: refusal('Invalid task id format a'),
  },
  {
    endpoint: 'GET /scheduler/graph/dot',
    ask: on('GET', '/graph/dot'),
    status: 200,
    body: matching(/^digraph G \{\n(?: {2}\d+ \[ label="[^"]+" \];\n)*(?: {2}\d+ -> \d+;\n)*\}\n$/),
    headers: { 'content-type': 'text/plain' },
  },
  {
    endpoint: 'GET /scheduler/graph/csv',
    ask: on('GET', '/graph/csv'),
    status: 200,
    body: matching(
      /^(?:node,[^,\n]+,(?:success|failure|fresh),(?:idle|queued|(?:\d+ )?running)\n)*(?:link,[^,\n]+,[^,\n]+\n)*$/,
    ),
    headers: { 'content-type': 'text/plain' },
  },
  {
    endpoint: 'GET /scheduler/leader',
    in: newer,
    ask: on('GET', '/leader'),
    status: 200,
    body: object({ leader: matching(/^127\.0\.0\.1:\d+$/) }),
  },
  { endpoint: 'GET /scheduler/leader', in: old, ask: on('GET', '/leader'), status: 404, body: page(404) },
  { endpoint: 'GET /ping', ask: atTop('/ping'), status: 200, body: matching(/^pong/) },
  {
    endpoint: 'GET /metrics',
    ask: async cluster => {
      await ran(cluster);
      return sender(cluster.cluster.chronos)('GET', '/metrics');
    },
    status: 200,
    body: object({
      version: string,
      gauges: mapOf(anything),
      counters: mapOf(object({ count: integer })),
      histograms: mapOf(having({ count: integer, p99: number, stddev: number })),
      meters: mapOf(anything),
      timers: mapOf(anything),
    }),
  },
  { endpoint: 'GET /logging', ask: atTop('/logging'), status: 404, body: page(404) },
];

function mapValues({ properties }: Schema, value: Schema): Schema {
  return Object.fromEntries(Object.keys(properties as object).map(key => [key, value]));
}
