// The load balancer of the local cluster: what marathon-lb is in INDIGO's. Who does the work is in builtin.ts and haproxy.ts.
import path from 'node:path';
import type { Clock } from '../clock.ts';
import type { Certificate } from '../http.ts';
import type { Agent } from '../mesos/agents.ts';
import { openBuiltin } from './builtin.ts';
import { openHaproxy } from './haproxy.ts';
import type { RunsToServe } from './served.ts';

export type LoadBalancerKind = 'builtin' | 'haproxy' | 'none';
export const loadBalancerKinds: readonly LoadBalancerKind[] = ['builtin', 'haproxy', 'none'];

export interface LoadBalancerOptions {
  readonly runs: RunsToServe;
  readonly agents: () => readonly Agent[];
  readonly clock: Clock;
  /** Where virtual hosts answer; 0 takes a free port. */
  readonly httpPort: number;
  /** The cluster's own: for ports that speak TLS and whose certificate is not on this machine. */
  readonly certificate: () => Promise<Certificate>;
  /** Holds the load balancer's own files. */
  readonly folder: string;
  readonly log: (line: string) => void;
}

export interface LoadBalancer {
  /** Base URL of the port that serves virtual hosts; undefined where none does. */
  readonly virtualHosts: string | undefined;
  stop(): Promise<void>;
}

/** Where virtual hosts answer when nothing is said: not 80, which is for root alone. */
const usualHttpPort = 8088;

interface Wanted {
  readonly loadBalancer?: LoadBalancerKind;
  readonly httpPort?: number;
  readonly portBase?: number;
}

/** Throws one sentence when `haproxy` is wanted and cannot be had. */
export async function openLoadBalancer(
  stateDir: string,
  { loadBalancer = 'builtin', httpPort, portBase }: Wanted,
  parts: Omit<LoadBalancerOptions, 'httpPort' | 'folder'>,
): Promise<LoadBalancer> {
  const options = {
    ...parts,
    httpPort: httpPort ?? (portBase === undefined ? usualHttpPort : 0),
    folder: path.join(stateDir, 'load-balancer'),
  };
  switch (loadBalancer) {
    case 'builtin':
      return openBuiltin(options);
    case 'haproxy':
      return openHaproxy(options);
    case 'none':
      return { virtualHosts: undefined, stop: async () => {} };
  }
}
