// The `parameters` of a container: options of `docker run`, by their long names, as what the engine's API calls them. Source:
// docker/cli cli/command/container/opts.go. Options of the command itself (name, detach, env-file and the like) have no place here.
import type { Spec } from './spec.ts';

/** Throws an Error of one sentence. */
type Apply = (spec: Spec, value: string) => void;

/** Throws an Error that names the parameter that is wrong. */
export function applyParameters(
  spec: Spec,
  parameters: readonly { readonly key: string; readonly value: string }[],
): void {
  for (const { key, value } of parameters) {
    const apply = Object.hasOwn(options, key) ? options[key] : undefined;
    if (apply === undefined) throw new Error(`The parameter "${key}" is no option of docker run that can be used here`);
    try {
      apply(spec, value);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`The parameter "${key}" cannot be "${value}": ${reason}`);
    }
  }
}

type Part = keyof Spec;

const set = (part: Part, field: string, read: (value: string) => unknown): Apply => {
  return (spec, value) => {
    spec[part][field] = read(value);
  };
};
const append = (part: Part, field: string, read: (value: string) => unknown = text): Apply => {
  return (spec, value) => {
    spec[part][field] = [...((spec[part][field] as unknown[]) ?? []), read(value)];
  };
};
/** `name=value`, one entry of a map. */
const entry = (part: Part, field: string): Apply => {
  return (spec, value) => {
    const [name, content] = pair(value);
    spec[part][field] = { ...(spec[part][field] as object), [name]: content };
  };
};

const text = (value: string): string => value;

function pair(value: string): readonly [string, string] {
  const at = value.indexOf('=');
  return at === -1 ? [value, ''] : [value.slice(0, at), value.slice(at + 1)];
}

/** As Go's strconv.ParseBool. */
function boolean(value: string): boolean {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(value)) return true;
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(value)) return false;
  throw new Error('it wants true or false');
}

function number(value: string): number {
  if (!/^-?\d+(\.\d+)?$/.test(value)) throw new Error('it wants a number');
  return Number(value);
}

/** `512m`: bytes. */
function size(value: string): number {
  const [, amount, unit = 'b'] = /^(-?\d+(?:\.\d+)?) ?(?:([bkmgt])(?:i?b)?)?$/i.exec(value) ?? [];
  if (amount === undefined) throw new Error('it wants a size like 512m');
  return Math.floor(Number(amount) * 1024 ** 'bkmgt'.indexOf(unit.toLowerCase()));
}

/** `nofile=1024:2048`. */
function ulimit(value: string): unknown {
  const [, name, soft, hard] = /^(\w+)=(-?\d+)(?::(-?\d+))?$/.exec(value) ?? [];
  if (name === undefined) throw new Error('it wants NAME=SOFT or NAME=SOFT:HARD');
  return { Name: name, Soft: Number(soft), Hard: Number(hard ?? soft) };
}

/** `/dev/sda:/dev/xvda:rwm`. */
function device(value: string): unknown {
  const [outside, second, third] = value.split(':');
  const isMode = second !== undefined && /^[rwm]+$/.test(second);
  return {
    PathOnHost: outside,
    PathInContainer: isMode ? outside : (second ?? outside),
    CgroupPermissions: (isMode ? second : third) ?? 'rwm',
  };
}

/** `type=bind,source=/a,target=/b,readonly`. */
function mount(value: string): unknown {
  const fields = Object.fromEntries(value.split(',').map(pair));
  const known = ['type', 'source', 'src', 'target', 'destination', 'dst', 'readonly', 'ro'];
  const unknown = Object.keys(fields).find(name => !known.includes(name));
  if (unknown !== undefined) throw new Error(`"${unknown}" is not known here`);
  const readOnly = fields.readonly ?? fields.ro;
  return {
    Type: fields.type ?? 'volume',
    Source: fields.source ?? fields.src,
    Target: fields.target ?? fields.destination ?? fields.dst,
    ReadOnly: readOnly !== undefined && (readOnly === '' || boolean(readOnly)),
  };
}

/** `all`, a number, or `device=0,1`. */
function gpus(value: string): unknown {
  const capabilities = { Capabilities: [['gpu']] };
  const [name, ids] = pair(value.replaceAll('"', ''));
  if (name === 'device') return { DeviceIDs: ids.split(','), ...capabilities };
  return { Count: value === 'all' ? -1 : number(value), ...capabilities };
}

/** `[IP:][HOST:]CONTAINER[/PROTOCOL]`; on loopback, as all that the cluster opens, unless an address is named. */
const publish: Apply = (spec, value) => {
  const [, address, hostPort = '', port, protocol = 'tcp'] =
    /^(?:(?:(\[[^\]]+\]|[\d.]+):)?(\d*):)?(\d+)(?:\/(tcp|udp|sctp))?$/.exec(value) ?? [];
  if (port === undefined) throw new Error('it wants HOSTPORT:PORT');
  addPort(spec, `${port}/${protocol}`, { HostIp: address?.replace(/[[\]]/g, '') ?? '127.0.0.1', HostPort: hostPort });
};

/** `port` is like `80/tcp`. */
export function addPort(
  { config, host }: Spec,
  port: string,
  binding: { readonly HostIp: string; readonly HostPort: string },
): void {
  const bindings = (host.PortBindings ?? {}) as Record<string, unknown[]>;
  host.PortBindings = { ...bindings, [port]: [...(bindings[port] ?? []), binding] };
  config.ExposedPorts = { ...(config.ExposedPorts as object), [port]: {} };
}

const alias: Apply = ({ config, host }, value) => {
  const network = String(host.NetworkMode);
  const endpoints = (config.NetworkingConfig as { EndpointsConfig?: Record<string, { Aliases?: string[] }> }) ?? {};
  const Aliases = [...(endpoints.EndpointsConfig?.[network]?.Aliases ?? []), value];
  config.NetworkingConfig = { EndpointsConfig: { [network]: { Aliases } } };
};

const list = (part: Part, field: string) => append(part, field);
const network = set('host', 'NetworkMode', text);
const dnsOption = list('host', 'DnsOptions');

const options: Readonly<Record<string, Apply>> = {
  'add-host': list('host', 'ExtraHosts'),
  'blkio-weight': set('host', 'BlkioWeight', number),
  'cap-add': list('host', 'CapAdd'),
  'cap-drop': list('host', 'CapDrop'),
  'cgroup-parent': set('host', 'CgroupParent', text),
  cgroupns: set('host', 'CgroupnsMode', text),
  'cpu-period': set('host', 'CpuPeriod', number),
  'cpu-quota': set('host', 'CpuQuota', number),
  'cpu-shares': set('host', 'CpuShares', number),
  cpus: set('host', 'NanoCpus', value => Math.round(number(value) * 1e9)),
  'cpuset-cpus': set('host', 'CpusetCpus', text),
  'cpuset-mems': set('host', 'CpusetMems', text),
  device: append('host', 'Devices', device),
  'device-cgroup-rule': list('host', 'DeviceCgroupRules'),
  dns: list('host', 'Dns'),
  'dns-opt': dnsOption,
  'dns-option': dnsOption,
  'dns-search': list('host', 'DnsSearch'),
  domainname: set('config', 'Domainname', text),
  entrypoint: set('config', 'Entrypoint', value => [value]),
  env: list('config', 'Env'),
  expose: ({ config }, value) => {
    const port = value.includes('/') ? value : `${value}/tcp`;
    config.ExposedPorts = { ...(config.ExposedPorts as object), [port]: {} };
  },
  gpus: append('host', 'DeviceRequests', gpus),
  'group-add': list('host', 'GroupAdd'),
  hostname: set('config', 'Hostname', text),
  init: set('host', 'Init', boolean),
  interactive: set('config', 'OpenStdin', boolean),
  ipc: set('host', 'IpcMode', text),
  label: entry('config', 'Labels'),
  link: list('host', 'Links'),
  'log-driver': ({ host }, value) => {
    host.LogConfig = { ...(host.LogConfig as object), Type: value };
  },
  'log-opt': ({ host }, value) => {
    const log = (host.LogConfig ?? {}) as { Config?: object };
    const [name, content] = pair(value);
    host.LogConfig = { ...log, Config: { ...log.Config, [name]: content } };
  },
  'mac-address': set('config', 'MacAddress', text),
  memory: set('host', 'Memory', size),
  'memory-reservation': set('host', 'MemoryReservation', size),
  'memory-swap': set('host', 'MemorySwap', size),
  'memory-swappiness': set('host', 'MemorySwappiness', number),
  mount: append('host', 'Mounts', mount),
  net: network,
  'net-alias': alias,
  network,
  'network-alias': alias,
  'oom-kill-disable': set('host', 'OomKillDisable', boolean),
  'oom-score-adj': set('host', 'OomScoreAdj', number),
  pid: set('host', 'PidMode', text),
  'pids-limit': set('host', 'PidsLimit', number),
  privileged: set('host', 'Privileged', boolean),
  publish,
  'publish-all': set('host', 'PublishAllPorts', boolean),
  'read-only': set('host', 'ReadonlyRootfs', boolean),
  // Mesos sees to both by itself.
  restart: (_, value) => {
    if (value !== 'no') throw new Error('Mesos starts its tasks anew by itself');
  },
  rm: (_, value) => void boolean(value),
  runtime: set('host', 'Runtime', text),
  'security-opt': list('host', 'SecurityOpt'),
  'shm-size': set('host', 'ShmSize', size),
  'stop-signal': set('config', 'StopSignal', text),
  'stop-timeout': set('config', 'StopTimeout', number),
  'storage-opt': entry('host', 'StorageOpt'),
  sysctl: entry('host', 'Sysctls'),
  tmpfs: ({ host }, value) => {
    const [folder = '', content = ''] = value.split(/:(.*)/s);
    host.Tmpfs = { ...(host.Tmpfs as object), [folder]: content };
  },
  tty: set('config', 'Tty', boolean),
  ulimit: append('host', 'Ulimits', ulimit),
  user: set('config', 'User', text),
  userns: set('host', 'UsernsMode', text),
  uts: set('host', 'UTSMode', text),
  volume: ({ config, host }, value) => {
    if (value.includes(':')) host.Binds = [...((host.Binds as string[]) ?? []), value];
    else config.Volumes = { ...(config.Volumes as object), [value]: {} };
  },
  'volume-driver': set('host', 'VolumeDriver', text),
  'volumes-from': list('host', 'VolumesFrom'),
  workdir: set('config', 'WorkingDir', text),
};
