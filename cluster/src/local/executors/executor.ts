// What an executor is: it runs one task and reports what becomes of it. The kinds are beside this file.
import type { Resources } from '../../live/state.ts';
import type { Clock } from '../clock.ts';
import type { ContainerInfo } from '../mesos/container.ts';
import type { MesosVersion } from '../release.ts';

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
  /** Runs a shell command where the task runs, with its environment. Resolves to undefined when that exits with 0, else to why not. */
  exec(command: string, timeoutMs: number): Promise<string | undefined>;
  /** Undefined where it cannot be told. */
  statistics(): Promise<Statistics | undefined>;
}

export interface Executor {
  /** Returns at once. A task that cannot be started is reported, not thrown. */
  start(launch: Launch, report: Report): RunningTask;
  /** All tasks have ended: ends what is left of them, and what watched over them. */
  stop(): Promise<void>;
}

export interface ExecutorOptions {
  readonly clock: Clock;
  /** Every agent's id begins with it. */
  readonly clusterId: string;
  readonly mesos: MesosVersion;
  readonly log: (line: string) => void;
}

/** Of a task that does not run. */
export const noTask: RunningTask = {
  kill: () => {},
  exec: async () => 'The task does not run',
  statistics: async () => undefined,
};
