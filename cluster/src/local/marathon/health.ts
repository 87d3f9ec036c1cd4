// Health and readiness checks of running instances. HTTP, HTTPS and TCP are asked over the network, COMMAND runs where the task does.
// Facts: marathon v1.5.6 core/health/impl/HealthCheckActor.scala, HealthCheckWorkerActor.scala.
import http from 'node:http';
import { type Clock, timestamp } from '../clock.ts';
import { noTask } from '../executors/executor.ts';
import type { Mesos } from '../mesos/mesos.ts';
import { isTerminal } from '../mesos/task.ts';
import type { MarathonVersion } from '../release.ts';
import { healthCheck } from './answer-app.ts';
import { type App, type HealthCheck, portsOf } from './app.ts';
import type { EventBus } from './events.ts';
import { healthOf, hostPortAt, type Instance } from './instance.ts';
import { connect, get, type Outcome } from './probe.ts';

export interface Checks {
  /** An app with checks came, or went. */
  added(app: App): void;
  removed(app: App): void;
  /** Checks an instance from now on, until it ends. */
  start(instance: Instance): void;
  stop(instance: Instance): void;
}

interface ChecksOptions {
  readonly marathon: MarathonVersion;
  readonly clock: Clock;
  readonly mesos: Mesos;
  readonly events: EventBus;
  readonly changed: (instance: Instance) => void;
  readonly kill: (instance: Instance) => void;
}

const ofMesos = ({ protocol }: HealthCheck): boolean => protocol === 'COMMAND' || protocol.startsWith('MESOS_');

export function createChecks({ marathon, clock, mesos, events, changed, kill }: ChecksOptions): Checks {
  const timers = new Map<string, Set<() => void>>();

  /** Calls `ask` at once and then at its interval, never twice at a time, as long as the instance lives. */
  function repeat(instance: Instance, intervalMs: number, ask: () => Promise<void>): void {
    const own = timers.get(instance.taskId) ?? new Set();
    timers.set(instance.taskId, own);
    const round = () => {
      void ask().finally(() => {
        if (!timers.has(instance.taskId)) return;
        const cancel = clock.after(Math.max(intervalMs, 100), () => {
          own.delete(cancel);
          round();
        });
        own.add(cancel);
      });
    };
    round();
  }

  function record(instance: Instance, n: number, check: HealthCheck, outcome: Outcome): void {
    if (isTerminal(instance.task.state)) return;
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
        const id = marathon === '1.1.1' ? instance.taskId : instance.instanceId;
        events.publish('failed_health_check_event', {
          appId: instance.app.id,
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
      if (ofMesos(check)) mesos.setHealth(instance.task, alive);
      else {
        const id = marathon === '1.1.1' ? { taskId: instance.taskId } : { instanceId: instance.instanceId };
        events.publish('health_status_changed_event', {
          appId: instance.app.id,
          ...id,
          version: instance.app.version,
          alive,
        });
      }
    }
    if (overall !== healthOf(instance) && marathon !== '1.1.1') {
      events.publish('instance_health_changed_event', {
        instanceId: instance.instanceId,
        runSpecId: instance.app.id,
        healthy: healthOf(instance) ?? null,
        runSpecVersion: instance.app.version,
      });
    }
    const failed = instance.health[n]?.consecutiveFailures ?? 0;
    const limit = ofMesos(check) ? Math.max(1, check.maxConsecutiveFailures) : check.maxConsecutiveFailures;
    if (limit > 0 && failed >= limit && !instance.killing) {
      if (!ofMesos(check)) {
        events.publish(marathon === '1.1.1' ? 'unhealthy_task_kill_event' : 'unhealthy_instance_kill_event', {
          appId: instance.app.id,
          taskId: instance.taskId,
          ...(marathon === '1.1.1' ? {} : { instanceId: instance.instanceId }),
          version: instance.app.version,
          reason: outcome ?? '',
          host: instance.task.agent.hostname,
          slaveId: instance.task.agent.id,
        });
      }
      kill(instance);
    }
    changed(instance);
  }

  function startReadiness(instance: Instance): void {
    const [check] = instance.app.readinessChecks;
    if (check === undefined) return;
    const index = portsOf(instance.app).findIndex(({ name }) => name === check.portName);
    const port = hostPortAt(instance, index);
    const url = `${check.protocol.toLowerCase()}://${instance.task.agent.hostname}:${port}${check.path}`;
    repeat(instance, check.intervalSeconds * 1000, async () => {
      if (instance.ready === true) return;
      const answer = await get(url, check.timeoutSeconds * 1000);
      instance.ready = typeof answer !== 'string' && check.httpStatusCodesForReady.includes(answer.status);
      instance.lastResponse = check.preserveLastResponse && typeof answer !== 'string' ? answer : undefined;
      changed(instance);
    });
  }

  return {
    added(app) {
      for (const check of app.healthChecks) {
        events.publish('add_health_check_event', {
          appId: app.id,
          version: app.version,
          healthCheck: healthCheck(check, marathon),
        });
      }
    },
    removed(app) {
      for (const _ of app.healthChecks) events.publish('remove_health_check_event', { appId: app.id });
    },
    start(instance) {
      if (timers.has(instance.taskId)) return;
      instance.app.healthChecks.forEach((check, n) => {
        repeat(instance, check.intervalSeconds * 1000, async () =>
          record(instance, n, check, await ask(instance, check)),
        );
      });
      startReadiness(instance);
    },
    stop(instance) {
      for (const cancel of timers.get(instance.taskId) ?? []) cancel();
      timers.delete(instance.taskId);
    },
  };
}

async function ask(instance: Instance, check: HealthCheck): Promise<Outcome> {
  const timeout = Math.max(check.timeoutSeconds, 1) * 1000;
  if (check.protocol === 'COMMAND') return (instance.task.running ?? noTask).exec(check.command?.value ?? '', timeout);
  const index =
    typeof check.portIndex === 'string'
      ? portsOf(instance.app).findIndex(({ name }) => name === check.portIndex)
      : (check.portIndex ?? 0);
  const port = check.port ?? hostPortAt(instance, index);
  if (port === undefined) return 'The health check names no host port of the task';
  const host = instance.task.agent.hostname;
  const protocol = check.protocol.replace('MESOS_', '');
  if (protocol === 'TCP') return connect(host, port, timeout);
  const answer = await get(`${protocol.toLowerCase()}://${host}:${port}${check.path ?? '/'}`, timeout);
  if (typeof answer === 'string') return answer;
  return answer.status >= 200 && answer.status < 400
    ? undefined
    : `${answer.status} ${http.STATUS_CODES[answer.status] ?? ''}`.trim();
}
