// The calls of an agent's operator API. Reference: mesos docs/operator-http-api.md; src/slave/http.cpp at 1.1.0 and 1.5.0.
import { seconds } from '../../clock.ts';
import type { Answer, Request, taken } from '../../http.ts';
import type { Agent } from '../agents.ts';
import { containersOf } from '../containers.ts';
import { agentFlags } from '../flags.ts';
import { agentMetrics } from '../metrics.ts';
import { agentIp } from '../state.ts';
import { answered, type Calls, compact, type Fields, type Handler, id, idIn, readCall } from './call.ts';
import { type Common, commonCalls, run } from './common.ts';
import { agentInfoOf, executorInfoOf, frameworkInfoOf, taskOf } from './shapes.ts';

interface Context extends Common {
  readonly agent: Agent;
}

export async function agentCall(context: Context, request: Request): Promise<Answer | typeof taken> {
  const call = readCall(request, 'agent');
  return 'status' in call ? call : run(calls, context, call, request, 'agent');
}

const getTasks = ({ agent }: Context): Fields => {
  const here = [...agent.tasks.values()];
  return compact({
    queued_tasks: here.filter(({ statuses }) => statuses.length === 0).map(taskOf),
    launched_tasks: here.filter(({ statuses }) => statuses.length > 0).map(taskOf),
    completed_tasks: agent.completed.map(taskOf),
  });
};

const getExecutors = ({ agent }: Context): Fields =>
  compact({
    executors: [...agent.tasks.values()].map(task => ({ executor_info: executorInfoOf(task) })),
    completed_executors: agent.completed.map(task => ({ executor_info: executorInfoOf(task) })),
  });

const getFrameworks = ({ agent, mesos }: Context): Fields => {
  const here = new Set([...agent.tasks.values(), ...agent.completed].map(({ frameworkId }) => frameworkId));
  const those = (frameworks: readonly Parameters<typeof frameworkInfoOf>[0][]) =>
    frameworks.filter(each => here.has(each.id)).map(each => ({ framework_info: frameworkInfoOf(each) }));
  return compact({ frameworks: those(mesos.frameworks), completed_frameworks: those(mesos.completedFrameworks) });
};

/** There are no containers in containers here, and none that no framework has asked for: none is found. */
const notFound = (container: unknown): Answer => ({
  status: 404,
  text: `Container '${idIn(container)}' cannot be found`,
});
const noContainer: Handler<Context>['handle'] = (_, { container_id: container }) => answered(notFound(container));
const launchRefused = answered({
  status: 403,
  text: 'The local cluster launches containers for its own Marathon and Chronos only.',
});
const noProviders = answered({ status: 403, text: 'The local cluster has no resource providers.' });

const calls: Calls<Context> = {
  ...commonCalls<Context>({
    flags: ({ agent }) => agentFlags(agent),
    metrics: ({ mesos, agent, clock }) => agentMetrics(mesos, agent, clock.now()),
    name: ({ agent }) => agent.id,
  }),
  GET_STATE: {
    handle: context => ({
      body: {
        get_tasks: getTasks(context),
        get_executors: getExecutors(context),
        get_frameworks: getFrameworks(context),
      },
    }),
  },
  GET_TASKS: { handle: context => ({ body: getTasks(context) }) },
  GET_EXECUTORS: { handle: context => ({ body: getExecutors(context) }) },
  GET_FRAMEWORKS: { handle: context => ({ body: getFrameworks(context) }) },
  GET_AGENT: { since: '1.3', handle: ({ agent }) => ({ body: { agent_info: agentInfoOf(agent) } }) },
  GET_CONTAINERS: {
    async handle({ agent, clock }) {
      const containers = await containersOf(agent, seconds(clock.now()));
      return {
        body: compact({
          containers: containers.map(({ task, executorName, statistics }) => ({
            framework_id: id(task.frameworkId),
            executor_id: id(task.info.id),
            executor_name: executorName,
            container_id: id(task.containerId),
            container_status: {
              container_id: id(task.containerId),
              network_infos: [{ ip_addresses: [{ protocol: 'IPv4', ip_address: agentIp(agent) }] }],
            },
            resource_statistics: statistics,
          })),
        }),
      };
    },
  },
  LAUNCH_NESTED_CONTAINER: { since: '1.1', wants: true, handle: () => launchRefused },
  WAIT_NESTED_CONTAINER: { since: '1.1', wants: true, handle: noContainer },
  KILL_NESTED_CONTAINER: { since: '1.1', wants: true, handle: noContainer },
  REMOVE_NESTED_CONTAINER: { since: '1.3', wants: true, handle: noContainer },
  LAUNCH_NESTED_CONTAINER_SESSION: { since: '1.2', wants: true, handle: () => launchRefused },
  ATTACH_CONTAINER_INPUT: { since: '1.2', wants: true, handle: noContainer },
  ATTACH_CONTAINER_OUTPUT: { since: '1.2', wants: true, handle: noContainer },
  LAUNCH_CONTAINER: { since: '1.5', wants: true, handle: () => launchRefused },
  WAIT_CONTAINER: { since: '1.5', wants: true, handle: noContainer },
  KILL_CONTAINER: { since: '1.5', wants: true, handle: noContainer },
  REMOVE_CONTAINER: { since: '1.5', wants: true, handle: noContainer },
  ADD_RESOURCE_PROVIDER_CONFIG: { since: '1.5', wants: true, handle: () => noProviders },
  UPDATE_RESOURCE_PROVIDER_CONFIG: { since: '1.5', wants: true, handle: () => noProviders },
  REMOVE_RESOURCE_PROVIDER_CONFIG: { since: '1.5', wants: true, handle: () => noProviders },
  /** It keeps none. */
  PRUNE_IMAGES: { since: '1.5', handle: () => answered({ status: 200, text: '' }) },
};
