// What apps and pods have in common: how many instances there are to be, what each takes, where it may run, how they come and go.
import type { App } from './app.ts';
import type { Pod } from './pod.ts';

/** Marathon's word for either. */
export type RunSpec = App | Pod;

export interface RunSpecFields {
  /** Absolute. */
  readonly id: string;
  readonly instances: number;
  /** Of one instance as a whole; memory and disk in MiB. */
  readonly cpus: number;
  readonly mem: number;
  readonly disk: number;
  readonly gpus: number;
  readonly constraints: readonly (readonly string[])[];
  readonly acceptedResourceRoles?: readonly string[];
  readonly dependencies: readonly string[];
  readonly backoffSeconds: number;
  readonly backoffFactor: number;
  readonly maxLaunchDelaySeconds: number;
  readonly upgradeStrategy: { readonly minimumHealthCapacity: number; readonly maximumOverCapacity: number };
  readonly unreachableStrategy: UnreachableStrategy;
  readonly killSelection: 'YOUNGEST_FIRST' | 'OLDEST_FIRST';
  readonly taskKillGracePeriodSeconds?: number;
  /** ISO 8601: when it was made. */
  readonly version: string;
  /** Absent until it is stored. */
  readonly versionInfo?: { readonly lastScalingAt: string; readonly lastConfigChangeAt: string };
}

export type UnreachableStrategy =
  | 'disabled'
  | { readonly inactiveAfterSeconds: number; readonly expungeAfterSeconds: number };

/** Whether the two differ in nothing but how many instances there are, and when. */
export function isSameConfiguration(a: RunSpecFields, b: RunSpecFields): boolean {
  const rest = ({ instances: _i, version: _v, versionInfo: _w, ...others }: RunSpecFields) =>
    JSON.stringify(sorted(others));
  return rest(a) === rest(b);
}

/** Objects with their keys in order, so that equal values have equal JSON. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, each]) => [key, sorted(each)]),
  );
}
