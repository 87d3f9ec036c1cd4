import { describe, expect, it } from 'vitest';
import { firstRun } from '../../../cluster/src/deploy/first-run.ts';

const now = new Date('2018-06-15T12:00:00Z');
const on = (release: 'indigo_1' | 'indigo_2') => (schedule: string | undefined, epsilon?: string) => {
  const first = firstRun(schedule, epsilon, release, now);
  return first.when === 'later' ? first.at.toISOString() : first.when;
};

describe('the first run of a job', () => {
  it.each(['indigo_1', 'indigo_2'] as const)('on %s', release => {
    const run = on(release);
    expect(run(undefined)).toBe('now');
    expect(run('R1//PT1M')).toBe('now');
    expect(run('R//P1D')).toBe('now');
    expect(run('R0//PT1M')).toBe('never');
    expect(run('no schedule at all')).toBe('now');
    expect(run('R/2018-06-15T12:00:20Z/PT1M')).toBe('now');
    expect(run('R5/2018-06-15T13:00:00Z/PT1M')).toBe('2018-06-15T13:00:00.000Z');
    expect(run('R5/2018-06-15T15:00:00+02:00/PT1M')).toBe('2018-06-15T13:00:00.000Z');
    expect(run('R/2018-06-16/P1D')).toBe('2018-06-16T00:00:00.000Z');
  });

  it('of Chronos 3 makes up at once for what was missed', () => {
    expect(on('indigo_2')('R1/2018-06-15T11:00:00Z/PT24H')).toBe('now');
    expect(on('indigo_2')('R/2014-01-01T00:00:00Z/P1M')).toBe('now');
  });

  it('of Chronos 2 skips what is older than epsilon, and may never come', () => {
    const run = on('indigo_1');
    expect(run('R1/2018-06-15T11:00:00Z/PT24H')).toBe('never');
    expect(run('R2/2018-06-15T11:00:00Z/PT24H')).toBe('2018-06-16T11:00:00.000Z');
    expect(run('R1/2018-06-15T11:00:00Z/PT24H', 'PT2H')).toBe('now');
    expect(run('R1/2018-06-15T11:59:30Z/PT24H')).toBe('now');
    expect(run('R/2014-01-31T00:00:00Z/P1M')).toBe('2018-06-30T00:00:00.000Z');
    expect(run('R/1970-01-01T00:00:00Z/PT1S')).toBe('now');
    expect(run('R/2018-06-15T11:00:00Z/PT0S')).toBe('now');
  });
});
