// What the master knows as v1 tells it: in GET_STATE and its parts, and when somebody subscribes.
import type { Mesos } from '../mesos.ts';
import { compact, type Fields } from './call.ts';
import { agentOf, completedFrameworkOf, frameworkOf, taskOf } from './shapes.ts';

export const getTasks = ({ frameworks, completedFrameworks }: Mesos): Fields =>
  compact({
    tasks: frameworks.flatMap(({ tasks }) => [...tasks.values()].map(taskOf)),
    unreachable_tasks: frameworks.flatMap(({ unreachable }) => unreachable.map(taskOf)),
    completed_tasks: [...frameworks, ...completedFrameworks].flatMap(({ completed }) => completed.map(taskOf)),
  });

export const getFrameworks = ({ frameworks, completedFrameworks, release }: Mesos): Fields =>
  compact({
    frameworks: frameworks.map(framework => frameworkOf(release.mesos, framework)),
    completed_frameworks: completedFrameworks.map(framework => completedFrameworkOf(release.mesos, framework)),
  });

export const getAgents = ({ agents, release }: Mesos): Fields =>
  compact({ agents: agents.map(agent => agentOf(release.mesos, agent)) });

/** Command executors are not known to the master. */
export const getExecutors: Fields = {};

export const getState = (mesos: Mesos): Fields => ({
  get_tasks: getTasks(mesos),
  get_executors: getExecutors,
  get_frameworks: getFrameworks(mesos),
  get_agents: getAgents(mesos),
});
