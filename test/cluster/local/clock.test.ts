// The cluster's time: at its rate, and over jumps of the machine's clock.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../../cluster/src/local/clock.ts';

const start = Date.parse('2026-01-01T00:00:00Z');
const hour = 3_600_000;
beforeEach(() => void vi.useFakeTimers({ now: start }));
afterEach(() => void vi.useRealTimers());

function newClock(rate?: number) {
  const log: string[] = [];
  const rung: string[] = [];
  const clock = systemClock({
    ...(rate === undefined ? {} : { rate }),
    onError: error => log.push(String(error)),
    log: line => log.push(line),
  });
  return { clock, log, rung, ring: (name: string) => () => void rung.push(name) };
}

test('what throws does not keep the others from ringing, and what is cancelled does not ring', () => {
  const { clock, log, rung, ring } = newClock();
  clock.at(start + 1000, () => {
    throw new Error('broken');
  });
  clock.after(1000, ring('other'))();
  clock.at(start + 2000, ring('next'));
  clock.at(start - 1, ring('past'));
  vi.advanceTimersByTime(2000);
  expect(rung).toEqual(['past', 'next']);
  expect(log).toEqual(['Error: broken']);
  // Further away than a timer of Node holds.
  clock.after(25 * 24 * hour, ring('far'));
  vi.advanceTimersByTime(24.9 * 24 * hour);
  expect(rung).not.toContain('far');
  vi.advanceTimersByTime(3 * hour);
  expect(rung).toContain('far');
  clock.stop();
  expect(vi.getTimerCount()).toBe(0);
});

test('at a rate, time and what waits go as many times as fast', () => {
  const { clock, rung, ring } = newClock(60);
  clock.after(hour, ring('hour'));
  clock.at(start + 2 * hour, ring('two hours'));
  vi.advanceTimersByTime(59_000);
  expect(rung).toEqual([]);
  vi.advanceTimersByTime(2000);
  expect(rung).toEqual(['hour']);
  expect(clock.now() - start).toBe(61 * 60_000);
  vi.advanceTimersByTime(60_000);
  expect(rung).toEqual(['hour', 'two hours']);
  clock.stop();
});

test('a clock that goes forward makes what has become due ring at once, and is told of once', () => {
  const { clock, log, rung, ring } = newClock();
  clock.at(start + hour, ring('due'));
  clock.at(start + 3 * hour, ring('later'));
  vi.setSystemTime(start + 2 * hour);
  vi.advanceTimersByTime(3000);
  expect(rung).toEqual(['due']);
  expect(log).toEqual(["The machine's clock has gone forward by 7200 s: the cluster follows."]);
  vi.advanceTimersByTime(hour);
  expect(rung).toEqual(['due', 'later']);
  clock.stop();
});

test('a clock that goes back lets nobody wait longer for what is so far away, and keeps what has its time', () => {
  const { clock, log, rung, ring } = newClock();
  clock.after(10_000, ring('kill'));
  clock.at(start + 10_000, ring('schedule'));
  vi.setSystemTime(start - hour);
  vi.advanceTimersByTime(11_000);
  expect(rung).toEqual(['kill']);
  expect(log).toEqual(["The machine's clock has gone back by 3600 s: the cluster follows."]);
  vi.advanceTimersByTime(hour);
  expect(rung).toEqual(['kill', 'schedule']);
  clock.stop();
});
