// Starts a command in a process group of its own, held by a leash: whatever ends the cluster, what it started ends within seconds.
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/** Marks every process of a task, so that one which left its process group is found again. */
export const containerMark = 'MESOS_CONTAINER_ID';

/**
 * Runs beside the command, in its process group. It waits for the end of a pipe that only the cluster's process holds open, so
 * the kernel itself tells it when the cluster is gone, with no moment in which that could be missed. Then it ends the group.
 * What left the group is the reaper's. (`kill -TERM -- -1234` is an error in dash, `kill -s TERM -- -1234` is not.)
 */
const leash = `trap '' TERM HUP INT
read -r _
kill -s TERM -- "-$1"
sleep 2
kill -s KILL -- "-$1"`;

/** Starts the leash, then becomes the command. The leash gets an empty environment, so that it does not carry the mark. */
const wrapper = `(trap '' TERM HUP INT; exec env -i PATH=/usr/bin:/bin /bin/sh -c "$1" leash $$) <&3 >/dev/null 2>&1 3<&- &
shift
exec "$@" 3<&-`;

export interface Held {
  readonly child: ChildProcess;
  /** Undefined when it could not be started; `child` then has an error event. */
  readonly pid: number | undefined;
  /** To the whole group. */
  signal(signal: NodeJS.Signals): void;
  /** The command has ended: ends what is left of its group, and the leash. */
  release(): void;
}

export interface HeldOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly containerId: string;
  readonly stdout: number | 'ignore';
  readonly stderr: number | 'ignore';
}

/** Throws what Node throws at once; a failure that shows later is the child's error event. */
export function spawnHeld(argv: readonly string[], { cwd, env, containerId, stdout, stderr }: HeldOptions): Held {
  const stdio: StdioOptions = ['ignore', stdout, stderr, 'pipe'];
  const marked = { ...env, [containerMark]: containerId };
  const child = spawn('/bin/sh', ['-c', wrapper, 'task', leash, ...argv], {
    cwd,
    detached: true,
    env: marked,
    stdio,
  });
  const rope = child.stdio[3] as Socket | null | undefined;
  rope?.on('error', () => {});
  const { pid } = child;
  const signal = (name: NodeJS.Signals) => {
    if (pid === undefined) return;
    try {
      process.kill(-pid, name);
    } catch {
      // The group is gone already.
    }
  };
  return {
    child,
    pid,
    signal,
    release() {
      signal('SIGKILL');
      rope?.destroy();
    },
  };
}
