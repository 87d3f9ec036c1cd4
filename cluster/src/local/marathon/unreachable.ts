// An instance whose agent cannot be reached: after a while its place is taken, and after a further while nobody waits for it any more.
import type { Clock } from '../clock.ts';
import type { Instance } from './instance.ts';

interface Given {
  /** It has become inactive. */
  inactive(instance: Instance): void;
  /** It has to be given up. */
  up(instance: Instance): void;
}

export function becomeUnreachable(instance: Instance, clock: Clock, given: Given): void {
  if (instance.unreachable !== undefined) return;
  instance.unreachable = 'active';
  const { unreachableStrategy: strategy } = instance.spec;
  if (strategy === 'disabled') return;
  const since = clock.now();
  instance.cancelExpiry = clock.at(since + strategy.inactiveAfterSeconds * 1000, () => {
    instance.unreachable = 'inactive';
    instance.since = clock.now();
    instance.cancelExpiry = clock.at(since + strategy.expungeAfterSeconds * 1000, () => given.up(instance));
    given.inactive(instance);
  });
}

export function becomeReachable(instance: Instance): void {
  instance.unreachable = undefined;
  instance.cancelExpiry?.();
  instance.cancelExpiry = undefined;
}
