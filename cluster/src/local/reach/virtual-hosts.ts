// Which service port a request to the load balancer's HTTP port is for, and the maps that marathon-lb shows of it.
import type { IncomingMessage } from 'node:http';
import { hostOf } from './forward-http.ts';
import type { Served } from './served.ts';
import type { ServicePort } from './service-port.ts';

/** By the host and path that are asked for, else by marathon-lb's header with the app's id. */
export function findVirtualHost(
  served: readonly Served[],
  { headers, url = '/' }: IncomingMessage,
): Served | undefined {
  const host = hostOf(headers.host);
  const path = url.split('?', 1)[0] ?? '/';
  const named = inOrder(served).find(({ service }) => service.virtualHosts.includes(host) && isBelow(service, path));
  if (named !== undefined) return named;
  const appId = headers['x-marathon-app-id'];
  return served.find(({ service }) => service.app.id === appId && service.mode === 'http');
}

/** Those with virtual hosts, the ones that are asked first first. */
export const inOrder = (served: readonly Served[]): readonly Served[] =>
  served.filter(({ service }) => service.virtualHosts.length > 0).sort((a, b) => b.service.weight - a.service.weight);

function isBelow({ paths, ignorePathCase }: ServicePort, path: string): boolean {
  if (paths.length === 0) return true;
  const fold = (text: string) => (ignorePathCase ? text.toLowerCase() : text);
  return paths.some(prefix => fold(path).startsWith(fold(prefix)));
}

export const appMap = (served: readonly Served[]): string =>
  served
    .filter(({ service }) => service.mode === 'http')
    .map(({ service }) => `${service.app.id} ${service.name}\n`)
    .join('');

export const virtualHostMap = (served: readonly Served[]): string =>
  inOrder(served)
    .flatMap(({ service }) => service.virtualHosts.map(host => `${host} ${service.name}\n`))
    .join('');
