// What runs of one app or pod, and what follows from it: how many instances are missing, which ones have to go, how long to wait.
// Nothing here changes anything; that is done in runs.ts.
import type { Agent } from '../mesos/agents.ts';
import type { TaskStatus } from '../mesos/task.ts';
import { type Instance, isViable } from './instance.ts';
import type { Reason } from './match.ts';
import { isResidentSpec, type Reservation } from './reservations.ts';
import type { RunSpec } from './run-spec.ts';

export interface LastFailure {
  readonly appId: string;
  readonly host: string;
  readonly message: string;
  readonly state: string;
  readonly taskId: string;
  readonly timestamp: string;
  readonly version: string;
  readonly slaveId: string | null;
}

export interface Run {
  /** The definition that new instances get. */
  spec: RunSpec;
  target: number;
  /** By their ids. */
  readonly instances: Map<string, Instance>;
  /** Of resident apps, by the ids of instances, also of those that do not run now. */
  readonly reservations: Map<string, Reservation>;
  /** After failures: how long is waited (seconds) and until when (milliseconds since the epoch). */
  backoff: { readonly delay: number; readonly until: number } | undefined;
  lastFailure: LastFailure | undefined;
  /** Since when instances wait to be launched, and what offers they have seen meanwhile. */
  waiting: Waiting | undefined;
  /** Called after each change. */
  readonly watchers: Set<() => void>;
  wake: (() => void) | undefined;
}

export interface Waiting {
  readonly since: number;
  processed: number;
  unused: number;
  lastUnusedAt: number | undefined;
  lastUsedAt: number | undefined;
  /** Offers declined for each reason: of this launch attempt, and of the last round. */
  attempt: Map<Reason, number>;
  lastRound: Map<Reason, number>;
  lastRoundOffers: number;
  lastUnusedOffers: { readonly agent: Agent; readonly reasons: readonly Reason[]; readonly time: number }[];
}

export const newRun = (spec: RunSpec, target: number): Run => ({
  spec,
  target,
  instances: new Map(),
  reservations: new Map(),
  backoff: undefined,
  lastFailure: undefined,
  waiting: undefined,
  watchers: new Set(),
  wake: undefined,
});

export const newWaiting = (since: number): Waiting => ({
  since,
  processed: 0,
  unused: 0,
  lastUnusedAt: undefined,
  lastUsedAt: undefined,
  attempt: new Map(),
  lastRound: new Map(),
  lastRoundOffers: 0,
  lastUnusedOffers: [],
});

/** An instance that ran this long is no failure at start (milliseconds; --minimum_viable_task_execution_duration). */
const viableAfter = 60_000;

/** After these an app waits (v1.4.1 and v1.5.6 core/task/update/…/NotifyRateLimiterStepImpl.scala). */
const failures: readonly string[] = [...['TASK_FAILED', 'TASK_ERROR', 'TASK_LOST', 'TASK_FINISHED', 'TASK_GONE']];

/** Whether the instance is of an older configuration than the run's. */
export const isOutdated = (run: Run, { spec }: Instance): boolean =>
  spec.version < (run.spec.versionInfo?.lastConfigChangeAt ?? run.spec.version);

/** Those that the run has to reckon with: one that has been unreachable for too long is as good as gone. */
export const counted = (run: Run): Instance[] =>
  [...run.instances.values()].filter(({ unreachable }) => unreachable !== 'inactive');

/** Reservations whose instance does not run. */
export const idleReservations = ({ instances, reservations }: Run): Reservation[] =>
  [...reservations.values()].filter(({ instanceId }) => !instances.has(instanceId));

/** How many instances may be launched now. */
export function launchable(run: Run): number {
  const all = counted(run);
  const current = all.filter(instance => !instance.killing && !isOutdated(run, instance)).length;
  const outdated = all.some(instance => isOutdated(run, instance));
  return Math.max(0, Math.min(run.target - current, (outdated ? rolling(run).most : run.target) - all.length));
}

/**
 * The bounds of a rolling replacement: viable instances at least, instances at most. With no room at all nothing could ever be replaced:
 * Marathon then goes one over, or one below where an instance cannot be elsewhere (v1.5.6 core/deployment/impl/TaskReplaceActor.scala).
 */
export function rolling({ spec, target, instances }: Run): { least: number; most: number } {
  const least = Math.ceil(target * spec.upgradeStrategy.minimumHealthCapacity);
  const most = Math.floor(target * (1 + spec.upgradeStrategy.maximumOverCapacity));
  if (least !== most || most > instances.size) return { least, most: Math.max(most, 1) };
  return isResidentSpec(spec) ? { least: least - 1, most } : { least, most: most + 1 };
}

/** Those that go first: unreachable ones, then those that are not viable, then by the kill selection. */
export function victims(run: Run, among: readonly Instance[], count: number): Instance[] {
  if (count <= 0) return [];
  const sign = run.spec.killSelection === 'OLDEST_FIRST' ? 1 : -1;
  const rank = (instance: Instance) => (instance.unreachable !== undefined ? 0 : isViable(instance) ? 2 : 1);
  return [...among].sort((a, b) => rank(a) - rank(b) || sign * (a.stagedAt - b.stagedAt)).slice(0, count);
}

/** How long the next start has to wait after a task of an instance has ended by itself. */
export function backoffAfter(run: Run, instance: Instance, { state, time }: TaskStatus, now: number): Run['backoff'] {
  if (!failures.includes(state) || isOutdated(run, instance)) return run.backoff;
  const { backoffSeconds, backoffFactor, maxLaunchDelaySeconds } = run.spec;
  const ran = time - (instance.startedAt ?? time);
  const next = run.backoff === undefined || ran >= viableAfter ? backoffSeconds : run.backoff.delay * backoffFactor;
  const delay = Math.min(next, maxLaunchDelaySeconds);
  return { delay, until: now + delay * 1000 };
}
