// What the health checks of an app or a pod ask of an instance's tasks, and on which ports.
import type { Task } from '../mesos/task.ts';
import { type App, portsOf } from './app.ts';
import type { InstanceCheck } from './instance.ts';
import { healthCheckOf, isPod, type Pod, type PodContainer } from './pod.ts';
import type { RunSpec } from './run-spec.ts';

export const checksOf = (spec: RunSpec, tasks: readonly [Task, ...Task[]]): InstanceCheck[] =>
  isPod(spec) ? ofPod(spec, tasks) : ofApp(spec, tasks[0]);

function ofApp(app: App, task: Task): InstanceCheck[] {
  return app.healthChecks.map(check => {
    const { port, portIndex = 0 } = check;
    const index = typeof portIndex === 'string' ? portsOf(app).findIndex(({ name }) => name === portIndex) : portIndex;
    return { check, task, port: port ?? hostPortAt(app, task, index) };
  });
}

/** The host port of the app's n-th port; undefined where it has none. */
export function hostPortAt(app: App, task: Task, index: number): number | undefined {
  const ports = portsOf(app);
  if (ports[index]?.hostPort === undefined) return undefined;
  return task.info.ports[ports.slice(0, index).filter(({ hostPort }) => hostPort !== undefined).length];
}

function ofPod(pod: Pod, tasks: readonly Task[]): InstanceCheck[] {
  return pod.containers.flatMap((container, n) => {
    const task = tasks[n];
    if (container.healthCheck === undefined || task === undefined) return [];
    return [{ check: healthCheckOf(container.healthCheck), task, port: endpointPort(container, task) }];
  });
}

function endpointPort({ healthCheck, endpoints }: PodContainer, task: Task): number | undefined {
  const name = healthCheck?.http?.endpoint ?? healthCheck?.tcp?.endpoint;
  const onHost = endpoints.filter(({ hostPort }) => hostPort !== undefined);
  const at = onHost.findIndex(endpoint => endpoint.name === name);
  return at === -1 ? endpoints.find(endpoint => endpoint.name === name)?.containerPort : task.info.ports[at];
}
