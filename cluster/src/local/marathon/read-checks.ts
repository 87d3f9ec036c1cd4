// Health and readiness checks, and what is fetched, as an app's JSON says them.
import type { MarathonVersion } from '../release.ts';
import type { Fetch, HealthCheck, ReadinessCheck } from './app.ts';
import { enumeration, listOf, notValid, numeric, text } from './read-members.ts';
import { invalidJson, isObject, type Members } from './shape.ts';

export function readHealthCheck(check: Members): HealthCheck {
  const protocol = enumeration(check.protocol) ?? 'HTTP';
  const path = text(check.path);
  const port = numeric(check.port);
  const portIndex =
    (check.portIndex as number | string | undefined) ?? (port === undefined && protocol !== 'COMMAND' ? 0 : undefined);
  return {
    protocol,
    ...(path === undefined ? {} : { path }),
    ...(portIndex === undefined || portIndex === null ? {} : { portIndex }),
    ...(port === undefined ? {} : { port }),
    ...(isObject(check.command) ? { command: { value: String(check.command.value) } } : {}),
    gracePeriodSeconds: numeric(check.gracePeriodSeconds) ?? 300,
    intervalSeconds: numeric(check.intervalSeconds) ?? 60,
    timeoutSeconds: numeric(check.timeoutSeconds) ?? 20,
    maxConsecutiveFailures: numeric(check.maxConsecutiveFailures) ?? 3,
    ignoreHttp1xx: check.ignoreHttp1xx === true,
    delaySeconds: numeric(check.delaySeconds) ?? 15,
  };
}

export const readReadinessCheck = (check: Members): ReadinessCheck => ({
  name: text(check.name) ?? 'readinessCheck',
  protocol: enumeration(check.protocol) ?? 'HTTP',
  path: text(check.path) ?? '/',
  portName: text(check.portName) ?? 'http-api',
  intervalSeconds: numeric(check.intervalSeconds) ?? 30,
  timeoutSeconds: numeric(check.timeoutSeconds) ?? 10,
  httpStatusCodesForReady: (listOf(check.httpStatusCodesForReady) as readonly number[] | undefined) ?? [200],
  preserveLastResponse: check.preserveLastResponse === true,
});

export function readFetch(body: Members, marathon: MarathonVersion): readonly Fetch[] | undefined {
  const fetch = listOf(body.fetch);
  const uris = listOf(body.uris);
  if (fetch !== undefined && fetch.length > 0 && uris !== undefined && uris.length > 0) {
    if (marathon !== '1.5.6')
      throw invalidJson(400, [{ path: '', errors: ['You cannot specify both uris and fetch fields'] }]);
    throw notValid('/uris', 'may not be set in conjunction with fetch');
  }
  if (fetch !== undefined && (fetch.length > 0 || uris === undefined)) {
    return fetch.filter(isObject).map(each => {
      const destination = text(each.destPath) ?? text(each.outputFile);
      return {
        uri: String(each.uri),
        extract: each.extract !== false,
        executable: each.executable === true,
        cache: each.cache === true,
        ...(destination === undefined ? {} : { destPath: destination }),
      };
    });
  }
  return uris?.map(uri => ({
    uri: String(uri),
    extract: /\.(?:tgz|tar\.gz|tbz2|tar\.bz2|txz|tar\.xz|zip)$/.test(String(uri)),
    executable: false,
    cache: false,
  }));
}
