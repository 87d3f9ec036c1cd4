// A small HTTP server on loopback that answers as a test tells it to, well or badly.
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export type Handler = (
  request: http.IncomingMessage & { readonly body: string },
  response: http.ServerResponse,
) => void;

export interface TestServer {
  readonly url: string;
  readonly port: number;
  /** `GET /v2/apps?embed=apps.tasks` of each request, in order. */
  readonly requests: readonly string[];
  readonly bodies: readonly string[];
  /** Resolves when that many requests have come. */
  until(count: number): Promise<void>;
  /** Drops all connections and listens no more, as a killed process does. */
  close(): Promise<void>;
}

export async function serve(handler: Handler, port = 0): Promise<TestServer> {
  const requests: string[] = [];
  const bodies: string[] = [];
  const sockets = new Set<Socket>();
  let waiting: { count: number; resolve: () => void }[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      requests.push(`${request.method} ${decodeURIComponent(request.url ?? '')}`);
      bodies.push(body);
      handler(Object.assign(request, { body }), response);
      for (const one of waiting) if (requests.length >= one.count) one.resolve();
      waiting = waiting.filter(one => requests.length < one.count);
    });
  });
  server.on('connection', socket => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    requests,
    bodies,
    until: count =>
      requests.length >= count ? Promise.resolve() : new Promise(resolve => waiting.push({ count, resolve })),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Answers each `METHOD /path` (without its query) with the JSON given for it, and all else with 404. */
export function answers(routes: Readonly<Record<string, unknown>>): Handler {
  return (request, response) => {
    const route = `${request.method} ${decodeURIComponent((request.url ?? '').split('?')[0] ?? '')}`;
    const found = Object.hasOwn(routes, route);
    const answer = found ? routes[route] : { message: `URI not found: ${request.url}` };
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json; qs=2' });
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  };
}

/** A URL at which nobody listens. */
export async function deadUrl(): Promise<string> {
  const server = await serve(() => {});
  await server.close();
  return server.url;
}
