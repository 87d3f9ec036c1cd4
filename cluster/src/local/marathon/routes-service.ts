// Marathon about itself: /ping, /v2/info, /v2/leader, /v2/plugins, the event stream.
import type { Answer, Request, Route, taken } from '../http.ts';
import type { Marathon } from './marathon.ts';
import { localPorts } from './service-ports.ts';

export function serviceRoutes(marathon: Marathon): Route[] {
  const { version, events } = marathon;
  const leader = () => `${marathon.address().host}:${marathon.address().port}`;
  return [
    { method: 'GET', pattern: /^\/ping\/?$/, handle: ping },
    { method: 'GET', pattern: /^\/v2\/info\/?$/, handle: () => ({ status: 200, json: info(marathon) }) },
    { method: 'GET', pattern: /^\/v2\/leader\/?$/, handle: () => ({ status: 200, json: { leader: leader() } }) },
    { method: 'GET', pattern: /^\/v2\/plugins\/?$/, handle: () => ({ status: 200, json: { plugins: [] } }) },
    { method: 'GET', pattern: /^\/v2\/events\/?$/, handle: stream },
  ];

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

/** Flags that mean nothing here are null, as unset ones are. */
function info({ version, framework, address, masterUrl, features }: Marathon) {
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
      mesos_role: null,
      task_launch_timeout: 300_000,
      task_reservation_timeout: 20_000,
      reconciliation_initial_delay: 15_000,
      reconciliation_interval: 600_000,
      mesos_user: 'root',
      leader_proxy_connection_timeout_ms: 5000,
      leader_proxy_read_timeout_ms: 10_000,
      features: [...features],
      mesos_leader_ui_url: `${masterUrl()}/`,
    },
    zookeeper_config: {
      zk: null,
      zk_timeout: null,
      zk_session_timeout: null,
      zk_max_versions: 50,
      ...(newest
        ? { zk_compression: null, zk_compression_threshold: null, zk_connection_timeout: null, zk_max_node_size: null }
        : {}),
    },
    http_config: { http_port: port, https_port: null, ...(version === '1.1.1' ? { assets_path: null } : {}) },
    ...(newest ? {} : { event_subscriber: null }),
  };
}
