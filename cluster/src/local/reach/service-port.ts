// A service port of an app as marathon-lb reads it from the app's ports, health checks and HAPROXY_* labels: data, for whichever load
// balancer serves it. Source of names and defaults: mesosphere/marathon-lb Longhelp.md, marathon_lb.py, config.py at v1.12.2.
import { type App, type HealthCheck, portsOf } from '../marathon/app.ts';

export interface ServicePort {
  readonly app: App;
  /** The index of the port in the app, and in the names of its labels. */
  readonly index: number;
  readonly port: number;
  /** What marathon-lb calls its backend. */
  readonly name: string;
  readonly mode: 'tcp' | 'http';
  readonly balance: string;
  /** In lower case. */
  readonly virtualHosts: readonly string[];
  /** Prefixes of which one must fit; empty: all paths. */
  readonly paths: readonly string[];
  readonly ignorePathCase: boolean;
  /** Of its virtual hosts among those of others: larger first. */
  readonly weight: number;
  readonly sticky: boolean;
  readonly redirectToHttps: boolean;
  /** Path of a PEM file with certificate and key: the port speaks TLS. */
  readonly certificate: string | undefined;
  readonly hsts: boolean;
  readonly authentication: { readonly realm: string; readonly user: string; readonly password: string } | undefined;
  /** Prefix that is taken off the path of requests. */
  readonly proxyPassPath: string | undefined;
  /** Prefix that is put before the path in `Location` headers of answers. */
  readonly reverseProxyPath: string | undefined;
  /** Where the root of the virtual host leads. */
  readonly rootRedirect: string | undefined;
  /** Addresses and CIDR ranges; empty: all. */
  readonly allowed: readonly string[];
  readonly bindAddress: string | undefined;
  readonly bindOptions: string;
  /** The check that is made on this port. */
  readonly healthCheck: HealthCheck | undefined;
}

/** HAProxy has no UDP. A port that HAPROXY_{n}_ENABLED switches off is not served either. */
export function servicePortsOf(app: App): readonly ServicePort[] {
  return portsOf(app).flatMap((port, index) => {
    const label = (name: string): string | undefined => app.labels[`HAPROXY_${index}_${name}`];
    const isOn = (name: string, fallback = false): boolean => {
      const text = label(name);
      return text === undefined ? fallback : /^(true|t|yes|y)$/i.test(text);
    };
    if (!port.protocol.includes('tcp') || !isOn('ENABLED', true)) return [];
    const number = wholeNumber(label('PORT')) ?? port.servicePort;
    if (number < 1 || number > 65_535) return [];
    const virtualHosts = words(label('VHOST')?.toLowerCase(), ',');
    const [first, ...rest] = words(label('PATH'), /\s+/);
    const ignorePathCase = first === '-i';
    const paths = first === undefined ? [] : ignorePathCase ? rest : [first, ...rest];
    const healthCheck = app.healthChecks.find(check => checksPort(check, app, index));
    const other = wholeNumber(label('BACKEND_HEALTHCHECK_PORT_INDEX'));
    const borrowed = app.healthChecks.find(check => other !== undefined && checksPort(check, app, other));
    return [
      {
        app,
        index,
        port: number,
        name: `${app.id.slice(1).replaceAll('/', '_')}_${number}`,
        mode: modeOf(label('MODE'), label('BACKEND_HEAD'), healthCheck, borrowed, virtualHosts),
        balance: label('BALANCE')?.trim() || 'roundrobin',
        virtualHosts,
        paths,
        ignorePathCase,
        weight: wholeNumber(label('BACKEND_WEIGHT')) ?? (paths.length > 0 ? 1 : 0),
        sticky: isOn('STICKY'),
        redirectToHttps: isOn('REDIRECT_TO_HTTPS'),
        certificate: label('SSL_CERT') || undefined,
        hsts: isOn('USE_HSTS'),
        authentication: credentials(label('AUTH')),
        proxyPassPath: label('HTTP_BACKEND_PROXYPASS_PATH') || undefined,
        reverseProxyPath: label('HTTP_BACKEND_REVPROXY_PATH') || undefined,
        rootRedirect: label('HTTP_BACKEND_REDIR') || undefined,
        allowed: words(label('BACKEND_NETWORK_ALLOWED_ACL'), /\s+/),
        bindAddress: label('BIND_ADDR') || undefined,
        bindOptions: label('BIND_OPTIONS') ?? '',
        healthCheck,
      },
    ];
  });
}

/** Text of HAProxy's own language that the app gives in place of marathon-lb's. */
export const ownTemplate = ({ app, index }: ServicePort, name: string): string | undefined =>
  app.labels[`HAPROXY_${index}_${name}`];

/**
 * The label wins over the port's own check, and both over the virtual host; a check that is borrowed from another port wins over the
 * label. `BACKEND_HEAD` is where the Orchestrator says it (enable_https).
 */
function modeOf(
  label: string | undefined,
  head: string | undefined,
  own: HealthCheck | undefined,
  borrowed: HealthCheck | undefined,
  virtualHosts: readonly string[],
): 'tcp' | 'http' {
  if (own === undefined && borrowed !== undefined && /HTTPS?$/.test(borrowed.protocol)) return 'http';
  if (label === 'http' || label === 'tcp') return label;
  const said = /^\s*mode\s+(http|tcp)\s*$/m.exec(head ?? '')?.[1];
  if (said === 'http' || said === 'tcp') return said;
  return own?.protocol === 'HTTP' || virtualHosts.length > 0 ? 'http' : 'tcp';
}

function checksPort({ port, portIndex, command }: HealthCheck, app: App, index: number): boolean {
  if (command !== undefined || port !== undefined) return false;
  return typeof portIndex === 'string' ? portsOf(app)[index]?.name === portIndex : (portIndex ?? 0) === index;
}

function credentials(label: string | undefined): ServicePort['authentication'] {
  const [realm, user, ...rest] = (label ?? '').split(':');
  return realm === undefined || user === undefined || rest.length === 0
    ? undefined
    : { realm, user, password: rest.join(':') };
}

const words = (text: string | undefined, separator: string | RegExp): string[] =>
  (text ?? '')
    .split(separator)
    .map(word => word.trim())
    .filter(word => word !== '');

const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^-?\d{1,9}$/.test(text.trim()) ? Number(text) : undefined;
