// What master and agents write into their logs: an observer of what happens.
import path from 'node:path';
import type { Agent } from './agents.ts';
import { logDirOf } from './flags.ts';
import { glogLine, type LogFile, openLogFile } from './glog.ts';
import type { Mesos } from './mesos.ts';

/** Returns what writes the last lines. */
export function logEvents(mesos: Mesos, masterDir: string): () => void {
  const master = openLogFile(path.join(masterDir, 'mesos-master.INFO'));
  const agents = new Map<string, LogFile>();
  const say = (text: string) => master.write(glogLine('I', 'master.cpp', text));
  const sayOn = ({ workDir }: Agent, text: string) => {
    const file = agents.get(workDir) ?? openLogFile(path.join(logDirOf(workDir), 'mesos-slave.INFO'));
    agents.set(workDir, file);
    file.write(glogLine('I', 'slave.cpp', text));
  };
  const registered = (agent: Agent) => {
    say(`Registered agent ${agent.id} at slave(1)@${agent.hostname}:${agent.port}`);
    sayOn(agent, `Registered with master; given agent ID ${agent.id}`);
  };
  say(`Elected as the leading master ${mesos.id}, Mesos ${mesos.release.mesos}`);
  for (const agent of mesos.agents) registered(agent);
  mesos.observe(event => {
    if (event.type === 'TASK_ADDED') {
      const { task } = event;
      say(`Launching task ${task.info.id} of framework ${task.frameworkId} on agent ${task.agent.id}`);
      sayOn(task.agent, `Got assigned task '${task.info.id}' for framework ${task.frameworkId}`);
    } else if (event.type === 'TASK_UPDATED') {
      const { task, status } = event;
      const text = `Status update ${status.state} for task ${task.info.id} of framework ${task.frameworkId}`;
      const why = status.message === '' ? '' : `: ${status.message}`;
      say(text + why);
      if (status.source !== 'SOURCE_MASTER') sayOn(task.agent, text + why);
    } else if (event.type === 'AGENT_ADDED') registered(event.agent);
    else if (event.type === 'AGENT_REMOVED') say(`Removed agent ${event.agent.id} (${event.agent.hostname})`);
    else if (event.type === 'FRAMEWORK_ADDED')
      say(`Registered framework ${event.framework.id} (${event.framework.info.name})`);
    else say(`Removed framework ${event.framework.id} (${event.framework.info.name})`);
  });
  return () => {
    master.flush();
    for (const file of agents.values()) file.flush();
  };
}
