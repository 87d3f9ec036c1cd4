// The events that tell what becomes of instances and their tasks. When they are sent is in runs.ts.
import type { Task, TaskState, TaskStatus } from '../mesos/task.ts';
import type { MarathonVersion } from '../release.ts';
import { addressOf } from './address.ts';
import type { EventBus } from './events.ts';
import type { Instance } from './instance.ts';
import { instanceIdOf } from './launch.ts';

export const instanceEvents = (events: EventBus, marathon: MarathonVersion) => ({
  /** 1.1 knows no instances. */
  instanceChanged(instance: Instance, condition: string): void {
    if (marathon === '1.1.1') return;
    events.publish('instance_changed_event', {
      instanceId: instance.instanceId,
      condition,
      runSpecId: instance.spec.id,
      agentId: instance.agent.id,
      host: instance.agent.hostname,
      runSpecVersion: instance.spec.version,
    });
  },

  status(instance: Instance, task: Task, status: TaskStatus): void {
    events.publish('status_update_event', {
      slaveId: task.agent.id,
      taskId: task.info.id,
      taskStatus: status.state,
      message: status.message,
      appId: instance.spec.id,
      host: task.agent.hostname,
      ipAddresses: [{ ipAddress: addressOf(task.agent), protocol: 'IPv4' }],
      ports: task.info.ports,
      version: instance.spec.version,
    });
  },

  unknownTerminated({ info }: Task, state: TaskState): void {
    if (marathon === '1.1.1') return;
    const instanceId = instanceIdOf(info.id);
    events.publish('unknown_instance_terminated_event', {
      instanceId,
      runSpecId: info.env.MARATHON_APP_ID ?? '/',
      condition: `${state.charAt(5)}${state.slice(6).toLowerCase()}`,
    });
  },
});
