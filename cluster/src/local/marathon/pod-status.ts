// What becomes of a pod, its instances and their containers, as `::status` tells it.
// Facts: marathon v1.4.1 and v1.5.6 raml/PodStatusConversion.scala, core/appinfo/impl/AppInfoBaseData.scala.
import { timestamp } from '../clock.ts';
import { isTerminal, type Task } from '../mesos/task.ts';
import { addressOf } from './address.ts';
import { answerPod } from './answer-pod.ts';
import { conditionOf, conditionOfTask, type Instance, startOf } from './instance.ts';
import type { Marathon } from './marathon.ts';
import { isPod, type Pod, type PodContainer, podResources } from './pod.ts';

type Fields = Readonly<Record<string, unknown>>;

export function podStatus({ runs, deployments, version }: Marathon, pod: Pod): Fields {
  const instances = [...(runs.all.get(pod.id)?.instances.values() ?? [])].flatMap(instance =>
    isPod(instance.spec) ? [instanceStatus(instance, instance.spec)] : [],
  );
  const since = [pod.version, ...instances.map(({ statusSince }) => statusSince)].sort().at(-1);
  const stopping = [...deployments.running.values()].some(
    ({ target, affectedPods }) => affectedPods.includes(pod.id) && !target.pods.has(pod.id),
  );
  const stable = instances.filter(({ status }) => status === 'STABLE').length;
  return {
    id: pod.id,
    spec: answerPod(pod, version),
    status: stopping ? 'TERMINAL' : stable >= pod.instances ? 'STABLE' : 'DEGRADED',
    statusSince: since,
    ...(version === '1.5.6' && instances.length === 0 ? {} : { instances }),
    ...(version === '1.5.6' ? {} : { terminationHistory: [] }),
    lastUpdated: since,
    lastChanged: since,
  };
}

function instanceStatus(instance: Instance, pod: Pod) {
  const { agent, tasks } = instance;
  const since = timestamp(instance.since);
  const containers = pod.containers.flatMap((container, n) => {
    const task = tasks[n];
    return task === undefined ? [] : [containerStatus(instance, container, task)];
  });
  const unhealthy = containers.some(({ conditions }) => conditions.some(({ value }) => value === 'false'));
  const { status, message } = instanceState(conditionOf(instance), unhealthy);
  const alive = pod.containers.filter((_, n) => tasks[n] !== undefined && !isTerminal(tasks[n].state));
  return {
    id: instance.instanceId,
    status,
    statusSince: since,
    ...(message === undefined ? {} : { message }),
    agentHostname: agent.hostname,
    resources: podResources(alive, pod.executorResources),
    networks: pod.networks
      .filter(({ mode }) => mode !== 'host')
      .map(({ name }) => ({ ...(name === undefined ? {} : { name }), addresses: [addressOf(agent)] })),
    containers,
    specReference: `/v2/pods${pod.id}::versions/${pod.version}`,
    lastUpdated: since,
    lastChanged: since,
  };
}

function instanceState(condition: string, unhealthy: boolean): { status: string; message?: string } {
  switch (condition) {
    case 'Created':
      return { status: 'PENDING' };
    case 'Staging':
    case 'Starting':
      return { status: 'STAGING' };
    case 'Unreachable':
    case 'UnreachableInactive':
      return { status: 'DEGRADED', message: 'pod instance has become unreachable' };
    case 'Running':
      return unhealthy
        ? { status: 'DEGRADED', message: 'at least one container is not healthy' }
        : { status: 'STABLE' };
    default:
      return { status: 'TERMINAL' };
  }
}

function containerStatus(instance: Instance, container: PodContainer, task: Task) {
  const since = timestamp(startOf(task) ?? instance.stagedAt);
  const n = instance.checks.findIndex(check => check.task === task);
  const healthy = instance.health[n]?.alive;
  const hasRun = !['Created', 'Staging', 'Starting'].includes(conditionOfTask(task));
  return {
    name: container.name,
    status: task.state,
    statusSince: since,
    conditions:
      n === -1 || !hasRun
        ? []
        : [
            {
              name: 'healthy',
              lastChanged: since,
              lastUpdated: since,
              value: String(healthy === true),
              reason: healthy === undefined ? 'health-unreported-by-mesos' : 'health-reported-by-mesos',
            },
          ],
    containerId: task.info.id,
    endpoints: isTerminal(task.state) ? [] : endpoints(container, task, healthy),
    ...(isTerminal(task.state) ? {} : { resources: container.resources }),
    lastUpdated: since,
    lastChanged: since,
  };
}

/** Those with a host port first, the one that is asked for health last. */
function endpoints(container: PodContainer, task: Task, healthy: boolean | undefined) {
  const checked = container.healthCheck?.http?.endpoint ?? container.healthCheck?.tcp?.endpoint;
  const onHost = container.endpoints.filter(({ hostPort }) => hostPort !== undefined);
  const all = [
    ...onHost.map(({ name }, n) => ({ name, allocatedHostPort: task.info.ports[n] })),
    ...container.endpoints.filter(({ hostPort }) => hostPort === undefined).map(({ name }) => ({ name })),
  ];
  const asked = all.filter(({ name }) => name === checked);
  return [
    ...all.filter(({ name }) => name !== checked),
    ...asked.map(endpoint => ({ ...endpoint, ...(healthy === undefined ? {} : { healthy }) })),
  ];
}
