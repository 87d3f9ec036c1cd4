// What one Mesos agent tells about itself: /state with the executors and their sandboxes, /containers, /flags.
import { seconds } from '../clock.ts';
import type { Agent } from './agents.ts';
import type { Mesos } from './mesos.ts';
import { agentOfMaster, agentPid, taskAnswer, versionAnswer } from './state.ts';
import type { Task } from './task.ts';

type Fields = Record<string, unknown>;

export function agentState(mesos: Mesos, agent: Agent, masterHostname: string): Fields {
  const version = mesos.release.mesos;
  const own = agentOfMaster(version, agent, true);
  return {
    ...versionAnswer(version),
    start_time: seconds(mesos.startedAt),
    id: agent.id,
    pid: agentPid(agent),
    hostname: agent.hostname,
    ...(version === '1.5.0' ? { capabilities: own.capabilities } : {}),
    resources: own.resources,
    ...(version === '0.28.0'
      ? {}
      : {
          reserved_resources: own.reserved_resources,
          unreserved_resources: own.unreserved_resources,
          reserved_resources_full: own.reserved_resources_full,
        }),
    ...(version === '1.5.0'
      ? {
          unreserved_resources_full: own.unreserved_resources_full,
          reserved_resources_allocated: {},
          unreserved_resources_allocated: own.used_resources,
        }
      : {}),
    attributes: agent.attributes,
    master_hostname: masterHostname,
    flags: agentFlags(agent),
    frameworks: frameworks(mesos, agent),
    completed_frameworks: [],
  };
}

export const agentFlags = (agent: Agent): Record<string, string> => ({
  hostname: agent.hostname,
  port: String(agent.port),
  work_dir: agent.workDir,
});

/** Frameworks that have or had executors here. */
function frameworks(mesos: Mesos, agent: Agent): Fields[] {
  return mesos.frameworks.flatMap(framework => {
    const running = [...agent.tasks.values()].filter(task => task.frameworkId === framework.id);
    const completed = agent.completed.filter(task => task.frameworkId === framework.id);
    if (running.length + completed.length === 0) return [];
    const { info } = framework;
    return [
      {
        id: framework.id,
        name: info.name,
        user: info.user,
        failover_timeout: info.failoverTimeout,
        checkpoint: info.checkpoint,
        hostname: info.hostname,
        role: info.role,
        executors: running.map(task => executor(mesos, task)),
        completed_executors: completed.map(task => executor(mesos, task)),
      },
    ];
  });
}

/** A command task's executor: its id is that of the task. */
function executor(mesos: Mesos, task: Task): Fields {
  const version = mesos.release.mesos;
  const answer = taskAnswer(version, task);
  const ended = task.agent.tasks.get(task.info.id) !== task;
  const queued = !ended && task.statuses.length === 0;
  return {
    id: task.info.id,
    name: commandExecutorName(task),
    source: task.info.id,
    container: task.containerId,
    directory: task.directory,
    resources: answer.resources,
    ...(version === '1.5.0' ? { role: '*' } : {}),
    tasks: ended || queued ? [] : [answer],
    queued_tasks: queued
      ? [
          {
            id: task.info.id,
            name: task.info.name,
            slave_id: task.agent.id,
            resources: answer.resources,
            ...(version === '1.5.0' ? { role: '*' } : {}),
          },
        ]
      : [],
    completed_tasks: ended ? [answer] : [],
  };
}

function commandExecutorName(task: Task): string {
  const { command } = task.info;
  const text = command === undefined ? '' : command.shell ? `sh -c '${command.value}'` : command.argv.join(' ');
  return `Command Executor (Task: ${task.info.id}) (Command: ${text})`;
}

export const containersAnswer = (agent: Agent): Fields[] =>
  [...agent.tasks.values()]
    .filter(task => task.running !== undefined)
    .map(task => ({
      container_id: task.containerId,
      executor_id: task.info.id,
      executor_name: commandExecutorName(task),
      framework_id: task.frameworkId,
      source: task.info.id,
      status: { container_id: { value: task.containerId } },
    }));
