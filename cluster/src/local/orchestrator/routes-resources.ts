// The resources of a deployment over HTTP. Facts: indigo-dc/orchestrator controller/ResourceController.java, service/ResourceServiceImpl.java.
import type { Answer, Request, Route } from '../http.ts';
import { answerResource, baseOf } from './answer.ts';
import type { Resource } from './deployment.ts';
import { refuse } from './errors.ts';
import type { Orchestrator } from './orchestrator.ts';
import { pageOf, type SortKeys } from './page.ts';
import { findings, readBody, text } from './request.ts';
import { jsonRoute, route } from './route.ts';
import { existingDeployment } from './routes-deployments.ts';

const sortKeys: SortKeys<Resource> = {
  id: ({ id }) => id,
  createdAt: ({ createdAt }) => createdAt,
  updatedAt: ({ updatedAt }) => updatedAt,
  state: ({ state }) => state,
  iaasId: ({ physicalId }) => physicalId,
  toscaNodeName: ({ nodeName }) => nodeName,
  toscaNodeType: ({ nodeType }) => nodeType,
};

export function resourceRoutes(orchestrator: Orchestrator): Route[] {
  const existing = ({ params }: Request) => existingDeployment(orchestrator, params.id ?? '');
  const shown = (request: Request) => (resource: Resource) =>
    answerResource(resource, request.params.id ?? '', baseOf(request));
  const ofType = (type: string | null) => (resource: Resource) => type === null || resource.types.includes(type);

  function list(request: Request): Answer {
    const { resources } = existing(request);
    const type = request.query.get('type');
    const wanted = resources.filter(ofType(type === '' ? null : type));
    return { status: 200, json: pageOf(request, wanted, sortKeys, 'Resource', shown(request)) };
  }

  function filter(request: Request): Answer {
    const type = request.query.get('type');
    if (type === null) throw refuse(400, "Required String parameter 'type' is not present");
    if (type === '') throw refuse(400, 'Resource type must be provided');
    return { status: 200, json: existing(request).resources.filter(ofType(type)).map(shown(request)) };
  }

  function one(request: Request): Answer {
    const { rid = '' } = request.params;
    const resource = existing(request).resources.find(({ id }) => id === rid);
    if (resource === undefined)
      throw refuse(404, `The resource <${rid}> in deployment <${request.params.id}> doesn't exist`);
    return { status: 200, json: shown(request)(resource) };
  }

  /** Only machines can be started and stopped. */
  function act(request: Request): Answer {
    const found = findings('actionRequest');
    if (text(readBody(request), 'type') === undefined) found.add('type', null, 'An action type must be provided');
    found.refuse();
    const { id, resources, provider, status } = existing(request);
    const { rid = '' } = request.params;
    if (!resources.some(resource => resource.id === rid))
      throw refuse(400, `Resource <${rid}> not found in deployment <${id}>`);
    if (provider !== undefined) throw refuse(400, `${provider} deployment: actions not supported yet.`);
    throw refuse(409, `Cannot perform actions on deployment in ${status} state`);
  }

  return [
    jsonRoute('GET', '/deployments/{id}/resources', list),
    jsonRoute('GET', '/deployments/{id}/resources/filter', filter),
    jsonRoute('GET', '/deployments/{id}/resources/{rid}', one),
    route('POST', '/deployments/{id}/resources/{rid}/actions', act),
  ];
}
