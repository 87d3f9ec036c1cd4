// The sandbox of a task: on which agent and in which directory it lies, and what is in it. Its files are read in files.ts.
import type { Endpoint } from '../connect/endpoint.ts';
import { ClusterError, isPassing } from '../connect/error.ts';
import { askJson, type Patience } from '../connect/request.ts';
import { list, listOrEmpty, type Members, numberOr, object, text, textOrNone } from '../connect/shape.ts';
import { type Agent, masterState } from './state.ts';

export interface Sandbox {
  readonly taskId: string;
  readonly agent: Endpoint;
  /** Absolute path as the agent names it. */
  readonly directory: string;
}

export interface SandboxFile {
  readonly name: string;
  /** Absolute path as the agent names it. */
  readonly path: string;
  readonly directory: boolean;
  /** Bytes. */
  readonly size: number;
  /** Seconds since the epoch. */
  readonly modified: number;
}

/**
 * Where the task's sandbox is, also after its end. Throws a ClusterError `not-found` when the master or the agent does not
 * know the task, be it not yet or no more: a master keeps the last 1000 ended tasks of a framework, an agent fewer.
 */
export async function locateSandbox(mesos: Endpoint, taskId: string, patience: Patience = {}): Promise<Sandbox> {
  const state = await masterState(mesos, patience);
  const task = state.tasks.find(({ id }) => id === taskId);
  if (task === undefined) {
    throw new ClusterError(
      'not-found',
      `Mesos does not know the task ${taskId}: it was not launched, or ended long ago.`,
    );
  }
  const agent = state.agents.find(({ id }) => id === task.agentId);
  if (agent === undefined) {
    throw new ClusterError(
      'not-found',
      `The agent of the task ${taskId} has left the cluster, and its sandbox with it.`,
    );
  }
  const [endpoint, executors] = await askAgent(agent, patience, task.frameworkId);
  const executor = executors.find(one => one.id === task.executorId);
  if (executor === undefined) {
    throw new ClusterError(
      'not-found',
      `The agent ${agent.hostname} has no sandbox of the task ${taskId} (yet, or any more).`,
    );
  }
  return { taskId, agent: endpoint, directory: executor.directory(taskId) };
}

/** What lies in the sandbox, or in a directory of it. */
export function browse(sandbox: Sandbox, directory = '', patience: Patience = {}): Promise<readonly SandboxFile[]> {
  const path = directory === '' ? sandbox.directory : `${sandbox.directory}/${directory}`;
  return askJson(sandbox.agent, { path: '/files/browse', query: { path } }, patience, value =>
    list(value, 'the answer', (item, where) => {
      const file = object(item, where);
      const whole = text(file.path, `${where}.path`);
      return {
        name: whole.slice(whole.lastIndexOf('/') + 1),
        path: whole,
        directory: (textOrNone(file.mode) ?? '').startsWith('d'),
        size: numberOr(file.size, 0),
        modified: numberOr(file.mtime, 0),
      };
    }),
  );
}

interface Executor {
  readonly id: string;
  readonly directory: (taskId: string) => string;
}

/** The agent's address need not be reachable from here where its name is, and the reverse. */
async function askAgent(
  agent: Agent,
  patience: Patience,
  frameworkId: string,
): Promise<[Endpoint, readonly Executor[]]> {
  let failure: unknown = new ClusterError('unreachable', `The Mesos agent ${agent.hostname} has no known address.`);
  for (const url of agent.urls) {
    const endpoint: Endpoint = { service: 'The Mesos agent', url };
    try {
      return [
        endpoint,
        await askJson(endpoint, { path: '/state' }, patience, value => readExecutors(value, frameworkId)),
      ];
    } catch (error) {
      failure = error;
      if (!isPassing(error)) break;
    }
  }
  throw failure;
}

function readExecutors(value: unknown, frameworkId: string): readonly Executor[] {
  const state = object(value, '');
  const frameworks = [
    ...list(state.frameworks, 'frameworks', object),
    ...listOrEmpty(state.completed_frameworks, 'completed_frameworks', object),
  ].filter(({ id }) => id === frameworkId);
  return frameworks.flatMap(framework =>
    ['executors', 'completed_executors'].flatMap(kind => listOrEmpty(framework[kind], kind, readExecutor)),
  );
}

/** The default executor of pods gives each task a directory of its own below its own (mesos src/slave/paths.cpp). */
function readExecutor(value: unknown, where: string): Executor {
  const executor: Members = object(value, where);
  const directory = text(executor.directory, `${where}.directory`);
  const ofTask = executor.type === 'DEFAULT';
  return {
    id: text(executor.id, `${where}.id`),
    directory: taskId => (ofTask ? `${directory}/tasks/${taskId}` : directory),
  };
}
