// What runs, as data: one look at the cluster, for the page and for scripts (/local/state). Nothing is kept between two looks.
import type { Release } from '../../../../protocol/src/plan.ts';
import type { Resources } from '../../live/state.ts';
import { type Chronos, currentStatus } from '../chronos/chronos.ts';
import { lastState, parentsOf, scheduleOf } from '../chronos/job.ts';
import { timestamp } from '../clock.ts';
import { portsOf } from '../marathon/app.ts';
import { healthOf, isRunning } from '../marathon/instance.ts';
import type { Marathon } from '../marathon/marathon.ts';
import { isPod } from '../marathon/pod.ts';
import type { RunSpec } from '../marathon/run-spec.ts';
import type { Mesos } from '../mesos/mesos.ts';
import { isTerminal, type Task } from '../mesos/task.ts';
import type { Orchestrator } from '../orchestrator/orchestrator.ts';

export interface Look {
  readonly release: Release;
  readonly versions: { readonly mesos: string; readonly marathon: string; readonly chronos: string };
  /** ISO 8601, as all times here. */
  readonly startedAt: string;
  readonly addresses: Readonly<Record<string, string>>;
  readonly agents: readonly AgentLook[];
  readonly apps: readonly AppLook[];
  readonly jobs: readonly JobLook[];
  /** Those that are there, then those that have ended, each the newest first. */
  readonly tasks: readonly TaskLook[];
  /** Of Marathon. */
  readonly deployments: readonly DeploymentLook[];
  /** Deployments of the Orchestrator. */
  readonly orchestrated: readonly OrchestratedLook[];
}

export interface AgentLook {
  readonly id: string;
  readonly hostname: string;
  readonly url: string;
  readonly used: Resources;
  readonly total: Resources;
  readonly tasks: number;
  readonly attributes: Readonly<Record<string, string | number>>;
}

export interface AppLook {
  readonly id: string;
  readonly instances: number;
  readonly running: number;
  readonly healthy: number;
  readonly unhealthy: number;
  readonly checks: number;
  /** Instances that wait to be launched, and why no agent takes them. */
  readonly waiting: number;
  readonly reasons: readonly string[];
  readonly servicePorts: readonly number[];
  readonly virtualHosts: readonly string[];
  readonly lastFailure?: string;
}

export interface JobLook {
  readonly name: string;
  readonly schedule?: string;
  readonly parents?: readonly string[];
  readonly disabled: boolean;
  readonly status: string;
  readonly last: 'fresh' | 'success' | 'failure';
  readonly successes: number;
  readonly errors: number;
}

export interface TaskLook {
  readonly id: string;
  readonly framework: string;
  readonly agent: string;
  readonly state: string;
  readonly healthy?: boolean;
  readonly since: string;
  readonly message: string;
  readonly ports: readonly number[];
  readonly ended: boolean;
}

export interface DeploymentLook {
  readonly id: string;
  readonly apps: readonly string[];
  /** From 1. */
  readonly step: number;
  readonly steps: number;
}

export interface OrchestratedLook {
  readonly id: string;
  readonly status: string;
  readonly reason?: string;
  readonly createdAt: string;
}

export interface Cluster {
  readonly mesos: Mesos;
  readonly marathon: Marathon;
  readonly chronos: Chronos;
  readonly orchestrator: Orchestrator;
  readonly addresses: () => Readonly<Record<string, string>>;
}

export function lookAt({ mesos, marathon, chronos, orchestrator, addresses }: Cluster): Look {
  const { release } = mesos;
  return {
    release: release.name,
    versions: { mesos: release.mesos, marathon: release.marathon, chronos: release.chronos },
    startedAt: timestamp(mesos.startedAt),
    addresses: addresses(),
    agents: mesos.agents.map(({ id, hostname, port, used, total, tasks, attributes }) => ({
      ...{ id, hostname, used, total, attributes },
      url: `http://${hostname}:${port}`,
      tasks: tasks.size,
    })),
    apps: appsOf(marathon),
    jobs: chronos.store.visible().map(job => {
      const schedule = scheduleOf(job)?.schedule;
      const parents = parentsOf(job);
      return {
        name: job.name,
        ...(schedule === undefined ? {} : { schedule }),
        ...(parents === undefined ? {} : { parents }),
        disabled: job.disabled,
        status: currentStatus(chronos, job.name),
        last: lastState(job),
        successes: job.successCount,
        errors: job.errorCount,
      };
    }),
    tasks: tasksOf(mesos),
    deployments: [...marathon.deployments.running.values()].map(
      ({ id, affectedApps, affectedPods, currentStep, steps }) => ({
        ...{ id, apps: [...affectedApps, ...affectedPods], step: currentStep + 1, steps: steps.length },
      }),
    ),
    orchestrated: [...orchestrator.store.deployments.values()].map(({ id, status, statusReason, createdAt }) => ({
      id,
      status,
      ...(statusReason === undefined ? {} : { reason: statusReason }),
      createdAt: timestamp(createdAt),
    })),
  };
}

const appsOf = ({ runs }: Marathon): AppLook[] =>
  [...runs.all.values()]
    .map(({ spec, target, instances, waiting, lastFailure }) => {
      const all = [...instances.values()];
      const running = all.filter(isRunning);
      const missing = Math.max(0, target - all.filter(({ killing }) => !killing).length);
      const hosts = Object.entries(spec.labels).filter(([name]) => /^HAPROXY_\d+_VHOST$/.test(name));
      return {
        id: spec.id,
        instances: target,
        running: running.length,
        healthy: running.filter(instance => healthOf(instance) === true).length,
        unhealthy: running.filter(instance => healthOf(instance) === false).length,
        checks: checksIn(spec),
        waiting: waiting === undefined ? 0 : missing,
        reasons: waiting === undefined ? [] : [...waiting.lastRound.keys()],
        servicePorts: isPod(spec) ? [] : portsOf(spec).map(({ servicePort }) => servicePort),
        virtualHosts: hosts.flatMap(([, value]) => value.split(',').map(host => host.trim())),
        ...(lastFailure === undefined ? {} : { lastFailure: `${lastFailure.state}: ${lastFailure.message}` }),
      };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));

const checksIn = (spec: RunSpec): number =>
  isPod(spec)
    ? spec.containers.filter(({ healthCheck }) => healthCheck !== undefined).length
    : spec.healthChecks.length;

function tasksOf({ frameworks }: Mesos): TaskLook[] {
  const all = frameworks.flatMap(({ info, tasks, completed }) =>
    [...tasks.values(), ...completed].map(task => ({
      framework: info.name,
      task,
      since: task.statuses.at(-1)?.time ?? task.launchedAt,
    })),
  );
  return all
    .sort((a, b) => Number(isTerminal(a.task.state)) - Number(isTerminal(b.task.state)) || b.since - a.since)
    .map(({ framework, task, since }) => lookAtTask(framework, task, since));
}

function lookAtTask(framework: string, task: Task, since: number): TaskLook {
  const last = task.statuses.at(-1);
  return {
    id: task.info.id,
    framework,
    agent: task.agent.hostname,
    state: task.state,
    ...(last?.healthy === undefined ? {} : { healthy: last.healthy }),
    since: timestamp(since),
    message: last?.message ?? '',
    ports: task.info.ports,
    ended: isTerminal(task.state),
  };
}
