// /v2/pods: what each method does, from 1.4 on. Facts: marathon v1.4.1 and v1.5.6 api/v2/PodsResource.scala.
import type { Answer, Request, Route } from '../http.ts';
import { answerPod } from './answer-pod.ts';
import { answerInstance } from './answer-task.ts';
import { deploymentHeader, flag, type Marathon, refuse } from './marathon.ts';
import { absolute, parent } from './path-id.ts';
import { isPod, type Pod } from './pod.ts';
import { podShape } from './pod-shape.ts';
import { podStatus } from './pod-status.ts';
import { readPod } from './read-pod.ts';
import { without, withPod } from './root.ts';
import { list, type Members, readJson } from './shape.ts';
import { notValid, requireValid } from './validate.ts';
import { validatePod } from './validate-pod.ts';

const instanceId = /^(.+)\.(instance-|marathon-)([^.]+)$/;

export function podRoutes(marathon: Marathon): Route[] {
  const { version, deployments, runs, events, features } = marathon;
  if (version === '1.1.1') return [];
  const shape = podShape(version);

  const requirePod = (id: string): Pod => {
    const pod = deployments.root.pods.get(id);
    if (pod === undefined) throw refuse(404, `Pod '${id}' does not exist`);
    return pod;
  };

  function readBody(request: Request): Pod {
    const body = readJson(request.body, shape, version) as Members;
    const pod = readPod(body, version, deployments.root.version);
    requireValid(validatePod(pod, version, features));
    return pod;
  }

  const publish = (type: string, { remoteAddress, path }: Request): void =>
    events.publish(type, { clientIp: remoteAddress, uri: path });

  const start = (pod: Pod, { query }: Request) =>
    deployments.start({
      force: flag(query, 'force'),
      groupId: parent(pod.id),
      next: (root, time) => withPod(root, { ...pod, version: time }),
    });

  function create(request: Request): Answer {
    const pod = readBody(request);
    if (deployments.root.pods.has(pod.id)) throw refuse(409, `A pod with id [${pod.id}] already exists.`);
    const deployment = start(pod, request);
    publish('pod_created_event', request);
    return {
      status: 201,
      json: answerPod({ ...pod, version: deployment.version }, version),
      headers: { Location: `${request.origin}${pod.id}`, ...deploymentHeader(version, deployment) },
    };
  }

  function update(request: Request): Answer {
    const pod = readBody(request);
    const id = absolute(request.params.id ?? '');
    if (pod.id !== id) throw refuse(400, `'${id}' does not match definition's id ('${pod.id}')`);
    const deployment = start(pod, request);
    publish('pod_updated_event', request);
    return {
      status: 200,
      json: answerPod({ ...pod, version: deployment.version }, version),
      headers: deploymentHeader(version, deployment),
    };
  }

  function remove(request: Request): Answer {
    const { id } = requirePod(absolute(request.params.id ?? ''));
    const deployment = deployments.start({
      force: flag(request.query, 'force'),
      groupId: parent(id),
      next: root => without(root, id),
    });
    publish('pod_deleted_event', request);
    return {
      status: 202,
      text: '',
      headers: { Location: `${request.origin}/${deployment.id}`, ...deploymentHeader(version, deployment) },
    };
  }

  function listVersions({ params }: Request): Answer {
    const { id } = requirePod(absolute(params.id ?? ''));
    return { status: 200, json: deployments.versionsOf(id).map(each => each.version) };
  }

  function showVersion({ params }: Request): Answer {
    const id = absolute(params.id ?? '');
    const time = Date.parse(params.version ?? '');
    const found = deployments.versionsOf(id).find(each => Date.parse(each.version) === time);
    if (found === undefined || !isPod(found)) throw refuse(404, `Pod '${id}' does not exist`);
    return { status: 200, json: answerPod(found, version) };
  }

  const instancesOf = (id: string) => [...(runs.all.get(id)?.instances.values() ?? [])];

  function killInstance({ params }: Request): Answer {
    const wanted = params.instance ?? '';
    checkInstanceIds([wanted]);
    const { id } = requirePod(absolute(params.id ?? ''));
    const victim = instancesOf(id).find(each => each.instanceId === wanted);
    if (victim === undefined) throw refuse(404, `Task '${wanted}' does not exist`);
    const json = answerInstance(victim, version);
    runs.kill(victim);
    return { status: 200, json };
  }

  function killInstances({ params, body }: Request): Answer {
    const wanted = readJson(body, list('string'), version) as readonly string[];
    checkInstanceIds(wanted);
    const { id } = requirePod(absolute(params.id ?? ''));
    const victims = instancesOf(id).filter(each => wanted.includes(each.instanceId));
    const json = victims.map(victim => answerInstance(victim, version));
    for (const victim of victims) runs.kill(victim);
    return { status: 200, json };
  }

  function checkInstanceIds(ids: readonly string[]): void {
    if (ids.every(id => instanceId.test(id))) return;
    throw notValid([{ path: '/', errors: [`must fully match regular expression '${instanceId.source}'`] }]);
  }

  const pods = () => [...deployments.root.pods.values()];
  return [
    { method: 'HEAD', pattern: /^\/v2\/pods\/?$/, handle: () => ({ status: 200, text: '' }) },
    {
      method: 'GET',
      pattern: /^\/v2\/pods\/?$/,
      handle: () => ({ status: 200, json: pods().map(pod => answerPod(pod, version)) }),
    },
    { method: 'POST', pattern: /^\/v2\/pods\/?$/, handle: create },
    {
      method: 'GET',
      pattern: /^\/v2\/pods\/?::status$/,
      handle: () => ({ status: 200, json: pods().map(pod => podStatus(marathon, pod)) }),
    },
    {
      method: 'GET',
      pattern: /^\/v2\/pods\/(?<id>.+)::status$/,
      handle: ({ params }) => ({
        status: 200,
        json: podStatus(marathon, requirePod(absolute(params.id ?? ''))),
      }),
    },
    { method: 'GET', pattern: /^\/v2\/pods\/(?<id>.+)::versions$/, handle: listVersions },
    { method: 'GET', pattern: /^\/v2\/pods\/(?<id>.+)::versions\/(?<version>[^/]+)$/, handle: showVersion },
    { method: 'DELETE', pattern: /^\/v2\/pods\/(?<id>.+)::instances$/, handle: killInstances },
    { method: 'DELETE', pattern: /^\/v2\/pods\/(?<id>.+)::instances\/(?<instance>[^/]+)$/, handle: killInstance },
    {
      method: 'GET',
      pattern: /^\/v2\/pods\/(?<id>(?:(?!::).)+)$/,
      handle: ({ params }) => ({ status: 200, json: answerPod(requirePod(absolute(params.id ?? '')), version) }),
    },
    { method: 'PUT', pattern: /^\/v2\/pods\/(?<id>(?:(?!::).)+)$/, handle: update },
    { method: 'DELETE', pattern: /^\/v2\/pods\/(?<id>(?:(?!::).)+)$/, handle: remove },
  ];
}
