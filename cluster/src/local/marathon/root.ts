// Marathon's group tree: every app, pod and group by its id. It is never changed, only replaced by the next one.
import type { MarathonVersion } from '../release.ts';
import { type App, portsOf } from './app.ts';
import { ancestors, isWithin, parent } from './path-id.ts';
import type { Pod } from './pod.ts';
import { isSameConfiguration, type RunSpec } from './run-spec.ts';
import { assignServicePorts } from './service-ports.ts';
import type { Detail } from './shape.ts';

export interface Group {
  readonly id: string;
  readonly dependencies: readonly string[];
  readonly version: string;
}

export interface Root {
  readonly apps: ReadonlyMap<string, App>;
  /** From 1.4 on. */
  readonly pods: ReadonlyMap<string, Pod>;
  /** Holds at least the root group. */
  readonly groups: ReadonlyMap<string, Group>;
  readonly version: string;
}

export const emptyRoot = (version: string): Root => ({
  apps: new Map(),
  pods: new Map(),
  groups: new Map([['/', { id: '/', dependencies: [], version }]]),
  version,
});

/** All apps and pods. */
export const specsOf = (root: Root): RunSpec[] => [...root.apps.values(), ...root.pods.values()];
export const specOf = (root: Root, id: string): RunSpec | undefined => root.apps.get(id) ?? root.pods.get(id);

/** The tree with this app in place of the one of its id; groups above it come into being. */
export const withApp = (root: Root, app: App): Root => withApps(root, [app]);

export function withApps(root: Root, apps: readonly App[]): Root {
  const all = new Map(root.apps);
  for (const app of apps) all.set(app.id, app);
  return withGroupsAbove({ ...root, apps: all }, apps);
}

export const withPod = (root: Root, pod: Pod): Root =>
  withGroupsAbove({ ...root, pods: new Map(root.pods).set(pod.id, pod) }, [pod]);

function withGroupsAbove(root: Root, specs: readonly { readonly id: string }[]): Root {
  const groups = new Map(root.groups);
  for (const id of specs.flatMap(each => ancestors(each.id)))
    if (!groups.has(id)) groups.set(id, { id, dependencies: [], version: root.version });
  return { ...root, groups };
}

/** The tree without this app or pod. */
export function without(root: Root, id: string): Root {
  const [apps, pods] = [new Map(root.apps), new Map(root.pods)];
  apps.delete(id);
  pods.delete(id);
  return { ...root, apps, pods };
}

export const withGroup = (root: Root, group: Group): Root =>
  withGroupsAbove({ ...root, groups: new Map(root.groups).set(group.id, group) }, [group]);

/** The tree without this group and all in it. Without the root group it is empty. */
export function withoutGroup(root: Root, id: string): Root {
  const outside = ([each]: readonly [string, unknown]) => !isWithin(each, id);
  return {
    ...root,
    apps: new Map([...root.apps].filter(outside)),
    pods: new Map([...root.pods].filter(outside)),
    groups: new Map([...root.groups].filter(entry => entry[0] === '/' || outside(entry))),
  };
}

export const appsWithin = (root: Root, group: string): App[] =>
  [...root.apps.values()].filter(({ id }) => id !== group && isWithin(id, group));
export const podsWithin = (root: Root, group: string): Pod[] =>
  [...root.pods.values()].filter(({ id }) => isWithin(id, group));
export const appsOf = (root: Root, group: string): App[] =>
  [...root.apps.values()].filter(({ id }) => parent(id) === group);
export const groupsOf = (root: Root, group: string): Group[] =>
  [...root.groups.values()].filter(({ id }) => id !== '/' && parent(id) === group);

/**
 * Makes `next` the successor of `root`: what changed gets the new version, its times and its service ports; what did not stays as
 * it was. Apps in `restarted` count as changed in their configuration. `held` tells the service ports that another program has.
 */
export function succeed(
  root: Root,
  next: Root,
  version: string,
  marathon: MarathonVersion,
  restarted: ReadonlySet<string>,
  held: (port: number) => boolean,
): Root {
  const usedPorts = new Set([...next.apps.values()].flatMap(app => portsOf(app).map(({ servicePort }) => servicePort)));
  const settle = (app: App) => assignServicePorts(app, root.apps.get(app.id), usedPorts, marathon, held);
  const apps = succeedEach(root.apps, next.apps, version, restarted, settle);
  const pods = succeedEach(root.pods, next.pods, version, restarted, pod => pod);
  const groups = new Map(next.groups);
  const changed = new Set([...apps.touched, ...pods.touched].flatMap(ancestors));
  for (const [id, group] of next.groups) {
    if (root.groups.get(id) === undefined || changed.has(id) || root.groups.get(id) !== group)
      groups.set(id, { ...group, version });
  }
  return { apps: apps.all, pods: pods.all, groups, version };
}

/** The same for the apps or the pods alone; `touched` are those that came, changed or went. */
function succeedEach<Spec extends RunSpec>(
  before: ReadonlyMap<string, Spec>,
  next: ReadonlyMap<string, Spec>,
  version: string,
  restarted: ReadonlySet<string>,
  settle: (spec: Spec) => Spec,
): { all: Map<string, Spec>; touched: readonly string[] } {
  const all = new Map<string, Spec>();
  const touched: string[] = [];
  for (const [id, wanted] of next) {
    const old = before.get(id);
    if (old === wanted && !restarted.has(id)) {
      all.set(id, wanted);
      continue;
    }
    const spec = settle(wanted);
    const same = old !== undefined && !restarted.has(id) && isSameConfiguration(old, spec);
    if (same && old.instances === spec.instances) {
      all.set(id, old);
      continue;
    }
    const versionInfo =
      same && old.versionInfo !== undefined
        ? { ...old.versionInfo, lastScalingAt: version }
        : { lastScalingAt: version, lastConfigChangeAt: version };
    all.set(id, { ...spec, version, versionInfo });
    touched.push(id);
  }
  for (const id of before.keys()) if (!next.has(id)) touched.push(id);
  return { all, touched };
}

/** What Marathon refuses in the tree as a whole. */
export function validateRoot(root: Root, marathon: MarathonVersion): Detail[] {
  const details: Detail[] = [];
  for (const id of root.apps.keys()) {
    if (root.groups.has(id))
      details.push({ path: '/', errors: [`Groups and Applications may not have the same identifier: ${id}`] });
    if (root.pods.has(id))
      details.push({ path: '/', errors: [`Applications and Pods may not share the same id: ${id}`] });
  }
  for (const id of root.pods.keys()) {
    if (root.groups.has(id))
      details.push({ path: '/', errors: [`Groups and Pods may not have the same identifier: ${id}`] });
  }
  details.push(...sharedVolumes(root));
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

/** An external volume is of one app in the whole cluster. */
function sharedVolumes(root: Root): Detail[] {
  const users = new Map<string, string>();
  const details: Detail[] = [];
  for (const { id, container } of root.apps.values()) {
    for (const name of container?.volumes.flatMap(({ external }) => external?.name ?? []) ?? []) {
      const user = users.get(String(name)) ?? id;
      users.set(String(name), user);
      if (user === id) continue;
      const error = `Volume name '${String(name)}' in ${id} conflicts with volume(s) of same name in app(s): ${user}`;
      details.push({ path: '/', errors: [error] });
    }
  }
  return details;
}

/** What must be there before this one: its own dependencies and those of the groups it is in, groups taken apart. */
export function dependenciesOf(root: Root, spec: RunSpec): Set<string> {
  const named = [...spec.dependencies, ...ancestors(spec.id).flatMap(id => root.groups.get(id)?.dependencies ?? [])];
  return new Set(
    named.flatMap(id => (specOf(root, id) !== undefined ? [id] : within(root, id))).filter(id => id !== spec.id),
  );
}

const within = (root: Root, group: string): string[] =>
  [...root.apps.keys(), ...root.pods.keys()].filter(id => isWithin(id, group));

function findCycle(root: Root): string | undefined {
  const state = new Map<string, 'open' | 'done'>();
  const visit = (id: string): boolean => {
    if (state.get(id) === 'done') return false;
    if (state.get(id) === 'open') return true;
    state.set(id, 'open');
    const spec = specOf(root, id);
    if (spec !== undefined && [...dependenciesOf(root, spec)].some(visit)) return true;
    state.set(id, 'done');
    return false;
  };
  return [...root.apps.keys()].find(visit);
}
