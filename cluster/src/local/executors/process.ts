// Runs a task's command on this machine as it stands: own process group, own sandbox, stdout and stderr in files.
// No task outlives the cluster, however that ends: see leash below.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Clock } from '../clock.ts';
import type { Executor, Launch, Report, RunningTask } from './executor.ts';
import { killContainer } from './stragglers.ts';

/** Marks every process of a task, so that one which left its process group is found again. */
export const containerMark = 'MESOS_CONTAINER_ID';

/**
 * Started beside the command, in its process group. It waits for the end of a pipe that only the cluster's process holds open, so the
 * kernel itself tells it when the cluster is gone, with no moment in which that could be missed. Then it ends what is left of the task:
 * its group, and on Linux also what moved into another session, found by the mark in its environment.
 */
const leash = `trap '' TERM HUP INT
read -r _
others() { grep -lsF "${containerMark}=$2" /proc/[0-9]*/environ 2>/dev/null | while IFS=/ read -r _ _ pid _; do echo "$pid"; done; }
kill -TERM -- "-$1"
for pid in $(others "$@"); do kill -TERM "$pid"; done
sleep 2
for pid in $(others "$@"); do kill -KILL "$pid"; done
kill -KILL -- "-$1"`;

/** Starts the leash, then becomes the command. The leash gets an empty environment, so that it does not carry the mark. */
const wrapper = `(trap '' TERM HUP INT; exec env -i PATH=/usr/bin:/bin /bin/sh -c "$1" leash $$ "$2") <&3 >/dev/null 2>&1 3<&- &
shift 2
exec "$@" 3<&-`;

export function processExecutor(clock: Clock): Executor {
  return { start: (launch, report) => startProcess(clock, launch, report) };
}

function startProcess(clock: Clock, launch: Launch, report: Report): RunningTask {
  const { command } = launch;
  if (command === undefined) {
    report('TASK_FAILED', noCommand(launch.image), 'REASON_CONTAINER_LAUNCH_FAILED');
    return { kill: () => {} };
  }
  const argv = command.shell ? ['/bin/sh', '-c', command.value] : command.argv;
  let child: ChildProcess;
  let end: (() => void) | undefined;
  try {
    const stdout = openSync(path.join(launch.sandbox, 'stdout'), 'a');
    const stderr = openSync(path.join(launch.sandbox, 'stderr'), 'a');
    for (const note of notes(launch)) writeSync(stderr, `${note}\n`);
    try {
      child = spawn('/bin/sh', ['-c', wrapper, 'task', leash, launch.containerId, ...argv], {
        cwd: launch.sandbox,
        detached: true,
        env: { ...agentEnvironment(), ...launch.env, [containerMark]: launch.containerId },
        stdio: ['ignore', stdout, stderr, 'pipe'],
      });
    } finally {
      closeSync(stdout);
      closeSync(stderr);
    }
  } catch (error) {
    report('TASK_FAILED', `Failed to launch the command: ${sentence(error)}`, 'REASON_CONTAINER_LAUNCH_FAILED');
    return { kill: () => {} };
  }
  let killed = false;
  let ended = false;
  child.once('error', error => {
    if (ended) return;
    ended = true;
    report('TASK_FAILED', `Failed to launch the command: ${sentence(error)}`, 'REASON_CONTAINER_LAUNCH_FAILED');
  });
  const rope = child.stdio[3] as Socket | undefined;
  rope?.on('error', () => {});
  const pid = child.pid;
  if (pid === undefined) return { kill: () => {} };
  report('TASK_STARTING');
  report('TASK_RUNNING');
  child.once('exit', (code, signal) => {
    if (ended) return;
    ended = true;
    end?.();
    signalGroup(pid, 'SIGKILL');
    rope?.destroy();
    killContainer(launch.containerId);
    const message =
      signal === null ? `Command exited with status ${code}` : `Command terminated with signal ${signalName(signal)}`;
    if (killed) report('TASK_KILLED', message, 'REASON_TASK_KILLED_DURING_LAUNCH');
    else if (code === 0) report('TASK_FINISHED', message);
    else report('TASK_FAILED', message, 'REASON_COMMAND_EXECUTOR_FAILED');
  });
  return {
    pid,
    kill(graceMs) {
      if (ended) return;
      if (!killed) signalGroup(pid, 'SIGTERM');
      killed = true;
      end?.();
      end = clock.at(clock.now() + graceMs, () => signalGroup(pid, 'SIGKILL'));
    },
  };
}

/** The sentence for a task that has an image and no command. */
export const noCommand = (image: string | undefined): string =>
  image === undefined
    ? 'The task has neither a command nor an image.'
    : `The image "${image}" has no command beside it, and the local cluster runs no containers: give the task a command, or start the cluster with --executor stand-in.`;

function notes(launch: Launch): readonly string[] {
  const user = os.userInfo().username;
  return [
    ...(launch.image === undefined
      ? []
      : [`[local cluster] The image "${launch.image}" is not used: the command runs on this machine as it stands.`]),
    ...(launch.user === undefined || launch.user === user
      ? []
      : [`[local cluster] The task asks for user "${launch.user}" and runs as "${user}".`]),
  ];
}

/** What an agent hands down of its own environment: enough for commands to be found and to know their place. */
function agentEnvironment(): Record<string, string> {
  const handed: Record<string, string> = {};
  for (const name of ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR']) {
    const value = process.env[name];
    if (value !== undefined) handed[name] = value;
  }
  return handed;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}

/** Mesos names signals as strsignal does. */
function signalName(signal: NodeJS.Signals): string {
  const names: Partial<Record<NodeJS.Signals, string>> = {
    SIGTERM: 'Terminated',
    SIGKILL: 'Killed',
    SIGSEGV: 'Segmentation fault',
    SIGINT: 'Interrupt',
    SIGABRT: 'Aborted',
    SIGHUP: 'Hangup',
  };
  return names[signal] ?? signal;
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));
