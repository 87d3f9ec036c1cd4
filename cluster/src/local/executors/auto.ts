// Gives each task to the executor that can run it: an image to a container engine where one answers, a command to this machine, the rest
// to a stand-in; and says so in the task's own stderr.
import { imageOf } from '../mesos/container.ts';
import { type Executor, type Launch, noTask, type Report, type RunningTask } from './executor.ts';
import { note } from './note.ts';

interface Kinds {
  readonly processes: Executor;
  readonly standIns: Executor;
  /** Looked for when it is needed; else why there is none. */
  readonly docker: () => Promise<Executor | string>;
}

export function autoExecutor({ processes, standIns, docker }: Kinds): Executor {
  // One that was found is kept; while there is none, each task looks anew.
  let looking: Promise<Executor | string> | undefined;
  const look = () => {
    looking ??= docker().then(found => {
      if (typeof found === 'string') looking = undefined;
      return found;
    });
    return looking;
  };
  void look();

  async function choose(launch: Launch, image: string): Promise<Executor> {
    const found = await look();
    if (typeof found !== 'string') {
      note(launch, `The image "${image}" runs in a container.`);
      return found;
    }
    if (launch.command?.shell === true) {
      note(launch, `${found}: the command runs as a process.`);
      return processes;
    }
    note(launch, `${found}, and without its image the task has no command: a stand-in takes its place.`);
    return standIns;
  }

  return {
    start(launch, report) {
      const image = imageOf(launch.container);
      return image === undefined ? processes.start(launch, report) : startLater(choose(launch, image), launch, report);
    },
    async stop() {
      const found = await looking;
      await Promise.all([processes.stop(), standIns.stop(), typeof found === 'object' ? found.stop() : undefined]);
    },
  };
}

function startLater(choice: Promise<Executor>, launch: Launch, report: Report): RunningTask {
  let task: RunningTask | undefined;
  let killed = false;
  choice.then(
    executor => {
      if (!killed) task = executor.start(launch, report);
    },
    (error: unknown) => {
      if (!killed) report('TASK_FAILED', `Cannot write to the sandbox: ${String(error)}`);
    },
  );
  return {
    kill(graceMs) {
      if (task !== undefined) return task.kill(graceMs);
      if (!killed) report('TASK_KILLED', 'Killed before it was started', 'REASON_TASK_KILLED_DURING_LAUNCH');
      killed = true;
    },
    exec: (command, timeoutMs) => (task ?? noTask).exec(command, timeoutMs),
    statistics: () => (task ?? noTask).statistics(),
  };
}
