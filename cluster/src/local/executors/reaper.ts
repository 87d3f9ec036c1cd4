// One process beside the cluster that outlives it: when the cluster is gone it ends what tasks have started in sessions of their own,
// which no leash reaches. It finds them by their environment, on Linux; elsewhere there is no such process.
import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/** $1: what the environment of every process of this cluster's tasks holds. */
const script = `trap '' TERM HUP INT
read -r _
for signal in TERM KILL KILL; do
  grep -lsF "$1" /proc/[0-9]*/environ 2>/dev/null | while IFS=/ read -r _ _ pid _; do kill "-$signal" "$pid" 2>/dev/null; done
  [ "$signal" = TERM ] && sleep 2 || sleep 1
done`;

export interface Reaper {
  /** All tasks are gone: so may this. */
  stop(): void;
}

/** What the environment of every task's processes holds: on which agent it runs, whose id begins with the cluster's. */
export const agentMark = (clusterId: string): string => `MESOS_SLAVE_ID=${clusterId}-S`;

export function startReaper(clusterId: string, log: (line: string) => void): Reaper {
  if (process.platform !== 'linux') return { stop: () => {} };
  const child = spawn('/bin/sh', ['-c', script, 'reaper', agentMark(clusterId)], {
    cwd: '/',
    detached: true,
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.on('error', error => log(`Processes that leave their session may outlive the cluster: ${error.message}`));
  child.unref();
  const rope = child.stdin as Socket | null;
  rope?.on('error', () => {});
  rope?.unref();
  return {
    stop() {
      child.kill('SIGKILL');
      rope?.destroy();
    },
  };
}
