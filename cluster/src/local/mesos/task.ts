// A Mesos task: what a framework asked for, where it runs, and what became of it.
import type { Resources } from '../../live/state.ts';
import type { Command, RunningTask } from '../executors/executor.ts';
import type { Agent } from './agents.ts';
import type { CommandUri, ContainerInfo } from './container.ts';

export type TaskState =
  | 'TASK_STAGING'
  | 'TASK_STARTING'
  | 'TASK_RUNNING'
  | 'TASK_FINISHED'
  | 'TASK_FAILED'
  | 'TASK_KILLED'
  | 'TASK_ERROR'
  | 'TASK_LOST'
  | 'TASK_UNREACHABLE'
  | 'TASK_GONE'
  | 'TASK_DROPPED';

export const isTerminal = (state: TaskState): boolean =>
  state === 'TASK_FINISHED' ||
  state === 'TASK_FAILED' ||
  state === 'TASK_KILLED' ||
  state === 'TASK_ERROR' ||
  state === 'TASK_LOST' ||
  state === 'TASK_GONE' ||
  state === 'TASK_DROPPED';

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

export interface TaskStatus {
  readonly state: TaskState;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly message: string;
  readonly reason: string | undefined;
  readonly healthy: boolean | undefined;
}

export interface Task {
  readonly info: TaskInfo;
  readonly frameworkId: string;
  readonly agent: Agent;
  readonly containerId: string;
  /** Absolute path of the sandbox. */
  readonly directory: string;
  readonly launchedAt: number;
  readonly statuses: TaskStatus[];
  state: TaskState;
  running: RunningTask | undefined;
  /** Grace in milliseconds of a kill that was asked for. */
  killing: number | undefined;
}
