// What a container uses, from the engine.
import type { Statistics } from '../executor.ts';
import type { Engine } from './engine.ts';

interface EngineStatistics {
  readonly cpu_stats?: {
    readonly cpu_usage?: { readonly usage_in_usermode?: number; readonly usage_in_kernelmode?: number };
  };
  readonly memory_stats?: {
    readonly usage?: number;
    /** `rss` under the first version of cgroups, `anon` under the second. */
    readonly stats?: { readonly rss?: number; readonly anon?: number };
  };
}

const nanoseconds = 1e-9;

/** Undefined once it has ended, or where the engine does not tell. */
export async function containerUsage(
  engine: Engine,
  id: string,
): Promise<Omit<Statistics, 'timestamp' | 'cpus_limit' | 'mem_limit_bytes'> | undefined> {
  try {
    const target = `/containers/${id}/stats?stream=false&one-shot=true`;
    const { cpu_stats, memory_stats } = await engine.ask<EngineStatistics>('GET', target);
    const { usage_in_usermode = 0, usage_in_kernelmode = 0 } = cpu_stats?.cpu_usage ?? {};
    const { usage = 0, stats } = memory_stats ?? {};
    return {
      cpus_user_time_secs: usage_in_usermode * nanoseconds,
      cpus_system_time_secs: usage_in_kernelmode * nanoseconds,
      mem_rss_bytes: stats?.rss ?? stats?.anon ?? usage,
    };
  } catch {
    return undefined;
  }
}
