// What the Mesos master and its agents tell about themselves in the v0 API: /state, /state-summary, /slaves, /frameworks, /tasks.
// Field names and their first releases: mesos 0.28.0, 1.1.0, 1.5.0 src/master/http.cpp, src/slave/http.cpp, src/common/http.cpp.
import type { Resources } from '../../live/state.ts';
import { seconds } from '../clock.ts';
import type { MesosVersion } from '../release.ts';
import { type Agent, type Allocation, add, nothing, type Share, sharesOf, totalOf } from './agents.ts';
import { clusterName, masterFlags } from './flags.ts';
import { type CompletedFramework, type Framework, usedByFramework } from './framework.ts';
import type { Mesos } from './mesos.ts';
import { portRanges, rangesText } from './port-ranges.ts';
import { since } from './since.ts';
import type { Task, TaskStatus } from './task.ts';

export interface MasterAddress {
  readonly hostname: string;
  readonly ip: string;
  readonly port: number;
  /** Where the master writes its log. */
  readonly logDir: string;
}

export type Fields = Record<string, unknown>;

const ports = (list: Iterable<number>): string | undefined => rangesText(portRanges(list));

function resources(version: MesosVersion, amount: Resources, rangesOfPorts?: string): Fields {
  return {
    disk: amount.disk,
    mem: amount.mem,
    ...(since(version, '1.0') ? { gpus: amount.gpus } : {}),
    cpus: amount.cpus,
    ...(rangesOfPorts === undefined ? {} : { ports: rangesOfPorts }),
  };
}

const resourcesOf = (version: MesosVersion, shares: readonly Share[]): Fields =>
  resources(version, totalOf(shares), rangesText(shares.flatMap(share => share.portRanges)));

function build(version: MesosVersion): Fields {
  const dates: Record<MesosVersion, [string, number]> = {
    '0.28.0': ['2016-03-17 17:43:43', 1458236623],
    '1.1.0': ['2016-11-16 01:31:10', 1479259870],
    '1.5.0': ['2018-02-02 09:00:00', 1517562000],
  };
  const [date, time] = dates[version];
  return { version, build_date: date, build_time: time, build_user: 'root' };
}

export const versionAnswer = (version: MesosVersion): Fields => build(version);

/** An agent as the master shows it. `full` adds what only /slaves has. */
export function agentOfMaster(version: MesosVersion, agent: Agent, full: boolean): Fields {
  const reserved = agent.shares.filter(({ role }) => role !== '*');
  const unreserved = sharesOf(agent, ['*']);
  return {
    id: agent.id,
    hostname: agent.hostname,
    ...(since(version, '1.2') ? { port: agent.port } : {}),
    attributes: agent.attributes,
    pid: agentPid(agent),
    registered_time: seconds(agent.registeredAt),
    ...(agent.reregisteredAt === undefined ? {} : { reregistered_time: seconds(agent.reregisteredAt) }),
    resources: resourcesOf(version, agent.shares),
    used_resources: resources(version, agent.used, ports(agent.usedPorts)),
    offered_resources: resources(version, nothing),
    reserved_resources: Object.fromEntries(reserved.map(share => [share.role, resourcesOf(version, [share])])),
    unreserved_resources: resourcesOf(version, unreserved),
    active: true,
    version,
    ...(since(version, '1.3') ? { capabilities: agentCapabilities } : {}),
    ...(full
      ? {
          reserved_resources_full: Object.fromEntries(reserved.map(share => [share.role, resourceList([share])])),
          used_resources_full: [...agent.tasks.values()].flatMap(({ allocations }) => allocatedList(allocations)),
          offered_resources_full: [],
          ...(since(version, '1.4') ? { unreserved_resources_full: resourceList(unreserved) } : {}),
        }
      : {}),
  };
}

/** Source: mesos 1.5.0 src/slave/constants.cpp, AGENT_CAPABILITIES. */
export const agentCapabilities = ['MULTI_ROLE', 'HIERARCHICAL_ROLE', 'RESERVATION_REFINEMENT'];

/** As Resource messages, which v0 has in some places and v1 everywhere. */
export const resourceList = (shares: readonly Share[]): Fields[] =>
  shares.flatMap(({ role, amount, portRanges: ranges }) => [
    ...Object.entries(amount)
      .filter(([, value]) => value > 0)
      .map(([name, value]) => ({ name, type: 'SCALAR', scalar: { value }, role })),
    ...(ranges.length === 0
      ? []
      : [{ name: 'ports', type: 'RANGES', ranges: { range: ranges.map(([begin, end]) => ({ begin, end })) }, role }]),
  ]);

export const allocatedList = (allocations: readonly Allocation[]): Fields[] =>
  resourceList(allocations.map(each => ({ ...each, portRanges: portRanges(each.ports) })));

export const usedByRole = (version: MesosVersion, agents: readonly Agent[], role: string): Fields => {
  const own = agents.flatMap(agent =>
    [...agent.tasks.values()].flatMap(({ allocations }) => allocations.filter(each => each.role === role)),
  );
  return resources(
    version,
    own.reduce((sum, { amount }) => add(sum, amount), nothing),
    ports(own.flatMap(each => each.ports)),
  );
};

export const agentIp = (agent: Agent): string => (/^[\d.]+$/.test(agent.hostname) ? agent.hostname : '127.0.0.1');
export const agentPid = (agent: Agent): string => `slave(1)@${agentIp(agent)}:${agent.port}`;

function status(version: MesosVersion, task: Task, { state, time, healthy }: TaskStatus): Fields {
  const ip = agentIp(task.agent);
  return {
    state,
    timestamp: seconds(time),
    ...(healthy === undefined ? {} : { healthy }),
    container_status: {
      ...(since(version, '1.2') ? { container_id: { value: task.containerId } } : {}),
      network_infos: [
        {
          ...(version === '0.28.0' ? { ip_address: ip } : {}),
          ip_addresses: [{ ...(since(version, '1.0') ? { protocol: 'IPv4' } : {}), ip_address: ip }],
        },
      ],
    },
  };
}

/** The role under which a task's resources are allocated: that of its framework. */
const roleOf = (task: Task): string => task.allocations[0]?.role ?? '*';

/** A task as master and agents show it. The executor id is empty: all are command tasks. */
export function taskAnswer(version: MesosVersion, task: Task): Fields {
  const { info } = task;
  return {
    id: info.id,
    name: info.name,
    framework_id: task.frameworkId,
    executor_id: '',
    slave_id: task.agent.id,
    state: task.state,
    resources: resources(version, info.resources, ports(info.ports)),
    ...(since(version, '1.3') ? { role: roleOf(task) } : {}),
    statuses: task.statuses.map(each => status(version, task, each)),
    ...(info.user !== undefined && since(version, '1.0') ? { user: info.user } : {}),
    ...(info.labels.length > 0 ? { labels: info.labels } : {}),
    ...(info.discovery === undefined ? {} : { discovery: info.discovery }),
    ...(info.container === undefined ? {} : { container: info.container }),
  };
}

function frameworkSummary(version: MesosVersion, framework: Pick<Framework, 'id' | 'info' | 'pid' | 'tasks'>): Fields {
  const used = resources(
    version,
    usedByFramework(framework),
    ports([...framework.tasks.values()].flatMap(({ info }) => info.ports)),
  );
  return {
    id: framework.id,
    name: framework.info.name,
    pid: framework.pid,
    used_resources: used,
    offered_resources: resources(version, nothing),
    capabilities: framework.info.capabilities,
    hostname: framework.info.hostname,
    webui_url: framework.info.webuiUrl,
    active: true,
    ...(since(version, '1.2') ? { connected: true, recovered: false } : {}),
  };
}

export function frameworkAnswer(version: MesosVersion, framework: Framework): Fields {
  const summary = frameworkSummary(version, framework);
  return {
    ...summary,
    ...registration(framework),
    unregistered_time: 0,
    resources: summary.used_resources,
    tasks: [...framework.tasks.values()].map(task => taskAnswer(version, task)),
    ...(since(version, '1.2')
      ? { unreachable_tasks: framework.unreachable.map(task => taskAnswer(version, task)) }
      : {}),
    completed_tasks: framework.completed.map(task => taskAnswer(version, task)),
    offers: [],
    executors: [],
  };
}

function completedFramework(version: MesosVersion, framework: CompletedFramework): Fields {
  const past = { ...framework, tasks: new Map() };
  const summary = frameworkSummary(version, past);
  return {
    ...summary,
    active: false,
    ...(since(version, '1.2') ? { connected: false } : {}),
    ...registration(framework),
    unregistered_time: seconds(framework.unregisteredAt),
    resources: summary.used_resources,
    tasks: [],
    ...(since(version, '1.2') ? { unreachable_tasks: [] } : {}),
    completed_tasks: framework.completed.map(task => taskAnswer(version, task)),
    offers: [],
    executors: [],
  };
}

const registration = ({ info, registeredAt }: CompletedFramework | Framework): Fields => ({
  user: info.user,
  failover_timeout: info.failoverTimeout,
  checkpoint: info.checkpoint,
  registered_time: seconds(registeredAt),
  role: info.role,
});

export function masterState(mesos: Mesos, address: MasterAddress): Fields {
  const version = mesos.release.mesos;
  const pid = `master@${address.ip}:${address.port}`;
  return {
    ...build(version),
    start_time: seconds(mesos.startedAt),
    elected_time: seconds(mesos.startedAt),
    id: mesos.id,
    pid,
    hostname: address.hostname,
    ...(since(version, '1.5') ? { capabilities: ['AGENT_UPDATE'] } : {}),
    activated_slaves: mesos.agents.length,
    deactivated_slaves: 0,
    ...(since(version, '1.2') ? { unreachable_slaves: mesos.unreachableAgents } : {}),
    leader: pid,
    ...(since(version, '1.1')
      ? { leader_info: { id: mesos.id, pid, port: address.port, hostname: address.hostname } }
      : {}),
    cluster: clusterName,
    log_dir: address.logDir,
    flags: masterFlags(version, address),
    slaves: mesos.agents.map(agent => agentOfMaster(version, agent, version === '1.5.0')),
    ...(since(version, '1.2') ? { recovered_slaves: [] } : {}),
    ...frameworksAnswer(mesos),
    orphan_tasks: [],
  };
}

export const slavesAnswer = (mesos: Mesos, id: string | null = null): Fields => ({
  slaves: mesos.agents
    .filter(agent => id === null || agent.id === id)
    .map(agent => agentOfMaster(mesos.release.mesos, agent, true)),
  ...(since(mesos.release.mesos, '1.2') ? { recovered_slaves: [] } : {}),
});

export function frameworksAnswer(
  { release, frameworks, completedFrameworks }: Mesos,
  id: string | null = null,
): Fields {
  const wanted = (each: { readonly id: string }) => id === null || each.id === id;
  return {
    frameworks: frameworks.filter(wanted).map(each => frameworkAnswer(release.mesos, each)),
    completed_frameworks: completedFrameworks.filter(wanted).map(each => completedFramework(release.mesos, each)),
    unregistered_frameworks: [],
  };
}

const countedStates = [
  ...['TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING', 'TASK_FINISHED', 'TASK_KILLED'],
  ...['TASK_FAILED', 'TASK_LOST', 'TASK_ERROR'],
];

function taskCounts(version: MesosVersion, tasks: Iterable<Task>, ofAgent: boolean): Fields {
  const states = since(version, '1.2') ? [...countedStates, 'TASK_UNREACHABLE'] : countedStates;
  const counts: Record<string, number> = Object.fromEntries(states.map(state => [state, 0]));
  for (const { state } of tasks) {
    if (ofAgent && (state === 'TASK_ERROR' || state === 'TASK_UNREACHABLE')) continue;
    if (!(state in counts)) continue;
    counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
}

export function stateSummary(mesos: Mesos, address: MasterAddress): Fields {
  const version = mesos.release.mesos;
  const tasks = mesos.frameworks.flatMap(allTasks);
  return {
    hostname: address.hostname,
    cluster: clusterName,
    slaves: mesos.agents.map(agent => {
      const own = tasks.filter(task => task.agent === agent);
      return {
        ...agentOfMaster(version, agent, false),
        ...taskCounts(version, own, true),
        framework_ids: [...new Set(own.map(({ frameworkId }) => frameworkId))],
      };
    }),
    frameworks: mesos.frameworks.map(framework => {
      const own = allTasks(framework);
      return {
        ...frameworkSummary(version, framework),
        ...taskCounts(version, own, false),
        slave_ids: [...new Set(own.map(({ agent }) => agent.id))],
      };
    }),
  };
}

/** Also those of agents that are unreachable. */
export const allTasks = ({ tasks, unreachable, completed }: Framework): Task[] => [
  ...tasks.values(),
  ...unreachable,
  ...completed,
];

export interface TaskPage {
  readonly limit: number;
  readonly offset: number;
  readonly ascending: boolean;
  readonly frameworkId: string | null;
  readonly taskId: string | null;
}

export function tasksAnswer(mesos: Mesos, page: TaskPage): Fields {
  const version = mesos.release.mesos;
  const begun = (task: Task) => task.statuses[0]?.time ?? 0;
  const tasks = mesos.frameworks
    .filter(({ id }) => page.frameworkId === null || id === page.frameworkId)
    .flatMap(allTasks)
    .concat(
      mesos.completedFrameworks
        .filter(({ id }) => page.frameworkId === null || id === page.frameworkId)
        .flatMap(({ completed }) => completed),
    )
    .filter(({ info }) => page.taskId === null || info.id === page.taskId)
    .sort((a, b) => (page.ascending ? begun(a) - begun(b) : begun(b) - begun(a)));
  return { tasks: tasks.slice(page.offset, page.offset + page.limit).map(task => taskAnswer(version, task)) };
}
