// When a job with a schedule runs first, as its release of Chronos would have it. What a schedule may look like is checked
// by the language and by Chronos itself.
import { DateTime, Duration } from 'luxon';
import type { Release } from '../../../protocol/src/plan.ts';
import { occurrence, periodsUntilAfter } from '../chronos/schedule.ts';

export type FirstRun =
  /** At once, or as soon as there is room. */
  { readonly when: 'now' } | { readonly when: 'later'; readonly at: Date } | { readonly when: 'never' };

/** A run that is due so soon is waited for. */
const soonMs = 30_000;

/**
 * @param schedule `R[n]/[start]/period`; a text of another form counts as now: Chronos has taken it, or will refuse it.
 * @param epsilon ISO 8601 duration; Chronos 2 skips runs that are overdue by more.
 */
export function firstRun(
  schedule: string | undefined,
  epsilon: string | undefined,
  release: Release,
  now: Date,
): FirstRun {
  const [, count = '', start = '', length = ''] = /^R(\d*)\/(.*)\/(P.*)$/.exec(schedule ?? '') ?? [];
  if (count === '0' || /^0+$/.test(count)) return { when: 'never' };
  const begin = DateTime.fromISO(start, { zone: 'utc' });
  if (!begin.isValid) return { when: 'now' };
  const current = DateTime.fromJSDate(now);
  // Chronos 3 makes one run of all that were missed, at once.
  const next = release === 'indigo_1' ? firstNotOverdue(begin, length, epsilon, count, current) : begin;
  if (next === undefined) return { when: 'never' };
  return next.toMillis() - current.toMillis() <= soonMs ? { when: 'now' } : { when: 'later', at: next.toJSDate() };
}

/**
 * Chronos 2 counts off the runs that lie further back than epsilon, and never runs a job whose count is used up so
 * (chronos 2.4.0 jobs/schedule/JobScheduler.scala).
 */
function firstNotOverdue(
  begin: DateTime,
  length: string,
  epsilon: string | undefined,
  count: string,
  now: DateTime,
): DateTime | undefined {
  const period = Duration.fromISO(length);
  const allowed = Duration.fromISO(epsilon ?? 'PT60S');
  const oldest = now.minus(allowed.isValid ? allowed : 60_000);
  if (begin >= oldest) return begin;
  if (!period.isValid || period.toMillis() <= 0) return begin;
  const skipped = periodsUntilAfter(begin, period, oldest.toMillis() - 1);
  return count !== '' && skipped >= Number(count) ? undefined : occurrence(begin, period, skipped);
}
