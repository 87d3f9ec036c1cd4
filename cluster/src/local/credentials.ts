// Asks for a name and a password, as INDIGO's clusters do: Marathon and Chronos for everything, the Mesos master for most. Who answers is
// in the services.
import { createHash, timingSafeEqual } from 'node:crypto';
import { page } from './chronos/errors.ts';
import type { Answer, Request, Service } from './http.ts';
import type { MesosVersion } from './release.ts';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** From `USER:PASSWORD`; one sentence when it is not that. */
export function readCredentials(text: string): Credentials | string {
  const [, user, password] = /^([^:\r\n]+):([^\r\n]+)\s*$/.exec(text) ?? [];
  return user === undefined || password === undefined
    ? 'Credentials are a name, a colon and a password in one line.'
    : { user, password };
}

/** The realm whose password a request needs; undefined when it needs none. */
type RealmOf = (request: Pick<Request, 'method' | 'path'>) => string | undefined;

function withBasic(
  service: Service,
  credentials: Credentials,
  scheme: string,
  realmOf: RealmOf,
  body: Answer,
): Service {
  const wanted = digest(`Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}`);
  return {
    ...service,
    refuse(request) {
      const realm = realmOf(request);
      const given = (request.headers.authorization ?? '').replace(/^basic +/i, 'Basic ');
      if (realm === undefined || timingSafeEqual(digest(given), wanted)) return service.refuse?.(request);
      return { ...body, headers: { ...body.headers, 'WWW-Authenticate': `${scheme} realm="${realm}"` } };
    },
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Marathon's and Chronos's: the page of their web server, mesosphere/chaos http/{HttpModule,HttpConf}.scala. */
export const withServerBasic = (service: Service, credentials: Credentials): Service =>
  withBasic(service, credentials, 'basic', () => 'Mesosphere', {
    ...page(401, 'Unauthorized'),
    headers: { 'Cache-Control': 'must-revalidate,no-cache,no-store' },
  });

/** The Orchestrator has tokens in their stead; without one it must not be the way around the passwords of what is below it. */
export const withOrchestratorBasic = (service: Service, credentials: Credentials): Service =>
  withBasic(
    service,
    credentials,
    'Basic',
    () => 'Orchestrator',
    service.problem(401, 'Full authentication is required to access this resource', { method: 'GET', path: '/' }),
  );

const open = /^(?:\/master)?\/(?:health|version|redirect)(?:\/|$)/;
/** Mesos 0.28 has no authentication for reading. */
const guardedIn028 =
  /^(?:\/master)?\/(?:flags|quota|teardown|reserve|unreserve|create-volumes|destroy-volumes|local\/(?!state|events|output))/;
/** These count as writing even where they are read (mesos 1.1.0 and 1.5.0 src/master/master.cpp). */
const alwaysWriting = /^(?:\/master)?\/(?:api\/v1|quota|weights|maintenance\/schedule)(?:\/|$)/;

/** The master's, with its two realms; what it lists can be seen without in 0.28. */
export const withMasterBasic = (service: Service, credentials: Credentials, version: MesosVersion): Service =>
  withBasic(
    service,
    credentials,
    'Basic',
    ({ method, path }) => {
      if (version === '0.28.0') return guardedIn028.test(path) ? 'mesos' : undefined;
      if (open.test(path)) return undefined;
      const reads = (method === 'GET' || method === 'HEAD') && !alwaysWriting.test(path);
      return `mesos-master-${reads ? 'readonly' : 'readwrite'}`;
    },
    { status: 401, text: '' },
  );
