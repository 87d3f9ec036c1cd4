// Marathon about itself: /ping, /metrics, /v2/info, /v2/leader, /v2/plugins, /v2/schemas, the event stream.
import type { Answer, Request, Route, taken } from '../http.ts';
import { groupUpdate, newApp } from './app-shape.ts';
import { schemaOf } from './json-schema.ts';
import type { Marathon } from './marathon.ts';
import { answerMetrics } from './metrics.ts';
import { localPorts } from './service-ports.ts';
import { notValid } from './validate.ts';

export function serviceRoutes(marathon: Marathon): Route[] {
  const { version, events } = marathon;
  const leader = () => `${marathon.address().host}:${marathon.address().port}`;
  return [
    { method: 'GET', pattern: /^\/ping\/?$/, handle: ping },
    { method: 'GET', pattern: /^\/v2\/info\/?$/, handle: () => ({ status: 200, json: info(marathon) }) },
    { method: 'GET', pattern: /^\/v2\/leader\/?$/, handle: () => ({ status: 200, json: { leader: leader() } }) },
    { method: 'DELETE', pattern: /^\/v2\/leader\/?$/, handle: abdicate },
    { method: 'GET', pattern: /^\/v2\/plugins\/?$/, handle: () => ({ status: 200, json: { plugins: [] } }) },
    {
      method: 'GET',
      pattern: /^\/v2\/schemas\/app\/?$/,
      handle: () => ({ status: 200, json: schemaOf(newApp[version]), type: 'application/json' }),
    },
    {
      method: 'GET',
      pattern: /^\/v2\/schemas\/group\/?$/,
      handle: () => ({ status: 200, json: schemaOf(groupUpdate[version]), type: 'application/json' }),
    },
    { method: 'GET', pattern: /^\/metrics\/?$/, handle: () => ({ status: 200, json: answerMetrics(marathon) }) },
    { method: 'GET', pattern: /^\/help\/?$/, handle: () => moved('api-console/index.html') },
    { method: 'GET', pattern: /^\/$/, handle: () => moved('ui/') },
    { method: 'GET', pattern: /^\/v2\/events\/?$/, handle: stream },
  ];

  /** Nobody else can lead: what is left of it is that the streams of events end. */
  function abdicate({ query }: Request): Answer {
    for (const name of version === '1.5.6' ? ['backup', 'restore'] : []) {
      if (query.has(name))
        throw notValid([{ path: `/${name}`, errors: ['The local cluster neither makes backups nor restores them.'] }]);
    }
    setImmediate(events.close);
    return { status: 200, json: { message: 'Leadership abdicated' } };
  }

  function moved(location: string): Answer {
    return { status: 302, text: '', type: 'text/html', headers: { Location: location } };
  }

  function ping({ headers }: Request): Answer {
    if (version === '1.1.1') return { status: 200, text: 'pong\n', type: 'text/plain' };
    if (version === '1.4.1') return { status: 200, text: 'pong', type: 'application/json; qs=2' };
    const accept = headers.accept ?? '*/*';
    if (accept.includes('application/json') && !accept.includes('text/plain')) return { status: 200, json: 'pong' };
    return /\*\/\*|text\/(?:plain|\*)/.test(accept)
      ? { status: 200, text: 'pong', type: 'text/plain' }
      : { status: 204 };
  }

  function stream(request: Request): Answer | typeof taken {
    if (request.headers.accept !== 'text/event-stream') return { status: 405, text: '', type: 'text/html' };
    return events.attach(request, version === '1.1.1' ? [] : request.query.getAll('event_type'));
  }
}

/** Flags that mean nothing here are null, as unset ones are. Times are in milliseconds, and Marathon's defaults. */
function info({ version, framework, address, url, masterUrl, features }: Marathon) {
  const { host, port } = address();
  const newest = version === '1.5.6';
  return {
    name: 'marathon',
    version,
    ...(version === '1.1.1' ? {} : { buildref: 'unknown' }),
    elected: true,
    leader: `${host}:${port}`,
    frameworkId: framework.id,
    marathon_config: {
      master: masterUrl(),
      failover_timeout: 604_800,
      framework_name: 'marathon',
      ha: true,
      checkpoint: true,
      local_port_min: localPorts.min,
      local_port_max: localPorts.max,
      executor: '//cmd',
      hostname: host,
      webui_url: null,
      mesos_role: framework.info.role === '*' ? null : framework.info.role,
      task_launch_timeout: 300_000,
      task_reservation_timeout: 20_000,
      reconciliation_initial_delay: 15_000,
      reconciliation_interval: 600_000,
      mesos_user: 'root',
      leader_proxy_connection_timeout_ms: 5000,
      leader_proxy_read_timeout_ms: 10_000,
      features: [...features],
      mesos_leader_ui_url: `${masterUrl()}/`,
      ...(newest ? newestFlags : {}),
    },
    zookeeper_config: {
      zk: null,
      zk_timeout: 10_000,
      zk_session_timeout: 10_000,
      zk_max_versions: 50,
      ...(newest
        ? {
            zk_compression: true,
            zk_compression_threshold: 65_536,
            zk_connection_timeout: 10_000,
            zk_max_node_size: 1_024_000,
          }
        : {}),
    },
    http_config: {
      http_port: port,
      https_port: url().startsWith('https:') ? port : null,
      ...(version === '1.1.1' ? { assets_path: null } : {}),
    },
    ...(newest ? {} : { event_subscriber: { type: 'http_callback', http_endpoints: null } }),
  };
}

const newestFlags = {
  access_control_allow_origin: null,
  decline_offer_duration: 120_000,
  default_network_name: null,
  env_vars_prefix: null,
  launch_token: 100,
  launch_token_refresh_interval: 30_000,
  max_instances_per_offer: 5,
  mesos_bridge_name: 'mesos-bridge',
  mesos_heartbeat_failure_threshold: 5,
  mesos_heartbeat_interval: 15_000,
  min_revive_offers_interval: 5000,
  offer_matching_timeout: 3000,
  on_elected_prepare_timeout: 180_000,
  scale_apps_initial_delay: 15_000,
  scale_apps_interval: 300_000,
  store_cache: true,
  task_launch_confirm_timeout: 300_000,
  task_lost_expunge_initial_delay: 300_000,
  task_lost_expunge_interval: 30_000,
} as const;
