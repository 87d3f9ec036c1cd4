// How v1 writes tasks, frameworks, agents and executors. Source: mesos include/mesos/v1/{mesos,master/master,agent/agent}.proto.
import type { MesosVersion } from '../../release.ts';
import { commandExecutorName } from '../agent-state.ts';
import type { Agent, Attributes } from '../agents.ts';
import type { CompletedFramework, Framework } from '../framework.ts';
import { since } from '../since.ts';
import { agentCapabilities, agentIp, agentPid, allocatedList, resourceList } from '../state.ts';
import { isThere, type Task, type TaskStatus } from '../task.ts';
import { compact, type Fields, id } from './call.ts';

/** Milliseconds since the epoch as TimeInfo. */
export const time = (milliseconds: number): Fields => ({ nanoseconds: milliseconds * 1_000_000 });

const base64 = (uuid: string): string => Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64');

export function taskOf(task: Task): Fields {
  const { info, agent } = task;
  const last = task.statuses.at(-1);
  return compact({
    name: info.name,
    task_id: id(info.id),
    framework_id: id(task.frameworkId),
    agent_id: id(agent.id),
    state: task.state,
    resources: allocatedList(task.allocations),
    statuses: task.statuses.map(status => statusOf(task, status)),
    status_update_state: last?.state,
    status_update_uuid: last === undefined ? undefined : base64(last.uuid),
    labels: info.labels.length === 0 ? undefined : { labels: info.labels },
    discovery: info.discovery,
    container: info.container,
    user: info.user,
  });
}

export function statusOf(task: Task, status: TaskStatus): Fields {
  const { agent, info } = task;
  const { state, source, reason, message, healthy, uuid } = status;
  return compact({
    task_id: id(info.id),
    state,
    message: message === '' ? undefined : message,
    source,
    // What v0 calls a slave.
    reason: reason?.replace('SLAVE', 'AGENT'),
    agent_id: id(agent.id),
    executor_id: source === 'SOURCE_EXECUTOR' ? id(info.id) : undefined,
    timestamp: status.time / 1000,
    uuid: base64(uuid),
    healthy,
    container_status: {
      container_id: id(task.containerId),
      network_infos: [{ ip_addresses: [{ protocol: 'IPv4', ip_address: agentIp(agent) }] }],
    },
  });
}

export const frameworkInfoOf = ({ id: frameworkId, info }: Pick<Framework, 'id' | 'info'>): Fields =>
  compact({
    user: info.user,
    name: info.name,
    id: id(frameworkId),
    failover_timeout: info.failoverTimeout,
    checkpoint: info.checkpoint,
    role: info.role,
    hostname: info.hostname,
    webui_url: info.webuiUrl,
    capabilities: info.capabilities.map(type => ({ type })),
  });

export const frameworkOf = (version: MesosVersion, framework: Framework): Fields =>
  compact({
    framework_info: frameworkInfoOf(framework),
    active: true,
    connected: true,
    recovered: since(version, '1.2') ? false : undefined,
    registered_time: time(framework.registeredAt),
    allocated_resources: [...framework.tasks.values()].flatMap(({ allocations }) => allocatedList(allocations)),
  });

export const completedFrameworkOf = (version: MesosVersion, framework: CompletedFramework): Fields =>
  compact({
    framework_info: frameworkInfoOf(framework),
    active: false,
    connected: false,
    recovered: since(version, '1.2') ? false : undefined,
    registered_time: time(framework.registeredAt),
    unregistered_time: time(framework.unregisteredAt),
  });

export const agentInfoOf = (agent: Agent): Fields =>
  compact({
    id: id(agent.id),
    hostname: agent.hostname,
    port: agent.port,
    resources: resourceList(agent.shares),
    attributes: attributesOf(agent.attributes),
  });

export const agentOf = (version: MesosVersion, agent: Agent): Fields =>
  compact({
    agent_info: agentInfoOf(agent),
    active: true,
    version,
    pid: agentPid(agent),
    registered_time: time(agent.registeredAt),
    reregistered_time: agent.reregisteredAt === undefined ? undefined : time(agent.reregisteredAt),
    total_resources: resourceList(agent.shares),
    allocated_resources: [...agent.tasks.values()].flatMap(({ allocations }) => allocatedList(allocations)),
    capabilities: since(version, '1.3') ? agentCapabilities.map(type => ({ type })) : undefined,
  });

const attributesOf = (attributes: Attributes): Fields[] =>
  Object.entries(attributes).map(([name, value]) => {
    if (typeof value === 'number') return { name, type: 'SCALAR', scalar: { value } };
    const items = value.slice(1, -1).split(', ');
    if (value.startsWith('{')) return { name, type: 'SET', set: { item: items } };
    if (!value.startsWith('[')) return { name, type: 'TEXT', text: { value } };
    const range = items.map(item => {
      const [begin, end] = item.split('-').map(Number);
      return { begin, end };
    });
    return { name, type: 'RANGES', ranges: { range } };
  });

/** The executor that runs one command task. */
export const executorInfoOf = (task: Task): Fields =>
  compact({
    executor_id: id(task.info.id),
    framework_id: id(task.frameworkId),
    name: commandExecutorName(task),
    source: task.info.id,
    command: { shell: true, value: 'mesos-executor' },
    resources: isThere(task) ? allocatedList(task.allocations) : undefined,
  });
