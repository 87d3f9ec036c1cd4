// Deployments over HTTP. Facts: indigo-dc/orchestrator controller/{DeploymentController,TemplateController}.java, service/DeploymentServiceImpl.java.
import { randomUUID } from 'node:crypto';
import type { Answer, Request, Route } from '../http.ts';
import { answerDeployment, baseOf } from './answer.ts';
import type { Deployment } from './deployment.ts';
import { refuse } from './errors.ts';
import type { Orchestrator } from './orchestrator.ts';
import { pageOf, type SortKeys } from './page.ts';
import { readTemplate, refuseWhatIsWrong } from './read-template.ts';
import { checkTimeouts, ownerOf, readBody, readDeploymentRequest } from './request.ts';
import { jsonRoute, route } from './route.ts';

const sortKeys: SortKeys<Deployment> = {
  id: ({ id }) => id,
  createdAt: ({ createdAt }) => createdAt,
  updatedAt: ({ updatedAt }) => updatedAt,
  status: ({ status }) => status,
  statusReason: ({ statusReason }) => statusReason,
  task: ({ task }) => task,
  endpoint: ({ physicalId }) => physicalId,
  callback: ({ callback }) => callback,
  userGroup: ({ userGroup }) => userGroup,
  deploymentProvider: ({ provider }) => provider,
};

const statuses = ['CREATE', 'UPDATE', 'DELETE']
  .flatMap(verb => ['IN_PROGRESS', 'COMPLETE', 'FAILED'].map(state => `${verb}_${state}`))
  .concat('UNKNOWN');

export function deploymentRoutes(orchestrator: Orchestrator): Route[] {
  const { store, workflows, clock, cancel, endpointOf } = orchestrator;
  const existing = ({ params }: Request) => existingDeployment(orchestrator, params.id ?? '');
  const shown = (request: Request, deployment: Deployment) => answerDeployment(deployment, baseOf(request), endpointOf);

  function list(request: Request): Answer {
    const owner = wantedOwner(request);
    const group = request.query.get('userGroup');
    const all = [...store.deployments.values()].filter(
      ({ createdBy, userGroup }) =>
        (owner === undefined || (createdBy?.subject === owner.subject && createdBy.issuer === owner.issuer)) &&
        (group === null || userGroup === group),
    );
    const json = pageOf(request, all, sortKeys, 'Deployment', deployment => shown(request, deployment));
    return { status: 200, json };
  }

  async function create(request: Request): Promise<Answer> {
    const asked = readDeploymentRequest(request);
    const id = randomUUID();
    const createdBy = ownerOf(request);
    const { reading, resources } = await readTemplate(orchestrator, asked, { id, createdBy });
    refuseWhatIsWrong(reading);
    checkTimeouts(asked);
    const deployment: Deployment = {
      ...asked,
      id,
      createdAt: clock.now(),
      ...(createdBy === undefined ? {} : { createdBy }),
      status: 'CREATE_IN_PROGRESS',
      task: 'NONE',
      outputs: {},
      resources,
    };
    store.add(deployment);
    workflows.create(id, reading);
    return { status: 201, json: shown(request, deployment) };
  }

  /** A deployment on machines could be changed; those that are here cannot. */
  function update(request: Request): Answer {
    readDeploymentRequest(request);
    const { provider, status } = existing(request);
    if (provider !== undefined) throw refuse(400, `${provider} deployments cannot be updated.`);
    throw refuse(409, `Cannot update a deployment in ${status} state`);
  }

  function reset(request: Request): Answer {
    const { status } = readBody(request);
    if (typeof status !== 'string' || !statuses.includes(status)) {
      const name = typeof status === 'string' ? `it.reply.orchestrator.enums.Status.${status}` : 'null';
      throw refuse(500, `No enum constant ${name}`);
    }
    const deployment = existing(request);
    if (status !== 'DELETE_FAILED') throw refuse(400, `Cannot reset deployment: illegal status ${status}.`);
    if (deployment.status !== 'DELETE_IN_PROGRESS')
      throw refuse(409, `Cannot reset a deployment in ${deployment.status} state`);
    store.change(deployment.id, { status: 'DELETE_FAILED', statusReason: undefined, task: 'NONE' });
    return { status: 204 };
  }

  function remove(request: Request): Answer {
    const { id, status, provider } = existing(request);
    if (status === 'DELETE_IN_PROGRESS') throw refuse(409, `Deployment already in ${status} state.`);
    cancel(id);
    if (provider === undefined) store.remove(id);
    else {
      store.change(id, { status: 'DELETE_IN_PROGRESS', statusReason: undefined, task: 'NONE' });
      workflows.remove(id);
    }
    return { status: 204 };
  }

  /** Nothing is contextualised here, so there is no log; without a provider there is nobody to ask. */
  function log(request: Request): Answer {
    if (existing(request).provider === undefined) throw refuse(500, 'The deployment has no provider yet');
    return { status: 200, text: '', type: 'text/plain;charset=UTF-8' };
  }

  return [
    jsonRoute('GET', '/deployments', list),
    jsonRoute('POST', '/deployments', create),
    jsonRoute('GET', '/deployments/{id}', request => ({ status: 200, json: shown(request, existing(request)) })),
    route('PUT', '/deployments/{id}', update),
    route('PATCH', '/deployments/{id}', reset),
    route('DELETE', '/deployments/{id}', remove),
    route('GET', '/deployments/{id}/template', request => rawTemplate(request, existing(request).template)),
    route('GET', '/deployments/{id}/log', log),
    route('GET', '/deployments/{id}/extrainfo', request => {
      existing(request);
      return { status: 200, text: '[]', type: rawType(request) };
    }),
  ];
}

export function existingDeployment({ store }: Orchestrator, id: string): Deployment {
  const deployment = store.deployments.get(id);
  if (deployment === undefined) throw refuse(404, `The deployment <${id}> doesn't exist`);
  return deployment;
}

/** Whose deployments a client asks for; undefined: everybody's, for there is no login here. */
export function wantedOwner(request: Request): Deployment['createdBy'] {
  const wanted = request.query.get('createdBy');
  if (wanted === null) return undefined;
  if (wanted === 'me') return ownerOf(request);
  const [, subject, issuer] = /^([^@]+)@([^@]+)$/.exec(wanted) ?? [];
  if (subject === undefined || issuer === undefined)
    throw refuse(400, `Value ${wanted} for param createdBy is illegal`);
  return { subject, issuer };
}

/** As it was sent, whatever type the client asks for. */
export const rawTemplate = (request: Request, template: string): Answer => ({
  status: 200,
  text: template,
  type: rawType(request),
});

const rawType = ({ headers }: Request): string =>
  /\bapplication\/json\b/i.test(headers.accept ?? '') ? 'application/json;charset=UTF-8' : 'text/plain;charset=UTF-8';
