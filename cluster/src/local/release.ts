// What each release of the INDIGO cluster runs, and the build facts that its parts tell about themselves.
import type { Release } from '../../../protocol/src/plan.ts';

export type MesosVersion = '0.28.0' | '1.1.0' | '1.5.0';
export type MarathonVersion = '1.1.1' | '1.4.1' | '1.5.6';
export type ChronosVersion = '2.4.0' | '3.0.2';

export interface ReleaseParts {
  readonly name: Release;
  readonly mesos: MesosVersion;
  readonly marathon: MarathonVersion;
  readonly chronos: ChronosVersion;
  /** Chronos is INDIGO's build that knows `gpus` and `maxCompletionTime`. */
  readonly gpuJobs: boolean;
}

/** Versions as INDIGO's Ansible roles pin them. */
export const releases: Readonly<Record<Release, ReleaseParts>> = {
  indigo_1: { name: 'indigo_1', mesos: '0.28.0', marathon: '1.1.1', chronos: '2.4.0', gpuJobs: false },
  indigo_2: { name: 'indigo_2', mesos: '1.1.0', marathon: '1.4.1', chronos: '3.0.2', gpuJobs: false },
  deep_1: { name: 'deep_1', mesos: '1.5.0', marathon: '1.5.6', chronos: '3.0.2', gpuJobs: true },
};
