// The agents of the local cluster: what each offers, to which roles, and what of it is in use. Host ports are in ports.ts.
import path from 'node:path';
import type { Resources } from '../../live/state.ts';
import type { Task } from './task.ts';

/** First and last. */
export type PortRange = readonly [number, number];

/** What an agent offers to one role; `*` is everybody. */
export interface Share {
  readonly role: string;
  readonly amount: Resources;
  readonly portRanges: readonly PortRange[];
}

/** What of one role's share a task has. */
export interface Allocation {
  readonly role: string;
  readonly amount: Resources;
  readonly ports: readonly number[];
}

/** A scalar is a number; ranges and sets are text as Mesos writes it: `[1-10, 20-30]`, `{a, b}`. */
export type Attributes = Readonly<Record<string, string | number>>;

/** An agent before it registers. */
export interface AgentSetup {
  readonly hostname: string;
  /** Port of the agent's own HTTP server. */
  readonly port: number;
  readonly workDir: string;
  readonly attributes: Attributes;
  /** One a role. */
  readonly shares: readonly Share[];
}

export interface Agent extends AgentSetup {
  readonly id: string;
  readonly total: Resources;
  /** Milliseconds since the epoch. */
  readonly registeredAt: number;
  reregisteredAt: number | undefined;
  readonly tasks: Map<string, Task>;
  /** Oldest first. */
  readonly completed: Task[];
  readonly usedPorts: Set<number>;
  used: Resources;
  readonly usedBy: Map<string, Resources>;
}

export const nothing: Resources = { cpus: 0, mem: 0, disk: 0, gpus: 0 };

/** Mesos counts in thousandths. */
const exact = (value: number): number => Math.round(value * 1000) / 1000;

export const add = (a: Resources, b: Resources): Resources => ({
  cpus: exact(a.cpus + b.cpus),
  mem: exact(a.mem + b.mem),
  disk: exact(a.disk + b.disk),
  gpus: exact(a.gpus + b.gpus),
});

export const subtract = (a: Resources, b: Resources): Resources =>
  add(a, { cpus: -b.cpus, mem: -b.mem, disk: -b.disk, gpus: -b.gpus });

const least = (a: Resources, b: Resources): Resources => ({
  cpus: Math.min(a.cpus, b.cpus),
  mem: Math.min(a.mem, b.mem),
  disk: Math.min(a.disk, b.disk),
  gpus: Math.min(a.gpus, b.gpus),
});

export const totalOf = (shares: readonly Share[]): Resources =>
  shares.reduce((sum, { amount }) => add(sum, amount), nothing);

export function newAgent(setup: AgentSetup, id: string, registeredAt: number): Agent {
  return {
    ...setup,
    id,
    total: totalOf(setup.shares),
    registeredAt,
    reregisteredAt: undefined,
    tasks: new Map(),
    completed: [],
    usedPorts: new Set(),
    used: nothing,
    usedBy: new Map(),
  };
}

/** The roles whose resources a framework is offered, its own first. */
export const offeredRoles = (role: string): readonly string[] => (role === '*' ? ['*'] : [role, '*']);

/** The shares of these roles. */
export const sharesOf = ({ shares }: Pick<Agent, 'shares'>, roles: readonly string[]): readonly Share[] =>
  shares.filter(({ role }) => roles.includes(role));

/** What is free of the shares of these roles. */
export const free = (agent: Agent, roles: readonly string[] = ['*']): Resources =>
  sharesOf(agent, roles).reduce(
    (sum, { role, amount }) => add(sum, subtract(amount, agent.usedBy.get(role) ?? nothing)),
    nothing,
  );

/** From which shares a task that fits gets what it wants: the first role first. */
export function allocate(
  agent: Agent,
  roles: readonly string[],
  wanted: Resources,
  ports: readonly number[],
): readonly Allocation[] {
  let missing = wanted;
  return roles
    .map(role => {
      const amount = least(missing, free(agent, [role]));
      missing = subtract(missing, amount);
      const ranges = sharesOf(agent, [role]).flatMap(({ portRanges }) => portRanges);
      return { role, amount, ports: ports.filter(port => ranges.some(([from, to]) => port >= from && port <= to)) };
    })
    .filter(({ amount, ports: own }) => own.length > 0 || Object.values(amount).some(value => value > 0));
}

/** Takes what the task has been allocated from its agent. */
export function take(agent: Agent, allocations: readonly Allocation[]): void {
  for (const { role, amount, ports } of allocations) {
    agent.used = add(agent.used, amount);
    agent.usedBy.set(role, add(agent.usedBy.get(role) ?? nothing, amount));
    for (const port of ports) agent.usedPorts.add(port);
  }
}

export function giveBack(agent: Agent, allocations: readonly Allocation[]): void {
  for (const { role, amount, ports } of allocations) {
    agent.used = subtract(agent.used, amount);
    agent.usedBy.set(role, subtract(agent.usedBy.get(role) ?? nothing, amount));
    for (const port of ports) agent.usedPorts.delete(port);
  }
}

/**
 * The place of the n-th agent (from 0) of `count`. All share one machine: on Linux each has a loopback address of its own, so that
 * constraints on `hostname` mean something; elsewhere only a name. Their host ports do not overlap: the first has Mesos's
 * usual 31000 to 32000, further ones lie below.
 */
export function agentPlace(n: number, count: number): { hostname: string; address: string; portRange: PortRange } {
  const own = process.platform === 'linux';
  const address = own ? `127.0.0.${n + 1}` : '127.0.0.1';
  const hostname = own ? address : n === 0 ? 'localhost' : `agent${n + 1}.localhost`;
  const width = Math.min(1000, Math.floor(11_000 / count));
  const last = 32_000 - n * width;
  return {
    hostname,
    address,
    portRange: [
      n === 0 && width === 1000 ? 31_000 : last - width + 1 - (width === 1000 ? 1 : 0),
      n === 0 ? last : last - 1,
    ],
  };
}

/** Where an executor has its runs, as Mesos lays out an agent's work directory (src/slave/paths.cpp). */
export const executorDirectory = (agent: Agent, frameworkId: string, executorId: string): string =>
  path.join(agent.workDir, 'slaves', agent.id, 'frameworks', frameworkId, 'executors', executorId);
