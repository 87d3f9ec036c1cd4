// A web server for tests, on loopback: what it answers is by path, and what it was asked is kept.
import http from 'node:http';
import type { AddressInfo } from 'node:net';

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
    close: () =>
      new Promise(resolve => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export const says =
  (text: string | Buffer, headers: http.OutgoingHttpHeaders = {}): Answer =>
  (_, response) =>
    response.writeHead(200, headers).end(text);

export const redirects =
  (to: string): Answer =>
  (_, response) =>
    response.writeHead(302, { location: to }).end();
