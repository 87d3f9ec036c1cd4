// Launches the tasks of a new instance on Mesos, and makes the instance. What the tasks are is in launch.ts and launch-pod.ts.
import type { Agent } from '../mesos/agents.ts';
import type { Framework } from '../mesos/framework.ts';
import type { Mesos } from '../mesos/mesos.ts';
import type { MarathonVersion } from '../release.ts';
import type { Instance } from './instance.ts';
import { checksOf } from './instance-checks.ts';
import { type InstanceName, taskInfo } from './launch.ts';
import { podTaskInfos } from './launch-pod.ts';
import { isPod } from './pod.ts';
import { makeEphemeralVolumes } from './pod-volumes.ts';
import type { Reservation } from './reservations.ts';
import type { RunSpec } from './run-spec.ts';

interface Launcher {
  readonly marathon: MarathonVersion;
  readonly mesos: Mesos;
  readonly framework: Framework;
  readonly now: number;
}

interface Where {
  readonly agent: Agent;
  /** Host ports, one for each that it asks for. */
  readonly ports: readonly number[];
  readonly roles: readonly string[];
  readonly reservation: Reservation | undefined;
}

/** Throws where the folders of a pod cannot be made. */
export function launchInstance(
  { marathon, mesos, framework, now }: Launcher,
  spec: RunSpec,
  name: InstanceName,
  { agent, ports, roles, reservation }: Where,
): Instance {
  const infos = isPod(spec)
    ? podTaskInfos(spec, name, {
        agent,
        ports,
        volumes: makeEphemeralVolumes(spec, name.instanceId, agent, framework.id),
      })
    : ([taskInfo(spec, name.taskIds[0], agent, ports, marathon, reservation?.volumes)] as const);
  const [first, ...further] = infos;
  const launch = (info: typeof first) => mesos.launch(framework, agent, info, roles);
  const tasks = [launch(first), ...further.map(launch)] as const;
  const checks = checksOf(spec, tasks);
  return {
    spec,
    instanceId: name.instanceId,
    agent,
    reservation,
    tasks,
    stagedAt: now,
    startedAt: undefined,
    since: now,
    killing: false,
    wipe: false,
    unreachable: undefined,
    cancelExpiry: undefined,
    checks,
    health: checks.map(() => undefined),
    ready: undefined,
    lastResponse: undefined,
  };
}
