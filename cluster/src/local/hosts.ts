// By which names the cluster may be called, and from which pages: a page elsewhere whose name was made to resolve to this machine still
// sends its own.
import net from 'node:net';
import os from 'node:os';

export interface Hosts {
  /** Of a header `Host`. */
  isOwn(host: string | undefined): boolean;
  /** Of a header `Origin`. */
  isOwnOrigin(origin: string): boolean;
}

const loopback = /^(?:localhost|[a-z0-9-]+\.localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/i;

/** Whether others than this machine can reach what listens there. */
export const isOpen = (listen: string): boolean => !loopback.test(listen) && listen !== '::1';

/** Where it listens beyond loopback, also by any IP address, which no page can make its own name, and by the machine's name. */
export function hostsOf(listen: string): Hosts {
  const machine = os.hostname().toLowerCase();
  const names = new Set([listen.toLowerCase(), machine, machine.split('.', 1)[0] ?? machine]);
  const isOwnName = (name: string): boolean =>
    loopback.test(name) ||
    (isOpen(listen) && (names.has(name.toLowerCase()) || net.isIP(name.replace(/^\[|\]$/g, '')) > 0));
  return {
    isOwn: host => host === undefined || isOwnName(host.replace(/:\d*$/, '')),
    isOwnOrigin: origin =>
      /^https?:\/\//.test(origin) && isOwnName(origin.replace(/^https?:\/\//, '').replace(/:\d*$/, '')),
  };
}
