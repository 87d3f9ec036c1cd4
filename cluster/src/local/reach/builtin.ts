// The load balancer that needs nothing installed: one listener for each service port, and one for the virtual hosts. Whom a connection
// goes to is looked up when it comes, so that a task which is being killed or fails its checks gets none from that moment on.
import type http from 'node:http';
import net from 'node:net';
import { healthyBackends, takeTurns } from './backends.ts';
import { fail, hostOf, type Target } from './forward-http.ts';
import { type Listener, openListener, readCertificate } from './listener.ts';
import type { LoadBalancer, LoadBalancerOptions } from './load-balancer.ts';
import { followServed, once, type Served } from './served.ts';
import { ownTemplate, type ServicePort } from './service-port.ts';
import { appMap, findVirtualHost, virtualHostMap } from './virtual-hosts.ts';

/** How long a port that another program holds is left alone, in milliseconds. */
const retryAfter = 5000;

/** One port: what is wanted of it, and what is open. */
interface Port {
  readonly number: number;
  wanted: Wanted | undefined;
  open: { readonly listener: Listener; readonly form: string } | undefined;
  settling: boolean;
  complained: boolean;
  cancelRetry: (() => void) | undefined;
}

interface Wanted {
  readonly target: Target;
  readonly address: string;
  /** What cannot be changed without opening the port anew. */
  readonly form: string;
}

export async function openBuiltin(options: LoadBalancerOptions): Promise<LoadBalancer> {
  const { clock, log } = options;
  const ports = new Map<number, Port>();
  let targets = new Map<string, Target>();
  const tellOnce = once(log);
  let stopped = false;

  function changed(): void {
    const wanted = new Map<number, Wanted>();
    const before = targets;
    targets = new Map();
    for (const { service, run } of served.all()) {
      const turns = before.get(keyOf(service))?.turns ?? takeTurns();
      const target = { service, turns, backends: () => healthyBackends(run, service) };
      targets.set(keyOf(service), target);
      const where = `Service port ${service.port} of ${service.app.id}`;
      if (service.authentication !== undefined) {
        tellOnce(
          `${where} asks for a password (HAPROXY_${service.index}_AUTH): only --load-balancer haproxy serves it.`,
        );
        continue;
      }
      if (ownTemplate(service, 'BACKEND_HEAD') !== undefined && service.certificate === undefined)
        tellOnce(`${where} has lines of HAProxy's own language: only --load-balancer haproxy reads them.`);
      const address = loopbackOf(service.bindAddress);
      const form = `${address} ${service.mode} ${service.certificate ?? ''}`;
      wanted.set(service.port, { target, address, form });
    }
    for (const number of wanted.keys()) {
      if (!ports.has(number))
        ports.set(number, {
          ...{ number, wanted: undefined, open: undefined, settling: false, complained: false, cancelRetry: undefined },
        });
    }
    for (const port of ports.values()) {
      port.wanted = wanted.get(port.number);
      if (port.open?.form !== port.wanted?.form) void settle(port);
    }
  }

  /** Makes what is open what is wanted. Never rejects. */
  async function settle(port: Port): Promise<void> {
    if (port.settling) return;
    port.settling = true;
    port.cancelRetry?.();
    port.cancelRetry = undefined;
    while (port.open?.form !== port.wanted?.form) {
      port.open?.listener.close(false);
      port.open = undefined;
      const { wanted } = port;
      if (wanted === undefined) continue;
      const { mode, certificate: file } = wanted.target.service;
      try {
        const find = () => port.wanted?.target;
        const certificate = file === undefined ? undefined : (readCertificate(file) ?? (await options.certificate()));
        const listener = await openListener(wanted.address, port.number, mode, certificate, find);
        port.open = { listener, form: wanted.form };
        port.complained = false;
      } catch (error) {
        if (!port.complained) log(cannotServe(port.number, wanted.target.service, error as NodeJS.ErrnoException));
        port.complained = true;
        port.cancelRetry = clock.after(retryAfter, () => void settle(port));
        break;
      }
    }
    port.settling = false;
    if (port.wanted === undefined) ports.delete(port.number);
    if (stopped) port.open?.listener.close(true);
  }

  const served = followServed(options, changed);
  const virtualHosts = await openListener(
    '127.0.0.1',
    options.httpPort,
    'http',
    undefined,
    request => {
      const found = request === undefined ? undefined : findVirtualHost(served.all(), request);
      return found === undefined ? undefined : targets.get(keyOf(found.service));
    },
    (request, response) => answerOwn(request, response, served.all()),
  ).catch((error: NodeJS.ErrnoException) => {
    log(`Virtual hosts are not served: port ${options.httpPort} cannot be used (${error.code ?? error.message}).`);
    return undefined;
  });

  return {
    virtualHosts: virtualHosts === undefined ? undefined : `http://127.0.0.1:${virtualHosts.port}`,
    async stop() {
      stopped = true;
      served.stop();
      virtualHosts?.close(true);
      for (const port of ports.values()) {
        port.cancelRetry?.();
        port.open?.listener.close(true);
        port.open = undefined;
        port.wanted = undefined;
      }
    },
  };
}

const keyOf = ({ app, port }: ServicePort): string => `${port} ${app.id}`;

/** The load balancer's own addresses, for whoever asks the virtual hosts' port by no virtual host. */
function answerOwn(request: http.IncomingMessage, response: http.ServerResponse, served: readonly Served[]): void {
  const own: Readonly<Record<string, () => string>> = {
    '/_haproxy_health_check': () => '',
    '/_haproxy_getappmap': () => appMap(served),
    '/_haproxy_getvhostmap': () => virtualHostMap(served),
  };
  const host = hostOf(request.headers.host);
  const isOwn = host === 'localhost' || net.isIPv4(host) || host === '[::1]';
  const give = isOwn ? own[request.url ?? ''] : undefined;
  if (give === undefined) {
    fail(response, 503);
    return;
  }
  response.writeHead(200, { 'Content-Type': 'text/plain' });
  response.end(give());
}

/** Nothing listens beyond this machine, whatever an app asks for. */
export const loopbackOf = (address: string | undefined): string =>
  address !== undefined && /^127\.\d+\.\d+\.\d+$/.test(address) && net.isIPv4(address) ? address : '127.0.0.1';

function cannotServe(port: number, { app }: ServicePort, { code, message }: NodeJS.ErrnoException): string {
  const reason =
    code === 'EADDRINUSE'
      ? 'another program holds it. Stop that program, or give the app another service port'
      : code === 'EACCES'
        ? 'this user may not listen on it. Give the app a service port above 1023'
        : message;
  return `Service port ${port} of ${app.id} is not served: ${reason}. The app itself goes on.`;
}
