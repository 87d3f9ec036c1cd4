// /metrics/snapshot of master and agents: the figures that this cluster can tell truly, under Mesos's names.
import os from 'node:os';
import type { Resources } from '../../live/state.ts';
import { type Agent, add, nothing } from './agents.ts';
import type { Mesos } from './mesos.ts';
import { isTerminal, type Task, type TaskState } from './task.ts';

type Metrics = Record<string, number>;

/** States that the release counts; of those that a task is in for good, how many have got there. */
const states = (mesos: Mesos): readonly TaskState[] => [
  ...(['TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING', 'TASK_FINISHED', 'TASK_FAILED'] as const),
  ...(['TASK_KILLED', 'TASK_LOST', 'TASK_ERROR'] as const),
  ...(mesos.release.mesos === '1.5.0' ? (['TASK_UNREACHABLE', 'TASK_GONE', 'TASK_GONE_BY_OPERATOR'] as const) : []),
];

export function masterMetrics(mesos: Mesos, now: number): Metrics {
  const { agents, frameworks } = mesos;
  const total = agents.reduce((sum, agent) => add(sum, agent.total), nothing);
  const used = agents.reduce((sum, agent) => add(sum, agent.used), nothing);
  const tasks = frameworks.flatMap(framework => [...framework.tasks.values(), ...framework.unreachable]);
  return {
    ...system(),
    'master/elected': 1,
    'master/uptime_secs': (now - mesos.startedAt) / 1000,
    ...usage('master', total, used, mesos.release.mesos !== '0.28.0'),
    'master/slaves_active': agents.length,
    'master/slaves_connected': agents.length,
    'master/slaves_disconnected': 0,
    'master/slaves_inactive': 0,
    ...(mesos.release.mesos === '1.5.0' ? { 'master/slaves_unreachable': mesos.unreachableAgents } : {}),
    'master/frameworks_active': frameworks.length,
    'master/frameworks_connected': frameworks.length,
    'master/frameworks_disconnected': 0,
    'master/frameworks_inactive': 0,
    'master/outstanding_offers': 0,
    'master/dropped_messages': 0,
    ...counts('master', states(mesos), tasks, mesos.counters),
  };
}

export function agentMetrics(mesos: Mesos, agent: Agent, now: number): Metrics {
  const tasks = [...agent.tasks.values()];
  const ended = Object.fromEntries(
    states(mesos).map(state => [state, agent.completed.filter(task => task.state === state).length]),
  );
  return {
    ...system(),
    'slave/registered': 1,
    'slave/uptime_secs': (now - (agent.reregisteredAt ?? agent.registeredAt)) / 1000,
    ...usage('slave', agent.total, agent.used, mesos.release.mesos !== '0.28.0'),
    'slave/executors_running': tasks.filter(task => task.running !== undefined).length,
    'slave/executors_terminated': agent.completed.length,
    'slave/frameworks_active': new Set(tasks.map(({ frameworkId }) => frameworkId)).size,
    ...counts('slave', states(mesos), tasks, ended),
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

/** `tasks_running` and its like: gauges of what is alive, counters of what has ended. */
function counts(
  prefix: string,
  among: readonly TaskState[],
  alive: readonly Task[],
  ended: Readonly<Partial<Record<TaskState, number>>>,
): Metrics {
  return Object.fromEntries(
    among.map(state => [
      `${prefix}/${state.toLowerCase().replace('task_', 'tasks_')}`,
      isTerminal(state) ? (ended[state] ?? 0) : alive.filter(task => task.state === state).length,
    ]),
  );
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
