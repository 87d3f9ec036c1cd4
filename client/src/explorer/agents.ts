// The rows of Mesos agents, with what of them is used and free.
import type { LiveAgent, Resources } from '../../../cluster/src/live/state.ts';
import { compare, green, type Row, red } from './row.ts';

export function agentRows(cluster: string, agents: readonly LiveAgent[]): Row {
  return {
    id: `${cluster}\nagents`,
    label: 'Agents',
    description: agents.length === 0 ? 'none' : String(agents.length),
    tooltip: 'Machines that offer their resources to the cluster',
    icon: { name: 'server' },
    context: 'agents',
    open: false,
    children: agents
      .toSorted((a, b) => compare(a.hostname, b.hostname) || compare(a.id, b.id))
      .map(agent => agentRow(cluster, agent)),
    target: { kind: 'heading', cluster },
  };
}

function agentRow(cluster: string, agent: LiveAgent): Row {
  const { used, total } = agent;
  return {
    id: `${cluster}\nagent\n${agent.id}`,
    label: agent.hostname,
    description: agent.active
      ? `${number(used.cpus)}/${number(total.cpus)} cpus, ${size(used.mem)}/${size(total.mem)}`
      : 'not active',
    tooltip: [
      `Agent ${agent.id}`,
      ...(agent.active ? [] : ['Not active: it gets no tasks.']),
      ...resourceLines(used, total),
    ].join('\n'),
    icon: agent.active ? { name: 'vm-active', color: green } : { name: 'vm-outline', color: red },
    context: 'agent',
    open: false,
    children: [],
    target: { kind: 'agent', cluster, agent: agent.id },
  };
}

function resourceLines(used: Resources, total: Resources): readonly string[] {
  const line = (name: string, of: (resources: Resources) => number, write: (value: number) => string) =>
    of(total) === 0 ? [] : [`${name}: ${write(of(used))} used, ${write(Math.max(0, of(total) - of(used)))} free`];
  return [
    ...line('cpus', resources => resources.cpus, number),
    ...line('Memory', resources => resources.mem, size),
    ...line('Disk', resources => resources.disk, size),
    ...line('gpus', resources => resources.gpus, number),
  ];
}

const number = (value: number) => String(Math.round(value * 100) / 100);

/** MiB, as a person reads it. */
function size(mebibytes: number): string {
  if (mebibytes < 1024) return `${number(mebibytes)} MiB`;
  const gibibytes = mebibytes / 1024;
  return gibibytes < 1024 ? `${Math.round(gibibytes * 10) / 10} GiB` : `${Math.round(gibibytes / 102.4) / 10} TiB`;
}
