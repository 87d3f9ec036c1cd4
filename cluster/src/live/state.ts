// What is known of a running cluster at one moment. Everything that shows live state reads this; who fills it is store.ts.
import type { Resources } from '../mesos/state.ts';

export type { Resources };

export type Connection =
  /** Nothing has answered yet. */
  | { readonly status: 'connecting' }
  | { readonly status: 'online' }
  /** One sentence: what did not answer, where, what to do. */
  | { readonly status: 'offline'; readonly reason: string };

export interface LiveTask {
  readonly id: string;
  /** Mesos state, for example TASK_RUNNING. */
  readonly state: string;
  readonly host: string;
  readonly agentId: string;
  /** Host ports. */
  readonly ports: readonly number[];
  /** True, false, or undefined where nothing checks. */
  readonly healthy: boolean | undefined;
  /** ISO 8601. */
  readonly startedAt: string | undefined;
}

export interface LiveApp {
  /** Absolute, for example `/demo/web`. */
  readonly id: string;
  readonly wanted: number;
  readonly running: number;
  readonly staged: number;
  readonly healthy: number;
  readonly unhealthy: number;
  readonly hasHealthChecks: boolean;
  /** Ids of deployments that lock the app. */
  readonly deployments: readonly string[];
  readonly servicePorts: readonly number[];
  readonly tasks: readonly LiveTask[];
  /** The task that failed last, and why: its output may still be read. */
  readonly lastFailure:
    | {
        readonly message: string;
        /** Mesos state, for example TASK_FAILED. */
        readonly state: string;
        /** ISO 8601. */
        readonly at: string;
        readonly taskId: string;
        readonly host: string;
      }
    | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly image: string | undefined;
  readonly command: string | undefined;
}

export interface LiveJob {
  readonly name: string;
  readonly schedule: string | undefined;
  readonly parents: readonly string[];
  readonly disabled: boolean;
  readonly last: 'fresh' | 'success' | 'failure';
  readonly current: 'idle' | 'queued' | 'running';
  readonly successCount: number;
  readonly errorCount: number;
  /** ISO 8601, or undefined when never. */
  readonly lastSuccess: string | undefined;
  readonly lastError: string | undefined;
  readonly image: string | undefined;
  readonly command: string | undefined;
  /** Mesos task ids of its runs that Mesos still knows, newest first. */
  readonly taskIds: readonly string[];
}

export interface LiveAgent {
  readonly id: string;
  readonly hostname: string;
  readonly active: boolean;
  readonly total: Resources;
  readonly used: Resources;
}

export interface LiveState {
  /** Online while at least one part of the cluster answers. */
  readonly connection: Connection;
  /** While online: one sentence for each part that does not answer; what is shown of it is what was known last. */
  readonly problems: readonly string[];
  readonly apps: readonly LiveApp[];
  readonly jobs: readonly LiveJob[];
  readonly agents: readonly LiveAgent[];
}
