// The agents of the local cluster: what each offers and what of it is in use.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Resources } from '../../live/state.ts';
import type { Task } from './task.ts';

export interface Agent {
  readonly id: string;
  readonly hostname: string;
  /** Port of the agent's own HTTP server. */
  readonly port: number;
  readonly workDir: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly total: Resources;
  /** First and last host port that it offers. */
  readonly portRange: readonly [number, number];
  /** Milliseconds since the epoch. */
  readonly registeredAt: number;
  readonly tasks: Map<string, Task>;
  readonly completed: Task[];
  readonly usedPorts: Set<number>;
  used: Resources;
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

export const free = (agent: Agent): Resources => subtract(agent.total, agent.used);

/**
 * The place of the n-th agent (from 0) of `count`. All share one machine: on Linux each has a loopback address of its own, so that
 * constraints on `hostname` mean something; elsewhere only a name. Their host ports do not overlap: the first has Mesos's
 * usual 31000 to 32000, further ones lie below.
 */
export function agentPlace(
  n: number,
  count: number,
): { hostname: string; address: string; portRange: [number, number] } {
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

/**
 * Takes host ports on an agent: a wanted port as it is, 0 for any. Undefined when they are not to be had. A port on which some
 * program of this machine listens is not given out, where the system tells (Linux).
 */
export function choosePorts(
  agent: Agent,
  wanted: readonly number[],
  listening: ReadonlySet<number>,
): number[] | undefined {
  const [first, last] = agent.portRange;
  const taken = new Set<number>();
  const isFree = (port: number) => !agent.usedPorts.has(port) && !taken.has(port) && !listening.has(port);
  for (const port of wanted) {
    if (port === 0) continue;
    if (port < first || port > last || agent.usedPorts.has(port) || taken.has(port)) return undefined;
    taken.add(port);
  }
  const size = last - first + 1;
  const chosen: number[] = [];
  for (const port of wanted) {
    if (port !== 0) {
      chosen.push(port);
      continue;
    }
    const start = Math.floor(Math.random() * size);
    let found: number | undefined;
    for (let step = 0; step < size && found === undefined; step++) {
      const candidate = first + ((start + step) % size);
      if (isFree(candidate)) found = candidate;
    }
    if (found === undefined) return undefined;
    taken.add(found);
    chosen.push(found);
  }
  return chosen;
}

/** TCP ports on which something listens on this machine; empty where the system does not tell. */
export function listeningPorts(): ReadonlySet<number> {
  const ports = new Set<number>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    let text: string;
    try {
      text = readFileSync(table, 'latin1');
    } catch {
      continue;
    }
    for (const match of text.matchAll(/^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} 0A /gm)) {
      ports.add(Number.parseInt(match[1] ?? '0', 16));
    }
  }
  return ports;
}

/** Where an executor has its runs, as Mesos lays out an agent's work directory (src/slave/paths.cpp). */
export const executorDirectory = (agent: Agent, frameworkId: string, executorId: string): string =>
  path.join(agent.workDir, 'slaves', agent.id, 'frameworks', frameworkId, 'executors', executorId);
