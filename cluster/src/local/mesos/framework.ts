// A framework as the master knows it.
import { randomUUID } from 'node:crypto';
import type { Resources } from '../../live/state.ts';
import { add, nothing } from './agents.ts';
import type { Task, TaskStatus } from './task.ts';

export interface FrameworkInfo {
  readonly name: string;
  readonly user: string;
  readonly role: string;
  readonly hostname: string;
  readonly webuiUrl: string;
  /** Seconds. */
  readonly failoverTimeout: number;
  readonly checkpoint: boolean;
  readonly capabilities: readonly string[];
}

export interface Scheduler {
  /** Free resources may be there: launch what fits. Called after `requestOffers` and whenever something got free. */
  resourceOffers(): void;
  statusUpdate(task: Task, status: TaskStatus): void;
}

export interface Framework {
  /** Another one once it has been torn down and has registered anew. */
  id: string;
  /** Of its scheduler driver: `scheduler-<uuid>@<ip>:<port>`. */
  pid: string;
  readonly info: FrameworkInfo;
  registeredAt: number;
  readonly scheduler: Scheduler;
  readonly tasks: Map<string, Task>;
  /** Oldest first. */
  completed: Task[];
  /** Tasks of agents that are unreachable, from Mesos 1.2 on; oldest first. */
  unreachable: Task[];
}

/** A framework that was torn down. */
export interface CompletedFramework extends Pick<Framework, 'id' | 'pid' | 'info' | 'registeredAt' | 'completed'> {
  readonly unregisteredAt: number;
}

/** There is no driver here that listens; the port is the one on which its program answers. */
export const newPid = ({ webuiUrl }: FrameworkInfo): string =>
  `scheduler-${randomUUID()}@127.0.0.1:${new URL(webuiUrl).port || '80'}`;

export const isPartitionAware = ({ info }: Framework): boolean => info.capabilities.includes('PARTITION_AWARE');

export const usedByFramework = (framework: Pick<Framework, 'tasks'>): Resources =>
  [...framework.tasks.values()].reduce((sum, task) => add(sum, task.info.resources), nothing);
