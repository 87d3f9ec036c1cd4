// What the Orchestrator keeps: the only place where deployments and schedules come, change and go.
import type { Deployment, ResourceState, Schedule } from './deployment.ts';

export interface Records {
  readonly deployments: readonly Deployment[];
  readonly schedules: readonly Schedule[];
}

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

/** `saved` is told of all that is there whenever something of it has changed. */
export function createStore(now: () => number, kept?: Records, saved: (records: Records) => void = () => {}): Store {
  const deployments = new Map(kept?.deployments.map(each => [each.id, each]));
  const schedules = new Map(kept?.schedules.map(each => [each.id, each]));
  const save = () => saved({ deployments: [...deployments.values()], schedules: [...schedules.values()] });

  function change(id: string, changes: Changes): void {
    const before = deployments.get(id);
    if (before === undefined) return;
    const after = Object.entries({ ...before, ...changes, updatedAt: now() }).filter(
      ([, value]) => value !== undefined,
    );
    deployments.set(id, Object.fromEntries(after) as unknown as Deployment);
    save();
  }

  return {
    deployments,
    schedules,
    add(deployment) {
      deployments.set(deployment.id, deployment);
      save();
    },
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
      save();
    },
    addSchedule(schedule) {
      schedules.set(schedule.id, schedule);
      save();
    },
  };
}
