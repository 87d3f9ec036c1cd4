// Host ports of agents: which are given out.
import { readFileSync } from 'node:fs';
import { type Agent, sharesOf } from './agents.ts';

/**
 * Takes host ports of the shares of these roles: a wanted port as it is, 0 for any. Undefined when they are not to be had. A port on
 * which some program of this machine listens is not given out, where the system tells (Linux).
 */
export function choosePorts(
  agent: Pick<Agent, 'shares' | 'usedPorts'>,
  wanted: readonly number[],
  listening: ReadonlySet<number>,
  roles: readonly string[] = ['*'],
): number[] | undefined {
  const ranges = sharesOf(agent, roles).flatMap(({ portRanges }) => portRanges);
  const size = ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  const taken = new Set<number>();
  const isFree = (port: number) => !agent.usedPorts.has(port) && !taken.has(port);
  for (const port of wanted) {
    if (port === 0) continue;
    if (!isFree(port) || !ranges.some(([first, last]) => port >= first && port <= last)) return undefined;
    taken.add(port);
  }
  /** The n-th port of all ranges. */
  const nth = (n: number): number => {
    let rest = n;
    for (const [first, last] of ranges) {
      if (rest <= last - first) return first + rest;
      rest -= last - first + 1;
    }
    return 0;
  };
  const chosen: number[] = [];
  for (const port of wanted) {
    if (port !== 0) {
      chosen.push(port);
      continue;
    }
    const start = Math.floor(Math.random() * size);
    let found: number | undefined;
    for (let step = 0; step < size && found === undefined; step++) {
      const candidate = nth((start + step) % size);
      if (isFree(candidate) && !listening.has(candidate)) found = candidate;
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
