// /v2/apps: what each method does. Facts: marathon v1.1.1, v1.4.1, v1.5.6 api/v2/AppsResource.scala, AppVersionsResource.scala.
import type { Answer, Request, Route } from '../http.ts';
import { answerApp } from './answer-app.ts';
import type { App } from './app.ts';
import { appInfo, type Embed, embeds } from './app-info.ts';
import { appUpdate, appUpdates, newApp } from './app-shape.ts';
import { deploymentHeader, deploymentResult, flag, type Marathon, refuse } from './marathon.ts';
import { absolute, isWithin, parent } from './path-id.ts';
import { isPod } from './pod.ts';
import { applyUpdate, createApp } from './read-app.ts';
import { type Root, withApp, withApps, without } from './root.ts';
import { parseSelector } from './selector.ts';
import { type Members, readJson } from './shape.ts';
import { notValid, requireValid, validateApp } from './validate.ts';

const one: ReadonlySet<Embed> = new Set(['tasks', 'counts', 'deployments', 'lastTaskFailure', 'readiness']);

export function appRoutes(marathon: Marathon): Route[] {
  const { version, deployments, features } = marathon;
  const patch = version !== '1.1.1';

  const requireApp = (id: string): App => {
    const app = deployments.root.apps.get(id);
    if (app === undefined) throw refuse(404, `App '${id}' does not exist`);
    return app;
  };

  function list({ query }: Request): Answer {
    const embed = embeds(query.getAll('embed')).add('counts').add('deployments');
    const [cmd, id, label] = [query.get('cmd'), query.get('id'), query.get('label')];
    const selector = label === null || label === '' ? () => true : parseSelector(label);
    if (typeof selector === 'string') throw refuse(422, selector);
    const holds = (text: string | undefined, part: string | null) =>
      part === null || part === '' || (text?.toLowerCase().includes(part.toLowerCase()) ?? false);
    const apps = [...deployments.root.apps.values()].filter(
      app => holds(app.cmd, cmd) && holds(app.id, id) && selector(app),
    );
    return { status: 200, json: { apps: apps.map(app => appInfo(marathon, app, embed)) } };
  }

  function create(request: Request): Answer {
    const body = readJson(request.body, newApp[version], version) as Members;
    const now = new Date(marathon.clock.now()).toISOString();
    const draft = createApp(body, version, now);
    requireValid(validateApp(draft, version, features));
    if (deployments.root.apps.has(draft.id)) throw refuse(409, `An app with id [${draft.id}] already exists.`);
    const deployment = deployments.start({
      force: flag(request.query, 'force'),
      groupId: parent(draft.id),
      next: (root, time) => withApp(root, { ...draft, version: time }),
    });
    const created = answerApp({ ...draft, version: deployment.version }, version);
    publishPost(request, created);
    return {
      status: 201,
      json: {
        ...created,
        ...{ tasksStaged: 0, tasksRunning: 0, tasksHealthy: 0, tasksUnhealthy: 0 },
        deployments: [{ id: deployment.id }],
        tasks: [],
      },
      headers: { Location: `${request.origin}/v2/apps${draft.id}`, ...deploymentHeader(version, deployment) },
    };
  }

  const publishPost = (request: Request, appDefinition: unknown): void =>
    marathon.events.publish('api_post_event', { clientIp: request.remoteAddress, uri: request.path, appDefinition });

  /** What a change of one app makes of it in a tree. */
  function changed(root: Root, id: string, body: Members, partial: boolean, time: string): App {
    const before = root.apps.get(id);
    if (before === undefined || !partial) return createApp({ ...body, id }, version, time);
    if (typeof body.version !== 'string') return applyUpdate(before, body, version, time);
    return { ...versionOf(before.id, body.version), version: time };
  }

  function versionOf(id: string, wanted: string): App {
    const time = Date.parse(wanted);
    const found = deployments.versionsOf(id).find(app => Date.parse(app.version) === time);
    if (found === undefined || isPod(found)) throw refuse(404, `App '${id}' does not exist in version ${wanted}`);
    return found;
  }

  /** A rollback names nothing but the version. */
  function checkRollback(body: Members): void {
    if (typeof body.version !== 'string') return;
    const others = Object.keys(body).filter(key => key !== 'id' && key !== 'version' && body[key] !== null);
    if (others.length === 0) return;
    const message = "The 'version' field may only be combined with the 'id' field.";
    if (version === '1.5.6') throw notValid([{ path: '/version', errors: [message] }]);
    throw refuse(422, `requirement failed: ${message}`);
  }

  function update(request: Request, mustExist: boolean): Answer {
    const id = absolute(request.params.id ?? '');
    const body = readJson(request.body, appUpdate[version], version) as Members;
    const partial = version === '1.1.1' || mustExist || flag(request.query, 'partialUpdate', true);
    if (mustExist || typeof body.version === 'string') requireApp(id);
    checkRollback(body);
    const isNew = !deployments.root.apps.has(id);
    requireValid(
      validateApp(changed(deployments.root, id, body, partial, deployments.root.version), version, features),
    );
    const deployment = deployments.start({
      force: flag(request.query, 'force'),
      groupId: parent(id),
      next: (root, time) => withApp(root, changed(root, id, body, partial, time)),
    });
    const app = deployment.target.apps.get(id);
    if (app !== undefined) publishPost(request, answerApp(app, version));
    return isNew
      ? deploymentResult(marathon, deployment, 201, { Location: `${request.origin}${request.path}` })
      : deploymentResult(marathon, deployment);
  }

  function updateMany(request: Request, mustExist: boolean): Answer {
    const bodies = (readJson(request.body, appUpdates[version], version) as Members[]).filter(
      ({ id }) => typeof id === 'string',
    );
    const partial = version === '1.1.1' || mustExist || flag(request.query, 'partialUpdate', true);
    const named = bodies.map(body => ({ id: absolute(String(body.id)), body }));
    if (mustExist) for (const { id } of named) requireApp(id);
    const make = (root: Root, time: string) => named.map(({ id, body }) => changed(root, id, body, partial, time));
    const details = make(deployments.root, deployments.root.version).flatMap((app, n) =>
      validateApp(app, version, features, `(${n})`),
    );
    if (details.length > 0) throw notValid(details);
    const deployment = deployments.start({
      force: flag(request.query, 'force'),
      groupId: '/',
      next: (root, time) => withApps(root, make(root, time)),
    });
    return deploymentResult(marathon, deployment);
  }

  function show({ params, query }: Request): Answer {
    const embed = new Set([...one, ...embeds(query.getAll('embed'))]);
    return { status: 200, json: { app: appInfo(marathon, requireApp(absolute(params.id ?? '')), embed) } };
  }

  function showGroup({ params, query }: Request): Answer {
    const group = absolute(params.id ?? '');
    if (!deployments.root.groups.has(group)) throw refuse(404, `Group '${group}' does not exist`);
    const embed = new Set([...one, ...embeds(query.getAll('embed'))]);
    const apps = [...deployments.root.apps.values()].filter(({ id }) => isWithin(id, group));
    return { status: 200, json: { '*': apps.map(app => appInfo(marathon, app, embed)) } };
  }

  function remove({ params, query }: Request): Answer {
    const { id } = requireApp(absolute(params.id ?? ''));
    const deployment = deployments.start({
      force: flag(query, 'force', true),
      groupId: version === '1.4.1' ? '/' : parent(id),
      next: root => without(root, id),
    });
    return deploymentResult(marathon, deployment);
  }

  function restart({ params, query }: Request): Answer {
    const { id } = requireApp(absolute(params.id ?? ''));
    const deployment = deployments.start({
      force: flag(query, 'force'),
      groupId: parent(id),
      next: root => root,
      restarted: new Set([id]),
    });
    return deploymentResult(marathon, deployment);
  }

  function listVersions({ params }: Request): Answer {
    const { id } = requireApp(absolute(params.id ?? ''));
    return { status: 200, json: { versions: deployments.versionsOf(id).map(app => app.version) } };
  }

  function showVersion({ params }: Request): Answer {
    const id = absolute(params.id ?? '');
    requireApp(id);
    return { status: 200, json: answerApp(versionOf(id, params.version ?? ''), version) };
  }

  return [
    { method: 'GET', pattern: /^\/v2\/apps\/?$/, handle: list },
    { method: 'POST', pattern: /^\/v2\/apps\/?$/, handle: create },
    { method: 'PUT', pattern: /^\/v2\/apps\/?$/, handle: request => updateMany(request, false) },
    ...(patch
      ? [{ method: 'PATCH', pattern: /^\/v2\/apps\/?$/, handle: (request: Request) => updateMany(request, true) }]
      : []),
    { method: 'POST', pattern: /^\/v2\/apps\/(?<id>.+)\/restart\/?$/, handle: restart },
    { method: 'GET', pattern: /^\/v2\/apps\/(?<id>.+)\/versions\/(?<version>[^/]+)$/, handle: showVersion },
    { method: 'GET', pattern: /^\/v2\/apps\/(?<id>.+)\/versions\/?$/, handle: listVersions },
    { method: 'GET', pattern: /^\/v2\/apps\/(?<id>.*?)\/?\*$/, handle: showGroup },
    { method: 'GET', pattern: /^\/v2\/apps\/(?<id>.+)$/, handle: show },
    { method: 'PUT', pattern: /^\/v2\/apps\/(?<id>.+)$/, handle: request => update(request, false) },
    ...(patch
      ? [{ method: 'PATCH', pattern: /^\/v2\/apps\/(?<id>.+)$/, handle: (request: Request) => update(request, true) }]
      : []),
    { method: 'DELETE', pattern: /^\/v2\/apps\/(?<id>.+)$/, handle: remove },
  ];
}
