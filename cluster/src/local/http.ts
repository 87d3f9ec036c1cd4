// HTTP for the local cluster's services: routes over node:http, TLS where it is wanted, who may ask. What is answered is in the services.
import { createReadStream } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { boundConnections } from './connections.ts';
import { type Hosts, hostsOf } from './hosts.ts';
import { readBody } from './request-body.ts';

export interface Request {
  readonly method: string;
  /** Decoded, without query. */
  readonly path: string;
  /** The named groups of the route's pattern. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: http.IncomingHttpHeaders;
  /** Scheme, host and port as the client wrote them. */
  readonly origin: string;
  readonly remoteAddress: string;
  readonly body: string;
  /** The body before it was taken for text. */
  readonly bytes: Buffer;
  /** For an answer that does not end: see `taken`. */
  readonly response: http.ServerResponse;
}

export interface Answer {
  readonly status: number;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it stands. */
  readonly text?: string | Buffer;
  /** Sent as a stream. */
  readonly file?: { readonly path: string; readonly size: number };
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The handler writes to `request.response` by itself. */
export const taken = Symbol('taken');
type Handled = Answer | typeof taken;

export interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly handle: (request: Request) => Handled | Promise<Handled>;
}

/** An answer that ends the handling of a request from deep inside. */
export class HttpError extends Error {
  readonly answer: Answer;
  constructor(answer: Answer) {
    super(`HTTP ${answer.status}`);
    this.answer = answer;
  }
}

export interface Service {
  readonly routes: readonly Route[];
  /** Headers of every answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Content type of JSON answers. */
  readonly jsonType?: string;
  /** Refuses a request whatever it asks for, before anything of it is looked at. */
  readonly refuse?: (request: Pick<Request, 'method' | 'path' | 'headers'>) => Answer | undefined;
  /** The service's own form of an error: 400, 403, 404, 405, 413, 500 and 503 pass through here. */
  readonly problem: (status: number, message: string, request: { method: string; path: string }) => Answer;
}

export interface Listening {
  readonly port: number;
  readonly url: string;
  /** Who answers from now on; as long as nobody does, requests get 503. */
  serve(service: Service | undefined): void;
  close(): Promise<void>;
}

const unready: Service = {
  routes: [],
  problem: () => ({ status: 503, text: 'The local cluster is starting or stopping: try again in a moment.\n' }),
};

export interface Certificate {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
}

export interface ListenOptions {
  /** Speaks HTTPS with it. */
  readonly tls?: Certificate | undefined;
  /** Resolves when what requests have changed is kept; rejects with one sentence when it cannot be. */
  readonly kept: () => Promise<void>;
  readonly log: (line: string) => void;
}

/** How long a client may take for a request's headers, for the whole of it, for a TLS handshake, and to say or take anything at all. */
const patience = { headersTimeout: 15_000, requestTimeout: 60_000, handshakeTimeout: 10_000, silence: 120_000 };

/** Of what never becomes a request. */
const statusOf: Readonly<Record<string, number>> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 };

/** Listens on an address; port 0 takes a free one. Rejects with Node's error when the port is taken. */
export async function listen(host: string, port: number, { kept, tls, log }: ListenOptions): Promise<Listening> {
  let service = unready;
  const hosts = hostsOf(host);
  const { silence, ...limits } = patience;
  const options = { ...limits, connectionsCheckingInterval: 5000 };
  const handle = (incoming: http.IncomingMessage, response: http.ServerResponse) => {
    answer(service, incoming, response, { hosts, kept, log }).catch(error => {
      log(`${incoming.method} ${incoming.url}: ${String(error)}`);
      response.destroy();
    });
  };
  const server =
    tls === undefined ? http.createServer(options, handle) : https.createServer({ ...options, ...tls }, handle);
  const endConnections = boundConnections(server, tls === undefined ? 'connection' : 'secureConnection');
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const status = statusOf[error.code ?? ''] ?? 400;
    if (socket.writable) socket.end(`HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`);
  });
  server.keepAliveTimeout = 60_000;
  server.timeout = silence;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // Many that come at one time would wait a second for their second try where the usual 511 may queue.
    server.listen({ port, host, backlog: 4096 }, () => {
      server.off('error', reject);
      server.on('error', error => log(`HTTP server on port ${port}: ${error.message}`));
      resolve();
    });
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    port: bound,
    url: `${tls === undefined ? 'http' : 'https'}://${reachable(host)}:${bound}`,
    serve(given) {
      service = given ?? unready;
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        endConnections();
      }),
  };
}

/** An address as others name it: all addresses of this machine are reached by its first. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

async function answer(
  service: Service,
  incoming: http.IncomingMessage,
  response: http.ServerResponse,
  { hosts, kept, log }: ListenOptions & { readonly hosts: Hosts },
): Promise<void> {
  const method = incoming.method ?? 'GET';
  const [rawPath = '/', rawQuery = ''] = splitOnce(incoming.url ?? '/', '?');
  const path = decode(rawPath);
  const problem = (status: number, message: string) =>
    service.problem(status, message, { method, path: path ?? rawPath });
  const handle = async (): Promise<Handled> => {
    const { host, origin } = incoming.headers;
    if (!hosts.isOwn(host)) {
      return problem(403, 'The local cluster answers only requests that name it by an address of its own.');
    }
    if (origin !== undefined && !hosts.isOwnOrigin(origin)) {
      return problem(403, 'The local cluster answers no requests from other web pages.');
    }
    if (path === undefined) return problem(400, 'The path is not well encoded.');
    const refusal = service.refuse?.({ method, path, headers: incoming.headers });
    if (refusal !== undefined) return refusal;
    const found = findRoute(service.routes, method, path);
    if (found === undefined || found === 'method') {
      const status = found === undefined ? 404 : 405;
      return problem(status, http.STATUS_CODES[status] ?? '');
    }
    const body = await readBody(incoming);
    if ('refused' in body) {
      return body.refused === 'large'
        ? problem(413, 'The request body is larger than 10 MiB.')
        : problem(503, 'Too many large requests come at one time: try again later.');
    }
    const changes = method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
    const unkept = (error: unknown) => problem(503, error instanceof Error ? error.message : String(error));
    // What cannot be kept now is not begun; and nobody hears of a change that a crash could undo.
    const before = changes ? await kept().catch(unkept) : undefined;
    if (before !== undefined) return before;
    const handled = await found.route.handle({
      method,
      path,
      params: found.params,
      query: new URLSearchParams(rawQuery),
      headers: incoming.headers,
      origin: `${'encrypted' in incoming.socket ? 'https' : 'http'}://${host}`,
      remoteAddress: incoming.socket.remoteAddress ?? '127.0.0.1',
      body: body.toString('utf8'),
      bytes: body,
      response,
    });
    const after = changes && handled !== taken ? await kept().catch(unkept) : undefined;
    return after ?? handled;
  };
  let handled: Handled;
  try {
    handled = await handle();
  } catch (error) {
    // Who has gone away in the middle of a request needs no answer.
    if (incoming.destroyed && !incoming.complete) return;
    if (error instanceof HttpError) handled = error.answer;
    else {
      log(`${method} ${rawPath}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      handled = problem(500, error instanceof Error ? error.message : String(error));
    }
  }
  // A stream may be silent for long; who sends it sees to its life.
  if (handled === taken) incoming.socket.setTimeout(0);
  else send(response, service, handled, method, incoming.complete);
}

function send(
  response: http.ServerResponse,
  service: Service,
  answer: Answer,
  method: string,
  bodyRead: boolean,
): void {
  const isJson = answer.json !== undefined;
  const body = isJson ? JSON.stringify(answer.json) : (answer.text ?? '');
  const length = answer.file?.size ?? Buffer.byteLength(body);
  const type = answer.type ?? (isJson ? (service.jsonType ?? 'application/json') : 'text/plain');
  response.writeHead(answer.status, {
    ...service.headers,
    ...(answer.status === 204 ? {} : { 'Content-Type': type, 'Content-Length': length }),
    ...(bodyRead ? {} : { Connection: 'close' }),
    ...answer.headers,
  });
  if (method === 'HEAD' || answer.status === 204) response.end();
  else if (answer.file === undefined) response.end(body);
  else {
    // A file that grows meanwhile must not send more than was said.
    const { path, size } = answer.file;
    if (size === 0) return void response.end();
    createReadStream(path, { end: size - 1 })
      .on('error', () => response.destroy())
      .pipe(response);
  }
}

export function findRoute(routes: readonly Route[], method: string, path: string) {
  let known = false;
  for (const route of routes) {
    const match = route.pattern.exec(path);
    if (match === null) continue;
    if (route.method === method || (method === 'HEAD' && route.method === 'GET')) {
      return { route, params: (match.groups ?? {}) as Readonly<Record<string, string>> };
    }
    known = true;
  }
  return known ? 'method' : undefined;
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
