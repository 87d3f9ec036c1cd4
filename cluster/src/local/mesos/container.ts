// In what a task runs, in Mesos's own words: its ContainerInfo and CommandInfo.URI as JSON. Frameworks write it, /state shows it, executors
// follow it. Source: apache/mesos include/mesos/mesos.proto.

export interface ContainerInfo {
  readonly type: 'DOCKER' | 'MESOS';
  readonly docker?: {
    readonly image: string;
    readonly network?: DockerNetwork;
    readonly port_mappings?: readonly PortMapping[];
    readonly privileged?: boolean;
    /** Further options of `docker run`, without their dashes. */
    readonly parameters?: readonly { readonly key: string; readonly value: string }[];
    readonly force_pull_image?: boolean;
  };
  /** Without an image the task runs on the agent's own file system. */
  readonly mesos?: { readonly image: { readonly type: 'DOCKER'; readonly docker: { readonly name: string } } };
  readonly volumes?: readonly Volume[];
  /** Networks of a container that has one of its own. */
  readonly network_infos?: readonly { readonly name: string; readonly port_mappings?: readonly PortMapping[] }[];
}

export type DockerNetwork = 'HOST' | 'BRIDGE' | 'NONE' | 'USER';

export interface PortMapping {
  readonly host_port: number;
  readonly container_port: number;
  readonly protocol?: string;
}

export interface Volume {
  readonly container_path: string;
  /** Relative ones lie in the sandbox. */
  readonly host_path?: string;
  readonly mode: 'RW' | 'RO';
}

/** What is put into the sandbox before the command starts. */
export interface CommandUri {
  readonly value: string;
  readonly executable: boolean;
  readonly extract: boolean;
  readonly cache: boolean;
  /** Within the sandbox; the address's last segment when absent. */
  readonly output_file?: string;
}

export const imageOf = (container: ContainerInfo | undefined): string | undefined =>
  container?.docker?.image ?? container?.mesos?.image.docker.name;
