// HTTP from a client to a backend and back, with what marathon-lb has HAProxy do to it: forwarding headers, cookies, redirects, paths.
// Which service port a request is for is known by whoever calls.
import http from 'node:http';
import { BlockList, isIPv6, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type Backend, cookieOf, type Turns } from './backends.ts';
import { type Connected, connectToOne, join } from './connect.ts';
import type { ServicePort } from './service-port.ts';

export interface Target {
  readonly service: ServicePort;
  readonly turns: Turns;
  readonly backends: () => readonly Backend[];
}

/** marathon-lb's `timeout server`. */
const answersWithin = 30_000;
const cookieName = 'mesosphere_server_id';
/** They are about one connection, not about the request. */
const ofTheConnection = ['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'];

/** HAProxy's own answers. */
const failures: Readonly<Record<number, readonly [string, string]>> = {
  403: ['Forbidden', 'Request forbidden by administrative rules.'],
  502: ['Bad Gateway', 'The server returned an invalid or incomplete response.'],
  503: ['Service Unavailable', 'No server is available to handle this request.'],
  504: ['Gateway Time-out', "The server didn't respond in time."],
};

export function fail(response: http.ServerResponse, status: 403 | 502 | 503 | 504): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const [reason, text] = failures[status] ?? ['', ''];
  const body = `<html><body><h1>${status} ${reason}</h1>\n${text}\n</body></html>\n`;
  response.writeHead(status, reason, { 'Cache-Control': 'no-cache', 'Content-Type': 'text/html', Connection: 'close' });
  response.end(body);
}

export async function forwardRequest(
  incoming: http.IncomingMessage,
  response: http.ServerResponse,
  target: Target,
): Promise<void> {
  const { service } = target;
  if (!isAllowed(service, incoming.socket)) return fail(response, 403);
  const redirect = redirectOf(incoming, service);
  if (redirect !== undefined) {
    response.writeHead(301, { Location: redirect, 'Content-Length': 0 });
    response.end();
    return;
  }
  const chosen = await choose(incoming, target);
  if (chosen === undefined) return fail(response, 503);
  if (response.destroyed) return void chosen.socket.destroy();
  count(chosen, target.turns);
  const outgoing = ask(incoming, chosen, service, 'close');
  outgoing.setTimeout(answersWithin, () => {
    fail(response, 504);
    outgoing.destroy();
  });
  outgoing.on('error', () => fail(response, 502));
  outgoing.on('response', answer => {
    response.writeHead(
      answer.statusCode ?? 502,
      answer.statusMessage,
      answerHeaders(answer, incoming, chosen, service),
    );
    answer.on('error', () => response.destroy());
    answer.pipe(response);
  });
  response.on('close', () => outgoing.destroy());
  incoming.pipe(outgoing);
}

/** A request to speak another protocol from here on, such as WebSocket. */
export async function forwardUpgrade(
  incoming: http.IncomingMessage,
  client: Socket,
  head: Buffer,
  target: Target,
): Promise<void> {
  const refuse = (status: number) => {
    const [reason] = failures[status] ?? [''];
    client.end(`HTTP/1.1 ${status} ${reason}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
  };
  client.on('error', () => client.destroy());
  if (!isAllowed(target.service, client)) return refuse(403);
  const chosen = await choose(incoming, target);
  if (chosen === undefined) return refuse(503);
  if (client.destroyed) return void chosen.socket.destroy();
  count(chosen, target.turns);
  const outgoing = ask(incoming, chosen, target.service, 'upgrade');
  outgoing.on('error', () => refuse(502));
  client.on('close', () => outgoing.destroy());
  const answer = (response: http.IncomingMessage) => {
    client.write(`HTTP/1.1 ${response.statusCode} ${response.statusMessage}\r\n`);
    const { rawHeaders } = response;
    for (let n = 0; n < rawHeaders.length; n += 2) client.write(`${rawHeaders[n]}: ${rawHeaders[n + 1]}\r\n`);
    client.write('\r\n');
  };
  outgoing.on('upgrade', (response, socket, rest) => {
    answer(response);
    client.write(rest);
    socket.write(head);
    join(client, socket);
  });
  // The task would not: its answer ends the connection.
  outgoing.on('response', response => {
    client.write(`HTTP/1.1 ${response.statusCode} ${response.statusMessage}\r\nConnection: close\r\n\r\n`);
    response.pipe(client);
  });
  outgoing.end();
}

/** Connects to the task that the cookie names, else to the one whose turn it is. */
async function choose({ headers }: http.IncomingMessage, target: Target): Promise<Connected | undefined> {
  const { service, turns, backends } = target;
  const inTurn = turns.next(backends(), service.balance);
  const wanted = service.sticky ? cookie(headers.cookie) : undefined;
  const stuck = inTurn.filter(backend => wanted !== undefined && cookieOf(backend) === wanted);
  return connectToOne([...stuck, ...inTurn.filter(backend => !stuck.includes(backend))]);
}

function count({ backend, socket }: Connected, turns: Turns): void {
  turns.opened(backend);
  socket.once('close', () => turns.closed(backend));
}

function ask(
  incoming: http.IncomingMessage,
  { socket }: Connected,
  service: ServicePort,
  connection: 'close' | 'upgrade',
): http.ClientRequest {
  const headers: http.OutgoingHttpHeaders = {};
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    if (values !== undefined && !ofTheConnection.includes(name)) headers[name] = name === 'host' ? values[0] : values;
  }
  const { remoteAddress = '127.0.0.1', localPort } = incoming.socket;
  headers['x-forwarded-for'] = [...(incoming.headersDistinct['x-forwarded-for'] ?? []), remoteAddress];
  headers['x-forwarded-port'] = String(localPort);
  if (isTls(incoming)) headers['x-forwarded-proto'] = 'https';
  if (service.sticky && headers.cookie !== undefined) headers.cookie = withoutOwnCookie(incoming.headers.cookie);
  if (connection === 'upgrade') headers.upgrade = incoming.headers.upgrade;
  headers.connection = connection;
  if (incoming.headers['transfer-encoding'] !== undefined) headers['transfer-encoding'] = 'chunked';
  return http.request({
    createConnection: () => socket,
    method: incoming.method ?? 'GET',
    path: backendPath(incoming.url ?? '/', service.proxyPassPath),
    headers,
    setHost: false,
    // HAProxy takes header lines that end with a line feed alone, as small scripts write them.
    insecureHTTPParser: true,
  });
}

function answerHeaders(
  answer: http.IncomingMessage,
  incoming: http.IncomingMessage,
  { backend }: Connected,
  service: ServicePort,
): http.OutgoingHttpHeaders {
  const headers: http.OutgoingHttpHeaders = {};
  for (const [name, values] of Object.entries(answer.headersDistinct)) {
    if (values !== undefined && !ofTheConnection.includes(name))
      headers[name] = values.length === 1 ? values[0] : values;
  }
  if (service.sticky && cookie(incoming.headers.cookie) !== cookieOf(backend)) {
    const own = `${cookieName}=${cookieOf(backend)}; path=/`;
    headers['set-cookie'] = [...(answer.headersDistinct['set-cookie'] ?? []), own];
    headers['cache-control'] = 'private';
  }
  if (service.reverseProxyPath !== undefined && answer.headers.location !== undefined) {
    const path = /^(?:https?:\/\/[^/]+)?(\/.*)$/.exec(answer.headers.location)?.[1];
    if (path !== undefined) headers.location = service.reverseProxyPath.replace(/\/$/, '') + path;
  }
  if (service.hsts && isTls(incoming)) headers['strict-transport-security'] = 'max-age=15768000';
  return headers;
}

function redirectOf({ headers, url }: http.IncomingMessage, service: ServicePort): string | undefined {
  const host = hostOf(headers.host);
  const isRoot = url === '/' && service.virtualHosts.includes(host);
  return isRoot ? service.rootRedirect : undefined;
}

/** Without the prefix that marathon-lb takes off. */
function backendPath(url: string, prefix: string | undefined): string {
  if (prefix === undefined || !url.toLowerCase().startsWith(prefix.toLowerCase())) return url;
  return `/${url.slice(prefix.length).replace(/^\//, '')}`;
}

/** The host that a request names, in lower case and without its port. */
export const hostOf = (host: string | undefined): string => (host ?? '').replace(/:\d+$/, '').toLowerCase();

const isTls = ({ socket }: http.IncomingMessage): boolean => socket instanceof TLSSocket;

const cookie = (header: string | undefined): string | undefined =>
  new RegExp(`(?:^|;\\s*)${cookieName}=([^;]*)`).exec(header ?? '')?.[1];

function withoutOwnCookie(header: string | undefined): string | undefined {
  const others = (header ?? '').split(/;\s*/).filter(each => !each.startsWith(`${cookieName}=`));
  return others.length === 0 ? undefined : others.join('; ');
}

/** HAPROXY_{n}_BACKEND_NETWORK_ALLOWED_ACL. What is no address lets nobody in. */
export function isAllowed({ allowed }: ServicePort, { remoteAddress = '127.0.0.1' }: Socket): boolean {
  if (allowed.length === 0) return true;
  const list = new BlockList();
  for (const range of allowed) {
    const [address = '', bits] = range.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    try {
      list.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
    } catch {
      // HAProxy would refuse its configuration.
    }
  }
  return list.check(remoteAddress, isIPv6(remoteAddress) ? 'ipv6' : 'ipv4');
}
