// What Marathon answers, read into one form for 1.1, 1.4 and 1.5: members that are null, absent or elsewhere by release
// are made equal here (marathon v1.1.1, v1.4.1 api/v2/json/Formats.scala; v1.5.6 raml/*.scala).
import {
  list,
  listOrEmpty,
  type Members,
  numberOr,
  numbers,
  object,
  objectOrEmpty,
  text,
  textOrNone,
  texts,
} from '../connect/shape.ts';

export interface Info {
  readonly version: string;
  readonly frameworkId: string | undefined;
  /** `host:port` of the leader. */
  readonly leader: string | undefined;
  /** Address of Mesos' own page. */
  readonly mesosLeaderUiUrl: string | undefined;
}

export interface Task {
  readonly id: string;
  readonly appId: string;
  /** A Mesos state. Marathon 1.1 gives none: derived from `startedAt` there. */
  readonly state: string;
  readonly host: string;
  readonly agentId: string;
  /** Host ports. */
  readonly ports: readonly number[];
  /** ISO 8601. */
  readonly stagedAt: string | undefined;
  readonly startedAt: string | undefined;
  /** One for each health check that has a result. */
  readonly alive: readonly boolean[];
}

export interface TaskFailure {
  readonly taskId: string;
  readonly host: string;
  readonly message: string;
  /** A Mesos state. */
  readonly state: string;
  /** ISO 8601. */
  readonly at: string;
}

export interface App {
  /** Absolute, for example `/demo/web`. */
  readonly id: string;
  readonly command: string | undefined;
  readonly image: string | undefined;
  readonly instances: number;
  readonly tasksStaged: number;
  readonly tasksRunning: number;
  readonly tasksHealthy: number;
  readonly tasksUnhealthy: number;
  readonly hasHealthChecks: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** Of the port mappings, or of the port definitions where there are none. */
  readonly servicePorts: readonly number[];
  /** Ids of the deployments that change it now. */
  readonly deployments: readonly string[];
  /** Active ones only. */
  readonly tasks: readonly Task[];
  readonly lastTaskFailure: TaskFailure | undefined;
}

export interface Group {
  readonly id: string;
  /** Ids of the apps right in it. */
  readonly apps: readonly string[];
  readonly groups: readonly Group[];
}

/** What a change is known by until it is done. */
export interface Change {
  readonly deploymentId: string;
  readonly version: string;
}

export interface Deployment {
  readonly id: string;
  readonly affectedApps: readonly string[];
  /** From 1. */
  readonly currentStep: number;
  readonly totalSteps: number;
  readonly currentActions: readonly { readonly action: string; readonly app: string }[];
}

export function readInfo(value: unknown): Info {
  const info = object(value, '');
  return {
    version: text(info.version, 'version'),
    frameworkId: textOrNone(info.frameworkId),
    leader: textOrNone(info.leader),
    mesosLeaderUiUrl: textOrNone(objectOrEmpty(info.marathon_config, 'marathon_config').mesos_leader_ui_url),
  };
}

export function readApp(value: unknown, where = 'app'): App {
  const app = object(value, where);
  const id = text(app.id, `${where}.id`);
  const container = objectOrEmpty(app.container, `${where}.container`);
  const docker = objectOrEmpty(container.docker, `${where}.container.docker`);
  return {
    id,
    command: textOrNone(app.cmd),
    image: textOrNone(docker.image),
    instances: numberOr(app.instances, 1),
    tasksStaged: numberOr(app.tasksStaged, 0),
    tasksRunning: numberOr(app.tasksRunning, 0),
    tasksHealthy: numberOr(app.tasksHealthy, 0),
    tasksUnhealthy: numberOr(app.tasksUnhealthy, 0),
    hasHealthChecks: Array.isArray(app.healthChecks) && app.healthChecks.length > 0,
    labels: texts(app.labels, `${where}.labels`),
    servicePorts: servicePorts(app, container, docker),
    deployments: listOrEmpty(app.deployments, `${where}.deployments`, readId),
    tasks: listOrEmpty(app.tasks, `${where}.tasks`, (task, place) => readTask(task, place, id)),
    lastTaskFailure: readFailure(app.lastTaskFailure),
  };
}

/** In 1.5 mappings stand in the container, before in its docker part; an empty list there is no statement. */
function servicePorts(app: Members, container: Members, docker: Members): readonly number[] {
  const mappings = [container.portMappings, docker.portMappings].find(one => Array.isArray(one) && one.length > 0);
  if (mappings !== undefined) {
    return listOrEmpty(mappings, 'portMappings', one => numberOr(objectOrEmpty(one, 'portMappings').servicePort, 0));
  }
  if (Array.isArray(app.portDefinitions)) {
    return listOrEmpty(app.portDefinitions, 'portDefinitions', one =>
      numberOr(objectOrEmpty(one, 'portDefinitions').port, 0),
    );
  }
  return numbers(app.ports);
}

export function readTask(value: unknown, where: string, appId = ''): Task {
  const task = object(value, where);
  const startedAt = textOrNone(task.startedAt);
  return {
    id: text(task.id, `${where}.id`),
    appId: textOrNone(task.appId) ?? appId,
    state: textOrNone(task.state) ?? (startedAt === undefined ? 'TASK_STAGING' : 'TASK_RUNNING'),
    host: textOrNone(task.host) ?? '',
    agentId: textOrNone(task.slaveId) ?? '',
    ports: numbers(task.ports),
    stagedAt: textOrNone(task.stagedAt),
    startedAt,
    alive: listOrEmpty(task.healthCheckResults, `${where}.healthCheckResults`, one =>
      one === null ? false : objectOrEmpty(one, 'healthCheckResults').alive === true,
    ),
  };
}

function readFailure(value: unknown): TaskFailure | undefined {
  const failure = objectOrEmpty(value, 'lastTaskFailure');
  const state = textOrNone(failure.state);
  if (state === undefined) return undefined;
  return {
    taskId: textOrNone(failure.taskId) ?? '',
    host: textOrNone(failure.host) ?? '',
    message: textOrNone(failure.message) ?? '',
    state,
    at: textOrNone(failure.timestamp) ?? '',
  };
}

export function readGroup(value: unknown, where = ''): Group {
  const group = object(value, where);
  const within = where === '' ? '' : `${where}.`;
  return {
    id: text(group.id, `${within}id`),
    apps: listOrEmpty(group.apps, `${within}apps`, (app, place) => text(object(app, place).id, `${place}.id`)),
    groups: listOrEmpty(group.groups, `${within}groups`, readGroup),
  };
}

export function readChange(value: unknown): Change {
  const change = object(value, '');
  return { deploymentId: text(change.deploymentId, 'deploymentId'), version: textOrNone(change.version) ?? '' };
}

export function readDeployments(value: unknown): readonly Deployment[] {
  return list(value, 'the answer', (item, where) => {
    const deployment = object(item, where);
    return {
      id: text(deployment.id, `${where}.id`),
      affectedApps: listOrEmpty(deployment.affectedApps, `${where}.affectedApps`, text),
      currentStep: numberOr(deployment.currentStep, 0),
      totalSteps: numberOr(deployment.totalSteps, 0),
      currentActions: listOrEmpty(deployment.currentActions, `${where}.currentActions`, (one, place) => {
        const action = object(one, place);
        return {
          action: textOrNone(action.action) ?? textOrNone(action.type) ?? '',
          app: textOrNone(action.app) ?? textOrNone(action.pod) ?? '',
        };
      }),
    };
  });
}

function readId(value: unknown, where: string): string {
  return text(object(value, where).id, `${where}.id`);
}
