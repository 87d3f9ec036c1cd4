// Marathon's group tree: every app and group by its id. It is never changed, only replaced by the next one.
import type { MarathonVersion } from '../release.ts';
import { type App, isSameConfiguration, portsOf } from './app.ts';
import { ancestors, isWithin, parent } from './path-id.ts';
import { assignServicePorts } from './service-ports.ts';
import type { Detail } from './shape.ts';

export interface Group {
  readonly id: string;
  readonly dependencies: readonly string[];
  readonly version: string;
}

export interface Root {
  readonly apps: ReadonlyMap<string, App>;
  /** Holds at least the root group. */
  readonly groups: ReadonlyMap<string, Group>;
  readonly version: string;
}

export const emptyRoot = (version: string): Root => ({
  apps: new Map(),
  groups: new Map([['/', { id: '/', dependencies: [], version }]]),
  version,
});

/** The tree with this app in place of the one of its id; groups above it come into being. */
export const withApp = (root: Root, app: App): Root => withApps(root, [app]);

export function withApps(root: Root, apps: readonly App[]): Root {
  const all = new Map(root.apps);
  const groups = new Map(root.groups);
  for (const app of apps) {
    all.set(app.id, app);
    for (const id of ancestors(app.id))
      if (!groups.has(id)) groups.set(id, { id, dependencies: [], version: root.version });
  }
  return { ...root, apps: all, groups };
}

export function withoutApp(root: Root, id: string): Root {
  const apps = new Map(root.apps);
  apps.delete(id);
  return { ...root, apps };
}

export function withGroup(root: Root, group: Group): Root {
  const groups = new Map(root.groups).set(group.id, group);
  for (const id of ancestors(group.id))
    if (!groups.has(id)) groups.set(id, { id, dependencies: [], version: root.version });
  return { ...root, groups };
}

/** The tree without this group and all in it. Without the root group it is empty. */
export function withoutGroup(root: Root, id: string): Root {
  const apps = new Map([...root.apps].filter(([app]) => !isWithin(app, id)));
  const groups = new Map([...root.groups].filter(([group]) => group === '/' || !isWithin(group, id)));
  return { ...root, apps, groups };
}

export const appsWithin = (root: Root, group: string): App[] =>
  [...root.apps.values()].filter(({ id }) => id !== group && isWithin(id, group));
export const appsOf = (root: Root, group: string): App[] =>
  [...root.apps.values()].filter(({ id }) => parent(id) === group);
export const groupsOf = (root: Root, group: string): Group[] =>
  [...root.groups.values()].filter(({ id }) => id !== '/' && parent(id) === group);

/**
 * Makes `next` the successor of `root`: what changed gets the new version, its times and its service ports; what did not stays as
 * it was. Apps in `restarted` count as changed in their configuration.
 */
export function succeed(
  root: Root,
  next: Root,
  version: string,
  marathon: MarathonVersion,
  restarted: ReadonlySet<string> = new Set(),
): Root {
  const apps = new Map<string, App>();
  const touched = new Set<string>();
  const usedPorts = new Set([...next.apps.values()].flatMap(app => portsOf(app).map(({ servicePort }) => servicePort)));
  for (const [id, wanted] of next.apps) {
    const before = root.apps.get(id);
    if (before === wanted && !restarted.has(id)) {
      apps.set(id, wanted);
      continue;
    }
    const app = assignServicePorts(wanted, before, usedPorts, marathon);
    const same = before !== undefined && !restarted.has(id) && isSameConfiguration(before, app);
    if (same && before.instances === app.instances) {
      apps.set(id, before);
      continue;
    }
    const versionInfo =
      same && before.versionInfo !== undefined
        ? { ...before.versionInfo, lastScalingAt: version }
        : { lastScalingAt: version, lastConfigChangeAt: version };
    apps.set(id, { ...app, version, versionInfo });
    touched.add(id);
  }
  for (const id of root.apps.keys()) if (!next.apps.has(id)) touched.add(id);
  const groups = new Map(next.groups);
  const changed = new Set([...touched].flatMap(ancestors));
  for (const [id, group] of next.groups) {
    if (root.groups.get(id) === undefined || changed.has(id) || root.groups.get(id) !== group)
      groups.set(id, { ...group, version });
  }
  return { apps, groups, version };
}

/** What Marathon refuses in the tree as a whole. */
export function validateRoot(root: Root, marathon: MarathonVersion): Detail[] {
  const details: Detail[] = [];
  for (const id of root.apps.keys()) {
    if (root.groups.has(id))
      details.push({ path: '/', errors: [`Groups and Applications may not have the same identifier: ${id}`] });
  }
  const cycle = findCycle(root);
  if (cycle !== undefined) details.push({ path: '/', errors: ['Dependency graph has cyclic dependencies.'] });
  if (marathon !== '1.1.1') {
    const users = new Map<number, string>();
    for (const app of root.apps.values()) {
      for (const { servicePort } of portsOf(app)) {
        if (servicePort === 0) continue;
        const user = users.get(servicePort);
        if (user !== undefined && user !== app.id) {
          details.push({
            path: '/',
            errors: [`Requested service port ${servicePort} is used by more than 1 app: ${user}, ${app.id}`],
          });
        }
        users.set(servicePort, app.id);
      }
    }
  }
  return details;
}

/** The apps that must be there before this one: its own dependencies and those of the groups it is in, groups taken apart. */
export function dependenciesOf(root: Root, app: App): Set<string> {
  const named = [...app.dependencies, ...ancestors(app.id).flatMap(id => root.groups.get(id)?.dependencies ?? [])];
  return new Set(
    named
      .flatMap(id => (root.apps.has(id) ? [id] : appsWithin(root, id).map(each => each.id)))
      .filter(id => id !== app.id),
  );
}

function findCycle(root: Root): string | undefined {
  const state = new Map<string, 'open' | 'done'>();
  const visit = (id: string): boolean => {
    if (state.get(id) === 'done') return false;
    if (state.get(id) === 'open') return true;
    state.set(id, 'open');
    const app = root.apps.get(id);
    if (app !== undefined && [...dependenciesOf(root, app)].some(visit)) return true;
    state.set(id, 'done');
    return false;
  };
  return [...root.apps.keys()].find(visit);
}
