// A connection to one of a service port's backends, as HAProxy makes it: the next one when one does not answer.
import net from 'node:net';
import type { Backend } from './backends.ts';

/** marathon-lb's `retries` and `timeout connect`. */
const tries = 3;
const connectWithin = 3000;

export interface Connected {
  readonly backend: Backend;
  readonly socket: net.Socket;
}

/** Undefined when none of the first three answers. */
export async function connectToOne(backends: readonly Backend[]): Promise<Connected | undefined> {
  for (const backend of backends.slice(0, tries)) {
    const socket = await connect(backend);
    if (socket !== undefined) return { backend, socket };
  }
  return undefined;
}

function connect({ host, port }: Backend): Promise<net.Socket | undefined> {
  return new Promise(resolve => {
    const socket = net.connect({ host, port, allowHalfOpen: true, noDelay: true });
    const fail = () => {
      socket.destroy();
      resolve(undefined);
    };
    socket.setTimeout(connectWithin, fail);
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.off('error', fail);
      resolve(socket);
    });
  });
}

/** Carries bytes both ways until both sides have ended, or one is gone. */
export function join(one: net.Socket, other: net.Socket): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
    from.pipe(to);
  }
}
