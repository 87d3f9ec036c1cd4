// Runs a task's command on this machine as it stands: own process group, own sandbox, stdout and stderr in files.
import { closeSync, openSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { seconds } from '../clock.ts';
import { imageOf } from '../mesos/container.ts';
import { type Executor, type ExecutorOptions, type Launch, noTask, type Report, type RunningTask } from './executor.ts';
import { type Held, spawnHeld } from './leash.ts';
import { limitsOf, memoryReason } from './limits.ts';
import { type MemoryWatch, memoryWatch } from './memory-watch.ts';
import { note } from './note.ts';
import { startReaper } from './reaper.ts';
import { exitText, killedWins, tooLate } from './status.ts';
import { killContainer } from './stragglers.ts';
import { linkVolumes } from './volumes.ts';

export function processExecutor(options: ExecutorOptions): Executor {
  const memory = memoryWatch();
  const reaper = startReaper(options.clusterId, options.log);
  return {
    start: (launch, report) => startProcess(options, memory, launch, report),
    stop: async () => reaper.stop(),
  };
}

function startProcess(options: ExecutorOptions, memory: MemoryWatch, launch: Launch, report: Report): RunningTask {
  const { clock, mesos } = options;
  const { command, containerId } = launch;
  const image = imageOf(launch.container);
  if (command === undefined || (image !== undefined && !command.shell)) {
    report('TASK_FAILED', noCommand(image), 'REASON_CONTAINER_LAUNCH_FAILED');
    return noTask;
  }
  const failed = (error: unknown) =>
    report(
      'TASK_FAILED',
      `Failed to launch the command: ${error instanceof Error ? error.message : String(error)}`,
      'REASON_CONTAINER_LAUNCH_FAILED',
    );
  let held: Held;
  try {
    for (const line of [...differences(launch), ...linkVolumes(launch)]) note(launch, line);
    held = open(launch, command.shell ? ['/bin/sh', '-c', command.value] : command.argv);
  } catch (error) {
    failed(error);
    return noTask;
  }
  const { child, pid } = held;
  let state: 'running' | 'killed' | 'ended' = 'running';
  let cancelKill: (() => void) | undefined;
  let overLimit: string | undefined;
  child.once('error', error => {
    if (state === 'ended') return;
    state = 'ended';
    failed(error);
  });
  if (pid === undefined) return noTask;
  const limits = limitsOf(launch.resources);
  const unwatch = memory.watch(containerId, pid, limits.mem_limit_bytes, message => {
    overLimit = message;
    held.signal('SIGKILL');
    killContainer(containerId);
  });
  report('TASK_STARTING');
  report('TASK_RUNNING');
  child.once('exit', (code, signal) => {
    if (state === 'ended') return;
    const killed = state === 'killed';
    state = 'ended';
    cancelKill?.();
    unwatch();
    held.release();
    killContainer(containerId);
    const message = `Command ${exitText(code, signal)}`;
    if (killed && killedWins(code, mesos)) report('TASK_KILLED', message);
    else if (overLimit !== undefined) report('TASK_FAILED', overLimit, memoryReason);
    else if (code === 0) report('TASK_FINISHED', message);
    else report('TASK_FAILED', message, 'REASON_COMMAND_EXECUTOR_FAILED');
  });
  return {
    kill(graceMs) {
      if (state === 'ended') return;
      if (state === 'running') held.signal('SIGTERM');
      state = 'killed';
      cancelKill?.();
      cancelKill = clock.after(graceMs, () => held.signal('SIGKILL'));
    },
    exec: (text, timeoutMs) => runBeside(launch, text, timeoutMs),
    async statistics() {
      const usage = memory.usage(containerId);
      return usage === undefined ? undefined : { timestamp: seconds(clock.now()), ...limits, ...usage };
    },
  };
}

const environmentOf = (launch: Launch): NodeJS.ProcessEnv => ({ ...agentEnvironment(), ...launch.env });

function open(launch: Launch, argv: readonly string[]): Held {
  const file = (name: string) => openSync(path.join(launch.sandbox, name), 'a');
  const [stdout, stderr] = [file('stdout'), file('stderr')];
  try {
    const { sandbox, containerId } = launch;
    return spawnHeld(argv, { cwd: sandbox, env: environmentOf(launch), containerId, stdout, stderr });
  } finally {
    closeSync(stdout);
    closeSync(stderr);
  }
}

/** A command in a task's sandbox with its environment, held as the task itself is. */
function runBeside(launch: Launch, command: string, timeoutMs: number): Promise<string | undefined> {
  return new Promise(resolve => {
    const { sandbox, containerId } = launch;
    const quiet = { stdout: 'ignore', stderr: 'ignore' } as const;
    try {
      const argv = ['/bin/sh', '-c', command];
      const held = spawnHeld(argv, { cwd: sandbox, env: environmentOf(launch), containerId, ...quiet });
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        held.signal('SIGKILL');
      }, timeoutMs);
      const end = (outcome: string | undefined) => {
        clearTimeout(timer);
        held.release();
        resolve(outcome);
      };
      held.child.once('error', error => end(error.message));
      held.child.once('exit', (code, signal) =>
        end(code === 0 ? undefined : late ? tooLate(timeoutMs) : `Command ${exitText(code, signal)}`),
      );
    } catch (error) {
      resolve(error instanceof Error ? error.message : String(error));
    }
  });
}

function noCommand(image: string | undefined): string {
  if (image === undefined) return 'The task has neither a command nor an image.';
  return `The image "${image}" comes without a command, and this cluster runs no containers: give the task a command, or start the cluster with --executor docker or stand-in.`;
}

/** What the user should know of how this run differs from a real one. */
function differences({ container, user }: Launch): readonly string[] {
  const image = imageOf(container);
  const own = os.userInfo().username;
  const withoutImage = `The image "${image}" is not used: the command runs on this machine as it stands.`;
  const asOneself = `The task asks for user "${user}" and runs as "${own}".`;
  return [...(image === undefined ? [] : [withoutImage]), ...(user === undefined || user === own ? [] : [asOneself])];
}

/** What an agent hands down of its own environment: enough for commands to be found and to know their place. */
function agentEnvironment(): NodeJS.ProcessEnv {
  const names = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'];
  return Object.fromEntries(
    names.flatMap(name => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}
