// The tasks behind a service port, and which of them gets the next connection.
import { createHash } from 'node:crypto';
import type { App } from '../marathon/app.ts';
import { healthOf, type Instance, isOfApp, isRunning, taskIdOf } from '../marathon/instance.ts';
import { hostPortAt } from '../marathon/instance-checks.ts';
import type { Run } from '../marathon/run.ts';
import type { ServicePort } from './service-port.ts';

export interface Backend {
  readonly taskId: string;
  readonly host: string;
  readonly port: number;
}

/** All running tasks of the app that have the port. One that is being killed is none of them. */
export const backendsOf = (run: Run, { index }: ServicePort): readonly Backend[] =>
  running(run).flatMap(toBackend(index));

/** Those that may get connections: the ones whose checks pass; while none has an answer yet, the ones that have not failed. */
export function healthyBackends(run: Run, { index }: ServicePort): readonly Backend[] {
  const all = running(run);
  const passing = all.filter(instance => instance.checks.length === 0 || healthOf(instance) === true);
  const usable = passing.length > 0 ? passing : all.filter(instance => healthOf(instance) !== false);
  return usable.flatMap(toBackend(index));
}

const running = (run: Run): Instance<App>[] =>
  [...run.instances.values()].filter(isOfApp).filter(instance => isRunning(instance) && !instance.killing);

const toBackend =
  (index: number) =>
  (instance: Instance<App>): Backend[] => {
    const port = hostPortAt(instance.spec, instance.tasks[0], index);
    return port === undefined ? [] : [{ taskId: taskIdOf(instance), host: instance.agent.hostname, port }];
  };

/** What the cookie of a sticky port holds: it tells nothing of the task. */
export const cookieOf = ({ taskId }: Backend): string => createHash('sha256').update(taskId).digest('hex').slice(0, 16);

/** Hands out the backends of one service port, by its way of balancing. */
export interface Turns {
  /** All, the one whose turn it is first. */
  next(backends: readonly Backend[], balance: string): readonly Backend[];
  opened(backend: Backend): void;
  closed(backend: Backend): void;
}

export function takeTurns(): Turns {
  const open = new Map<string, number>();
  let turn = 0;
  const count = (backend: Backend, by: number) => {
    const now = (open.get(backend.taskId) ?? 0) + by;
    if (now > 0) open.set(backend.taskId, now);
    else open.delete(backend.taskId);
  };
  return {
    next(backends, balance) {
      // All clients have one address here, and so `source` leads them all to one task.
      if (balance === 'source' || balance === 'first') return backends;
      const start = backends.length === 0 ? 0 : turn++ % backends.length;
      const turned = [...backends.slice(start), ...backends.slice(0, start)];
      if (balance !== 'leastconn') return turned;
      return turned.sort((a, b) => (open.get(a.taskId) ?? 0) - (open.get(b.taskId) ?? 0));
    },
    opened: backend => count(backend, 1),
    closed: backend => count(backend, -1),
  };
}
