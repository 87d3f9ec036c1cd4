// Runs a task's command on this machine as it stands: own process group, own sandbox, stdout and stderr in files.
import { closeSync, openSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Clock } from '../clock.ts';
import { imageOf } from '../mesos/container.ts';
import type { Executor, Launch, Report, RunningTask } from './executor.ts';
import { type Held, spawnHeld } from './leash.ts';
import { killContainer } from './stragglers.ts';

export function processExecutor(clock: Clock): Executor {
  return { start: (launch, report) => startProcess(clock, launch, report) };
}

const nothingToKill: RunningTask = { kill: () => {} };

function startProcess(clock: Clock, launch: Launch, report: Report): RunningTask {
  const { command } = launch;
  const image = imageOf(launch.container);
  if (command === undefined || (image !== undefined && !command.shell)) {
    report('TASK_FAILED', noCommand(image), 'REASON_CONTAINER_LAUNCH_FAILED');
    return nothingToKill;
  }
  const failed = (error: unknown) =>
    report(
      'TASK_FAILED',
      `Failed to launch the command: ${error instanceof Error ? error.message : String(error)}`,
      'REASON_CONTAINER_LAUNCH_FAILED',
    );
  let held: Held;
  try {
    held = open(launch, command.shell ? ['/bin/sh', '-c', command.value] : command.argv);
  } catch (error) {
    failed(error);
    return nothingToKill;
  }
  const { child, pid } = held;
  let state: 'running' | 'killed' | 'ended' = 'running';
  let cancelKill: (() => void) | undefined;
  child.once('error', error => {
    if (state === 'ended') return;
    state = 'ended';
    failed(error);
  });
  if (pid === undefined) return nothingToKill;
  report('TASK_STARTING');
  report('TASK_RUNNING');
  child.once('exit', (code, signal) => {
    if (state === 'ended') return;
    const killed = state === 'killed';
    state = 'ended';
    cancelKill?.();
    held.release();
    killContainer(launch.containerId);
    const message =
      signal === null ? `Command exited with status ${code}` : `Command terminated with signal ${signalName(signal)}`;
    if (killed) report('TASK_KILLED', message);
    else if (code === 0) report('TASK_FINISHED', message);
    else report('TASK_FAILED', message, 'REASON_COMMAND_EXECUTOR_FAILED');
  });
  return {
    pid,
    kill(graceMs) {
      if (state === 'ended') return;
      if (state === 'running') held.signal('SIGTERM');
      state = 'killed';
      cancelKill?.();
      cancelKill = clock.at(clock.now() + graceMs, () => held.signal('SIGKILL'));
    },
  };
}

function open(launch: Launch, argv: readonly string[]): Held {
  const file = (name: string) => openSync(path.join(launch.sandbox, name), 'a');
  const [stdout, stderr] = [file('stdout'), file('stderr')];
  try {
    for (const note of notes(launch)) writeSync(stderr, `${note}\n`);
    const env = { ...agentEnvironment(), ...launch.env };
    return spawnHeld(argv, { cwd: launch.sandbox, env, containerId: launch.containerId, stdout, stderr });
  } finally {
    closeSync(stdout);
    closeSync(stderr);
  }
}

function noCommand(image: string | undefined): string {
  if (image === undefined) return 'The task has neither a command nor an image.';
  const way = 'give the task a command, or start the cluster with --executor stand-in';
  return `The image "${image}" comes without a command, and the local cluster runs no containers: ${way}.`;
}

/** What the user should know of how this run differs from a real one. */
function notes({ container, user }: Launch): readonly string[] {
  const image = imageOf(container);
  const own = os.userInfo().username;
  const withoutImage = `[local cluster] The image "${image}" is not used: the command runs on this machine as it stands.`;
  const asOneself = `[local cluster] The task asks for user "${user}" and runs as "${own}".`;
  return [...(image === undefined ? [] : [withoutImage]), ...(user === undefined || user === own ? [] : [asOneself])];
}

/** What an agent hands down of its own environment: enough for commands to be found and to know their place. */
export function agentEnvironment(): NodeJS.ProcessEnv {
  const names = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'];
  return Object.fromEntries(
    names.flatMap(name => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
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
