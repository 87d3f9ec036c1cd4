// One server of a cluster that can be asked: what it is and where it answers. How it is asked is in request.ts.
import type { Profile } from '../profile.ts';
import { ClusterError } from './error.ts';

export interface Endpoint {
  /** The server as a message names it. */
  readonly service: 'Marathon' | 'Chronos' | 'Mesos' | 'The Mesos agent';
  /** Base URL without a trailing slash. */
  readonly url: string;
  readonly access?: Access;
}

/** How to get in. */
export interface Access {
  readonly login?: { readonly user: string; readonly password: string };
  /** A certificate, PEM, by which that of the server is held good beside those that the system trusts. */
  readonly certificate?: string;
}

const services = { marathon: 'Marathon', chronos: 'Chronos', mesos: 'Mesos' } as const;

/** The endpoint of a part of the cluster; throws a `ClusterError` when the profile does not name it. */
export function endpointOf(profile: Profile, part: keyof typeof services): Endpoint {
  const url = profile[part];
  const service = services[part];
  if (url === undefined) {
    throw new ClusterError('not-configured', `The profile "${profile.name}" has no address for ${service}: add one.`);
  }
  return { service, url, ...(profile.access === undefined ? {} : { access: profile.access }) };
}
