// What the Orchestrator keeps: the only place where deployments and schedules come, change and go.
import type { Journal } from '../journal.ts';
import type { Deployment, ResourceState, Schedule } from './deployment.ts';

export interface Store {
  readonly deployments: ReadonlyMap<string, Deployment>;
  readonly schedules: ReadonlyMap<string, Schedule>;
  add(deployment: Deployment): void;
  /** Changes a deployment that is there; undefined removes the member. */
  change(id: string, change: Changes): void;
  /** Resources of these ids, or all of them, take this state. */
  setState(id: string, state: ResourceState, resources?: readonly string[]): void;
  remove(id: string): void;
  addSchedule(schedule: Schedule): void;
}

type Changes = { readonly [Key in keyof Deployment]?: Deployment[Key] | undefined };

export function createStore(now: () => number, journal: Journal): Store {
  const deployments = new Map(journal.read('orchestrator.deployment') as ReadonlyMap<string, Deployment>);
  const schedules = new Map(journal.read('orchestrator.schedule') as ReadonlyMap<string, Schedule>);

  function put(deployment: Deployment): void {
    deployments.set(deployment.id, deployment);
    journal.put('orchestrator.deployment', deployment.id, deployment);
  }

  function change(id: string, changes: Changes): void {
    const before = deployments.get(id);
    if (before === undefined) return;
    const after = Object.entries({ ...before, ...changes, updatedAt: now() }).filter(
      ([, value]) => value !== undefined,
    );
    put(Object.fromEntries(after) as unknown as Deployment);
  }

  return {
    deployments,
    schedules,
    add: put,
    change,
    setState(id, state, only) {
      const before = deployments.get(id);
      if (before === undefined) return;
      const changes = (resource: Deployment['resources'][number]) =>
        resource.state !== state && (only === undefined || only.includes(resource.id));
      if (!before.resources.some(changes)) return;
      const resources = before.resources.map(resource =>
        changes(resource) ? { ...resource, state, updatedAt: now() } : resource,
      );
      change(id, { resources });
    },
    remove(id) {
      deployments.delete(id);
      journal.put('orchestrator.deployment', id, undefined);
    },
    addSchedule(schedule) {
      schedules.set(schedule.id, schedule);
      journal.put('orchestrator.schedule', schedule.id, schedule);
    },
  };
}
