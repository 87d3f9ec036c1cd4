// One instance of an app or a pod, as Marathon knows it: its tasks, its times, its condition and its health.
import type { Agent } from '../mesos/agents.ts';
import { isTerminal, type Task } from '../mesos/task.ts';
import type { App, HealthCheck } from './app.ts';
import { isPod } from './pod.ts';
import type { Reservation } from './reservations.ts';
import type { RunSpec } from './run-spec.ts';

export interface HealthResult {
  alive: boolean;
  consecutiveFailures: number;
  firstSuccess: string | null;
  lastSuccess: string | null;
  lastFailure: string | null;
  lastFailureCause: string | null;
}

/** A health check with what is asked. */
export interface InstanceCheck {
  readonly check: HealthCheck;
  readonly task: Task;
  /** Host port; undefined where the check names none that the task has. */
  readonly port: number | undefined;
}

export interface Instance<Spec extends RunSpec = RunSpec> {
  /** The definition that it was launched with. */
  readonly spec: Spec;
  readonly instanceId: string;
  readonly agent: Agent;
  /** Of a resident app. */
  readonly reservation: Reservation | undefined;
  /** One of an app, one for each container of a pod. */
  readonly tasks: readonly [Task, ...Task[]];
  /** Milliseconds since the epoch, as all times here. */
  readonly stagedAt: number;
  startedAt: number | undefined;
  /** Of the last change of its condition. */
  since: number;
  killing: boolean;
  /** With its end, its reservation goes. */
  wipe: boolean;
  /** Its agent cannot be reached: `inactive` once it is to be replaced. */
  unreachable: 'active' | 'inactive' | undefined;
  /** Cancels what was to happen to it while it is unreachable. */
  cancelExpiry: (() => void) | undefined;
  readonly checks: readonly InstanceCheck[];
  /** One for each check; undefined until the first result. */
  readonly health: (HealthResult | undefined)[];
  /** The last answer of the readiness check; undefined without one or before it. */
  ready: boolean | undefined;
  lastResponse: { readonly status: number; readonly contentType: string; readonly body: string } | undefined;
}

export const isOfApp = (instance: Instance): instance is Instance<App> => !isPod(instance.spec);

/** The task of an app's instance. */
export const taskIdOf = ({ tasks: [task] }: Instance): string => task.info.id;

/** True or false once all checks have answered, or one has failed; undefined before, and without checks. */
export function healthOf({ checks, health }: Instance): boolean | undefined {
  if (checks.length === 0) return undefined;
  if (health.some(result => result !== undefined && !result.alive)) return false;
  return health.every(result => result !== undefined) ? true : undefined;
}

export const isRunning = (instance: Instance): boolean => conditionOf(instance) === 'Running';

export const hasEnded = ({ tasks }: Instance): boolean => tasks.every(({ state }) => isTerminal(state));

/** Whether a deployment may count on it: it runs, its checks pass, it says that it is ready. */
export const isViable = (instance: Instance): boolean =>
  isRunning(instance) &&
  !instance.killing &&
  (instance.checks.length === 0 || healthOf(instance) === true) &&
  (!isOfApp(instance) || instance.spec.readinessChecks.length === 0 || instance.ready === true);

/** The first of these that one of its tasks is in is the instance's own (v1.5.6 core/instance/Instance.scala). */
const hierarchy = [
  ...['Error', 'Failed', 'Gone', 'Dropped', 'Unreachable', 'Killing', 'Starting', 'Staging', 'Unknown'],
  ...['Created', 'Running', 'Finished', 'Killed'],
];

/** Marathon's condition names. */
export function conditionOf({ tasks, unreachable }: Instance): string {
  if (unreachable === 'inactive') return 'UnreachableInactive';
  const conditions = tasks.map(conditionOfTask);
  return hierarchy.find(each => conditions.includes(each)) ?? 'Unknown';
}

export function conditionOfTask({ state, statuses }: Task): string {
  if (state === 'TASK_STAGING' && statuses.length === 0) return 'Created';
  // Marathon has no words of its own for these.
  if (state === 'TASK_LOST') return 'Unknown';
  if (state === 'TASK_GONE_BY_OPERATOR') return 'Gone';
  return `${state.charAt(5)}${state.slice(6).toLowerCase()}`;
}

/** When the task first ran. */
export const startOf = ({ statuses }: Task): number | undefined =>
  statuses.find(({ state }) => state === 'TASK_RUNNING')?.time;
