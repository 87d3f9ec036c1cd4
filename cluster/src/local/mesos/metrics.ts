// /metrics/snapshot of master and agents: the figures that this cluster can tell truly, under Mesos's names.
import os from 'node:os';
import type { Resources } from '../../live/state.ts';
import { type Agent, add, nothing } from './agents.ts';
import type { Mesos } from './mesos.ts';
import type { Task, TaskState } from './task.ts';

type Metrics = Record<string, number>;

export function masterMetrics(mesos: Mesos, now: number): Metrics {
  const { agents, frameworks } = mesos;
  const total = agents.reduce((sum, agent) => add(sum, agent.total), nothing);
  const used = agents.reduce((sum, agent) => add(sum, agent.used), nothing);
  const tasks = agents.flatMap(agent => [...agent.tasks.values()]);
  return {
    ...system(),
    'master/elected': 1,
    'master/uptime_secs': (now - mesos.startedAt) / 1000,
    ...usage('master', total, used, mesos.release.mesos !== '0.28.0'),
    'master/slaves_active': agents.length,
    'master/slaves_connected': agents.length,
    'master/slaves_disconnected': 0,
    'master/slaves_inactive': 0,
    ...(mesos.release.mesos === '1.5.0' ? { 'master/slaves_unreachable': 0 } : {}),
    'master/frameworks_active': frameworks.length,
    'master/frameworks_connected': frameworks.length,
    'master/frameworks_disconnected': 0,
    'master/frameworks_inactive': 0,
    'master/outstanding_offers': 0,
    ...running('master', tasks),
    'master/tasks_finished': mesos.counters.finished,
    'master/tasks_failed': mesos.counters.failed,
    'master/tasks_killed': mesos.counters.killed,
    'master/tasks_lost': mesos.counters.lost,
    'master/tasks_error': mesos.counters.error,
  };
}

export function agentMetrics(mesos: Mesos, agent: Agent, now: number): Metrics {
  const tasks = [...agent.tasks.values()];
  return {
    ...system(),
    'slave/registered': 1,
    'slave/uptime_secs': (now - mesos.startedAt) / 1000,
    ...usage('slave', agent.total, agent.used, mesos.release.mesos !== '0.28.0'),
    'slave/executors_running': tasks.filter(task => task.running !== undefined).length,
    ...running('slave', tasks),
  };
}

function usage(prefix: string, total: Resources, used: Resources, gpus: boolean): Metrics {
  const metrics: Metrics = {};
  for (const name of ['cpus', 'mem', 'disk', ...(gpus ? (['gpus'] as const) : [])] as const) {
    metrics[`${prefix}/${name}_total`] = total[name];
    metrics[`${prefix}/${name}_used`] = used[name];
    metrics[`${prefix}/${name}_percent`] = total[name] === 0 ? 0 : used[name] / total[name];
  }
  return metrics;
}

function running(prefix: string, tasks: readonly Task[]): Metrics {
  const count = (state: TaskState) => tasks.filter(task => task.state === state).length;
  return {
    [`${prefix}/tasks_staging`]: count('TASK_STAGING'),
    [`${prefix}/tasks_starting`]: count('TASK_STARTING'),
    [`${prefix}/tasks_running`]: count('TASK_RUNNING'),
  };
}

function system(): Metrics {
  const [one = 0, five = 0, fifteen = 0] = os.loadavg();
  return {
    'system/cpus_total': os.cpus().length,
    'system/load_1min': one,
    'system/load_5min': five,
    'system/load_15min': fifteen,
    'system/mem_total_bytes': os.totalmem(),
    'system/mem_free_bytes': os.freemem(),
  };
}
