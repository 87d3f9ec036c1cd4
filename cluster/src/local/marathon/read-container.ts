// The members of an app that are about containers, networks and ports: old ones become new ones.
import type { MarathonVersion } from '../release.ts';
import type { Container, Network, PortDefinition, PortMapping } from './app.ts';
import { enumeration, labels, listOf, notValid, numeric, text, unsupported } from './read-members.ts';
import { invalidJson, isObject, type Members } from './shape.ts';

export function readContainer(body: Members, marathon: MarathonVersion): Container | undefined {
  if (!isObject(body.container)) return undefined;
  const { container } = body;
  const docker = isObject(container.docker) ? container.docker : undefined;
  const network = enumeration(docker?.network);
  const [own, old] = [listOf(container.portMappings), listOf(docker?.portMappings)];
  if (marathon === '1.5.6') {
    if (own !== undefined && old !== undefined) {
      throw notValid('/container', 'cannot specify both portMappings and docker.portMappings');
    }
    if (network === 'NONE') throw unsupported('unsupported docker network type NONE');
  }
  const bridged =
    network === 'BRIDGE' ||
    (listOf(body.networks) ?? []).some(each => isObject(each) && /^container\/bridge$/i.test(String(each.mode)));
  const mappings = (own ?? old)?.filter(isObject).map(each => readMapping(each, bridged || marathon === '1.1.1'));
  return {
    type: (enumeration(container.type) ?? 'DOCKER') as Container['type'],
    ...(docker === undefined
      ? {}
      : {
          docker: {
            image: String(docker.image),
            ...(network === undefined || marathon === '1.5.6' ? {} : { network: network as 'BRIDGE' }),
            privileged: docker.privileged === true,
            forcePullImage: docker.forcePullImage === true,
            parameters: (listOf(docker.parameters) ?? []).filter(isObject).map(({ key, value }) => ({
              key: String(key),
              value: String(value),
            })),
            ...(isObject(docker.credential) ? { credential: docker.credential } : {}),
            ...(isObject(docker.pullConfig) ? { pullConfig: { secret: String(docker.pullConfig.secret) } } : {}),
          },
        }),
    ...(mappings === undefined ? {} : { portMappings: mappings }),
    volumes: (listOf(container.volumes) ?? []).filter(isObject).map(volume => ({
      containerPath: String(volume.containerPath),
      ...(typeof volume.hostPath === 'string' ? { hostPath: volume.hostPath } : {}),
      ...(typeof volume.mode === 'string' ? { mode: enumeration(volume.mode) ?? volume.mode } : {}),
      ...(isObject(volume.persistent) ? { persistent: volume.persistent } : {}),
      ...(isObject(volume.external) ? { external: volume.external } : {}),
      ...(typeof volume.secret === 'string' ? { secret: volume.secret } : {}),
    })),
  };
}

function readMapping(mapping: Members, hostPortByDefault: boolean): PortMapping {
  const hostPort = numeric(mapping.hostPort) ?? (hostPortByDefault ? 0 : undefined);
  const name = text(mapping.name);
  const networkNames = listOf(mapping.networkNames) as readonly string[] | undefined;
  return {
    containerPort: numeric(mapping.containerPort) ?? 0,
    ...(hostPort === undefined ? {} : { hostPort }),
    servicePort: numeric(mapping.servicePort) ?? 0,
    protocol: enumeration(mapping.protocol) ?? 'tcp',
    ...(name === undefined ? {} : { name }),
    labels: labels(mapping.labels),
    ...(networkNames === undefined || networkNames.length === 0 ? {} : { networkNames }),
  };
}

export function readNetworks(body: Members, marathon: MarathonVersion): readonly Network[] | undefined {
  const docker = isObject(body.container) && isObject(body.container.docker) ? body.container.docker : undefined;
  const network = enumeration(docker?.network);
  const address = isObject(body.ipAddress) ? body.ipAddress : undefined;
  const networks = marathon === '1.5.6' ? listOf(body.networks) : undefined;
  if (networks !== undefined) {
    if (network !== undefined)
      throw notValid('/container/docker/network', 'must not specify both container.docker.network and networks');
    if (address !== undefined) throw notValid('/networks', 'must not specify both networks and ipAddress');
    return networks.filter(isObject).map(each => {
      const name = text(each.name);
      return {
        mode: String(each.mode).toLowerCase() as Network['mode'],
        ...(name === undefined ? {} : { name }),
        labels: labels(each.labels),
      };
    });
  }
  if (network === 'BRIDGE') return [{ mode: 'container/bridge', labels: {} }];
  if (network === 'USER' || address !== undefined) {
    const name = text(address?.networkName);
    return [{ mode: 'container', ...(name === undefined ? {} : { name }), labels: labels(address?.labels) }];
  }
  if (network !== undefined || (marathon !== '1.5.6' && isObject(body.container)))
    return [{ mode: 'host', labels: {} }];
  return undefined;
}

export function readPortDefinitions(body: Members, marathon: MarathonVersion): readonly PortDefinition[] | undefined {
  const ports = listOf(body.ports);
  const definitions = listOf(body.portDefinitions);
  if (ports !== undefined && definitions !== undefined && definitions.length > 0 && ports.length > 0) {
    if (marathon !== '1.5.6') {
      throw invalidJson(400, [{ path: '', errors: ['You cannot specify both ports and port definitions'] }]);
    }
    throw notValid('/ports', 'cannot specify both ports and port definitions');
  }
  if (definitions !== undefined && (definitions.length > 0 || ports === undefined)) {
    return definitions.filter(isObject).map(each => {
      const name = text(each.name);
      return {
        port: numeric(each.port) ?? 0,
        protocol: enumeration(each.protocol) ?? 'tcp',
        ...(name === undefined ? {} : { name }),
        labels: labels(each.labels),
      };
    });
  }
  return ports?.map(port => ({ port: Number(port), protocol: 'tcp', labels: {} }));
}
