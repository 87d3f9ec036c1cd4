// What listens on one service port: plain TCP, HTTP or TLS, always on loopback, and bounded.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import type { Certificate } from '../http.ts';
import { connectToOne, join } from './connect.ts';
import { forwardRequest, forwardUpgrade, isAllowed, type Target } from './forward-http.ts';

/** Connections of clients at one time, to all ports together. More are closed at once. */
const mostConnections = 2000;
let connections = 0;

export interface Listener {
  /** Takes no connections any more; those that are open go on, unless `at once`. */
  close(atOnce: boolean): void;
}

/** Whom a connection or a request is for, found out anew for each. Undefined: nobody. */
export type FindTarget = (request?: http.IncomingMessage) => Target | undefined;

/** Rejects with Node's error when the port is taken. */
export async function openListener(
  address: string,
  port: number,
  mode: 'tcp' | 'http',
  certificate: Certificate | undefined,
  find: FindTarget,
  otherwise?: http.RequestListener,
): Promise<Listener & { readonly port: number }> {
  const server = mode === 'http' ? httpServer(certificate, find, otherwise) : tcpServer(certificate, find);
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket: net.Socket) => {
    if (connections >= mostConnections) return void socket.destroy();
    connections++;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => {
      connections--;
      sockets.delete(socket);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.off('error', reject);
      server.on('error', () => {});
      resolve();
    });
  });
  return {
    port: (server.address() as net.AddressInfo).port,
    close(atOnce) {
      server.close();
      if (atOnce) for (const socket of sockets) socket.destroy();
      else if ('closeIdleConnections' in server) server.closeIdleConnections();
    },
  };
}

function tcpServer(certificate: Certificate | undefined, find: FindTarget): net.Server {
  const accept = (client: net.Socket) => {
    client.on('error', () => client.destroy());
    void (async () => {
      const target = find();
      if (target === undefined || !isAllowed(target.service, client)) return void client.destroy();
      const { service, turns, backends } = target;
      const chosen = await connectToOne(turns.next(backends(), service.balance));
      if (chosen === undefined) return void client.destroy();
      turns.opened(chosen.backend);
      chosen.socket.once('close', () => turns.closed(chosen.backend));
      if (client.destroyed) chosen.socket.destroy();
      else join(client, chosen.socket);
    })();
  };
  return certificate === undefined
    ? net.createServer({ allowHalfOpen: true }, accept)
    : tls.createServer({ ...certificate, allowHalfOpen: true }, accept).on('tlsClientError', () => {});
}

function httpServer(
  certificate: Certificate | undefined,
  find: FindTarget,
  otherwise: http.RequestListener = (_, response) => response.destroy(),
): http.Server {
  const answer: http.RequestListener = (incoming, response) => {
    const target = find(incoming);
    if (target === undefined) return otherwise(incoming, response);
    forwardRequest(incoming, response, target).catch(() => response.destroy());
  };
  const server = certificate === undefined ? http.createServer(answer) : https.createServer(certificate, answer);
  server.on('upgrade', (incoming: http.IncomingMessage, socket: net.Socket, head: Buffer) => {
    const target = find(incoming);
    if (target === undefined) socket.destroy();
    else forwardUpgrade(incoming, socket, head, target).catch(() => socket.destroy());
  });
  server.on('clientError', (_, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  });
  return server;
}

/** A PEM file as HAProxy takes it, with certificate and key in one; undefined when it is not to be had. */
export function readCertificate(file: string): Certificate | undefined {
  try {
    const pem = readFileSync(file, 'utf8');
    tls.createSecureContext({ cert: pem, key: pem });
    return { cert: pem, key: pem };
  } catch {
    return undefined;
  }
}
