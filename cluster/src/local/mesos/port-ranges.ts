// Ports as ranges, and ranges as Mesos writes them.
import type { PortRange } from './agents.ts';

/** Ports as ranges, in order. */
export function portRanges(list: Iterable<number>): PortRange[] {
  const ranges: [number, number][] = [];
  for (const port of [...list].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === port - 1) last[1] = port;
    else ranges.push([port, port]);
  }
  return ranges;
}

export const rangesText = (ranges: readonly PortRange[]): string | undefined =>
  ranges.length === 0 ? undefined : `[${ranges.map(range => range.join('-')).join(', ')}]`;
