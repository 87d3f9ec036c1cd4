// What a task's container may use, and how Mesos says that it went over it.
import type { Resources } from '../../live/state.ts';

/**
 * A container has room for Mesos's own executor beside the task (apache/mesos src/slave/constants.hpp, DEFAULT_EXECUTOR_CPUS and
 * DEFAULT_EXECUTOR_MEM).
 */
const executorCpus = 0.1;
const executorMem = 32;

const MiB = 2 ** 20;

export const limitsOf = ({ cpus, mem }: Resources) => ({
  cpus_limit: Math.round((cpus + executorCpus) * 1000) / 1000,
  mem_limit_bytes: (mem + executorMem) * MiB,
});

export const memoryReason = 'REASON_CONTAINER_LIMITATION_MEMORY';

/** Source: apache/mesos src/slave/containerizer/mesos/isolators/cgroups/subsystems/memory.cpp, oomWaited. */
export function overMemory(limit: number, used: number, statistics: Readonly<Record<string, number>> = {}): string {
  const lines = Object.entries(statistics).map(([name, value]) => `${name} ${value}\n`);
  const block = lines.length === 0 ? '' : `\nMEMORY STATISTICS: \n${lines.join('')}\n`;
  return `Memory limit exceeded: Requested: ${bytes(limit)} Maximum Used: ${bytes(used)}\n${block}`;
}

/** In the largest unit that divides it (stout/bytes.hpp). */
function bytes(value: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let rest = Math.round(value);
  while (rest > 0 && rest % 1024 === 0 && unit < units.length - 1) {
    rest /= 1024;
    unit++;
  }
  return `${rest}${units[unit]}`;
}
