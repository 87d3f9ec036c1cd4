// HAProxy's configuration for what is served, as marathon-lb makes it: its front ends, back ends, names and label templates. The default
// texts are our own, for HAProxy 2; what a label gives stands in their place, with the same words in braces.
// Source of the names in braces: mesosphere/marathon-lb marathon_lb.py and Longhelp.md at v1.12.2.
import { cookieOf, healthyBackends } from './backends.ts';
import type { Served } from './served.ts';
import { ownTemplate, type ServicePort } from './service-port.ts';
import { inOrder } from './virtual-hosts.ts';

export interface ConfigOptions {
  readonly httpPort: number;
  /** Loopback, whatever the app asks for. */
  readonly bindAddress: (service: ServicePort) => string;
  /** Path of the PEM file for a port that speaks TLS; undefined: it speaks none. */
  readonly certificate: (service: ServicePort) => string | undefined;
}

/** What cannot be written for a service port: one sentence. */
export class TemplateError extends Error {}

export const configuration = (served: readonly Served[], options: ConfigOptions): string =>
  [head, virtualHosts(served, options), ...served.map(each => portSections(each, options))].join('\n');

const head = `global
  maxconn 2000
  no strict-limits
  nbthread 1
  hard-stop-after 60s
  spread-checks 5

defaults
  mode tcp
  retries 3
  option redispatch
  option dontlognull
  option http-server-close
  timeout connect 3s
  timeout client 30s
  timeout server 30s
  timeout tunnel 3600s
  timeout queue 30s
  timeout http-keep-alive 1s
  timeout http-request 15s
`;

const defaults = {
  USERLIST_HEAD: `userlist user_{backend}
  user {user} password {passwd}
`,
  FRONTEND_HEAD: `frontend {backend}
  bind {bindAddr}:{servicePort}{sslCert}{bindOptions}
  mode {mode}
`,
  FRONTEND_BACKEND_GLUE: `  use_backend {backend}
`,
  BACKEND_HEAD: `backend {backend}
  balance {balance}
  mode {mode}
`,
  BACKEND_HTTP_OPTIONS: `  option forwardfor
  no option http-keep-alive
  http-request set-header X-Forwarded-Port %[dst_port]
  http-request add-header X-Forwarded-Proto https if { ssl_fc }
`,
  BACKEND_HSTS_OPTIONS: `  http-response set-header Strict-Transport-Security max-age=15768000 if { ssl_fc }
`,
  BACKEND_STICKY_OPTIONS: `  cookie mesosphere_server_id insert indirect nocache
`,
  BACKEND_HTTP_HEALTHCHECK_OPTIONS: `  option httpchk GET {healthCheckPath}
  timeout check {healthCheckTimeoutSeconds}s
`,
  BACKEND_TCP_HEALTHCHECK_OPTIONS: `  timeout check {healthCheckTimeoutSeconds}s
`,
  BACKEND_SERVER_OPTIONS: `  server {serverName} {host_ipv4}:{port}{cookieOptions}{healthCheckOptions}{otherOptions}
`,
  BACKEND_SERVER_HTTP_HEALTHCHECK_OPTIONS: ' check inter {healthCheckIntervalSeconds}s fall {healthCheckFalls}',
  BACKEND_SERVER_TCP_HEALTHCHECK_OPTIONS: ' check inter {healthCheckIntervalSeconds}s fall {healthCheckFalls}',
  HTTP_BACKEND_PROXYPASS_GLUE: `  http-request set-path %[path,regsub(^{proxypath}/?,/,i)]
`,
  HTTP_BACKEND_REVPROXY_GLUE: `  http-response replace-header Location (https?://[^/]*)?(/.*) {rootpath}\\2
`,
  HTTP_BACKEND_NETWORK_ALLOWED_ACL: `  acl network_allowed src {network_allowed}
  http-request deny if !network_allowed
`,
  TCP_BACKEND_NETWORK_ALLOWED_ACL: `  acl network_allowed src {network_allowed}
  tcp-request content reject if !network_allowed
`,
  HTTP_FRONTEND_APPID_ACL: `  acl app_{backend} req.hdr(x-marathon-app-id) -i {appId}
  use_backend {backend} if app_{backend}
`,
  HTTP_FRONTEND_ACL: `  acl host_{cleanedUpHostname} hdr(host),field(1,:) -i {hostname}
  use_backend {backend} if host_{cleanedUpHostname}
`,
  HTTP_FRONTEND_ACL_WITH_PATH: `  acl host_{cleanedUpHostname} hdr(host),field(1,:) -i {hostname}
  acl path_{backend} path_beg {path}
  use_backend {backend} if host_{cleanedUpHostname} path_{backend}
`,
} as const;

type Template = keyof typeof defaults;
type Words = Readonly<Record<string, string | number>>;

/** marathon-lb's 80 and 9091, and its statistics, in one front end. */
function virtualHosts(served: readonly Served[], { httpPort }: ConfigOptions): string {
  const hosts = inOrder(served).flatMap(({ service }) =>
    service.virtualHosts.map(hostname => {
      const paths = service.paths.length > 0;
      const path = `${service.ignorePathCase ? '-i ' : ''}${service.paths.join(' ')}`;
      const words = { ...names(service), hostname, path, cleanedUpHostname: clean(`${hostname}_${service.name}`) };
      return fill(service, paths ? 'HTTP_FRONTEND_ACL_WITH_PATH' : 'HTTP_FRONTEND_ACL', words);
    }),
  );
  const ids = served
    .filter(({ service }) => service.mode === 'http')
    .map(({ service }) => fill(service, 'HTTP_FRONTEND_APPID_ACL', names(service)));
  return `frontend marathon_http_in
  bind 127.0.0.1:${httpPort}
  mode http
  monitor-uri /_haproxy_health_check
  stats enable
  stats uri /haproxy?stats
${[...hosts, ...ids].join('')}`;
}

function portSections({ service, run }: Served, options: ConfigOptions): string {
  const { mode, authentication, healthCheck: check, allowed } = service;
  const http = mode === 'http';
  const certificate = options.certificate(service);
  const words: Words = {
    ...names(service),
    bindAddr: options.bindAddress(service),
    sslCert: certificate === undefined ? '' : ` ssl crt ${certificate}`,
    bindOptions: service.bindOptions === '' ? '' : ` ${service.bindOptions}`,
    ...(authentication === undefined ? {} : { ...authentication, passwd: authentication.password }),
    proxypath: service.proxyPassPath ?? '',
    rootpath: (service.reverseProxyPath ?? '').replace(/\/$/, ''),
    network_allowed: allowed.join(' '),
    healthCheckPath: check?.path ?? '/',
    healthCheckTimeoutSeconds: check?.timeoutSeconds ?? 20,
    healthCheckIntervalSeconds: check?.intervalSeconds ?? 60,
    healthCheckFalls: (check?.maxConsecutiveFailures ?? 0) + 1,
  };
  const text = (name: Template, more: Words = {}) => fill(service, name, { ...words, ...more });
  const when = (holds: boolean, name: Template) => (holds ? text(name) : '');
  const kind = check === undefined ? undefined : healthCheckKind(check.protocol);
  const servers = healthyBackends(run, service).map(backend =>
    text('BACKEND_SERVER_OPTIONS', {
      serverName: clean(`${backend.host}_${backend.port}`),
      host: backend.host,
      host_ipv4: backend.host,
      port: backend.port,
      cookieOptions: service.sticky && http ? ` cookie ${cookieOf(backend)}` : '',
      healthCheckOptions: kind === undefined ? '' : text(`BACKEND_SERVER_${kind}_HEALTHCHECK_OPTIONS`),
      otherOptions: '',
    }),
  );
  return [
    when(authentication !== undefined, 'USERLIST_HEAD'),
    text('FRONTEND_HEAD'),
    text('FRONTEND_BACKEND_GLUE'),
    '\n',
    text('BACKEND_HEAD'),
    when(http, 'BACKEND_HTTP_OPTIONS'),
    allowed.length === 0 ? '' : text(http ? 'HTTP_BACKEND_NETWORK_ALLOWED_ACL' : 'TCP_BACKEND_NETWORK_ALLOWED_ACL'),
    authentication === undefined || !http
      ? ''
      : `  http-request auth realm "${words.realm}" if !{ http_auth(user_${service.name}) }\n`,
    when(http && service.hsts, 'BACKEND_HSTS_OPTIONS'),
    when(http && service.proxyPassPath !== undefined, 'HTTP_BACKEND_PROXYPASS_GLUE'),
    when(http && service.reverseProxyPath !== undefined, 'HTTP_BACKEND_REVPROXY_GLUE'),
    http && service.rootRedirect !== undefined && service.virtualHosts.length > 0
      ? `  http-request redirect code 301 location ${service.rootRedirect} if { path / } { hdr(host),field(1,:) -i ${service.virtualHosts.join(' ')} }\n`
      : '',
    when(http && service.sticky, 'BACKEND_STICKY_OPTIONS'),
    kind === undefined ? '' : text(`BACKEND_${kind}_HEALTHCHECK_OPTIONS`),
    ...servers,
  ].join('');
}

const healthCheckKind = (protocol: string): 'HTTP' | 'TCP' | undefined =>
  /HTTP$/.test(protocol) ? 'HTTP' : /TCP$/.test(protocol) ? 'TCP' : undefined;

const names = (service: ServicePort): Words => ({
  backend: service.name,
  appId: service.app.id,
  servicePort: service.port,
  mode: service.mode,
  balance: service.balance,
  hostname: service.virtualHosts[0] ?? '',
});

const clean = (name: string): string => name.replace(/[^a-zA-Z0-9_]/g, '_');

/** Words in braces are filled in; doubled braces are braces, as in Python's `format`. */
function fill(service: ServicePort, name: Template, words: Words): string {
  const own = ownTemplate(service, name);
  const text = (own ?? defaults[name]).replace(/\{\{|\}\}|\{(\w+)\}|\{ .*? \}/g, (all, word: string | undefined) => {
    if (word === undefined) return all === '{{' ? '{' : all === '}}' ? '}' : all;
    const value = words[word];
    if (value === undefined)
      throw new TemplateError(
        `the label HAPROXY_${service.index}_${name} has {${word}}, which marathon-lb does not know`,
      );
    return String(value);
  });
  for (const [, address = ''] of text.matchAll(/^\s*bind\s+(\S+)/gm)) {
    if (!/^(127\.\d+\.\d+\.\d+|\[::1\]|::1|localhost):/.test(address))
      throw new TemplateError(`the label HAPROXY_${service.index}_${name} binds to ${address}, beyond this machine`);
  }
  return own === undefined || text.endsWith('\n') || name.startsWith('BACKEND_SERVER_') ? text : `${text}\n`;
}
