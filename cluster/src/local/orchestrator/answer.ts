// Deployments, resources and schedules as the Orchestrator writes them: members that have no value are left out, links are a list.
// Facts: indigo-dc/orchestrator resource/*ResourceAssembler.java, config/WebMvcConfig.java.
import type { Request } from '../http.ts';
import type { Deployment, Resource, Schedule } from './deployment.ts';

/** The address that a client has used, also through a proxy that says so. */
export function baseOf({ headers, origin }: Request): string {
  const forwarded = (name: string) => {
    const value = headers[`x-forwarded-${name}`];
    return typeof value === 'string' ? value.split(',', 1)[0]?.trim() : undefined;
  };
  const url = new URL(origin);
  const host = forwarded('host') ?? url.host;
  return `${forwarded('proto') ?? url.protocol.slice(0, -1)}://${host}${forwarded('prefix') ?? ''}`;
}

/** To the minute, in UTC; the zone without a colon. */
const minute = (time: number): string => `${new Date(time).toISOString().slice(0, 16)}+0000`;

const times = ({ createdAt, updatedAt }: { readonly createdAt: number; readonly updatedAt?: number }) => ({
  creationTime: minute(createdAt),
  ...(updatedAt === undefined ? {} : { updateTime: minute(updatedAt) }),
});

const some = <Key extends string, Value>(key: Key, value: Value | undefined) =>
  value === undefined ? {} : { [key]: value };

/** Without `base` it has no links, as in a callback. */
export function answerDeployment(
  deployment: Deployment,
  base: string | undefined,
  endpoint: (of: Deployment) => string,
) {
  const { id, physicalId, status, statusReason, outputs, task, callback, userGroup, provider, createdBy } = deployment;
  const self = `${base}/deployments/${id}`;
  return {
    uuid: id,
    ...times(deployment),
    ...some('physicalId', physicalId),
    status,
    ...some('statusReason', statusReason),
    outputs,
    task,
    ...some('callback', callback),
    ...some('userGroup', userGroup),
    ...(provider === undefined
      ? {}
      : {
          cloudProviderName: providerName,
          cloudProviderEndpoint: {
            cpEndpoint: endpoint(deployment),
            cpComputeServiceId: serviceId(provider),
            deploymentType: provider,
          },
        }),
    ...some('createdBy', createdBy),
    links:
      base === undefined
        ? []
        : [
            { rel: 'self', href: self },
            { rel: 'resources', href: `${self}/resources` },
            { rel: 'template', href: `${self}/template` },
          ],
  };
}

export const providerName = 'local';
export const serviceId = (provider: NonNullable<Deployment['provider']>): string => `local-${provider.toLowerCase()}`;

export function answerResource(resource: Resource, deployment: string, base: string) {
  const { id, physicalId, state, nodeType, nodeName } = resource;
  const parent = `${base}/deployments/${deployment}`;
  return {
    uuid: id,
    ...times(resource),
    ...some('physicalId', physicalId),
    state,
    toscaNodeType: nodeType,
    toscaNodeName: nodeName,
    requiredBy: [],
    metadata: {},
    links: [
      { rel: 'deployment', href: parent },
      { rel: 'self', href: `${parent}/resources/${id}` },
    ],
  };
}

export function answerSchedule(schedule: Schedule, base: string) {
  const { id, replicationExpression, fileExpression, numberOfReplicas, callback, createdBy } = schedule;
  return {
    uuid: id,
    ...times(schedule),
    status: 'RUNNING',
    replicationExpression,
    fileExpression,
    numberOfReplicas,
    ...some('callback', callback),
    ...some('createdBy', createdBy),
    links: [{ rel: 'self', href: `${base}/schedules/${id}` }],
  };
}
