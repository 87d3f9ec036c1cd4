// `publish_ports` of a host capability. Source: indigo-dc/orchestrator AbstractMesosDeploymentService.
import type { Json } from '../../../protocol/src/plan.ts';
import type { Scope } from './evaluate.ts';
import { plainText, type Reader } from './values.ts';

export interface Port {
  readonly protocol: string;
  /** Port in the container. */
  readonly source: number;
  /** Service port that is asked for. */
  readonly target: number | undefined;
}

export function readPorts(resources: Reader, scope: Scope): readonly Port[] {
  const value = resources.raw('publish_ports');
  const at = resources.at('publish_ports');
  if (value === undefined || value === '') return [];
  if (!Array.isArray(value)) {
    scope.report('wrong-type', at, '"publish_ports" must be a list: begin each port with `- `.');
    return [];
  }
  return value.flatMap((item: Json, index): Port[] => {
    const what = `publish_ports[${index}]`;
    if (typeof item !== 'object' || item === null || Array.isArray(item)) {
      scope.report('wrong-type', at, `${what} must be a map with \`protocol\` and \`source\`.`);
      return [];
    }
    const entry = item as Readonly<Record<string, Json>>;
    const number = (key: 'source' | 'target'): number | undefined => {
      if (entry[key] === undefined) return undefined;
      const written = plainText(entry[key], `${what}.${key}`, at, 'integer', scope);
      if (written === undefined) return undefined;
      const port = /^\d+$/.test(written) ? Number(written) : Number.NaN;
      if (port >= 1 && port <= 65_535) return port;
      scope.report(
        'wrong-type',
        at,
        `${what}.${key}: "${written}" is no port: a whole number from 1 to 65535 is expected.`,
      );
      return undefined;
    };
    const protocol =
      entry.protocol === undefined
        ? 'tcp'
        : (plainText(entry.protocol, `${what}.protocol`, at, 'string', scope) ?? 'tcp');
    if (!['tcp', 'udp', 'igmp'].includes(protocol)) {
      scope.report('constraint-violation', at, `${what}.protocol: "${protocol}" is none of udp, tcp, igmp.`);
    } else if (protocol === 'igmp') {
      scope.report('igmp-port', at, `${what}.protocol: Marathon takes tcp and udp only, not igmp.`);
    }
    if (entry.source === undefined) {
      scope.report(
        'port-without-source',
        at,
        `${what} has no \`source\`: the Orchestrator needs the port inside the container.`,
      );
    }
    const source = number('source');
    return source === undefined ? [] : [{ protocol, source, target: number('target') }];
  });
}
