// What master and agents keep of tasks that have ended, and how long.
import type { Clock } from '../clock.ts';
import type { Journal } from '../journal.ts';
import type { Agent } from './agents.ts';
import { forgetTask } from './memory.ts';
import { removeSandbox, sweepSandboxes } from './sandbox.ts';
import type { Task } from './task.ts';

/** Flags --max_completed_tasks_per_framework and --max_unreachable_tasks_per_framework of the master. */
const keptTasks = 1000;
/** Completed executors that an agent keeps of each framework (src/slave/constants.hpp). */
const keptExecutors = 150;
/** How often sandboxes are looked for that are too old, in milliseconds. */
const sweepsEvery = 3_600_000;

interface History {
  /** Adds a task to one of the master's lists, and forgets the oldest where there are too many. */
  keepTask(list: Task[], task: Task): void;
  /** Adds a task to those that its agent has completed; the sandboxes of the oldest go. */
  complete(task: Task): void;
}

interface HistoryOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  /** Also those that are no more. */
  readonly agents: () => readonly Agent[];
  readonly log: (line: string) => void;
}

export function keepHistory({ journal, clock, agents, log }: HistoryOptions): History {
  const sweepLater = () =>
    clock.after(sweepsEvery, () => {
      for (const agent of agents()) sweepSandboxes(agent, clock.now(), log);
      sweepLater();
    });
  sweepLater();
  return {
    keepTask(list, task) {
      list.push(task);
      const oldest = list.length > keptTasks ? list.shift() : undefined;
      if (oldest !== undefined) forgetTask(journal, oldest);
    },
    complete(task) {
      const { completed } = task.agent;
      completed.push(task);
      const own = completed.filter(({ frameworkId }) => frameworkId === task.frameworkId);
      const [oldest] = own;
      if (own.length <= keptExecutors || oldest === undefined) return;
      completed.splice(completed.indexOf(oldest), 1);
      removeSandbox(oldest, log);
    },
  };
}
