// Health and readiness checks of running instances. HTTP, HTTPS and TCP are asked over the network, COMMAND runs where the task does.
// Facts: marathon v1.5.6 core/health/impl/HealthCheckActor.scala, HealthCheckWorkerActor.scala.
import http from 'node:http';
import { type Clock, timestamp } from '../clock.ts';
import { noTask } from '../executors/executor.ts';
import type { Mesos } from '../mesos/mesos.ts';
import { isTerminal, type Task } from '../mesos/task.ts';
import type { MarathonVersion } from '../release.ts';
import { healthCheck } from './answer-app.ts';
import { type App, type HealthCheck, portsOf } from './app.ts';
import type { EventBus } from './events.ts';
import { healthOf, type Instance, type InstanceCheck, isOfApp, taskIdOf } from './instance.ts';
import { hostPortAt } from './instance-checks.ts';
import { isPod } from './pod.ts';
import { connect, get, type Outcome } from './probe.ts';
import type { RunSpec } from './run-spec.ts';

export interface Checks {
  /** A definition with checks came, or went. */
  added(spec: RunSpec): void;
  removed(spec: RunSpec): void;
  /** Checks a task of an instance from now on, until it ends. */
  start(instance: Instance, task: Task): void;
  stop(task: Task): void;
}

interface ChecksOptions {
  readonly marathon: MarathonVersion;
  readonly clock: Clock;
  readonly mesos: Mesos;
  readonly events: EventBus;
  readonly changed: (instance: Instance) => void;
  /** The reason is given where Marathon itself kills, not the agent. */
  readonly killUnhealthy: (instance: Instance, reason: string | undefined) => void;
}

const ofMesos = ({ protocol }: HealthCheck): boolean => protocol === 'COMMAND' || protocol.startsWith('MESOS_');

export function createChecks({ marathon, clock, mesos, events, changed, killUnhealthy }: ChecksOptions): Checks {
  /** What is still to come, by the ids of tasks. */
  const timers = new Map<string, Set<() => void>>();

  /** Calls `ask` after a delay and then at its interval, never twice at a time, as long as the task lives. */
  function repeat(task: Task, delayMs: number, intervalMs: number, ask: () => Promise<void>): void {
    const own = timers.get(task.info.id) ?? new Set();
    timers.set(task.info.id, own);
    const later = (ms: number) => {
      const cancel = clock.after(ms, () => {
        own.delete(cancel);
        round();
      });
      own.add(cancel);
    };
    const round = () => {
      void ask().finally(() => {
        if (timers.get(task.info.id) === own) later(Math.max(intervalMs, 100));
      });
    };
    if (delayMs > 0) later(delayMs);
    else round();
  }

  function record(instance: Instance, n: number, { check, task }: InstanceCheck, outcome: Outcome): void {
    if (isTerminal(task.state) || instance.unreachable !== undefined) return;
    const now = timestamp(clock.now());
    const before = instance.health[n];
    const inGrace = clock.now() < (instance.startedAt ?? 0) + check.gracePeriodSeconds * 1000;
    const overall = healthOf(instance);
    if (outcome === undefined) {
      instance.health[n] = {
        alive: true,
        consecutiveFailures: 0,
        firstSuccess: before?.firstSuccess ?? now,
        lastSuccess: now,
        lastFailure: before?.lastFailure ?? null,
        lastFailureCause: before?.lastFailureCause ?? null,
      };
    } else {
      // Until it has passed once, failures in the grace period do not count.
      if (inGrace && before?.firstSuccess == null) return;
      if (!ofMesos(check)) {
        const id = marathon === '1.1.1' ? taskIdOf(instance) : instance.instanceId;
        events.publish('failed_health_check_event', {
          appId: instance.spec.id,
          [marathon === '1.4.1' ? 'instanceId' : 'taskId']: id,
          healthCheck: healthCheck(check, marathon),
        });
      }
      instance.health[n] = {
        alive: false,
        consecutiveFailures: (before?.consecutiveFailures ?? 0) + 1,
        firstSuccess: before?.firstSuccess ?? null,
        lastSuccess: before?.lastSuccess ?? null,
        lastFailure: now,
        lastFailureCause: outcome,
      };
    }
    const alive = outcome === undefined;
    if (before?.alive !== alive) {
      if (ofMesos(check)) mesos.setHealth(task, alive);
      else {
        const id = marathon === '1.1.1' ? { taskId: taskIdOf(instance) } : { instanceId: instance.instanceId };
        events.publish('health_status_changed_event', {
          appId: instance.spec.id,
          ...id,
          version: instance.spec.version,
          alive,
        });
      }
    }
    if (overall !== healthOf(instance) && marathon !== '1.1.1') {
      events.publish('instance_health_changed_event', {
        instanceId: instance.instanceId,
        runSpecId: instance.spec.id,
        healthy: healthOf(instance) ?? null,
        runSpecVersion: instance.spec.version,
      });
    }
    const failed = instance.health[n]?.consecutiveFailures ?? 0;
    const limit = ofMesos(check) ? Math.max(1, check.maxConsecutiveFailures) : check.maxConsecutiveFailures;
    if (limit > 0 && failed >= limit && !instance.killing) {
      if (!ofMesos(check)) publishKill(instance, outcome ?? '');
      killUnhealthy(instance, ofMesos(check) ? undefined : (outcome ?? ''));
    }
    changed(instance);
  }

  function publishKill(instance: Instance, reason: string): void {
    events.publish(marathon === '1.1.1' ? 'unhealthy_task_kill_event' : 'unhealthy_instance_kill_event', {
      appId: instance.spec.id,
      taskId: taskIdOf(instance),
      ...(marathon === '1.1.1' ? {} : { instanceId: instance.instanceId }),
      version: instance.spec.version,
      reason,
      host: instance.agent.hostname,
      slaveId: instance.agent.id,
    });
  }

  function startReadiness(instance: Instance<App>): void {
    const [check] = instance.spec.readinessChecks;
    if (check === undefined) return;
    const [task] = instance.tasks;
    const index = portsOf(instance.spec).findIndex(({ name }) => name === check.portName);
    const port = hostPortAt(instance.spec, task, index);
    const url = `${check.protocol.toLowerCase()}://${instance.agent.hostname}:${port}${check.path}`;
    repeat(task, 0, check.intervalSeconds * 1000, async () => {
      if (instance.ready === true) return;
      const answer = await get(url, check.timeoutSeconds * 1000);
      instance.ready = typeof answer !== 'string' && check.httpStatusCodesForReady.includes(answer.status);
      instance.lastResponse = check.preserveLastResponse && typeof answer !== 'string' ? answer : undefined;
      changed(instance);
    });
  }

  const checksIn = (spec: RunSpec): readonly HealthCheck[] => (isPod(spec) ? [] : spec.healthChecks);

  return {
    added(spec) {
      for (const check of checksIn(spec)) {
        events.publish('add_health_check_event', {
          appId: spec.id,
          version: spec.version,
          healthCheck: healthCheck(check, marathon),
        });
      }
    },
    removed(spec) {
      for (const _ of checksIn(spec)) events.publish('remove_health_check_event', { appId: spec.id });
    },
    start(instance, task) {
      if (timers.has(task.info.id)) return;
      instance.checks.forEach((each, n) => {
        if (each.task !== task) return;
        // Only the agent waits before it asks for the first time.
        const delay = ofMesos(each.check) ? each.check.delaySeconds * 1000 : 0;
        repeat(task, delay, each.check.intervalSeconds * 1000, async () => {
          const outcome = await ask(each);
          if (outcome !== 'none') record(instance, n, each, outcome?.failure);
        });
      });
      if (isOfApp(instance)) startReadiness(instance);
    },
    stop(task) {
      for (const cancel of timers.get(task.info.id) ?? []) cancel();
      timers.delete(task.info.id);
    },
  };
}

/** Undefined: it passes. `none`: an answer that is to be ignored. */
async function ask({ check, task, port }: InstanceCheck): Promise<'none' | { readonly failure: string } | undefined> {
  const of = (outcome: Outcome) => (outcome === undefined ? undefined : { failure: outcome });
  const timeout = Math.max(check.timeoutSeconds, 1) * 1000;
  if (check.protocol === 'COMMAND') return of(await (task.running ?? noTask).exec(check.command?.value ?? '', timeout));
  if (port === undefined) return of('The health check names no host port of the task');
  const host = task.agent.hostname;
  const protocol = check.protocol.replace('MESOS_', '');
  if (protocol === 'TCP') return of(await connect(host, port, timeout));
  const answer = await get(`${protocol.toLowerCase()}://${host}:${port}${check.path ?? '/'}`, timeout);
  if (typeof answer === 'string') return of(answer);
  if (answer.status >= 200 && answer.status < 400) return undefined;
  if (answer.status < 200 && check.ignoreHttp1xx) return 'none';
  return of(`${answer.status} ${http.STATUS_CODES[answer.status] ?? ''}`.trim());
}
