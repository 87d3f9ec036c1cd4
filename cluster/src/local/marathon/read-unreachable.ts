// What is done with instances whose agent cannot be reached, as JSON says it and where it says nothing.
// Facts: marathon v1.4.1 and v1.5.6 state/UnreachableStrategy.scala.
import type { MarathonVersion } from '../release.ts';
import type { UnreachableStrategy } from './run-spec.ts';
import { isObject } from './shape.ts';

export const defaultUnreachableStrategy = (marathon: MarathonVersion): UnreachableStrategy & object =>
  marathon === '1.5.6'
    ? { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 }
    : { inactiveAfterSeconds: 300, expungeAfterSeconds: 600 };

export function readUnreachableStrategy(value: unknown, marathon: MarathonVersion): UnreachableStrategy | undefined {
  if (typeof value === 'string') return 'disabled';
  if (!isObject(value)) return undefined;
  const standard = defaultUnreachableStrategy(marathon);
  return {
    inactiveAfterSeconds: Number(value.inactiveAfterSeconds ?? standard.inactiveAfterSeconds),
    expungeAfterSeconds: Number(value.expungeAfterSeconds ?? standard.expungeAfterSeconds),
  };
}
