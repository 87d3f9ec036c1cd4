// What is remembered of Marathon when the cluster ends and lives again with the same state folder: the tree and those before it, the
// definitions that each app had, deployments that go on, failures.
import type { Journal } from '../journal.ts';
import type { App } from './app.ts';
import type { Deployment } from './deployments.ts';
import type { Step } from './plan.ts';
import { emptyRoot, type Root } from './root.ts';
import type { Run } from './run.ts';

type Roots = readonly [Root, ...Root[]];

/** The members of a tree that are maps: of a change those of their entries are kept that differ. */
const parts = ['apps', 'groups'] as const;
type Part = (typeof parts)[number];

/** The way from one tree to another: its version, and the entries that it has otherwise, null where it has none. */
type Delta = { readonly version: string } & Readonly<Record<Part, Readonly<Record<string, unknown>>>>;

function delta(from: Root, to: Root): Delta {
  const part = (name: Part): Readonly<Record<string, unknown>> => {
    const [before, after]: [ReadonlyMap<string, unknown>, ReadonlyMap<string, unknown>] = [from[name], to[name]];
    const gone = [...before.keys()].filter(key => !after.has(key)).map(key => [key, null] as const);
    return Object.fromEntries([...gone, ...[...after].filter(([key, value]) => before.get(key) !== value)]);
  };
  return { version: to.version, apps: part('apps'), groups: part('groups') };
}

function applied(root: Root, { version, apps, groups }: Delta): Root {
  const part = <Value>(before: ReadonlyMap<string, Value>, changes: Readonly<Record<string, unknown>>) => {
    const after = new Map(before);
    for (const [key, value] of Object.entries(changes)) {
      if (value === null) after.delete(key);
      else after.set(key, value as Value);
    }
    return after;
  };
  return { version, apps: part(root.apps, apps), groups: part(root.groups, groups) };
}

/** The tree is replaced; `kept` trees are remembered with it. */
export function noteRoot(journal: Journal, before: Root, root: Root, kept: number): void {
  const change = delta(before, root);
  for (const part of parts)
    for (const [key, value] of Object.entries(change[part])) journal.put(`marathon.${part}`, key, value ?? undefined);
  journal.put('marathon.root', 'version', root.version);
  journal.put('marathon.before', root.version, delta(root, before));
  const steps = [...journal.read('marathon.before').keys()];
  for (const version of steps.slice(0, Math.max(0, steps.length - kept + 1)))
    journal.put('marathon.before', version, undefined);
}

/** The tree and those before it, the newest first. */
export function recallRoots(journal: Journal): Roots | undefined {
  const version = journal.read('marathon.root').get('version');
  if (typeof version !== 'string') return undefined;
  const entries = (part: Part) => Object.fromEntries(journal.read(`marathon.${part}`));
  const roots: [Root, ...Root[]] = [
    applied(emptyRoot(version), { version, apps: entries('apps'), groups: entries('groups') }),
  ];
  for (let [root] = roots; ; ) {
    const before = journal.read('marathon.before').get(root.version);
    if (before === undefined) return roots;
    root = applied(root, before as Delta);
    roots.push(root);
  }
}

const versionKey = (id: string, version: string): string => `${id} ${version}`;

/** The definitions of an app, the newest first, none when it is gone; `before` is what they were. */
export function noteVersions(journal: Journal, id: string, before: readonly App[], after: readonly App[]): void {
  for (const app of before)
    if (!after.includes(app)) journal.put('marathon.version', versionKey(id, app.version), undefined);
  for (const app of after) if (!before.includes(app)) journal.put('marathon.version', versionKey(id, app.version), app);
}

export function recallVersions(journal: Journal): Map<string, readonly App[]> {
  const versions = new Map<string, readonly App[]>();
  for (const value of journal.read('marathon.version').values()) {
    const app = value as App;
    versions.set(app.id, [app, ...(versions.get(app.id) ?? [])]);
  }
  return versions;
}

interface NotedDeployment {
  readonly version: string;
  readonly original: string;
  readonly target: string;
  readonly steps: readonly Step[];
  readonly affectedApps: readonly string[];
}

export function noteDeployment(journal: Journal, deployment: Deployment): void {
  const { id, version, original, target, steps, affectedApps } = deployment;
  const noted: NotedDeployment = {
    ...{ version, steps, affectedApps },
    original: original.version,
    target: target.version,
  };
  journal.put('marathon.deployment', id, noted);
}

export const forgetDeployment = (journal: Journal, id: string): void =>
  journal.put('marathon.deployment', id, undefined);

/** They begin again with their first step: no task has outlived the cluster. */
export function recallDeployments(journal: Journal, roots: Roots): Deployment[] {
  const rootOf = (version: string): Root => roots.find(root => root.version === version) ?? roots.at(-1) ?? roots[0];
  return [...journal.read('marathon.deployment')].map(([id, value]) => {
    const { original, target, ...rest } = value as NotedDeployment;
    return {
      ...rest,
      id,
      original: rootOf(original),
      target: rootOf(target),
      currentStep: 0,
      cancelled: new AbortController(),
    };
  });
}

/** Why the app's last instance failed, and how long the next one waits. */
export function noteRun(journal: Journal, { app, lastFailure, backoff }: Run): void {
  const known = lastFailure !== undefined || backoff !== undefined;
  journal.put('marathon.run', app.id, known ? { lastFailure, backoff } : undefined);
}

export const forgetRun = (journal: Journal, appId: string): void => journal.put('marathon.run', appId, undefined);

export const recallRun = (journal: Journal, appId: string): Pick<Run, 'lastFailure' | 'backoff'> => ({
  lastFailure: undefined,
  backoff: undefined,
  ...(journal.read('marathon.run').get(appId) as Partial<Run> | undefined),
});
