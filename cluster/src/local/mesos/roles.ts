// The roles that the master knows: those of its frameworks, and those with a weight or a quota.
import { offeredRoles } from './agents.ts';
import type { Mesos } from './mesos.ts';
import { since } from './since.ts';
import { type Fields, usedByRole } from './state.ts';

interface Role {
  readonly name: string;
  readonly weight: number;
  readonly frameworks: readonly string[];
}

export function rolesOf({ frameworks, settings }: Mesos): readonly Role[] {
  const names = new Set([
    '*',
    ...frameworks.flatMap(({ info }) => offeredRoles(info.role)),
    ...settings.weights.keys(),
    ...settings.quotas.keys(),
  ]);
  return [...names].sort().map(name => ({
    name,
    weight: settings.weights.get(name) ?? 1,
    frameworks: frameworks.filter(({ info }) => info.role === name).map(({ id }) => id),
  }));
}

export function rolesAnswer(mesos: Mesos): Fields {
  const version = mesos.release.mesos;
  return {
    roles: rolesOf(mesos).map(({ name, weight, frameworks }) => {
      const quota = since(version, '1.3') ? mesos.settings.quotas.get(name) : undefined;
      return {
        name,
        weight,
        resources: usedByRole(version, mesos.agents, name),
        frameworks,
        ...(quota === undefined
          ? {}
          : {
              quota: {
                role: name,
                guarantee: Object.fromEntries(
                  quota.guarantee.map(each => [String(each.name), (each.scalar as { value: number }).value]),
                ),
              },
            }),
      };
    }),
  };
}
