// A Marathon app as it is kept, the same for all releases, and what follows from its definition. How it is read is in read-app.ts, how it
// is answered in answer-app.ts.
import type { RunSpecFields } from './run-spec.ts';

export interface Fetch {
  readonly uri: string;
  readonly extract: boolean;
  readonly executable: boolean;
  readonly cache: boolean;
  /** `outputFile` in 1.4. */
  readonly destPath?: string;
}

export interface PortDefinition {
  readonly port: number;
  readonly protocol: string;
  readonly name?: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface PortMapping {
  readonly containerPort: number;
  /** Absent: no host port (container networks). */
  readonly hostPort?: number;
  readonly servicePort: number;
  readonly protocol: string;
  readonly name?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly networkNames?: readonly string[];
}

export interface Docker {
  readonly image: string;
  /** Up to 1.4; kept as given. */
  readonly network?: 'BRIDGE' | 'HOST' | 'NONE' | 'USER';
  readonly privileged: boolean;
  readonly forcePullImage: boolean;
  readonly parameters: readonly { readonly key: string; readonly value: string }[];
  readonly credential?: unknown;
  readonly pullConfig?: { readonly secret: string };
}

export interface Volume {
  readonly containerPath: string;
  readonly hostPath?: string;
  readonly mode?: string;
  readonly persistent?: Readonly<Record<string, unknown>>;
  readonly external?: Readonly<Record<string, unknown>>;
  readonly secret?: string;
}

export interface Container {
  readonly type: 'DOCKER' | 'MESOS';
  readonly docker?: Docker;
  readonly portMappings?: readonly PortMapping[];
  readonly volumes: readonly Volume[];
}

export interface Network {
  readonly mode: 'host' | 'container/bridge' | 'container';
  readonly name?: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface HealthCheck {
  readonly protocol: string;
  readonly path?: string;
  readonly portIndex?: number | string;
  readonly port?: number;
  readonly command?: { readonly value: string };
  readonly gracePeriodSeconds: number;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly maxConsecutiveFailures: number;
  readonly ignoreHttp1xx: boolean;
  readonly delaySeconds: number;
}

export interface ReadinessCheck {
  readonly name: string;
  readonly protocol: string;
  readonly path: string;
  readonly portName: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly httpStatusCodesForReady: readonly number[];
  readonly preserveLastResponse: boolean;
}

export type EnvValue = string | { readonly secret: string };

export interface App extends RunSpecFields {
  readonly cmd?: string;
  readonly args?: readonly string[];
  readonly user?: string;
  readonly env: Readonly<Record<string, EnvValue>>;
  readonly executor: string;
  readonly fetch: readonly Fetch[];
  readonly storeUrls: readonly string[];
  /** Host networking only. */
  readonly portDefinitions: readonly PortDefinition[];
  readonly requirePorts: boolean;
  readonly container?: Container;
  readonly healthChecks: readonly HealthCheck[];
  readonly readinessChecks: readonly ReadinessCheck[];
  readonly labels: Readonly<Record<string, string>>;
  /** Up to 1.4. */
  readonly ipAddress?: Readonly<Record<string, unknown>>;
  /** Of all releases: up to 1.4 made from the old members, and not answered. */
  readonly networks: readonly Network[];
  readonly residency?: { readonly relaunchEscalationTimeoutSeconds: number; readonly taskLostBehavior: string };
  readonly secrets: Readonly<Record<string, { readonly source: string }>>;
  readonly tty?: boolean;
}

/** One port that the app asks for, whichever network model names it. */
export interface AppPort {
  /** 0: any. Absent: no host port. */
  readonly hostPort: number | undefined;
  readonly containerPort: number | undefined;
  readonly servicePort: number;
  readonly protocol: string;
  readonly name: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

export const usesHostNetwork = (app: App): boolean => app.networks.every(({ mode }) => mode === 'host');

/** The app's ports in the order of their index. */
export function portsOf(app: App): readonly AppPort[] {
  if (usesHostNetwork(app)) {
    return app.portDefinitions.map(({ port, protocol, name, labels }) => ({
      hostPort: app.requirePorts ? port : 0,
      containerPort: undefined,
      servicePort: port,
      protocol,
      name,
      labels,
    }));
  }
  return (app.container?.portMappings ?? []).map(
    ({ hostPort, containerPort, servicePort, protocol, name, labels }) => ({
      hostPort,
      containerPort,
      servicePort,
      protocol,
      name,
      labels,
    }),
  );
}

/** The same app with these service ports, in order. */
export function withServicePorts(app: App, servicePorts: readonly number[]): App {
  if (usesHostNetwork(app)) {
    const portDefinitions = app.portDefinitions.map((definition, n) => ({
      ...definition,
      port: servicePorts[n] ?? definition.port,
    }));
    return { ...app, portDefinitions };
  }
  const { container } = app;
  if (container?.portMappings === undefined) return app;
  const portMappings = container.portMappings.map((mapping, n) => ({
    ...mapping,
    servicePort: servicePorts[n] ?? mapping.servicePort,
  }));
  return { ...app, container: { ...container, portMappings } };
}

export const isResident = (app: App): boolean =>
  app.residency !== undefined || (app.container?.volumes.some(({ persistent }) => persistent !== undefined) ?? false);
