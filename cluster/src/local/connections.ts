// How many connections a server holds: a new one over the limit takes the place of the one that has been idle longest, so that those who
// open many keep nobody else out.
import type http from 'node:http';
import type { Socket } from 'node:net';

const most = 1000;

/** `event` is that with which the server tells of a connection on which requests come. Returns what ends them all. */
export function boundConnections(server: http.Server, event: 'connection' | 'secureConnection'): () => void {
  /** Those before the first request of which has come, and between two; idle the longest first. */
  const idle = new Set<Socket>();
  const all = new Set<Socket>();
  /** Of TLS also those under the others, and those that are not yet through their handshake. */
  const raw = new Set<Socket>();
  server.maxConnections = 2 * most;
  server.on('connection', (socket: Socket) => {
    raw.add(socket);
    socket.on('close', () => raw.delete(socket));
  });
  server.on(event, (socket: Socket) => {
    if (all.size >= most) {
      const [longest] = idle;
      (longest ?? socket).destroy();
      if (longest === undefined) return;
      idle.delete(longest);
      all.delete(longest);
    }
    socket.setNoDelay(true);
    all.add(socket);
    idle.add(socket);
    socket.on('close', () => {
      all.delete(socket);
      idle.delete(socket);
    });
  });
  server.on('request', ({ socket }: http.IncomingMessage, response: http.ServerResponse) => {
    idle.delete(socket);
    response.on('close', () => {
      if (all.has(socket)) idle.add(socket);
    });
  });
  return () => {
    for (const socket of [...all, ...raw]) socket.destroy();
  };
}
