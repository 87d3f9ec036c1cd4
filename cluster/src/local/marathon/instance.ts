// One instance of an app, as Marathon knows it: its task, its times, its condition and its health.
import type { Task } from '../mesos/task.ts';
import { type App, portsOf } from './app.ts';

export interface HealthResult {
  alive: boolean;
  consecutiveFailures: number;
  firstSuccess: string | null;
  lastSuccess: string | null;
  lastFailure: string | null;
  lastFailureCause: string | null;
}

export interface Instance {
  /** The definition that it was launched with. */
  readonly app: App;
  readonly taskId: string;
  readonly instanceId: string;
  readonly task: Task;
  /** Milliseconds since the epoch, as all times here. */
  readonly stagedAt: number;
  startedAt: number | undefined;
  /** Of the last change of its condition. */
  since: number;
  killing: boolean;
  /** One for each of the app's health checks; undefined until the first result. */
  readonly health: (HealthResult | undefined)[];
  /** The last answer of the readiness check; undefined without one or before it. */
  ready: boolean | undefined;
  lastResponse: { readonly status: number; readonly contentType: string; readonly body: string } | undefined;
}

export const isRunning = (instance: Instance): boolean => instance.task.state === 'TASK_RUNNING';

/** True or false once all checks have answered, or one has failed; undefined before, and without checks. */
export function healthOf({ app, health }: Instance): boolean | undefined {
  if (app.healthChecks.length === 0) return undefined;
  if (health.some(result => result !== undefined && !result.alive)) return false;
  return health.every(result => result !== undefined) && health.length > 0 ? true : undefined;
}

/** Whether a deployment may count on it: it runs, its checks pass, it says that it is ready. */
export const isViable = (instance: Instance): boolean =>
  isRunning(instance) &&
  !instance.killing &&
  (instance.app.healthChecks.length === 0 || healthOf(instance) === true) &&
  (instance.app.readinessChecks.length === 0 || instance.ready === true);

/** Marathon's condition names. */
export function conditionOf({ task }: Instance): string {
  switch (task.state) {
    case 'TASK_STAGING':
      return task.statuses.length === 0 ? 'Created' : 'Staging';
    default:
      return `${task.state.charAt(5)}${task.state.slice(6).toLowerCase()}`;
  }
}

/** The host port of the app's port with this index; undefined where it has none. */
export function hostPortAt(instance: Instance, index: number): number | undefined {
  const ports = portsOf(instance.app);
  if (ports[index]?.hostPort === undefined) return undefined;
  return instance.task.info.ports[ports.slice(0, index).filter(({ hostPort }) => hostPort !== undefined).length];
}
