// A group as each release answers it.
import type { MarathonVersion } from '../release.ts';
import { answerApp } from './answer-app.ts';
import { answerPod } from './answer-pod.ts';
import type { App } from './app.ts';
import { parent } from './path-id.ts';
import type { Root } from './root.ts';

export interface GroupEmbed {
  readonly groups: boolean;
  readonly apps: boolean;
  readonly pods: boolean;
  readonly app: (app: App) => Record<string, unknown>;
}

export function answerGroup(
  root: Root,
  id: string,
  marathon: MarathonVersion,
  embed?: GroupEmbed,
): Record<string, unknown> {
  const { groups, apps, pods, app } = embed ?? {
    groups: true,
    apps: true,
    pods: true,
    app: each => answerApp(each, marathon),
  };
  // Sorted into their groups once, however deep the tree is.
  const appsIn = byParent(root.apps.values());
  const podsIn = byParent(root.pods.values());
  const groupsIn = byParent([...root.groups.values()].filter(group => group.id !== '/'));
  const answer = (groupId: string): Record<string, unknown> => {
    const group = root.groups.get(groupId);
    return {
      id: groupId,
      ...(apps ? { apps: (appsIn.get(groupId) ?? []).map(app) } : {}),
      ...(groups ? { groups: (groupsIn.get(groupId) ?? []).map(each => answer(each.id)) } : {}),
      ...(pods && marathon !== '1.1.1'
        ? { pods: (podsIn.get(groupId) ?? []).map(pod => answerPod(pod, marathon)) }
        : {}),
      dependencies: group?.dependencies ?? [],
      version: group?.version ?? root.version,
    };
  };
  return answer(id);
}

function byParent<Item extends { readonly id: string }>(items: Iterable<Item>): Map<string, Item[]> {
  const sorted = new Map<string, Item[]>();
  for (const item of items) {
    const group = parent(item.id);
    const list = sorted.get(group);
    if (list === undefined) sorted.set(group, [item]);
    else list.push(item);
  }
  return sorted;
}
