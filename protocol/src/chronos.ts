// The bodies that a plan sends to Chronos: the members that a TOSCA template can fill, and no others.

export interface ChronosVolume {
  readonly containerPath: string;
  readonly hostPath: string;
  /** RO or RW; upper case, otherwise as written in the template. */
  readonly mode: string;
}

export interface ChronosContainer {
  readonly type: 'DOCKER' | 'MESOS';
  readonly image: string;
  readonly forcePullImage: boolean;
  readonly parameters?: readonly { readonly key: string; readonly value: string }[];
  readonly volumes: readonly ChronosVolume[];
}

/** Body of `POST /scheduler/dependency` when it has parents, else of `POST /scheduler/iso8601`. */
export interface ChronosJob {
  /** `<deployment>--<node>`; Chronos has no groups, so the name carries the deployment. */
  readonly name: string;
  readonly command: string;
  readonly description?: string;
  readonly schedule?: string;
  /** Names of jobs that stand earlier in the plan. */
  readonly parents?: readonly string[];
  readonly retries?: number;
  /** ISO 8601 duration. Chronos 3 drops it. */
  readonly epsilon?: string;
  readonly runAsUser?: string;
  readonly cpus?: number;
  /** The number of MB (10^6 bytes) that the template asks for; Mesos reads it as MiB. */
  readonly mem?: number;
  readonly gpus?: number;
  readonly uris: readonly string[];
  readonly environmentVariables: readonly { readonly name: string; readonly value: string }[];
  readonly constraints: readonly (readonly string[])[];
  readonly container: ChronosContainer;
}
