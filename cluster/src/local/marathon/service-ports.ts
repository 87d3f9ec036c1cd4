// Gives apps their service ports: one that asks for 0 gets the lowest that is free, or keeps the one it has.
import { HttpError } from '../http.ts';
import type { MarathonVersion } from '../release.ts';
import { type App, portsOf, withServicePorts } from './app.ts';

/** Marathon's flags --local_port_min and --local_port_max. */
export const localPorts = { min: 10_000, max: 20_000 } as const;

/**
 * `used` holds the service ports of all apps, and is added to; `held` tells those on which another program of this machine listens.
 * Throws Marathon's 500 when there is none left.
 */
export function assignServicePorts(
  app: App,
  before: App | undefined,
  used: Set<number>,
  marathon: MarathonVersion,
  held: (port: number) => boolean,
): App {
  const ports = portsOf(app);
  if (ports.every(({ servicePort }) => servicePort !== 0)) return app;
  const own = new Set(ports.map(({ servicePort }) => servicePort));
  const kept =
    before === undefined
      ? []
      : portsOf(before)
          .map(({ servicePort }) => servicePort)
          .filter(port => port !== 0 && !own.has(port));
  const end = marathon === '1.5.6' ? localPorts.max : localPorts.max - 1;
  let candidate: number = localPorts.min;
  const next = (): number => {
    const old = kept.shift();
    if (old !== undefined) return old;
    while (candidate <= end && (used.has(candidate) || held(candidate))) candidate++;
    if (candidate > end) {
      const range = `${localPorts.min}-${localPorts.max}`;
      const message = `All ports in the range ${marathon === '1.1.1' ? range : `[${range})`} are already in use`;
      throw new HttpError({ status: 500, json: { message }, type: 'application/json' });
    }
    return candidate;
  };
  const assigned = ports.map(({ servicePort }) => {
    const port = servicePort === 0 ? next() : servicePort;
    used.add(port);
    return port;
  });
  return withServicePorts(app, assigned);
}
