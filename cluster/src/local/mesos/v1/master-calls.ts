// The calls of the master's operator API. Reference: mesos docs/operator-http-api.md; src/master/http.cpp at 1.1.0 and 1.5.0.

import { seconds } from '../../clock.ts';
import type { Answer, Request, taken } from '../../http.ts';
import { masterFlags } from '../flags.ts';
import type { Mesos } from '../mesos.ts';
import { masterMetrics } from '../metrics.ts';
import * as operator from '../operator.ts';
import { rolesOf } from '../roles.ts';
import { since } from '../since.ts';
import { allocatedList, type MasterAddress } from '../state.ts';
import { answered, bad, type Calls, compact, type Fields, id, idIn, isFields, type Reply, readCall } from './call.ts';
import { type Common, commonCalls, run } from './common.ts';
import { getAgents, getExecutors, getFrameworks, getState, getTasks } from './master-state.ts';
import { subscribe } from './stream.ts';

interface Context extends Common {
  readonly address: MasterAddress;
}

export async function masterCall(context: Context, request: Request): Promise<Answer | typeof taken> {
  const call = readCall(request, 'master');
  return 'status' in call ? call : run(calls, context, call, request, 'master');
}

function masterInfo({ id: master, release }: Mesos, { hostname, ip, port }: MasterAddress): Fields {
  // In network order, read as if it were the machine's.
  const number = ip.split('.').reduceRight((sum, part) => sum * 256 + Number(part), 0);
  return compact({
    id: master,
    ip: number,
    port,
    pid: `master@${ip}:${port}`,
    hostname,
    version: release.mesos,
    address: { hostname, ip, port },
    capabilities: since(release.mesos, '1.5') ? [{ type: 'AGENT_UPDATE' }] : undefined,
  });
}

/** Changes that have an answer of their own in v0 have the same here. */
const changed = (answer: Answer): Reply => answered(answer);
const refused: Reply = answered(operator.reservationsRefused);

const calls: Calls<Context> = {
  ...commonCalls<Context>({
    flags: ({ mesos, address }) => masterFlags(mesos.release.mesos, address),
    metrics: ({ mesos, clock }) => masterMetrics(mesos, clock.now()),
    name: () => 'master',
  }),
  GET_STATE: { handle: ({ mesos }) => ({ body: getState(mesos) }) },
  GET_AGENTS: { handle: ({ mesos }) => ({ body: getAgents(mesos) }) },
  GET_FRAMEWORKS: { handle: ({ mesos }) => ({ body: getFrameworks(mesos) }) },
  GET_EXECUTORS: { handle: () => ({ body: getExecutors }) },
  GET_TASKS: { handle: ({ mesos }) => ({ body: getTasks(mesos) }) },
  GET_ROLES: {
    handle: ({ mesos }) => ({
      body: {
        roles: rolesOf(mesos).map(({ name, weight, frameworks }) =>
          compact({
            name,
            weight,
            frameworks: frameworks.map(id),
            resources: mesos.agents.flatMap(({ tasks }) =>
              [...tasks.values()].flatMap(({ allocations }) =>
                allocatedList(allocations.filter(({ role }) => role === name)),
              ),
            ),
          }),
        ),
      },
    }),
  },
  GET_WEIGHTS: { handle: ({ mesos }) => ({ body: compact({ weight_infos: operator.weightInfos(mesos) }) }) },
  UPDATE_WEIGHTS: {
    wants: true,
    handle: ({ mesos }, { weight_infos: list }) =>
      changed(operator.updateWeights(mesos, Array.isArray(list) ? list : [])),
  },
  GET_QUOTA: { handle: ({ mesos }) => ({ body: { status: compact(operator.quotaStatus(mesos)) } }) },
  SET_QUOTA: { wants: true, handle: ({ mesos }, { quota_request: quota }) => changed(operator.setQuota(mesos, quota)) },
  REMOVE_QUOTA: {
    wants: true,
    handle: ({ mesos }, { role }, { path }) => changed(operator.removeQuota(mesos, String(role), path)),
  },
  GET_MASTER: {
    handle: ({ mesos, address }) => ({
      body: compact({
        master_info: masterInfo(mesos, address),
        start_time: since(mesos.release.mesos, '1.5') ? seconds(mesos.startedAt) : undefined,
        elected_time: since(mesos.release.mesos, '1.5') ? seconds(mesos.startedAt) : undefined,
      }),
    }),
  },
  SUBSCRIBE: {
    handle(context, _, { response }) {
      subscribe(context, response);
      return { taken: true };
    },
  },
  RESERVE_RESOURCES: { wants: true, handle: () => refused },
  UNRESERVE_RESOURCES: { wants: true, handle: () => refused },
  CREATE_VOLUMES: { wants: true, handle: () => refused },
  DESTROY_VOLUMES: { wants: true, handle: () => refused },
  GET_MAINTENANCE_SCHEDULE: { handle: ({ mesos }) => ({ body: { schedule: operator.schedule(mesos) } }) },
  UPDATE_MAINTENANCE_SCHEDULE: {
    wants: true,
    handle: ({ mesos }, { schedule }) => changed(operator.updateSchedule(mesos, schedule)),
  },
  GET_MAINTENANCE_STATUS: { handle: ({ mesos }) => ({ body: { status: operator.maintenanceStatus(mesos) } }) },
  START_MAINTENANCE: {
    wants: true,
    handle: ({ mesos }, { machines }) => changed(operator.machinesDown(mesos, machines)),
  },
  STOP_MAINTENANCE: { wants: true, handle: ({ mesos }, { machines }) => changed(operator.machinesUp(mesos, machines)) },
  TEARDOWN: {
    since: '1.5',
    wants: true,
    handle: ({ mesos }, { framework_id: framework }) =>
      mesos.teardown(idIn(framework)) ? done : answered(bad('No framework found with specified ID')),
  },
  MARK_AGENT_GONE: {
    since: '1.5',
    wants: true,
    handle({ mesos }, { agent_id: agent }) {
      if (!isFields(agent)) return answered(bad("Failed to validate master::Call: Expecting 'agent_id' to be present"));
      return mesos.markGone(idIn(agent)) ? done : answered({ status: 404, text: '' });
    },
  },
};

const done = answered({ status: 200, text: '' });
