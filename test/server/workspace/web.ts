// A web server for tests, on loopback: what it answers is by path, and what it was asked is kept. And a proxy.
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';

export type Answer = (request: http.IncomingMessage, response: http.ServerResponse) => void;

export interface Web {
  /** Without a slash at the end. */
  readonly address: string;
  readonly answers: Map<string, Answer>;
  readonly requests: http.IncomingMessage[];
  close(): Promise<void>;
}

export async function openWeb(): Promise<Web> {
  const answers = new Map<string, Answer>();
  const requests: http.IncomingMessage[] = [];
  const server = http.createServer((request, response) => {
    requests.push(request);
    const answer = answers.get(request.url ?? '');
    if (answer !== undefined) answer(request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    requests,
    close: () => close(server),
  };
}

function close(server: http.Server): Promise<void> {
  return new Promise(resolve => {
    server.closeAllConnections();
    server.close(() => resolve());
  });
}

export const says =
  (text: string | Buffer, headers: http.OutgoingHttpHeaders = {}): Answer =>
  (_, response) =>
    response.writeHead(200, headers).end(text);

export const redirects =
  (to: string): Answer =>
  (_, response) =>
    response.writeHead(302, { location: to }).end();

export interface TestProxy {
  readonly address: string;
  /** Method and target of each request. */
  readonly asked: string[];
  /** The `Proxy-Authorization` without which there is no tunnel. */
  wants: string | undefined;
  close(): Promise<void>;
}

/** A proxy that takes every host for the one that listens on a port of loopback. */
export async function openProxy(port: number): Promise<TestProxy> {
  const server = http.createServer((request, response) => {
    proxy.asked.push(`${request.method} ${request.url}`);
    const to = http.get({ host: '127.0.0.1', port, path: new URL(request.url ?? '').pathname }, answer =>
      answer.pipe(response.writeHead(answer.statusCode ?? 500)),
    );
    to.on('error', () => response.writeHead(502).end());
  });
  server.on('connect', (request, socket) => {
    proxy.asked.push(`CONNECT ${request.url}`);
    if (proxy.wants !== undefined && request.headers['proxy-authorization'] !== proxy.wants) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const to = net.connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      to.pipe(socket).pipe(to);
    });
    to.on('error', () => socket.destroy());
    socket.on('error', () => to.destroy());
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const proxy: TestProxy = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    wants: undefined,
    close: () => close(server),
  };
  return proxy;
}
