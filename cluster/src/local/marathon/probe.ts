// Single probes of a task over HTTP and TCP. Their time-outs are those of the machine's clock.
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';

/** Undefined: good. Otherwise why not. */
export type Outcome = string | undefined;

export function get(
  url: string,
  timeout: number,
): Promise<string | { status: number; contentType: string; body: string }> {
  return new Promise(resolve => {
    const options = { timeout, rejectUnauthorized: false, agent: false, signal: AbortSignal.timeout(timeout) } as const;
    try {
      const request = (url.startsWith('https:') ? https : http).get(url, options, response => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          if (body.length < 65_536) body += chunk;
        });
        response.on('error', error => resolve(error.message));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, contentType: response.headers['content-type'] ?? '', body }),
        );
      });
      // An answer that only begins a conversation of another kind, such as 101.
      request.on('upgrade', (response, socket) => {
        socket.destroy();
        resolve({ status: response.statusCode ?? 0, contentType: '', body: '' });
      });
      request.on('error', error =>
        resolve(
          error.name === 'TimeoutError' || error.name === 'AbortError'
            ? `no answer within ${timeout / 1000} s`
            : error.message,
        ),
      );
    } catch (error) {
      resolve(error instanceof Error ? error.message : String(error));
    }
  });
}

export function connect(host: string, port: number, timeout: number): Promise<Outcome> {
  return new Promise(resolve => {
    const socket = net.connect({ host, port, timeout });
    const end = (outcome: Outcome) => {
      socket.destroy();
      resolve(outcome);
    };
    socket.on('connect', () => end(undefined));
    socket.on('timeout', () => end(`no connection within ${timeout / 1000} s`));
    socket.on('error', error => end(error.message));
  });
}
