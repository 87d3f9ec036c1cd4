// `publish_ports` of a host capability. Source: indigo-dc/orchestrator AbstractMesosDeploymentService.
import type { Json } from '../../../protocol/src/plan.ts';
import { portPlace } from '../checks/port-without-source.ts';
import { portNumber, protocols, servicePortProblem } from '../mesos/ports.ts';
import type { Framework } from '../mesos/releases.ts';
import { get, type Node, type Span } from '../syntax/nodes.ts';
import { followed } from '../template/literal.ts';
import type { Scope } from './evaluate.ts';
import { plainText, type Reader } from './values.ts';

export interface Port {
  readonly protocol: string;
  /** Port in the container. */
  readonly source: number;
  /** Service port that is asked for. */
  readonly target: number | undefined;
  readonly sourceAt: Span;
  readonly targetAt: Span;
}

export function readPorts(resources: Reader, framework: Framework, scope: Scope): readonly Port[] {
  const value = resources.raw('publish_ports');
  const at = resources.at('publish_ports');
  if (value === undefined || value === '') return [];
  if (!Array.isArray(value)) {
    scope.report('wrong-type', at, '"publish_ports" must be a list: begin each port with `- `.');
    return [];
  }
  return value.flatMap((item: Json, index): Port[] => {
    const what = `publish_ports[${index}]`;
    const written = resources.itemAt('publish_ports', index);
    const node = 'kind' in written ? followed(written as Node, scope.template) : undefined;
    if (typeof item !== 'object' || item === null || Array.isArray(item)) {
      scope.report('wrong-type', written, `${what} must be a map with \`protocol\` and \`source\`.`);
      return [];
    }
    const entry = item as Readonly<Record<string, Json>>;
    const memberAt = (key: string): Span => get(node, key) ?? written;
    const number = (key: 'source' | 'target'): number | undefined => {
      if (entry[key] === undefined) return undefined;
      const value = plainText(entry[key], `${what}.${key}`, memberAt(key), 'integer', scope);
      if (value === undefined) return undefined;
      const port = portNumber(value);
      if (port === undefined)
        scope.report(
          'wrong-type',
          memberAt(key),
          `${what}.${key}: "${value}" is no port: a whole number from 1 to 65535 is expected.`,
        );
      return port;
    };
    const protocol =
      entry.protocol === undefined
        ? 'tcp'
        : (plainText(entry.protocol, `${what}.protocol`, memberAt('protocol'), 'string', scope) ?? 'tcp');
    if (!protocols.some(each => each === protocol)) {
      scope.report(
        'constraint-violation',
        memberAt('protocol'),
        `${what}.protocol: "${protocol}" is none of udp, tcp, igmp.`,
      );
    } else if (protocol === 'igmp' && framework === 'Marathon') {
      scope.report('igmp-port', memberAt('protocol'), `${what}.protocol: Marathon takes tcp and udp only, not igmp.`);
    }
    if (entry.source === undefined) {
      scope.report(
        'port-without-source',
        node === undefined ? written : portPlace(node),
        `${what} has no \`source\`: the Orchestrator needs the port inside the container.`,
      );
    }
    const source = number('source');
    const target = number('target');
    const problem = target === undefined || framework === 'Chronos' ? undefined : servicePortProblem(target);
    if (problem !== undefined) scope.report('service-port', memberAt('target'), problem.message, problem.severity);
    return source === undefined
      ? []
      : [{ protocol, source, target, sourceAt: memberAt('source'), targetAt: memberAt('target') }];
  });
}
