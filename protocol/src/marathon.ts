// The bodies that a plan sends to Marathon: the members that a TOSCA template can fill, and no others.
// What Marathon answers is described in cluster/src/marathon.

/** A member of a Marathon `env`: plain text, or the name of an entry of the app's `secrets`. */
export type MarathonEnvValue = string | { readonly secret: string };

export interface MarathonPortMapping {
  readonly containerPort: number;
  readonly protocol: string;
  readonly servicePort?: number;
  readonly labels: Readonly<Record<string, string>>;
}

export interface MarathonPortDefinition {
  readonly port: number;
  readonly protocol: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface MarathonVolume {
  readonly containerPath: string;
  /** RO or RW; upper case, otherwise as written in the template. */
  readonly mode: string;
  readonly hostPath?: string;
  readonly external?: {
    readonly name: string;
    readonly provider: string;
    readonly options: Readonly<Record<string, string>>;
  };
}

export interface MarathonContainer {
  readonly type: 'DOCKER' | 'MESOS';
  readonly docker: {
    readonly image: string;
    readonly forcePullImage: boolean;
    readonly privileged: boolean;
    readonly network?: 'BRIDGE';
    readonly portMappings?: readonly MarathonPortMapping[];
  };
  readonly volumes: readonly MarathonVolume[];
}

export interface MarathonApp {
  /** Relative to the group. */
  readonly id: string;
  readonly cmd?: string;
  readonly user?: string;
  readonly instances: number;
  readonly cpus?: number;
  /** The number of MB (10^6 bytes) that the template asks for; Mesos reads it as MiB. */
  readonly mem?: number;
  readonly gpus?: number;
  readonly env: Readonly<Record<string, MarathonEnvValue>>;
  readonly secrets?: Readonly<Record<string, { readonly source: string }>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly uris: readonly string[];
  readonly constraints: readonly (readonly string[])[];
  readonly container: MarathonContainer;
  readonly portDefinitions?: readonly MarathonPortDefinition[];
  readonly networks?: readonly { readonly mode: 'HOST' }[];
}

/** Body of `POST /v2/groups`. */
export interface MarathonGroup {
  /** Absolute, for example `/demo`. */
  readonly id: string;
  readonly apps: readonly MarathonApp[];
}
