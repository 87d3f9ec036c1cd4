// A Mesos task: what a framework asked for, where it runs, and what became of it.
import type { Resources } from '../../live/state.ts';
import type { Command, RunningTask } from '../executors/executor.ts';
import type { Agent, Allocation } from './agents.ts';
import type { CommandUri, ContainerInfo } from './container.ts';

/** Of releases from 1.1 on: TASK_UNREACHABLE, TASK_GONE, TASK_GONE_BY_OPERATOR; of frameworks that are partition aware. */
export type TaskState =
  | 'TASK_STAGING'
  | 'TASK_STARTING'
  | 'TASK_RUNNING'
  | 'TASK_KILLING'
  | 'TASK_FINISHED'
  | 'TASK_FAILED'
  | 'TASK_KILLED'
  | 'TASK_ERROR'
  | 'TASK_LOST'
  | 'TASK_UNREACHABLE'
  | 'TASK_GONE'
  | 'TASK_GONE_BY_OPERATOR';

const live: readonly TaskState[] = [
  'TASK_STAGING',
  'TASK_STARTING',
  'TASK_RUNNING',
  'TASK_KILLING',
  'TASK_UNREACHABLE',
];

export const isTerminal = (state: TaskState): boolean => !live.includes(state);

/** What a framework hands over to have a task launched. */
export interface TaskInfo {
  readonly id: string;
  readonly name: string;
  readonly resources: Resources;
  readonly ports: readonly number[];
  /** Undefined where the image's own entry point runs; without a shell, an image's entry point gets it as its arguments. */
  readonly command: Command | undefined;
  readonly user: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly uris: readonly CommandUri[];
  readonly labels: readonly { readonly key: string; readonly value: string }[];
  readonly container: ContainerInfo | undefined;
  readonly discovery: unknown;
  readonly kind: 'service' | 'job';
}

export type StatusSource = 'SOURCE_MASTER' | 'SOURCE_AGENT' | 'SOURCE_EXECUTOR';

export interface TaskStatus {
  readonly state: TaskState;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly message: string;
  readonly reason: string | undefined;
  readonly source: StatusSource;
  readonly healthy: boolean | undefined;
  readonly uuid: string;
}

export interface Task {
  readonly info: TaskInfo;
  readonly frameworkId: string;
  readonly agent: Agent;
  readonly allocations: readonly Allocation[];
  readonly containerId: string;
  /** Absolute path of the sandbox. */
  readonly directory: string;
  readonly launchedAt: number;
  /** Oldest first, the newest of each run of one state. */
  readonly statuses: TaskStatus[];
  state: TaskState;
  /** Whether its executor has been asked to run it. */
  delivered: boolean;
  running: RunningTask | undefined;
  /** Grace in milliseconds of a kill that was asked for. */
  killing: number | undefined;
  /** Ends what is being fetched for it. */
  readonly fetching: AbortController;
}

/** Whether its agent still has it: it has not ended, and neither has its agent. */
export const isThere = (task: Task): boolean => task.agent.tasks.get(task.info.id) === task;
