// What an executor is: it runs one task and reports what becomes of it. The kinds are beside this file.
import type { Resources } from '../../live/state.ts';
import type { ContainerInfo } from '../mesos/container.ts';

export type Command =
  | { readonly shell: true; readonly value: string }
  | { readonly shell: false; readonly argv: readonly string[] };

/** Everything an executor needs to run one task. */
export interface Launch {
  readonly taskId: string;
  readonly containerId: string;
  /** Absolute; exists. */
  readonly sandbox: string;
  /** Undefined where the image's own entry point runs; without a shell, an image's entry point gets it as its arguments. */
  readonly command: Command | undefined;
  readonly container: ContainerInfo | undefined;
  readonly user: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly host: string;
  /** Host ports given to the task. */
  readonly ports: readonly number[];
  readonly resources: Resources;
  /** A service runs until it is stopped, a job until it is done. */
  readonly kind: 'service' | 'job';
}

export type ExecutorState =
  | 'TASK_STARTING'
  | 'TASK_RUNNING'
  | 'TASK_FINISHED'
  | 'TASK_FAILED'
  | 'TASK_KILLED'
  | 'TASK_ERROR';

/** Tells the agent of a change. After a terminal state nothing more is reported. */
export type Report = (state: ExecutorState, message?: string, reason?: string) => void;

/** What a task uses, in the words of the agent's /monitor/statistics. Times are in seconds. */
export interface Statistics {
  readonly timestamp: number;
  readonly cpus_limit: number;
  readonly cpus_user_time_secs: number;
  readonly cpus_system_time_secs: number;
  readonly mem_limit_bytes: number;
  readonly mem_rss_bytes: number;
  readonly processes?: number;
  readonly threads?: number;
}

export interface RunningTask {
  /** Asks the task to end, and makes it end after `graceMs`. */
  kill(graceMs: number): void;
  /** Undefined where it cannot be told. */
  statistics?(): Promise<Statistics | undefined>;
  /** Process id, for statistics; absent where there is none. */
  readonly pid?: number;
}

export interface Executor {
  /** Returns at once. A task that cannot be started is reported, not thrown. */
  start(launch: Launch, report: Report): RunningTask;
}
