// The shape of the body that makes or changes a pod. Facts: marathon v1.4.1 and v1.5.6 docs/docs/rest-api/public/api/v2/types/pod*.raml.
import type { MarathonVersion } from '../release.ts';
import { either, fields, list, map, number, oneOf, type Shape, text, whole } from './shape.ts';

/** From 1.4 on. */
export function podShape(version: MarathonVersion): Shape {
  const newest = version === '1.5.6';
  const name = text(1, 63);
  const environment = map(either('string', fields({ secret: 'string' }, ['secret'])));
  const labels = map('string');
  const command = either(fields({ shell: 'string' }, ['shell']), fields({ argv: list('string') }, ['argv']));
  const container = fields(
    {
      name,
      exec: fields({ command, overrideEntrypoint: 'boolean' }, ['command']),
      resources: fields({ cpus: number(0.001), mem: number(0), disk: number(0), gpus: whole(0) }, ['cpus', 'mem']),
      endpoints: list(
        fields(
          {
            name,
            containerPort: whole(1, 65535),
            hostPort: whole(0, 65535),
            protocol: list(oneOf('tcp', 'udp')),
            labels,
          },
          ['name'],
        ),
      ),
      image: fields({ kind: oneOf('DOCKER', 'APPC'), id: text(1, 1024), forcePull: 'boolean' }, ['kind', 'id']),
      environment,
      user: 'string',
      healthCheck: fields({
        http: fields({ endpoint: name, path: text(1, 1024), scheme: oneOf('HTTP', 'HTTPS') }, ['endpoint']),
        tcp: fields({ endpoint: name }, ['endpoint']),
        exec: fields({ command }, ['command']),
        gracePeriodSeconds: whole(0),
        intervalSeconds: whole(0),
        maxConsecutiveFailures: whole(0),
        timeoutSeconds: whole(0),
        delaySeconds: whole(0),
      }),
      volumeMounts: list(fields({ name, mountPath: text(1, 1024), readOnly: 'boolean' }, ['name', 'mountPath'])),
      artifacts: list(
        fields(
          { uri: text(1, 1024), extract: 'boolean', executable: 'boolean', cache: 'boolean', destPath: text(1, 1024) },
          ['uri'],
        ),
      ),
      labels,
      lifecycle: fields({ killGracePeriodSeconds: number(0) }),
    },
    ['name', 'resources'],
  );
  return fields(
    {
      id: text(1),
      labels,
      user: 'string',
      environment,
      containers: list(container, 1),
      secrets: map(fields({ source: text(1) }, ['source'])),
      volumes: list(fields({ name, host: 'string' }, ['name'])),
      networks: list(
        fields({
          name,
          mode: newest ? oneOf('container', 'container/bridge', 'host') : oneOf('container', 'host'),
          labels,
        }),
      ),
      scaling: fields({ kind: oneOf('fixed'), instances: whole(0) }, ['kind']),
      scheduling: fields({
        backoff: fields({ backoff: number(0), backoffFactor: number(0), maxLaunchDelay: number(0) }),
        upgrade: fields({ minimumHealthCapacity: number(0, 1), maximumOverCapacity: number(0, 1) }),
        placement: fields({
          constraints: list(
            fields({ fieldName: 'string', operator: 'string', value: 'string' }, ['fieldName', 'operator']),
          ),
          acceptedResourceRoles: list('string'),
        }),
        killSelection: oneOf('YOUNGEST_FIRST', 'OLDEST_FIRST'),
        unreachableStrategy: either(
          fields({ inactiveAfterSeconds: number(0), expungeAfterSeconds: number(0) }),
          ...(newest ? [oneOf('disabled')] : []),
        ),
      }),
      executorResources: fields({ cpus: number(0), mem: number(0), disk: number(0) }),
    },
    ['id', 'containers'],
  );
}
