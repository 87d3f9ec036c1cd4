// What is remembered of Marathon when the cluster ends and lives again with the same state folder: the tree and those before it, the
// definitions that each app and pod had, deployments that go on, failures.
import type { Journal } from '../journal.ts';
import type { Deployment } from './deployments.ts';
import type { Step } from './plan.ts';
import { emptyRoot, type Root } from './root.ts';
import type { Run } from './run.ts';
import type { RunSpec } from './run-spec.ts';

type Roots = readonly [Root, ...Root[]];

/** The members of a tree that are maps: of a change those of their entries are kept that differ. */
const parts = ['apps', 'pods', 'groups'] as const;
type Part = (typeof parts)[number];

/** The way from one tree to another: its version, and the entries that it has otherwise, null where it has none. */
type Delta = { readonly version: string } & Readonly<Record<Part, Readonly<Record<string, unknown>>>>;

function delta(from: Root, to: Root): Delta {
  const part = (name: Part): Readonly<Record<string, unknown>> => {
    const [before, after]: [ReadonlyMap<string, unknown>, ReadonlyMap<string, unknown>] = [from[name], to[name]];
    const gone = [...before.keys()].filter(key => !after.has(key)).map(key => [key, null] as const);
    return Object.fromEntries([...gone, ...[...after].filter(([key, value]) => before.get(key) !== value)]);
  };
  return { version: to.version, apps: part('apps'), pods: part('pods'), groups: part('groups') };
}

function applied(root: Root, { version, apps, pods, groups }: Delta): Root {
  const part = <Value>(before: ReadonlyMap<string, Value>, changes: Readonly<Record<string, unknown>>) => {
    const after = new Map(before);
    for (const [key, value] of Object.entries(changes)) {
      if (value === null) after.delete(key);
      else after.set(key, value as Value);
    }
    return after;
  };
  return {
    version,
    apps: part(root.apps, apps),
    pods: part(root.pods, pods),
    groups: part(root.groups, groups),
  };
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
    applied(emptyRoot(version), { version, apps: entries('apps'), pods: entries('pods'), groups: entries('groups') }),
  ];
  for (let [root] = roots; ; ) {
    const before = journal.read('marathon.before').get(root.version);
    if (before === undefined) return roots;
    root = applied(root, before as Delta);
    roots.push(root);
  }
}

const versionKey = (id: string, version: string): string => `${id} ${version}`;

/** The definitions of an app or a pod, the newest first, none when it is gone; `before` is what they were. */
export function noteVersions(
  journal: Journal,
  id: string,
  before: readonly RunSpec[],
  after: readonly RunSpec[],
): void {
  for (const spec of before)
    if (!after.includes(spec)) journal.put('marathon.version', versionKey(id, spec.version), undefined);
  for (const spec of after)
    if (!before.includes(spec)) journal.put('marathon.version', versionKey(id, spec.version), spec);
}

export function recallVersions(journal: Journal): Map<string, readonly RunSpec[]> {
  const versions = new Map<string, readonly RunSpec[]>();
  for (const value of journal.read('marathon.version').values()) {
    const spec = value as RunSpec;
    versions.set(spec.id, [spec, ...(versions.get(spec.id) ?? [])]);
  }
  return versions;
}

interface NotedDeployment {
  readonly version: string;
  readonly original: string;
  readonly target: string;
  readonly steps: readonly Step[];
  readonly affectedApps: readonly string[];
  readonly affectedPods: readonly string[];
}

export function noteDeployment(journal: Journal, deployment: Deployment): void {
  const { id, version, original, target, steps, affectedApps, affectedPods } = deployment;
  const noted: NotedDeployment = {
    ...{ version, steps, affectedApps, affectedPods },
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

/** Why the last instance of an app or a pod failed, and how long the next one waits. */
export function noteRun(journal: Journal, { spec, lastFailure, backoff }: Run): void {
  const known = lastFailure !== undefined || backoff !== undefined;
  journal.put('marathon.run', spec.id, known ? { lastFailure, backoff } : undefined);
}

export const forgetRun = (journal: Journal, id: string): void => journal.put('marathon.run', id, undefined);

export const recallRun = (journal: Journal, id: string): Pick<Run, 'lastFailure' | 'backoff'> => ({
  lastFailure: undefined,
  backoff: undefined,
  ...(journal.read('marathon.run').get(id) as Partial<Run> | undefined),
});
