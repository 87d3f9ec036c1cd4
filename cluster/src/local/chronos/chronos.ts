// Chronos as a framework on the local Mesos: puts its parts together. What it answers over HTTP is in routes.ts.
import type { Clock } from '../clock.ts';
import type { Journal } from '../journal.ts';
import type { Mesos } from '../mesos/mesos.ts';
import type { ReleaseParts } from '../release.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createPlanning, type Planning } from './planning.ts';
import { createRuns, type Runs } from './runs.ts';
import { createJobStore, type JobStore } from './store.ts';

export interface Chronos {
  readonly release: ReleaseParts;
  readonly clock: Clock;
  readonly store: JobStore;
  readonly runs: Runs;
  readonly planning: Planning;
  readonly metrics: Metrics;
  readonly address: () => { readonly host: string; readonly port: number };
}

export interface ChronosFlags {
  /** --failure_retry, milliseconds. */
  readonly failureRetryMs: number;
  /** --disable_after_failures; 0: never. */
  readonly disableAfterFailures: number;
}

export function createChronos(
  mesos: Mesos,
  clock: Clock,
  flags: ChronosFlags,
  address: Chronos['address'],
  journal: Journal,
): Chronos {
  const { release } = mesos;
  const store = createJobStore(release, journal);
  const metrics = createMetrics();
  const runs = createRuns({
    mesos,
    metrics,
    clock,
    store,
    journal,
    framework: () => framework,
    planning: () => planning,
    ...flags,
  });
  const planning = createPlanning(release, clock, store, runs);
  const framework = mesos.register(
    {
      name: release.chronos === '2.4.0' ? 'chronos-2.4.0' : 'chronos',
      user: 'root',
      role: '*',
      hostname: '127.0.0.1',
      get webuiUrl() {
        return `http://${address().host}:${address().port}`;
      },
      failoverTimeout: 604_800,
      checkpoint: true,
      capabilities: release.gpuJobs && mesos.agents.some(({ total }) => total.gpus > 0) ? ['GPU_RESOURCES'] : [],
    },
    runs,
  );
  runs.resume();
  for (const name of store.all.keys()) planning.resume(name);
  return { release, clock, store, runs, planning, metrics, address };
}

/** `idle`, `queued` or how many run, in the words of the release. */
export function currentStatus({ release, runs }: Chronos, name: string): string {
  const count = runs.running(name);
  if (count > 0) return release.chronos === '2.4.0' ? 'running' : `${count} running`;
  return runs.isQueued(name) ? 'queued' : 'idle';
}

/** A pattern below the release's prefix: 3.0.0 has put a version before it. */
export const below = ({ release }: Chronos, path: string): RegExp =>
  new RegExp(`^${release.chronos === '2.4.0' ? '' : '/v1'}/scheduler/${path}$`);
