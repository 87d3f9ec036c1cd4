import fc from 'fast-check';
import { DateTime } from 'luxon';
import { expect, test } from 'vitest';
import {
  occurrence,
  parsePeriod,
  parseSchedule,
  periodsUntilAfter,
  printSchedule,
} from '../../../cluster/src/chronos/schedule.ts';

const seconds = fc.integer({ min: 0, max: 4_000_000_000 });
const part = fc.integer({ min: 0, max: 40 });
/** Any period that is longer than nothing. */
const periods = fc
  .record({ Y: part, M: part, W: part, D: part, H: part, m: part, S: part })
  .map(({ Y, M, W, D, H, m, S }) => {
    const written = (amounts: [number, string][]) =>
      amounts.map(([n, unit]) => (n === 0 ? '' : `${n}${unit}`)).join('');
    const time = written([
      [H, 'H'],
      [m, 'M'],
      [S, 'S'],
    ]);
    const text = `P${written([
      [Y, 'Y'],
      [M, 'M'],
      [W, 'W'],
      [D, 'D'],
    ])}${time === '' ? '' : `T${time}`}`;
    return text === 'P' ? 'PT1S' : text;
  });

test('what is printed is read again as the same', () => {
  fc.assert(
    fc.property(
      fc.option(fc.nat(1_000_000), { nil: undefined }),
      seconds,
      periods,
      fc.constantFrom('utc', 'Europe/Rome', 'UTC+5:30'),
      (repeats, at, period, zone) => {
        const start = DateTime.fromSeconds(at, { zone });
        const again = parseSchedule(printSchedule(repeats, start, period), '');
        expect(again?.repeats).toBe(repeats);
        expect(again?.start?.toMillis()).toBe(start.toMillis());
        expect(again?.period).toBe(period);
      },
    ),
  );
});

test('the next occurrence is the first one after now', () => {
  fc.assert(
    fc.property(seconds, seconds, periods, (from, now, text) => {
      const start = DateTime.fromSeconds(from, { zone: 'Europe/Rome' });
      const period = parsePeriod(text);
      if (period === undefined) throw new Error(text);
      const time = now * 1000;
      const n = periodsUntilAfter(start, period, time);
      if (start.toMillis() > time) expect(n).toBe(0);
      else {
        expect(occurrence(start, period, n).toMillis()).toBeGreaterThan(time);
        expect(occurrence(start, period, n - 1).toMillis()).toBeLessThanOrEqual(time);
      }
    }),
  );
});

test('nothing makes the reader throw', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (a, b, zone) => {
      parseSchedule(a, zone);
      parseSchedule(`R/${a}/P${b}`, zone);
      parsePeriod(`P${a}`);
    }),
  );
});

test.for([
  ['R1//PT24H', 1, undefined],
  ['R/2014-09-25T17:22:00Z/PT2M', undefined, '2014-09-25T17:22:00.000Z'],
  ['R10/2012-10-01T05:52:00Z/PT2S', 10, '2012-10-01T05:52:00.000Z'],
  ['R0/2017-03-02T10:00:00.000+01:00/P1M', 0, '2017-03-02T09:00:00.000Z'],
  ['R5/2017-03-02/P1Y2M3W4DT5H6M7.5S', 5, `${DateTime.local(2017, 3, 2).toUTC().toISO()}`],
] as const)('%s is a schedule', ([text, repeats, start]) => {
  const schedule = parseSchedule(text, '');
  expect(schedule?.repeats).toBe(repeats);
  expect(schedule?.start?.toUTC().toISO()).toBe(start);
});

test.for([
  ...[
    '',
    'R',
    'R1',
    'R1/PT24H',
    'X1//PT24H',
    'R1//24H',
    'R1//P',
    'R1//PT',
    'R1//P1H',
    'R-1//PT1H',
    'R1/yesterday/PT1H',
  ],
  ...[
    'R1/2017-13-01T00:00:00Z/PT1H',
    'R1/20170101T000000Z/PT1H',
    'R1/2017-01-01T00:00:00Z/2017-01-02T00:00:00Z',
    'r1//PT1H',
  ],
])('%j is none', text => {
  expect(parseSchedule(text, '')).toBeUndefined();
});

test('a zone beside the schedule keeps the figures of the clock', () => {
  const schedule = parseSchedule('R1/2017-07-01T10:00:00Z/P1D', 'America/Los_Angeles');
  expect(schedule?.start?.toUTC().toISO()).toBe('2017-07-01T17:00:00.000Z');
  expect(parseSchedule('R1/2017-07-01T10:00:00Z/P1D', 'Europe/Atlantis')).toBeUndefined();
});

test('days follow the clock over a change to summer time, and months the calendar', () => {
  const spring = DateTime.fromISO('2017-03-25T10:00:00', { zone: 'Europe/Rome' });
  const day = parsePeriod('P1D');
  const month = parsePeriod('P1M');
  if (day === undefined || month === undefined) throw new Error('no period');
  expect(occurrence(spring, day, 1).toUTC().toISO()).toBe('2017-03-26T08:00:00.000Z');
  expect(occurrence(DateTime.fromISO('2017-01-31T10:00:00Z', { zone: 'utc' }), month, 1).toISODate()).toBe(
    '2017-02-28',
  );
});
