// The state of a Mesos master: its agents and tasks (mesos 0.28.0 to 1.5.0 src/master/http.cpp).
import type { Endpoint } from '../connect/endpoint.ts';
import { askJson, type Patience } from '../connect/request.ts';
import {
  list,
  listOrEmpty,
  type Members,
  numberOr,
  object,
  objectOrEmpty,
  text,
  textOrNone,
} from '../connect/shape.ts';

export interface Resources {
  readonly cpus: number;
  /** MiB. */
  readonly mem: number;
  /** MiB. */
  readonly disk: number;
  readonly gpus: number;
}

export interface Agent {
  readonly id: string;
  readonly hostname: string;
  readonly active: boolean;
  /** Where it can be asked, likeliest first: by the address that it listens on, then by its name. */
  readonly urls: readonly string[];
  readonly total: Resources;
  readonly used: Resources;
}

export interface Task {
  readonly id: string;
  readonly name: string;
  readonly frameworkId: string;
  /** Equal to the task's id for a plain command. */
  readonly executorId: string;
  readonly agentId: string;
  readonly state: string;
  /** Seconds since the epoch of its newest status; 0 before the first. */
  readonly since: number;
}

export interface MasterState {
  readonly version: string;
  readonly cluster: string | undefined;
  readonly agents: readonly Agent[];
  /** Active, unreachable and completed ones of all frameworks. */
  readonly tasks: readonly Task[];
}

/** @param mesos Any master; one that does not lead names the one that does. */
export function masterState(mesos: Endpoint, patience: Patience = {}): Promise<MasterState> {
  return askJson(mesos, { path: '/state' }, patience, readMasterState);
}

export function agents(mesos: Endpoint, patience: Patience = {}): Promise<readonly Agent[]> {
  return askJson(mesos, { path: '/slaves' }, patience, value => readAgents(object(value, '')));
}

function readMasterState(value: unknown): MasterState {
  const state = object(value, '');
  const frameworks = [
    ...list(state.frameworks, 'frameworks', object),
    ...listOrEmpty(state.completed_frameworks, 'completed_frameworks', object),
  ];
  return {
    version: textOrNone(state.version) ?? '',
    cluster: textOrNone(state.cluster),
    agents: readAgents(state),
    tasks: frameworks.flatMap(framework =>
      ['tasks', 'unreachable_tasks', 'completed_tasks'].flatMap(kind => listOrEmpty(framework[kind], kind, readTask)),
    ),
  };
}

function readAgents(answer: Members): readonly Agent[] {
  return list(answer.slaves, 'slaves', (value, where) => {
    const agent = object(value, where);
    const hostname = textOrNone(agent.hostname) ?? '';
    return {
      id: text(agent.id, `${where}.id`),
      hostname,
      active: agent.active !== false,
      urls: urlsOf(textOrNone(agent.pid) ?? '', hostname),
      total: readResources(agent.resources),
      used: readResources(agent.used_resources),
    };
  });
}

/** `slave(1)@10.0.0.2:5051` tells address and port (libprocess). An agent's name may be known where its address is not. */
function urlsOf(pid: string, hostname: string): readonly string[] {
  const address = pid.slice(pid.lastIndexOf('@') + 1);
  const port = address.slice(address.lastIndexOf(':') + 1);
  const hosts = [address, hostname === '' ? '' : `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`];
  return [...new Set(hosts.map(host => `http://${host}`).filter(url => /:\d+$/.test(url) && URL.canParse(url)))];
}

function readResources(value: unknown): Resources {
  const resources = objectOrEmpty(value, 'resources');
  return {
    cpus: numberOr(resources.cpus, 0),
    mem: numberOr(resources.mem, 0),
    disk: numberOr(resources.disk, 0),
    gpus: numberOr(resources.gpus, 0),
  };
}

function readTask(value: unknown, where: string): Task {
  const task = object(value, where);
  const id = text(task.id, `${where}.id`);
  const times = listOrEmpty(task.statuses, `${where}.statuses`, status =>
    numberOr(objectOrEmpty(status, 'statuses').timestamp, 0),
  );
  return {
    id,
    name: textOrNone(task.name) ?? '',
    frameworkId: textOrNone(task.framework_id) ?? '',
    executorId: textOrNone(task.executor_id) ?? id,
    agentId: textOrNone(task.slave_id) ?? '',
    state: textOrNone(task.state) ?? '',
    since: Math.max(0, ...times),
  };
}
