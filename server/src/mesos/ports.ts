// Published ports: what Marathon takes, and which service ports the cluster's load balancers can serve.
// Sources: marathon RAML (protocols), indigo-dc Heat templates and marathon-lb (the ports that the load balancers use themselves).
import type { Problem } from './releases.ts';

/** What TOSCA's PortSpec takes; Marathon takes the first two. */
export const protocols = ['tcp', 'udp', 'igmp'] as const;

/** What is to be said of a port inside a container with GPUs. Source: indigo-dc/orchestrator MarathonServiceImpl. */
export const lostSource =
  'With GPUs the app runs on the network of its host and `source` is lost: it must listen on the port that it finds in $PORT0, $PORT1 and so on.';

/** A text as a port number. */
export function portNumber(written: string): number | undefined {
  const port = /^\d+$/.test(written) ? Number(written) : Number.NaN;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

const occupied: Readonly<Record<number, string>> = {
  80: 'the virtual hosts of the load balancer (HTTP)',
  443: 'the virtual hosts of the load balancer (HTTPS)',
  4400: 'Chronos',
  4443: 'Chronos',
  5050: 'the Mesos master',
  8080: 'Marathon',
  8443: 'Marathon',
  9090: 'the statistics of the load balancer',
  9091: 'the load balancer itself',
};

/** What is to be said of a service port that a template asks for. */
export function servicePortProblem(port: number): Problem | undefined {
  const use = occupied[port];
  if (use !== undefined) {
    const message = `Port ${port} of the load balancers belongs to ${use}: the app cannot be reached there. Choose one from 10000 to 20000, or leave \`target\` out.`;
    return { severity: 'warning', message };
  }
  if (port >= 10_000 && port <= 20_000) return undefined;
  const message = `Service ports lie from 10000 to 20000 in an INDIGO cluster: ${port} is taken as it is, but may not be open to the outside. Choose one of these, or leave \`target\` out.`;
  return { severity: 'information', message };
}
