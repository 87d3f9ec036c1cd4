// HTTP for the local cluster's services: routes over node:http, bounded bodies, loopback only. What is answered is in the services.
import { createReadStream } from 'node:fs';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

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
  /** The service's own form of an error: 404, 405, 413, 403 and 500 pass through here. */
  readonly problem: (status: number, message: string, request: { method: string; path: string }) => Answer;
}

export interface Listening {
  readonly port: number;
  readonly url: string;
  /** Who answers from now on; until somebody does, requests get 503. */
  serve(service: Service): void;
  close(): Promise<void>;
}

const unready: Service = {
  routes: [],
  problem: () => ({ status: 503, text: 'The local cluster is starting.\n' }),
};

export const largestBody = 10 * 1024 * 1024;

export interface ListenOptions {
  /** Resolves when what requests have changed is kept; rejects with one sentence when it cannot be. */
  readonly kept: () => Promise<void>;
  readonly log: (line: string) => void;
}

/** Listens on a loopback address; port 0 takes a free one. Rejects with Node's error when the port is taken. */
export async function listen(host: string, port: number, { kept, log }: ListenOptions): Promise<Listening> {
  let service = unready;
  const server = http.createServer({ requestTimeout: 60_000 }, (incoming, response) => {
    answer(service, incoming, response, kept, log).catch(error => {
      log(`${incoming.method} ${incoming.url}: ${String(error)}`);
      response.destroy();
    });
  });
  const sockets = new Set<Socket>();
  server.on('connection', socket => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('clientError', (_, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  });
  server.keepAliveTimeout = 60_000;
  server.maxConnections = 2000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      server.on('error', error => log(`HTTP server on port ${port}: ${error.message}`));
      resolve();
    });
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    port: bound,
    url: `http://${host}:${bound}`,
    serve(given) {
      service = given;
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function answer(
  service: Service,
  incoming: http.IncomingMessage,
  response: http.ServerResponse,
  kept: ListenOptions['kept'],
  log: (line: string) => void,
): Promise<void> {
  const method = incoming.method ?? 'GET';
  const [rawPath = '/', rawQuery = ''] = splitOnce(incoming.url ?? '/', '?');
  const path = decode(rawPath);
  const problem = (status: number, message: string) =>
    service.problem(status, message, { method, path: path ?? rawPath });
  const handle = async (): Promise<Handled> => {
    if (!isLoopbackHost(incoming.headers.host)) {
      return problem(403, 'The local cluster answers only requests that name it by a loopback address.');
    }
    if (incoming.headers.origin !== undefined && !isLoopbackOrigin(incoming.headers.origin)) {
      return problem(403, 'The local cluster answers no requests from other web pages.');
    }
    if (path === undefined) return problem(400, 'The path is not well encoded.');
    const found = findRoute(service.routes, method, path);
    if (found === undefined || found === 'method') {
      const status = found === undefined ? 404 : 405;
      return problem(status, http.STATUS_CODES[status] ?? '');
    }
    const body = await readBody(incoming);
    if (body === undefined) return problem(413, 'The request body is larger than 10 MiB.');
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
      origin: `http://${incoming.headers.host}`,
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
    if (error instanceof HttpError) handled = error.answer;
    else {
      log(`${method} ${rawPath}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      handled = problem(500, error instanceof Error ? error.message : String(error));
    }
  }
  if (handled !== taken) send(response, service, handled, method, incoming.complete);
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

/** The whole body, or undefined when it is over the limit. */
function readBody(incoming: http.IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > largestBody) {
        // The rest is read and thrown away: a client that is still sending would not see the answer otherwise.
        incoming.removeAllListeners('data');
        incoming.resume();
        resolve(undefined);
      } else chunks.push(chunk);
    });
    incoming.on('end', () => resolve(Buffer.concat(chunks)));
    incoming.on('error', reject);
  });
}

const loopbackName = /^(localhost|[a-z0-9-]+\.localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d+)?$/i;

/** A page elsewhere whose name was made to resolve to loopback still sends its own name here. */
const isLoopbackHost = (host: string | undefined): boolean => host === undefined || loopbackName.test(host);

function isLoopbackOrigin(origin: string): boolean {
  const [scheme, rest = ''] = splitOnce(origin, '://');
  return (scheme === 'http' || scheme === 'https') && loopbackName.test(rest);
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
