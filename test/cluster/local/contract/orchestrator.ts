// What the Orchestrator of each release answers, endpoint by endpoint. It is the same for all: what is below it differs.
import { readFileSync } from 'node:fs';
import type { Reply, TestCluster } from '../local.ts';
import { eventually } from '../local.ts';
import {
  anything,
  type Contract,
  exactly,
  having,
  integer,
  list,
  mapOf,
  matching,
  object,
  type Schema,
  string,
} from './contract.ts';

const template = readFileSync(new URL('../../../../examples/web.tosca.yaml', import.meta.url), 'utf8');

const uuid = matching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
const time = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d\+0000$/);
const link = object({ rel: string, href: matching(/^http/) });
const empty: Schema = { type: 'string', maxLength: 0 };

const deployment = object({
  uuid,
  creationTime: time,
  'updateTime?': time,
  'physicalId?': string,
  status: matching(/^(CREATE|UPDATE|DELETE)_(IN_PROGRESS|COMPLETE|FAILED)$|^UNKNOWN$/),
  'statusReason?': string,
  outputs: mapOf(anything),
  task: matching(/^(NONE|DEPLOYER)$/),
  'callback?': string,
  'userGroup?': string,
  'cloudProviderName?': string,
  'cloudProviderEndpoint?': object({ cpEndpoint: string, cpComputeServiceId: string, deploymentType: string }),
  'createdBy?': object({ issuer: string, subject: string }),
  links: list(link),
});
const resource = object({
  uuid,
  creationTime: time,
  'updateTime?': time,
  'physicalId?': string,
  state: matching(/^(INITIAL|CREATED|CONFIGURING|STARTED|DELETING|ERROR)$/),
  toscaNodeType: string,
  toscaNodeName: string,
  requiredBy: list(string),
  metadata: mapOf(string),
  links: list(link),
});
const schedule = object({
  uuid,
  creationTime: time,
  status: exactly('RUNNING'),
  replicationExpression: string,
  fileExpression: string,
  numberOfReplicas: integer,
  'callback?': string,
  'createdBy?': object({ issuer: string, subject: string }),
  links: list(link),
});
const page = (content: Schema) =>
  object({
    links: list(link),
    content: list(content),
    page: object({ size: integer, totalElements: integer, totalPages: integer, number: integer }),
  });
const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  409: 'Conflict',
  415: 'Unsupported Media Type',
  500: 'Internal Server Error',
};
const error = (status: number, message: RegExp) =>
  object({ code: exactly(status), title: exactly(titles[status]), message: matching(message) });

/** A deployment of its own. */
async function made({ orchestrator }: TestCluster): Promise<string> {
  return (await orchestrator('POST', '/deployments', { template })).json.uuid;
}

const shared = new WeakMap<TestCluster, Promise<string>>();

/** A deployment that runs, for all who do not change it. */
function running(cluster: TestCluster): Promise<string> {
  const known = shared.get(cluster) ?? start(cluster);
  shared.set(cluster, known);
  return known;
}

async function start(cluster: TestCluster): Promise<string> {
  const id = await made(cluster);
  await eventually(
    async () => (await cluster.orchestrator('GET', `/deployments/${id}`)).json.status === 'CREATE_COMPLETE',
  );
  return id;
}

async function firstResource({ orchestrator }: TestCluster, id: string): Promise<string> {
  return (await orchestrator('GET', `/deployments/${id}/resources`)).json.content[0].uuid;
}

const onDeployment =
  (method: string, rest = '', body?: unknown) =>
  async (cluster: TestCluster): Promise<Reply> =>
    cluster.orchestrator(method, `/deployments/${await running(cluster)}${rest}`, body);

/** Where the machine is so slow that the deployment is gone by then, with another. */
const whileDeleted =
  (method: string, body?: unknown) =>
  (cluster: TestCluster): Promise<Reply> =>
    eventually(async () => {
      const path = `/deployments/${await made(cluster)}`;
      await cluster.orchestrator('DELETE', path);
      const reply = await cluster.orchestrator(method, path, body);
      return reply.status !== 404 && reply;
    });

const on =
  (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  ({ orchestrator }: TestCluster): Promise<Reply> =>
    orchestrator(method, path, body, headers);

const missing = '00000000-0000-0000-0000-000000000000';
const noDeployment = error(404, new RegExp(`^The deployment <${missing}> doesn't exist$`));
const scheduleBody = { template, fileExpression: '.*', replicationExpression: 'a', numberOfReplicas: 1 };
const madeSchedule = async ({ orchestrator }: TestCluster): Promise<string> =>
  (await orchestrator('POST', '/schedules', scheduleBody)).json.uuid;

export const contracts: readonly Contract[] = [
  { endpoint: 'GET /', ask: on('GET', '/'), status: 200, body: exactly('INDIGO-Orchestrator') },
  {
    endpoint: 'GET /info',
    ask: on('GET', '/info'),
    status: 200,
    body: having({ build: having({ version: string }), git: having({ commit: having({ id: string }) }) }),
  },
  {
    endpoint: 'GET /configuration',
    ask: on('GET', '/configuration'),
    status: 200,
    body: object({ cpr_url: string, slam_url: string, cmdb_url: string, im_url: string, monitoring_url: string }),
  },
  {
    endpoint: 'GET /deployments',
    ask: async cluster => {
      await made(cluster);
      return cluster.orchestrator('GET', '/deployments');
    },
    status: 200,
    body: page(deployment),
    headers: { 'content-type': 'application/json;charset=UTF-8' },
  },
  {
    endpoint: 'GET /deployments',
    title: 'an owner that is none',
    ask: on('GET', '/deployments?createdBy=x'),
    status: 400,
    body: error(400, /^Value x for param createdBy is illegal$/),
  },
  {
    endpoint: 'GET /deployments',
    title: 'for who takes no JSON',
    ask: on('GET', '/deployments', undefined, { Accept: 'text/html' }),
    status: 406,
    body: error(406, /./),
  },
  {
    endpoint: 'POST /deployments',
    ask: on('POST', '/deployments', { template, keepLastAttempt: 'true', maxProvidersRetry: 1, timeoutMins: 10 }),
    status: 201,
    body: deployment,
  },
  ...[
    ['no template', {}, /A TOSCA template must be provided/],
    ['no parameters', { template, parameters: null }, /on field 'parameters': rejected value \[null\]/],
    ['a callback of another kind', { template, callback: 'ftp://a' }, /must be a valid HTTP or HTTPS URL/],
    ['no time', { template, timeoutMins: 0 }, /Overall timeout value, if provided, must be at least of 1 minute/],
    ['no time for a provider', { template, providerTimeoutMins: 0 }, /must be at least of 1 minute and equal or less/],
    ['no retries', { template, maxProvidersRetry: 0 }, /maxProvidersRetry value, if provided, must be at least of 1/],
    ['more time for a provider', { template, timeoutMins: 1, providerTimeoutMins: 2 }, /^ProviderTimeout must be <= /],
    ['no JSON', '{', /^JSON parse error: /],
    ['another type', { template, parameters: [] }, /^JSON parse error: /],
    ['a template that is refused', { template: template.replace('command:', 'comand:') }, /^ParsingError\(/],
  ].map(
    ([title, body, message]): Contract => ({
      endpoint: 'POST /deployments',
      title: String(title),
      ask: on('POST', '/deployments', body),
      status: 400,
      body: error(400, message as RegExp),
    }),
  ),
  {
    endpoint: 'POST /deployments',
    title: 'another type of content',
    ask: on('POST', '/deployments', '{}', { 'Content-Type': 'text/plain' }),
    status: 415,
    body: error(415, /^Content type 'text\/plain' not supported$/),
  },
  { endpoint: 'GET /deployments/{id}', ask: onDeployment('GET'), status: 200, body: deployment },
  {
    endpoint: 'GET /deployments/{id}',
    title: 'unknown',
    ask: on('GET', `/deployments/${missing}`),
    status: 404,
    body: noDeployment,
  },
  {
    endpoint: 'PUT /deployments/{id}',
    ask: onDeployment('PUT', '', { template }),
    status: 400,
    body: error(400, /^MARATHON deployments cannot be updated\.$/),
  },
  {
    endpoint: 'PUT /deployments/{id}',
    title: 'unknown',
    ask: on('PUT', `/deployments/${missing}`, { template }),
    status: 404,
    body: noDeployment,
  },
  {
    endpoint: 'PATCH /deployments/{id}',
    title: 'that is being deleted',
    ask: whileDeleted('PATCH', { status: 'DELETE_FAILED' }),
    status: 204,
    body: empty,
  },
  {
    endpoint: 'PATCH /deployments/{id}',
    title: 'that runs',
    ask: onDeployment('PATCH', '', { status: 'DELETE_FAILED' }),
    status: 409,
    body: error(409, /^Cannot reset a deployment in CREATE_COMPLETE state$/),
  },
  {
    endpoint: 'PATCH /deployments/{id}',
    title: 'to another status',
    ask: onDeployment('PATCH', '', { status: 'CREATE_FAILED' }),
    status: 400,
    body: error(400, /^Cannot reset deployment: illegal status CREATE_FAILED\.$/),
  },
  {
    endpoint: 'PATCH /deployments/{id}',
    title: 'to no status',
    ask: onDeployment('PATCH', '', { status: 'GONE' }),
    status: 500,
    body: error(500, /GONE/),
  },
  {
    endpoint: 'DELETE /deployments/{id}',
    ask: async cluster => cluster.orchestrator('DELETE', `/deployments/${await made(cluster)}?force=true`),
    status: 204,
    body: empty,
  },
  {
    endpoint: 'DELETE /deployments/{id}',
    title: 'twice',
    ask: whileDeleted('DELETE'),
    status: 409,
    body: error(409, /^Deployment already in DELETE_IN_PROGRESS state\.$/),
  },
  {
    endpoint: 'DELETE /deployments/{id}',
    title: 'of all',
    ask: on('DELETE', '/deployments'),
    status: 405,
    body: error(405, /^Request method 'DELETE' not supported$/),
  },
  {
    endpoint: 'GET /deployments/{id}/template',
    ask: onDeployment('GET', '/template'),
    status: 200,
    body: exactly(template),
  },
  { endpoint: 'GET /deployments/{id}/log', ask: onDeployment('GET', '/log'), status: 200, body: empty },
  {
    endpoint: 'GET /deployments/{id}/extrainfo',
    ask: onDeployment('GET', '/extrainfo'),
    status: 200,
    body: exactly([]),
  },
  {
    endpoint: 'GET /deployments/{id}/resources',
    ask: onDeployment('GET', '/resources?type=tosca.nodes.Root'),
    status: 200,
    body: page(resource),
  },
  {
    endpoint: 'GET /deployments/{id}/resources/filter',
    ask: onDeployment('GET', '/resources/filter?type=tosca.nodes.Root'),
    status: 200,
    body: { ...list(resource), minItems: 2 },
  },
  {
    endpoint: 'GET /deployments/{id}/resources/filter',
    title: 'by no type',
    ask: onDeployment('GET', '/resources/filter'),
    status: 400,
    body: error(400, /^Required String parameter 'type' is not present$/),
  },
  {
    endpoint: 'GET /deployments/{id}/resources/{rid}',
    ask: async cluster => {
      const id = await running(cluster);
      return cluster.orchestrator('GET', `/deployments/${id}/resources/${await firstResource(cluster, id)}`);
    },
    status: 200,
    body: resource,
  },
  {
    endpoint: 'GET /deployments/{id}/resources/{rid}',
    title: 'unknown',
    ask: onDeployment('GET', `/resources/${missing}`),
    status: 404,
    body: error(404, new RegExp(`^The resource <${missing}> in deployment <[^>]+> doesn't exist$`)),
  },
  {
    endpoint: 'POST /deployments/{id}/resources/{rid}/actions',
    ask: async cluster => {
      const id = await running(cluster);
      const path = `/deployments/${id}/resources/${await firstResource(cluster, id)}/actions`;
      return cluster.orchestrator('POST', path, { type: 'stop' });
    },
    status: 400,
    body: error(400, /^MARATHON deployment: actions not supported yet\.$/),
  },
  {
    endpoint: 'POST /deployments/{id}/resources/{rid}/actions',
    title: 'on no resource',
    ask: onDeployment('POST', `/resources/${missing}/actions`, { type: 'stop' }),
    status: 400,
    body: error(400, new RegExp(`^Resource <${missing}> not found in deployment <[^>]+>$`)),
  },
  {
    endpoint: 'POST /deployments/{id}/resources/{rid}/actions',
    title: 'of no type',
    ask: onDeployment('POST', `/resources/${missing}/actions`, {}),
    status: 400,
    body: error(400, /An action type must be provided/),
  },
  {
    endpoint: 'GET /schedules',
    ask: async cluster => {
      await madeSchedule(cluster);
      return cluster.orchestrator('GET', '/schedules');
    },
    status: 200,
    body: page(schedule),
  },
  { endpoint: 'POST /schedules', ask: on('POST', '/schedules', scheduleBody), status: 201, body: schedule },
  {
    endpoint: 'POST /schedules',
    title: 'without files',
    ask: on('POST', '/schedules', { template }),
    status: 400,
    body: error(400, /with 3 error\(s\): .*'fileExpression'/),
  },
  {
    endpoint: 'GET /schedules/{id}',
    ask: async cluster => cluster.orchestrator('GET', `/schedules/${await madeSchedule(cluster)}`),
    status: 200,
    body: schedule,
  },
  {
    endpoint: 'GET /schedules/{id}',
    title: 'unknown',
    ask: on('GET', `/schedules/${missing}`),
    status: 404,
    body: noDeployment,
  },
  {
    endpoint: 'GET /schedules/{id}/events',
    ask: async cluster => cluster.orchestrator('GET', `/schedules/${await madeSchedule(cluster)}/events`),
    status: 200,
    body: page(anything),
  },
  {
    endpoint: 'GET /schedules/{id}/template',
    ask: async cluster => cluster.orchestrator('GET', `/schedules/${await madeSchedule(cluster)}/template`),
    status: 200,
    body: exactly(template),
  },
];
