// What runs of one app, and what follows from it: how many instances are missing, which ones have to go, how long to wait.
// Nothing here changes anything; that is done in runs.ts.
import type { Agent } from '../mesos/agents.ts';
import type { TaskStatus } from '../mesos/task.ts';
import type { App } from './app.ts';
import { type Instance, isViable } from './instance.ts';
import type { Reason } from './match.ts';

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
  app: App;
  target: number;
  readonly instances: Map<string, Instance>;
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

export const newRun = (app: App, target: number): Run => ({
  app,
  target,
  instances: new Map(),
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

const failures: readonly string[] = ['TASK_FAILED', 'TASK_ERROR', 'TASK_LOST', 'TASK_FINISHED'];

/** Whether the instance is of an older configuration than the run's. */
export const isOutdated = (run: Run, { app }: Instance): boolean =>
  app.version < (run.app.versionInfo?.lastConfigChangeAt ?? run.app.version);

/** How many instances may be launched now. */
export function launchable(run: Run): number {
  const all = [...run.instances.values()];
  const current = all.filter(instance => !instance.killing && !isOutdated(run, instance)).length;
  const outdated = all.some(instance => isOutdated(run, instance));
  return Math.max(0, Math.min(run.target - current, (outdated ? rolling(run).most : run.target) - all.length));
}

/** The bounds of a rolling replacement: viable instances at least, instances at most. */
export function rolling({ app, target, instances }: Run): { least: number; most: number } {
  const least = Math.ceil(target * app.upgradeStrategy.minimumHealthCapacity);
  const most = Math.floor(target * (1 + app.upgradeStrategy.maximumOverCapacity));
  // With no room at all nothing could ever be replaced: Marathon then goes one over.
  return { least, most: least === most && most <= instances.size ? most + 1 : Math.max(most, 1) };
}

/** Those that go first: the ones that are not viable, then by the app's kill selection. */
export function victims(run: Run, among: readonly Instance[], count: number): Instance[] {
  if (count <= 0) return [];
  const sign = run.app.killSelection === 'OLDEST_FIRST' ? 1 : -1;
  const rank = (instance: Instance) => (isViable(instance) ? 1 : 0);
  return [...among].sort((a, b) => rank(a) - rank(b) || sign * (a.stagedAt - b.stagedAt)).slice(0, count);
}

/** How long the next start has to wait after an instance has ended by itself. */
export function backoffAfter(run: Run, instance: Instance, { state, time }: TaskStatus, now: number): Run['backoff'] {
  if (!failures.includes(state) || isOutdated(run, instance)) return run.backoff;
  const { backoffSeconds, backoffFactor, maxLaunchDelaySeconds } = run.app;
  const ran = time - (instance.startedAt ?? time);
  const next = run.backoff === undefined || ran >= viableAfter ? backoffSeconds : run.backoff.delay * backoffFactor;
  const delay = Math.min(next, maxLaunchDelaySeconds);
  return { delay, until: now + delay * 1000 };
}
