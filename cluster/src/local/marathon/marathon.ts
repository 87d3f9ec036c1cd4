// Marathon as a framework on the local Mesos: puts its parts together. What it answers over HTTP is in routes-*.ts.
import type { Clock } from '../clock.ts';
import { type Answer, HttpError, type Route, type Service } from '../http.ts';
import type { Journal } from '../journal.ts';
import type { Framework, Mesos } from '../mesos/mesos.ts';
import type { MarathonVersion } from '../release.ts';
import { type Artifacts, createArtifacts } from './artifacts.ts';
import { type Callbacks, createCallbacks } from './callbacks.ts';
import { createDeployments, type Deployment, type Deployments } from './deployments.ts';
import { createEventBus, type EventBus } from './events.ts';
import type { Features } from './features.ts';
import { createLoggers, type Loggers } from './logging.ts';
import { appRoutes } from './routes-apps.ts';
import { artifactRoutes } from './routes-artifacts.ts';
import { callbackRoutes } from './routes-callbacks.ts';
import { groupRoutes } from './routes-groups.ts';
import { loggingRoutes } from './routes-logging.ts';
import { podRoutes } from './routes-pods.ts';
import { serviceRoutes } from './routes-service.ts';
import { taskRoutes } from './routes-tasks.ts';
import { createRuns, type Runs } from './runs.ts';

export interface Marathon {
  readonly version: MarathonVersion;
  readonly features: Features;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly clock: Clock;
  readonly mesos: Mesos;
  readonly framework: Framework;
  readonly events: EventBus;
  readonly runs: Runs;
  readonly deployments: Deployments;
  readonly callbacks: Callbacks;
  readonly artifacts: Artifacts;
  readonly loggers: Loggers;
  /** Where it answers. */
  readonly address: () => { readonly host: string; readonly port: number };
  /** The same as a base URL, with the scheme that it speaks. */
  readonly url: () => string;
  readonly masterUrl: () => string;
}

export interface MarathonOptions
  extends Pick<Marathon, 'mesos' | 'clock' | 'features' | 'address' | 'url' | 'masterUrl'> {
  /** Ports on which programs of this machine listen, so that they are not given to apps. */
  readonly listening: () => ReadonlySet<number>;
  /** --mesos_role. */
  readonly role: string;
  readonly journal: Journal;
  /** Folder for artifacts; undefined where nothing is kept. */
  readonly artifacts: string | undefined;
  readonly log: (line: string) => void;
}

export function createMarathon(options: MarathonOptions): Marathon {
  const { mesos, clock, features, address, url, masterUrl, role, journal, log } = options;
  const version = mesos.release.marathon;
  const events = createEventBus(clock);
  const runs = createRuns({ marathon: version, clock, mesos, framework: () => framework, events, journal, log });
  const framework = mesos.register(
    {
      name: 'marathon',
      user: 'root',
      role,
      hostname: '127.0.0.1',
      get webuiUrl() {
        return url();
      },
      failoverTimeout: 604_800,
      checkpoint: true,
      capabilities: [
        ...(version === '1.1.1' ? [] : ['PARTITION_AWARE']),
        ...(features.has('task_killing') ? ['TASK_KILLING_STATE'] : []),
      ],
    },
    runs,
  );
  return {
    version,
    features,
    startedAt: clock.now(),
    clock,
    mesos,
    framework,
    events,
    runs,
    deployments: createDeployments({
      marathon: version,
      clock,
      events,
      runs,
      listening: options.listening,
      journal,
      log,
    }),
    callbacks: createCallbacks(events, journal, log),
    artifacts: createArtifacts(journal, options.artifacts, log),
    loggers: createLoggers(clock),
    address,
    url,
    masterUrl,
  };
}

export function marathonService(marathon: Marathon): Service {
  return {
    jsonType: 'application/json; qs=2',
    headers: {
      'Cache-Control': 'no-cache, no-store, must-revalidate',
      Pragma: 'no-cache',
      Expires: '0',
      'X-Marathon-Leader': marathon.url(),
    },
    problem: (status, message, { path }) => {
      if (status === 404) return { ...failure(404, `URI not found: ${path}`) };
      if (status === 405) return { status: 405, text: '', type: 'text/html' };
      return failure(status, message);
    },
    routes: [
      // Task routes first: theirs are longer than those of the apps that they belong to.
      ...[taskRoutes, appRoutes, groupRoutes, podRoutes].flatMap(routes => routes(marathon)).map(takesJson),
      ...[serviceRoutes, loggingRoutes, callbackRoutes, artifactRoutes].flatMap(routes => routes(marathon)),
    ],
  };
}

/** Whoever says what the body is must say that it is JSON. */
const takesJson = (route: Route): Route => ({
  ...route,
  handle: request => {
    const type = request.headers['content-type'];
    if (request.method !== 'GET' && type !== undefined && !/^application\/json\b/i.test(type))
      return failure(415, 'Unsupported Media Type');
    return route.handle(request);
  },
});

/** An error as Marathon's exception mapper writes it. */
export const failure = (status: number, message: string): Answer => ({
  status,
  json: { message },
  type: 'application/json',
});
export const refuse = (status: number, message: string): HttpError => new HttpError(failure(status, message));

/** The answer of everything that starts a deployment. */
export function deploymentResult(
  { version }: Marathon,
  deployment: Deployment,
  status = 200,
  headers: Record<string, string> = {},
): Answer {
  return {
    status,
    json: { version: deployment.version, deploymentId: deployment.id },
    headers: { ...headers, ...deploymentHeader(version, deployment) },
  };
}

export const deploymentHeader = (version: MarathonVersion, { id }: Deployment): Record<string, string> =>
  version === '1.1.1' ? {} : { 'Marathon-Deployment-Id': id };

export const flag = (query: URLSearchParams, name: string, fallback = false): boolean =>
  query.has(name) ? query.get(name)?.toLowerCase() === 'true' : fallback;
