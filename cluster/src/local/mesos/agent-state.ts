// What one Mesos agent tells about itself: /state with the executors and their sandboxes. What they use is in containers.ts.
import { seconds } from '../clock.ts';
import type { Agent } from './agents.ts';
import { agentFlags, logDirOf } from './flags.ts';
import type { FrameworkInfo, Mesos } from './mesos.ts';
import { since } from './since.ts';
import { agentOfMaster, agentPid, type Fields, taskAnswer, versionAnswer } from './state.ts';
import { isThere, type Task } from './task.ts';

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
    log_dir: logDirOf(agent.workDir),
    flags: agentFlags(agent),
    frameworks: frameworks(mesos, agent),
    completed_frameworks: completedFrameworks(mesos, agent),
  };
}

/** Frameworks that have or had executors here. */
const frameworks = (mesos: Mesos, agent: Agent): Fields[] =>
  mesos.frameworks.flatMap(({ id, info }) => {
    const running = [...agent.tasks.values()].filter(task => task.frameworkId === id);
    const completed = agent.completed.filter(task => task.frameworkId === id);
    return running.length + completed.length === 0 ? [] : [framework(mesos, id, info, running, completed)];
  });

const completedFrameworks = (mesos: Mesos, agent: Agent): Fields[] =>
  mesos.completedFrameworks.flatMap(({ id, info }) => {
    const completed = agent.completed.filter(task => task.frameworkId === id);
    return completed.length === 0 ? [] : [framework(mesos, id, info, [], completed)];
  });

const framework = (
  mesos: Mesos,
  id: string,
  info: FrameworkInfo,
  running: readonly Task[],
  completed: readonly Task[],
): Fields => ({
  id,
  name: info.name,
  user: info.user,
  failover_timeout: info.failoverTimeout,
  checkpoint: info.checkpoint,
  hostname: info.hostname,
  role: info.role,
  executors: running.map(task => executor(mesos, task)),
  completed_executors: completed.map(task => executor(mesos, task)),
});

/** A command task's executor: its id is that of the task. */
function executor(mesos: Mesos, task: Task): Fields {
  const version = mesos.release.mesos;
  const answer = taskAnswer(version, task);
  const ended = !isThere(task);
  const queued = !ended && task.statuses.length === 0;
  return {
    id: task.info.id,
    name: commandExecutorName(task),
    source: task.info.id,
    container: task.containerId,
    directory: task.directory,
    resources: answer.resources,
    ...(since(version, '1.3') ? { role: answer.role } : {}),
    tasks: ended || queued ? [] : [answer],
    queued_tasks: queued
      ? [
          {
            id: task.info.id,
            name: task.info.name,
            slave_id: task.agent.id,
            resources: answer.resources,
            ...(since(version, '1.3') ? { role: answer.role } : {}),
          },
        ]
      : [],
    completed_tasks: ended ? [answer] : [],
  };
}

export function commandExecutorName(task: Task): string {
  const { command } = task.info;
  const text = command === undefined ? '' : command.shell ? `sh -c '${command.value}'` : command.argv.join(' ');
  return `Command Executor (Task: ${task.info.id}) (Command: ${text})`;
}
