// The labels that marathon-lb reads: their names, their values, and what the Orchestrator writes over them.
// Sources: mesosphere/marathon-lb config.py and utils.py; indigo-dc/orchestrator MarathonServiceImpl.
import type { Problem } from './releases.ts';

const templates = [
  'BACKEND_HEAD',
  'BACKEND_HTTP_OPTIONS',
  'BACKEND_HSTS_OPTIONS',
  'BACKEND_STICKY_OPTIONS',
  'BACKEND_HTTP_HEALTHCHECK_OPTIONS',
  'BACKEND_TCP_HEALTHCHECK_OPTIONS',
  'BACKEND_SERVER_OPTIONS',
  'BACKEND_SERVER_HTTP_HEALTHCHECK_OPTIONS',
  'BACKEND_SERVER_TCP_HEALTHCHECK_OPTIONS',
  'BACKEND_REDIRECT_HTTP_TO_HTTPS',
  'BACKEND_REDIRECT_HTTP_TO_HTTPS_WITH_PATH',
  'FRONTEND_HEAD',
  'FRONTEND_BACKEND_GLUE',
  'USERLIST_HEAD',
  'HTTP_BACKEND_PROXYPASS_GLUE',
  'HTTP_BACKEND_REVPROXY_GLUE',
  'HTTP_BACKEND_NETWORK_ALLOWED_ACL',
  'TCP_BACKEND_NETWORK_ALLOWED_ACL',
  'HTTP_FRONTEND_APPID_ACL',
  'MAP_HTTP_FRONTEND_APPID_ACL',
];

const perPort = [
  'GROUP',
  'ENABLED',
  'VHOST',
  'PATH',
  'BACKEND_WEIGHT',
  'PORT',
  'BIND_ADDR',
  'BIND_OPTIONS',
  'MODE',
  'BALANCE',
  'STICKY',
  'REDIRECT_TO_HTTPS',
  'SSL_CERT',
  'USE_HSTS',
  'AUTH',
  'HTTP_BACKEND_PROXYPASS_PATH',
  'HTTP_BACKEND_REVPROXY_PATH',
  'HTTP_BACKEND_REDIR',
  'BACKEND_NETWORK_ALLOWED_ACL',
  'BACKEND_HEALTHCHECK_PORT_INDEX',
];

const wholeApp = [
  'GROUP',
  'DEPLOYMENT_GROUP',
  'DEPLOYMENT_ALT_PORT',
  'DEPLOYMENT_COLOUR',
  'DEPLOYMENT_STARTED_AT',
  'DEPLOYMENT_TARGET_INSTANCES',
];

const families = /^(MAP_)?HTTPS?_FRONTEND_ACL|^HTTP_FRONTEND_ROUTING_ONLY/;
const booleans = ['ENABLED', 'STICKY', 'REDIRECT_TO_HTTPS', 'USE_HSTS'];

/** Of HAProxy 1.8. */
const algorithms = ['roundrobin', 'static-rr', 'leastconn', 'first', 'source', 'uri', 'url_param', 'hdr', 'rdp-cookie'];

export interface HaproxyLabel {
  /** Undefined where it is about the app as a whole. */
  readonly index: number | undefined;
  readonly name: string;
}

/** Undefined for a label that is none of marathon-lb's. */
export function parseLabel(label: string): HaproxyLabel | undefined {
  const found = /^HAPROXY_(?:(\d+)_)?(.+)$/.exec(label);
  return found === null
    ? undefined
    : { index: found[1] === undefined ? undefined : Number(found[1]), name: found[2] ?? '' };
}

/** The names that a label may have, whole. */
export const labelNames = (index: number | undefined): readonly string[] =>
  index === undefined
    ? wholeApp.map(name => `HAPROXY_${name}`)
    : [...perPort, ...templates].map(name => `HAPROXY_${index}_${name}`);

export const needsVirtualHost = (name: string): boolean => name === 'PATH' || name === 'REDIRECT_TO_HTTPS';

/** Whether a name with that index (or none) is known to marathon-lb. */
export function isKnownLabel({ index, name }: HaproxyLabel): boolean {
  if (index === undefined) return wholeApp.includes(name);
  return perPort.includes(name) || templates.includes(name) || families.test(name);
}

/** What marathon-lb makes of a label's value; undefined where it does what is written. */
export function labelValueProblem({ name }: HaproxyLabel, value: string): Problem | undefined {
  if (booleans.includes(name) && !/^(true|t|yes|y|false|f|no|n)$/i.test(value)) {
    const better =
      value === '1' || /^on$/i.test(value) ? 'true' : value === '0' || /^off$/i.test(value) ? 'false' : undefined;
    const message = `marathon-lb takes "${value}" for false: write "true" or "false".`;
    return { severity: 'warning', message, ...(better !== undefined && { better }) };
  }
  if (name === 'MODE' && value !== 'http' && value !== 'tcp') {
    const better = /^(http|tcp)$/i.test(value) ? value.toLowerCase() : undefined;
    const message = `The mode of a port is "http" or "tcp", not "${value}": HAProxy refuses the whole configuration.`;
    return { severity: 'warning', message, ...(better !== undefined && { better }) };
  }
  if (name === 'BALANCE' && !algorithms.includes(value.trim().split(/[\s(]/)[0] ?? '')) {
    const message = `"${value}" is no way of balancing that HAProxy knows, and it refuses the whole configuration: ${algorithms.join(', ')}.`;
    return { severity: 'warning', message };
  }
  if (name === 'AUTH' && value.split(':').length < 3) {
    return { severity: 'warning', message: 'marathon-lb wants `realm:user:encrypted password` here.' };
  }
  const whole = { BACKEND_WEIGHT: /^-?\d+$/, PORT: /^\d+$/, BACKEND_HEALTHCHECK_PORT_INDEX: /^\d+$/ }[name];
  if (whole !== undefined && !whole.test(value)) {
    return { severity: 'warning', message: `marathon-lb wants a whole number here, not "${value}".` };
  }
  return undefined;
}
