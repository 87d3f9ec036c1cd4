// Looks after the memory of all tasks that run as processes: one look at /proc for all of them, and who is over the limit hears of it.
import type { Statistics } from './executor.ts';
import { overMemory } from './limits.ts';
import { heldMemory, type Process, processFinder } from './processes.ts';

export interface MemoryWatch {
  /** `leader` leads the task's process group. `over` gets Mesos's message, once. Returns what ends the watching. */
  watch(containerId: string, leader: number, limit: number, over: (message: string) => void): () => void;
  usage(containerId: string): Usage | undefined;
}

type Usage = Omit<Statistics, 'timestamp' | 'cpus_limit' | 'mem_limit_bytes'>;

interface Watched {
  readonly leader: number;
  readonly limit: number;
  readonly over: (message: string) => void;
}

/** Between two looks, in milliseconds. Each is followed by a rest of three hundred times what it took, within these bounds. */
const [least, most] = [500, 3000];
/** The least while no task uses half of what it may. */
const leastInCalm = 1200;

/** Goes by the machine's own time, however fast the cluster's clock runs: what is watched is the machine's. */
export function memoryWatch(): MemoryWatch {
  const watched = new Map<string, Watched>();
  const find = processFinder();
  const processes = () => find(new Map([...watched].map(([id, { leader }]) => [leader, id])));
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    const began = performance.now();
    let calm = true;
    for (const [id, own] of processes()) {
      const task = watched.get(id);
      const rss = own.reduce((sum, each) => sum + each.rss, 0);
      // The sum counts shared pages once for each process, and files that the kernel can drop: it only says where to look closely.
      if (task === undefined) continue;
      if (2 * rss > task.limit) calm = false;
      if (rss <= task.limit) continue;
      const held = own.map(({ pid, rss: whole }) => heldMemory(pid) ?? { anonymous: whole, file: 0 });
      const used = held.reduce((sum, { anonymous }) => sum + anonymous, 0);
      if (used <= task.limit) continue;
      watched.delete(id);
      task.over(overMemory(task.limit, used, { cache: held.reduce((sum, { file }) => sum + file, 0), rss: used }));
    }
    timer = undefined;
    rest((performance.now() - began) * 300, calm ? leastInCalm : least);
  }

  function rest(wanted: number, atLeast: number): void {
    if (timer !== undefined || watched.size === 0) return;
    timer = setTimeout(look, Math.min(Math.max(wanted, atLeast), most)).unref();
  }

  return {
    watch(containerId, leader, limit, over) {
      if (process.platform === 'linux') watched.set(containerId, { leader, limit, over });
      rest(0, least);
      return () => watched.delete(containerId);
    },
    usage(containerId) {
      const own = processes().get(containerId);
      if (own === undefined) return undefined;
      const sum = (of: (each: Process) => number) => own.reduce((total, each) => total + of(each), 0);
      return {
        cpus_user_time_secs: sum(each => each.userTime),
        cpus_system_time_secs: sum(each => each.systemTime),
        mem_rss_bytes: sum(each => each.rss),
        processes: own.length,
        threads: sum(each => each.threads),
      };
    },
  };
}
