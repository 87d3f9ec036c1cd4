// Chronos schedules: `R[n]/[start]/period`, read, written and moved on. Facts: chronos 2.4.0 and v3.0.2 schedule/ISO8601Parser, Parser.
import { DateTime, Duration, IANAZone } from 'luxon';

export interface Schedule {
  /** How many runs are left; undefined: without end. */
  readonly repeats: number | undefined;
  /** Undefined: now, anew at each reading. */
  readonly start: DateTime | undefined;
  /** As written. */
  readonly period: string;
}

const form = /^R(\d*)\/(.*)\/(P.*)$/;
const instant =
  /^\d{4,9}(?:-\d{2}(?:-\d{2})?)?(?:T\d{2}(?::\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?$/i;
const amount =
  /^P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d{1,9})?)S)?)?$/i;

/** An ISO 8601 duration, undefined when it is none. */
export function parsePeriod(text: string): Duration | undefined {
  const found = amount.exec(text);
  if (found === null) return undefined;
  const [years, months, weeks, days, hours, minutes, whole] = found
    .slice(1)
    .map(part => Number((part ?? '0').replace(',', '.')));
  const period = Duration.fromObject({ years, months, weeks, days, hours, minutes, seconds: whole } as Record<
    string,
    number
  >);
  return period.isValid ? period : undefined;
}

/** A zone given beside the schedule takes the place of the one in it; the clock's figures stay. Undefined when it cannot be read. */
export function parseSchedule(text: string, timeZone: string): Schedule | undefined {
  const [, count = '', begin = '', period = ''] = form.exec(text) ?? [];
  if (period === '' || parsePeriod(period) === undefined) return undefined;
  if (timeZone !== '' && !IANAZone.isValidZone(timeZone)) return undefined;
  const repeats = count === '' ? undefined : Number(count);
  if (repeats !== undefined && !Number.isSafeInteger(repeats)) return undefined;
  if (begin === '') return { repeats, start: undefined, period };
  if (!instant.test(begin)) return undefined;
  const written = DateTime.fromISO(begin.replace(',', '.'), { setZone: true });
  if (!written.isValid) return undefined;
  const start = timeZone === '' ? written : written.setZone(timeZone, { keepLocalTime: true });
  return start.isValid ? { repeats, start, period } : undefined;
}

/** The form in which a schedule is stored once it was rewritten; a number of runs below zero is written as none at all. */
export function printSchedule(repeats: number | undefined, start: DateTime, period: string): string {
  const count = repeats === undefined || repeats < 0 ? '' : String(repeats);
  return `R${count}/${start.toISO()?.replace(/[+-]00:00$/, 'Z')}/${period}`;
}

/** The n-th occurrence after the start. */
export const occurrence = (start: DateTime, period: Duration, n: number): DateTime =>
  n === 0 ? start : start.plus(period.mapUnits(value => value * n));

/** How many periods lie between the start and the first occurrence after `time`; 0 when the start itself lies after, or nothing moves. */
export function periodsUntilAfter(start: DateTime, period: Duration, time: number): number {
  const length = period.toMillis();
  if (length <= 0 || start.toMillis() > time) return 0;
  let n = Math.floor((time - start.toMillis()) / length);
  while (n > 0 && occurrence(start, period, n).toMillis() > time) n--;
  while (occurrence(start, period, n).toMillis() <= time) n++;
  return n;
}

export const inZone = (time: number, timeZone: string): DateTime =>
  DateTime.fromMillis(time, timeZone === '' ? {} : { zone: timeZone });
