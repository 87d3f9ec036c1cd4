// Whether the next instance of an app or a pod may run on an agent: resources, ports, constraints; and if not, for which of Marathon's reasons.
import { type Agent, free, offeredRoles, sharesOf } from '../mesos/agents.ts';
import { choosePorts } from '../mesos/ports.ts';
import { portsOf } from './app.ts';
import { isPod } from './pod.ts';
import type { RunSpec } from './run-spec.ts';

/** In the order in which Marathon checks them and /v2/queue lists them. */
export const reasons = [
  ...(['UnfulfilledRole', 'UnfulfilledConstraint', 'NoCorrespondingReservationFound', 'InsufficientCpus'] as const),
  ...(['InsufficientMemory', 'InsufficientDisk', 'InsufficientGpus', 'InsufficientPorts'] as const),
] as const;
export type Reason = (typeof reasons)[number];

/** Host ports for the instance, one for each port that it asks for; or all reasons against, in order. */
export type Match = { readonly ports: readonly number[] } | { readonly against: readonly Reason[] };

/** The host ports that an instance asks for: 0 is any. */
export const wantedPorts = (spec: RunSpec): number[] =>
  isPod(spec)
    ? spec.containers.flatMap(({ endpoints }) => endpoints.flatMap(({ hostPort }) => hostPort ?? []))
    : portsOf(spec).flatMap(({ hostPort }) => hostPort ?? []);

/** Of the roles whose resources Marathon is offered, those that the app or pod takes; all where it does not say. */
export const acceptedRoles = ({ acceptedResourceRoles }: RunSpec, frameworkRole: string): readonly string[] =>
  offeredRoles(frameworkRole).filter(role => acceptedResourceRoles?.includes(role) ?? true);

/** `roles` are those that are accepted. */
export function match(
  spec: RunSpec,
  agent: Agent,
  placed: readonly Agent[],
  listening: () => ReadonlySet<number>,
  roles: readonly string[],
): Match {
  const against: Reason[] = [];
  const rest = free(agent, roles);
  if (sharesOf(agent, roles).length === 0) against.push('UnfulfilledRole');
  if (!spec.constraints.every(constraint => fulfils(constraint, agent, placed))) against.push('UnfulfilledConstraint');
  if (spec.cpus > rest.cpus) against.push('InsufficientCpus');
  if (spec.mem > rest.mem) against.push('InsufficientMemory');
  if (spec.disk > rest.disk) against.push('InsufficientDisk');
  if (spec.gpus > rest.gpus) against.push('InsufficientGpus');
  const wanted = wantedPorts(spec);
  const ports = wanted.length === 0 ? [] : choosePorts(agent, wanted, listening(), roles);
  if (ports === undefined) against.push('InsufficientPorts');
  return ports === undefined || against.length > 0 ? { against } : { ports };
}

const fieldOf = (agent: Agent, field: string): string | undefined =>
  field === 'hostname' || field === '@hostname' ? agent.hostname : agent.attributes[field]?.toString();

/** Marathon's constraint operators (v1.5.6 core/launcher/…/Constraints.scala, mesos/Constraints.scala before). */
function fulfils([field = '', operator, wanted]: readonly string[], agent: Agent, placed: readonly Agent[]): boolean {
  const value = fieldOf(agent, field);
  if (value === undefined) return operator === 'UNLIKE';
  const others = placed.map(each => fieldOf(each, field));
  const same = others.filter(each => each === value).length;
  switch (operator) {
    case 'UNIQUE':
      return same === 0;
    case 'CLUSTER':
      return wanted === undefined || wanted === '' ? same === others.length : value === wanted;
    case 'MAX_PER':
      return same < Number(wanted);
    case 'LIKE':
      return isLike(value, wanted);
    case 'UNLIKE':
      return !isLike(value, wanted);
    case 'GROUP_BY': {
      if (same === 0) return true;
      const counts = new Map<string | undefined, number>();
      for (const each of others) counts.set(each, (counts.get(each) ?? 0) + 1);
      const groups = wanted === undefined || wanted === '' ? 0 : Number(wanted);
      return counts.size >= groups && same === Math.min(...counts.values());
    }
    default:
      return false;
  }
}

function isLike(value: string, expression: string | undefined): boolean {
  try {
    return new RegExp(`^(?:${expression ?? ''})$`).test(value);
  } catch {
    return false;
  }
}
