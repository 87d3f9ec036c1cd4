// When scheduled jobs are due, and what a run takes from their schedule. The two releases differ throughout.
// Facts: chronos 2.4.0 scheduler/jobs/JobScheduler.scala, v3.0.2 scheduler/jobs/{JobScheduler,JobUtils}.scala.

import {
  inZone,
  occurrence,
  parsePeriod,
  parseSchedule,
  periodsUntilAfter,
  printSchedule,
} from '../../chronos/schedule.ts';
import type { Clock } from '../clock.ts';
import type { ReleaseParts } from '../release.ts';
import { type Job, scheduleOf } from './job.ts';
import { joined, type Runs } from './runs.ts';
import type { JobStore } from './store.ts';

export interface Planning {
  /** A job is new, was replaced, or may be due again. */
  plan(name: string): void;
  /** The job is there from before the cluster ended. */
  resume(name: string): void;
  /** Forgets when a job was due. */
  cancel(name: string): void;
  /** A run of the job was launched. */
  launched(name: string): void;
  /** A run was due while another went on: it is made up for when that ends (3.0.2). */
  late(name: string): void;
  ended(name: string): void;
}

/** 2.4.0 plans so far ahead, in milliseconds (--schedule_horizon). */
const horizon = 60_000;

export function createPlanning({ chronos }: ReleaseParts, clock: Clock, store: JobStore, runs: Runs): Planning {
  return chronos === '2.4.0' ? planAhead(clock, store, runs) : planNext(clock, store, runs);
}

/** @param empty What an empty start means, in milliseconds since the epoch. */
function read(job: Job | undefined, empty: number) {
  const trigger = job === undefined ? undefined : scheduleOf(job);
  if (job === undefined || trigger === undefined) return undefined;
  const schedule = parseSchedule(trigger.schedule, trigger.scheduleTimeZone);
  const period = schedule === undefined ? undefined : parsePeriod(schedule.period);
  if (schedule === undefined || period === undefined) return undefined;
  return {
    job,
    trigger,
    ...schedule,
    length: period,
    start: schedule.start ?? inZone(empty, trigger.scheduleTimeZone),
  };
}

/** 3.0.2: the schedule is moved on at every launch, and only then. */
function planNext(clock: Clock, store: JobStore, runs: Runs): Planning {
  const timers = new Map<string, () => void>();
  const late = new Set<string>();
  /** A second ago: v3.0.2 jobs/Iso8601Expressions.scala. */
  const emptyStart = () => clock.now() - 1000;

  function cancel(name: string): void {
    timers.get(name)?.();
    timers.delete(name);
    late.delete(name);
  }

  function plan(name: string): void {
    cancel(name);
    const found = read(store.get(name), emptyStart());
    if (found === undefined || found.job.disabled || found.repeats === 0) return;
    timers.set(
      name,
      clock.at(found.start.toMillis(), () => due(name)),
    );
  }

  function due(name: string): void {
    timers.delete(name);
    const job = store.get(name);
    if (job === undefined || runs.isQueued(name)) return;
    if (runs.running(name) > 0 && !job.concurrent) late.add(name);
    else
      runs.enqueue({
        job: name,
        due: clock.now(),
        attempt: 0,
        arguments: joined(job.arguments, true),
        cause: 'schedule',
      });
  }

  return {
    plan,
    resume: plan,
    cancel,
    launched(name) {
      const now = clock.now();
      const found = read(store.get(name), emptyStart());
      if (found === undefined) return;
      const { job, trigger, repeats, start, length, period } = found;
      const next = occurrence(start, length, periodsUntilAfter(start, length, now));
      // One below none is written as no number at all: such a job then runs for ever, as it does in 3.0.2 (its issue #814).
      const schedule = printSchedule(repeats === undefined ? undefined : repeats - 1, next, period);
      store.put({ ...job, trigger: { ...trigger, schedule } });
      plan(name);
    },
    late: name => void late.add(name),
    ended(name) {
      if (late.delete(name)) due(name);
    },
  };
}

/** 2.4.0: runs within the horizon are taken from the schedule before they are due. */
function planAhead(clock: Clock, store: JobStore, runs: Runs): Planning {
  /** When each job is planned on. */
  const timers = new Map<string, () => void>();

  function cancel(name: string): void {
    timers.get(name)?.();
    timers.delete(name);
    runs.forgetPlanned(name);
  }

  function plan(name: string): void {
    const now = clock.now();
    const found = read(store.get(name), now);
    if (found === undefined || found.job.disabled) return;
    const { job, trigger, length, period } = found;
    const skipped = Math.max(0, periodsUntilAfter(found.start, length, now) - 1);
    // Too few runs are left to reach the present: the job stays as it is, and never runs.
    if (found.repeats !== undefined && found.repeats < skipped) return;
    let repeats = found.repeats === undefined ? undefined : found.repeats - skipped;
    let start = occurrence(found.start, length, skipped);
    const epsilon = parsePeriod(job.epsilon)?.toMillis() ?? horizon;
    const moves = length.toMillis() > 0;
    let taken = skipped;
    while ((repeats === undefined || repeats > 0) && start.toMillis() <= now + horizon) {
      const due = start.toMillis();
      if (now - due <= epsilon) {
        const given = joined(job.arguments, false);
        runs.enqueueAt(due, { job: name, due, attempt: 0, arguments: given, cause: 'schedule' });
      }
      taken++;
      if (repeats !== undefined) repeats--;
      start = occurrence(start, length, 1);
      if (!moves) break;
    }
    if (taken > 0) store.put({ ...job, trigger: { ...trigger, schedule: printSchedule(repeats, start, period) } });
    if (repeats !== 0 && moves) {
      timers.set(
        name,
        clock.at(start.toMillis() - horizon, () => plan(name)),
      );
    }
  }

  return {
    plan(name) {
      cancel(name);
      plan(name);
    },
    // What was taken from the schedule already is remembered by the runs.
    resume: plan,
    cancel,
    launched: () => {},
    late: () => {},
    ended: () => {},
  };
}
