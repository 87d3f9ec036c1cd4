// A cluster as the user names it: where its parts answer, which release they are. Secrets are not here.
import type { Release } from '../../protocol/src/plan.ts';

export interface Profile {
  readonly name: string;
  readonly release: Release;
  /** Base URLs without a trailing slash. A part that the cluster does not have is absent. */
  readonly marathon?: string;
  readonly chronos?: string;
  readonly mesos?: string;
  /** Directory on the agents below which local volumes lie (CMDB property `local_volumes_host_base_path`). */
  readonly localVolumesHostBasePath?: string;
}
