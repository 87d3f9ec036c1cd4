// Chronos over HTTP: which path does what, and the errors of each release.
// Facts: chronos 2.4.0 and v3.0.2 api/{Iso8601JobResource,DependentJobResource,JobManagementResource,TaskManagementResource}.scala.

import { parsePeriod, parseSchedule } from '../../chronos/schedule.ts';
import { timestamp } from '../clock.ts';
import { type Answer, HttpError, type Request, type Route, type Service } from '../http.ts';
import { answerJob } from './answer-job.ts';
import { below, type Chronos, currentStatus } from './chronos.ts';
import { failure, page, refusals } from './errors.ts';
import { graphRoutes } from './graph.ts';
import { type Job, lastState, parentsOf, readJob, scheduleOf, Undecodable } from './job.ts';
import { statsRoutes } from './routes-stats.ts';
import { joined } from './runs.ts';

const empty: Answer = { status: 204 };

export function chronosService(chronos: Chronos): Service {
  const newer = chronos.release.chronos === '3.0.2';
  return {
    ...(newer ? { headers: { 'Access-Control-Allow-Origin': '*' } } : {}),
    problem: (status, message) =>
      status === 404 || status === 405
        ? page(status, message)
        : newer
          ? failure(status, message)
          : { status, text: message },
    routes: [...statsRoutes(chronos), ...jobRoutes(chronos), ...graphRoutes(chronos)],
  };
}

function jobRoutes(chronos: Chronos): Route[] {
  const { release, store, runs, planning, clock } = chronos;
  const newer = release.chronos === '3.0.2';

  const { required, plain, broken } = refusals(newer);

  function existing(name: string, noun: 'Job' | 'JobSchedule'): Job {
    const job = store.get(name);
    if (job === undefined) throw required(`${newer ? noun : 'Job'} '${name}' not found`);
    return job;
  }

  function decode(body: string): Job {
    try {
      return readJob(body, release, timestamp(clock.now()));
    } catch (error) {
      if (error instanceof Undecodable) throw new HttpError(page(500, error.message));
      throw error;
    }
  }

  const taskIdForm = newer ? /^ct:\d+:\d+:[\w.-]+:?.*$/ : /^ct:\d+:\d+:[\w\s#_-]+:?.*$/;
  const nameRule = newer ? /^[\w.-]+$/ : /^[\w\s#_-]+$/;
  function checkName({ name }: Job): void {
    if (!nameRule.test(name)) {
      throw required(`the job's name is invalid. Allowed names: '${newer ? '([\\w\\.-]+)' : '([\\w\\s#_-]+)'}'`);
    }
  }

  function postScheduled({ body }: Request): Answer {
    const job = decode(body);
    const trigger = scheduleOf(job);
    if (trigger === undefined) throw broken('A dependent job cannot be scheduled here.');
    const isNew = store.get(job.name) === undefined;
    if (isNew) checkName(job);
    const schedule = parseSchedule(trigger.schedule, trigger.scheduleTimeZone);
    if (schedule === undefined) throw plain(`Cannot parse schedule '${trigger.schedule}' (wtf bro)`);
    if (newer && isNew && schedule.start !== undefined && schedule.start.toMillis() < 1000) {
      throw plain(`Scheduled start date '${schedule.start.toISO()}' is before 1970!`);
    }
    if (newer && isNew && job.uris.length > 0 && job.fetch.length > 0) {
      throw plain(`Tried to add both uri (deprecated) and fetch parameters on ${job.name}`);
    }
    const epsilon = parsePeriod(job.epsilon)?.toMillis() ?? 0;
    const isOld = schedule.start !== undefined && clock.now() - schedule.start.toMillis() > epsilon;
    if (!newer && isOld && parsePeriod(schedule.period)?.toMillis() === 0) throw broken('/ by zero');
    accept(job);
    const isSoon = (schedule.start?.toMillis() ?? clock.now()) <= clock.now() + 60_000;
    if (!newer && isSoon && job.arguments.some(given => given.includes('/'))) {
      // The id of the run would be a name in ZooKeeper (issues 855 and 856): the job is stored, and this run is lost.
      planning.cancel(job.name);
      throw broken('');
    }
    return empty;
  }

  function postDependent({ body }: Request): Answer {
    const job = decode(body);
    const parents = parentsOf(job);
    if (parents === undefined) throw broken('A job without parents cannot depend on any.');
    const isNew = store.all.get(job.name) === undefined;
    if (isNew) checkName(job);
    if (parents.length === 0) {
      if (isNew) throw broken('Error, parent does not exist');
      throw required('Error, parent does not exist');
    }
    const missing = parents.some(name => store.get(name) === undefined);
    if (missing && !newer) throw required(`Job ${job.name} does not have all parents defined!`);
    if (missing && !isNew) throw required(`JobSchedule ${job.name} does not have all parents defined!`);
    if (!isNew && store.wouldCycle(job.name, parents)) throw broken(`${job.name} would depend on itself.`);
    accept(job);
    return empty;
  }

  function accept(job: Job): void {
    planning.cancel(job.name);
    runs.resetCounters(job.name);
    store.put(job);
    planning.plan(job.name);
  }

  function runNow({ params, query }: Request): Answer {
    const job = existing(params.name ?? '', 'Job');
    const given = newer ? query.get('arguments') : null;
    runs.enqueue({
      job: job.name,
      due: clock.now(),
      attempt: 0,
      arguments: given === null || given === '' ? joined(job.arguments, newer) : given,
      cause: 'request',
    });
    return empty;
  }

  function remove({ params }: Request): Answer {
    const job = existing(params.name ?? '', 'JobSchedule');
    planning.cancel(job.name);
    runs.forget(job.name);
    runs.resetCounters(job.name);
    const children = store.remove(job);
    runs.kill(job.name);
    for (const child of children) planning.plan(child.name);
    return empty;
  }

  function kill({ params }: Request): Answer {
    const name = params.name ?? '';
    if (store.get(name) === undefined && !newer) throw broken(`Job '${name}' not found`);
    existing(name, 'JobSchedule');
    if (!newer) planning.cancel(name);
    runs.kill(name);
    return empty;
  }

  /** Noted where Cassandra keeps a history; without one, as here, nothing comes of it. */
  function noteProgress({ params, body }: Request): Answer {
    const { id = '', name = '' } = params;
    const job = existing(name, 'JobSchedule');
    const { numAdditionalElementsProcessed: number } = parseObject(body);
    if (!taskIdForm.test(id)) throw required(`Invalid task id format ${id}`);
    if (!job.dataProcessingJobType) throw required(`Job '${name}' is not enabled to track data`);
    if (typeof number === 'number' && number < 0)
      throw required(`numAdditionalElementsProcessed (${number}) is not positive`);
    return empty;
  }

  function search({ query }: Request): Answer {
    const [name, command, any] = ['name', 'command', 'any'].map(key => (query.get(key) ?? '').toLowerCase());
    const [limit, offset] = [number(query, 'limit', 10), number(query, 'offset', 0)];
    const holds = (text: string, part: string | undefined) => text.toLowerCase().includes(part ?? '');
    const found = store
      .visible()
      .filter(
        job =>
          (holds(job.name, name) && holds(job.command, command)) ||
          (any !== undefined && any !== '' && (holds(job.name, any) || holds(job.command, any))),
      );
    return { status: 200, json: found.slice(offset, offset + limit).map(job => answerJob(job, release)) };
  }

  function number(query: URLSearchParams, key: string, fallback: number): number {
    const text = query.get(key);
    if (text === null || text === '') return fallback;
    if (!/^\d{1,9}$/.test(text)) throw broken(`For input string: "${text}"`);
    return Number(text);
  }

  const summary = (job: Job) => ({
    name: job.name,
    // Chronos has the two crossed: the last state is under "status", the current one under "state".
    status: lastState(job),
    state: currentStatus(chronos, job.name),
    schedule: scheduleOf(job)?.schedule ?? '',
    parents: parentsOf(job) ?? [],
    disabled: job.disabled,
  });

  const name = '(?<name>[^/]+)';
  const post = newer ? ['POST'] : ['POST', 'PUT'];
  return [
    {
      method: 'GET',
      pattern: below(chronos, 'jobs'),
      handle: () => ({ status: 200, json: store.visible().map(job => answerJob(job, release, newer)) }),
    },
    { method: 'GET', pattern: below(chronos, 'jobs/search'), handle: search },
    ...(newer
      ? [
          {
            method: 'GET',
            pattern: below(chronos, 'jobs/summary'),
            handle: () => ({ status: 200, json: { jobs: store.visible().map(summary) } }),
          },
        ]
      : []),
    ...post.flatMap(method => [
      { method, pattern: below(chronos, 'iso8601'), handle: jsonOnly(postScheduled) },
      { method, pattern: below(chronos, 'dependency'), handle: jsonOnly(postDependent) },
    ]),
    ...(newer
      ? [
          {
            method: 'PUT',
            pattern: below(chronos, `job/success/${name}`),
            handle: ({ params }: Request): Answer => {
              const job = store.get(params.name ?? '');
              if (job !== undefined) {
                runs.resetCounters(job.name);
                runs.succeed(job, false);
              }
              return {
                status: 200,
                text: `marked job ${params.name} as successful: ${job !== undefined}`,
                type: 'application/json',
              };
            },
          },
          {
            method: 'GET',
            pattern: below(chronos, `job/${name}`),
            handle: ({ params }: Request): Answer => ({
              status: 200,
              json: answerJob(existing(params.name ?? '', 'Job'), release),
            }),
          },
        ]
      : []),
    { method: 'PUT', pattern: below(chronos, `job/${name}`), handle: runNow },
    { method: 'DELETE', pattern: below(chronos, `job/${name}`), handle: remove },
    {
      method: 'POST',
      pattern: below(chronos, `job/${name}/task/(?<id>[^/]+)/progress`),
      handle: jsonOnly(noteProgress),
    },
    { method: 'DELETE', pattern: below(chronos, `task/kill/${name}`), handle: kill },
    ...(newer
      ? []
      : [
          {
            method: 'DELETE',
            pattern: below(chronos, 'task/all'),
            handle: () => {
              runs.forget();
              return empty;
            },
          },
          {
            method: 'PUT',
            pattern: below(chronos, 'task/(?<id>.+)'),
            handle: ({ params, body }: Request) => {
              const { statusCode } = parseObject(body);
              if (typeof statusCode !== 'number') throw new HttpError(page(500, 'statusCode is missing'));
              runs.complete(params.id ?? '', statusCode === 0);
              return empty;
            },
          },
        ]),
  ];
}

const jsonOnly =
  (handle: (request: Request) => Answer) =>
  (request: Request): Answer => {
    const type = request.headers['content-type'] ?? '';
    return /^application\/json\b/i.test(type) ? handle(request) : page(415, 'Unsupported Media Type');
  };

function parseObject(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
