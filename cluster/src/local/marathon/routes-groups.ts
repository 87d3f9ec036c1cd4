// /v2/groups: what each method does. Facts: marathon v1.1.1, v1.4.1, v1.5.6 api/v2/GroupsResource.scala, AppUpdate and GroupUpdate.
import type { Answer, Request, Route } from '../http.ts';
import { answerApp } from './answer-app.ts';
import { answerGroup } from './answer-group.ts';
import type { App } from './app.ts';
import { appInfo, embeds } from './app-info.ts';
import { groupUpdate } from './app-shape.ts';
import { deploymentResult, flag, type Marathon, refuse } from './marathon.ts';
import { absolute, isWellFormed, isWithin, parent, segmentPattern } from './path-id.ts';
import { answerSteps } from './plan.ts';
import { createApp } from './read-app.ts';
import {
  appsOf,
  appsWithin,
  groupsOf,
  podsWithin,
  type Root,
  withApp,
  withApps,
  withGroup,
  without,
  withoutGroup,
  withPod,
} from './root.ts';
import type { RunSpec } from './run-spec.ts';
import { type Detail, type Members, readJson } from './shape.ts';
import { notValid, validateApp } from './validate.ts';

export function groupRoutes(marathon: Marathon): Route[] {
  const { version, deployments, features } = marathon;

  const requireGroup = (id: string): void => {
    if (id !== '/' && !deployments.root.groups.has(id)) throw refuse(404, `Group '${id}' does not exist`);
  };

  function embedOf(query: URLSearchParams) {
    const asked = query.getAll('embed');
    const all = asked.length === 0;
    const inApps = embeds(asked.filter(each => each.startsWith('group.apps.')));
    return {
      groups: all || asked.includes('group.groups'),
      apps: all || asked.includes('group.apps') || inApps.size > 0,
      pods: all || asked.includes('group.pods'),
      app: (app: App) => (inApps.size === 0 ? answerApp(app, version) : appInfo(marathon, app, inApps)),
    };
  }

  function show({ params, query }: Request): Answer {
    const id = absolute(params.id ?? '');
    requireGroup(id);
    return { status: 200, json: answerGroup(deployments.root, id, version, embedOf(query)) };
  }

  function listApps({ params, query }: Request): Answer {
    const id = absolute(params.id ?? '');
    requireGroup(id);
    const embed = embeds(query.getAll('embed'), ['group.apps.', 'apps.', 'app.']);
    return { status: 200, json: appsWithin(deployments.root, id).map(app => appInfo(marathon, app, embed)) };
  }

  function listVersions({ params }: Request): Answer {
    const id = absolute(params.id ?? '');
    requireGroup(id);
    const known = deployments.history.flatMap(root => root.groups.get(id)?.version ?? []);
    return { status: 200, json: [...new Set(known)] };
  }

  function treeAt(id: string, wanted: string): Root | undefined {
    const time = Date.parse(wanted);
    return deployments.history.find(root => Date.parse(root.groups.get(id)?.version ?? '') === time);
  }

  function showVersion({ params, query }: Request): Answer {
    const id = absolute(params.id ?? '');
    const root = treeAt(id, params.version ?? '');
    if (root === undefined) throw refuse(404, `Group '${id}' does not exist in version ${params.version}`);
    return { status: 200, json: answerGroup(root, id, version, embedOf(query)) };
  }

  function create(request: Request): Answer {
    const body = readJson(request.body, groupUpdate[version], version) as Members;
    const base = absolute(request.params.id ?? '');
    const id = typeof body.id === 'string' ? absolute(body.id, base) : base;
    if (deployments.root.apps.has(id)) throw refuse(409, `An app with the path ${id} already exists.`);
    if (id !== '/' && deployments.root.groups.has(id))
      throw refuse(409, `Group ${id} is already created. Use PUT to change this group.`);
    return change(request, id, body, 201);
  }

  function update(request: Request): Answer {
    const body = readJson(request.body, groupUpdate[version], version) as Members;
    const base = absolute(request.params.id ?? '');
    const id = typeof body.id === 'string' && request.params.id === undefined ? absolute(body.id) : base;
    if (deployments.root.apps.has(id)) throw refuse(409, `An app with the path ${id} already exists.`);
    return change(request, id, body, 200);
  }

  function change(request: Request, id: string, body: Members, status: number): Answer {
    const details = validateUpdate(body, id, '');
    if (details.length > 0) throw notValid(details);
    const next = (root: Root, time: string): Root => apply(root, id, body, time);
    const groupId = version === '1.1.1' ? id : version === '1.4.1' ? '/' : parent(id);
    const wanted = { next, groupId, force: flag(request.query, 'force') };
    if (status === 200 && flag(request.query, 'dryRun')) {
      return { status: 200, json: { steps: answerSteps(deployments.preview(wanted), version) } };
    }
    const deployment = deployments.start(wanted);
    return deploymentResult(
      marathon,
      deployment,
      status,
      status === 201 ? { Location: `${request.origin}/v2/groups${id === '/' ? '' : id}` } : {},
    );
  }

  /** Everything wrong in a body and the groups in it. */
  function validateUpdate(body: Members, id: string, path: string): Detail[] {
    const details: Detail[] = [];
    if (!isWellFormed(id))
      details.push({ path: `${path}/id`, errors: [`must fully match regular expression '${segmentPattern}'`] });
    const alone = (['scaleBy', 'version'] as const).find(key => body[key] !== undefined && body[key] !== null);
    const others = ['apps', 'groups', 'dependencies', 'scaleBy', 'version'].filter(
      key => key !== alone && body[key] !== undefined && body[key] !== null,
    );
    if (alone !== undefined && others.length > 0) {
      details.push({
        path: path === '' ? '/' : path,
        errors: [`The '${alone}' field may not be combined with other fields.`],
      });
    }
    for (const [n, app] of members(body.apps).entries()) {
      const draft = createApp(app, version, deployments.root.version, id);
      details.push(...validateApp(draft, version, features, `${path}/apps(${n})`));
      if (parent(draft.id) !== id) details.push({ path: `${path}/apps(${n})/id`, errors: [notChild(id)] });
    }
    for (const [n, group] of members(body.groups).entries()) {
      const inner = absolute(String(group.id ?? ''), id);
      if (group.id === undefined) details.push({ path: `${path}/groups(${n})/id`, errors: ['must not be empty'] });
      else if (!isWithin(inner, id) || inner === id)
        details.push({ path: `${path}/groups(${n})/id`, errors: [notChild(id)] });
      details.push(...validateUpdate(group, inner, `${path}/groups(${n})`));
    }
    return details;
  }

  const notChild = (id: string): string => `Identifier is not child of ${id}. Hint: use relative paths.`;

  /** The tree after a change of one group. Each list that the body has replaces the group's; what it lacks stays. */
  function apply(root: Root, id: string, body: Members, time: string): Root {
    if (typeof body.version === 'string') return rollBack(root, id, body.version);
    if (typeof body.scaleBy === 'number') {
      const { scaleBy } = body;
      const scale = <Spec extends RunSpec>(spec: Spec): Spec => ({
        ...spec,
        instances: Math.ceil(spec.instances * scaleBy),
      });
      return podsWithin(root, id)
        .map(scale)
        .reduce(withPod, withApps(root, appsWithin(root, id).map(scale)));
    }
    const before = root.groups.get(id);
    const dependencies = Array.isArray(body.dependencies)
      ? body.dependencies.map(each => absolute(String(each), id))
      : (before?.dependencies ?? []);
    let next = withGroup(root, { id, dependencies, version: time });
    if (Array.isArray(body.apps)) {
      const apps = members(body.apps).map(app => createApp(app, version, time, id));
      const kept = new Set(apps.map(app => app.id));
      for (const app of appsOf(next, id)) if (!kept.has(app.id)) next = without(next, app.id);
      next = apps.reduce(withApp, next);
    }
    if (Array.isArray(body.groups)) {
      const groups = members(body.groups).map(group => ({ group, inner: absolute(String(group.id), id) }));
      for (const { id: known } of groupsOf(next, id)) {
        if (!groups.some(({ inner }) => isWithin(inner, known))) next = withoutGroup(next, known);
      }
      for (const { group, inner } of groups) next = apply(next, inner, group, time);
    }
    return next;
  }

  function rollBack(root: Root, id: string, wanted: string): Root {
    const old = treeAt(id, wanted);
    if (old === undefined) throw refuse(422, `Group ${id} not available in version ${wanted}`);
    let next = withoutGroup(root, id);
    for (const group of old.groups.values()) if (isWithin(group.id, id)) next = withGroup(next, group);
    return podsWithin(old, id).reduce(withPod, withApps(next, appsWithin(old, id)));
  }

  function remove({ params, query }: Request): Answer {
    const id = absolute(params.id ?? '');
    requireGroup(id);
    const groupId = version === '1.1.1' ? id : version === '1.4.1' ? '/' : parent(id);
    return deploymentResult(
      marathon,
      deployments.start({ force: flag(query, 'force'), groupId, next: root => withoutGroup(root, id) }),
    );
  }

  return [
    { method: 'GET', pattern: /^\/v2\/groups(?:\/(?<id>.+))?\/versions\/(?<version>[^/]+)$/, handle: showVersion },
    { method: 'GET', pattern: /^\/v2\/groups(?:\/(?<id>.+))?\/versions\/?$/, handle: listVersions },
    { method: 'GET', pattern: /^\/v2\/groups(?:\/(?<id>.+))?\/apps\/?$/, handle: listApps },
    { method: 'GET', pattern: /^\/v2\/groups\/?(?<id>.+)?$/, handle: show },
    { method: 'POST', pattern: /^\/v2\/groups\/?(?<id>.+)?$/, handle: create },
    { method: 'PUT', pattern: /^\/v2\/groups\/?(?<id>.+)?$/, handle: update },
    { method: 'DELETE', pattern: /^\/v2\/groups\/?(?<id>.+)?$/, handle: remove },
  ];
}

const members = (value: unknown): readonly Members[] => (Array.isArray(value) ? (value as Members[]) : []);
