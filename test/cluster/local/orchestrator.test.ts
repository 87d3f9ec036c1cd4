import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Clock } from '../../../cluster/src/local/clock.ts';
import type { Service } from '../../../cluster/src/local/http.ts';
import { noJournal } from '../../../cluster/src/local/journal.ts';
import { createOrchestrator } from '../../../cluster/src/local/orchestrator/orchestrator.ts';
import { releases } from '../../../cluster/src/local/release.ts';
import { eventually, openCluster, type Send, startTestCluster } from './local.ts';

const example = (name: string) =>
  readFileSync(new URL(`../../../examples/${name}.tosca.yaml`, import.meta.url), 'utf8');
const settled = (orchestrator: Send, id: string) =>
  eventually(async () => {
    const { json } = await orchestrator('GET', `/deployments/${id}`);
    return !json.status.endsWith('_IN_PROGRESS') && json;
  });
const gone = (orchestrator: Send, id: string) =>
  eventually(async () => (await orchestrator('GET', `/deployments/${id}`)).status === 404);
const minute = /^\d{4}-\d\d-\d\dT\d\d:\d\d\+0000$/;
const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** A token as an issuer makes them; nobody looks at the signature. */
const token = (sub: string) =>
  ['{"alg":"none"}', JSON.stringify({ iss: 'https://iam.example.org/', sub }), 'x']
    .map(part => Buffer.from(part).toString('base64url'))
    .join('.');

/** Gathers what is posted to it. */
async function listenForCallbacks() {
  const bodies: Record<string, unknown>[] = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', chunk => {
      body += chunk;
    });
    request.on('end', () => {
      bodies.push(JSON.parse(body));
      response.end();
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { bodies, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/done` };
}

test.for(['indigo_1', 'indigo_2', 'deep_1'] as const)(
  'an app is deployed, and taken away again (%s)',
  async release => {
    const { orchestrator, marathon, cluster } = await openCluster({ release, executor: 'stand-in' });
    const { bodies, url } = await listenForCallbacks();
    const template = example('web');
    const sent = await orchestrator(
      'POST',
      '/deployments',
      { template, parameters: { greeting: 'Ciao' }, callback: url, userGroup: 'a', unknown: 1 },
      { Authorization: `Bearer ${token('ab-12')}` },
    );
    const self = `${cluster.orchestrator}/deployments/${sent.json.uuid}`;
    const links = [
      { rel: 'self', href: self },
      { rel: 'resources', href: `${self}/resources` },
      { rel: 'template', href: `${self}/template` },
    ];
    const common = {
      uuid: expect.stringMatching(uuid),
      creationTime: expect.stringMatching(minute),
      task: 'NONE',
      callback: url,
      userGroup: 'a',
      createdBy: { issuer: 'https://iam.example.org/', subject: 'ab-12' },
    };
    expect(sent.status).toBe(201);
    expect(sent.json).toEqual({ ...common, status: 'CREATE_IN_PROGRESS', outputs: {}, links });
    const id = sent.json.uuid;
    const done = await settled(orchestrator, id);
    const app = (await marathon('GET', `/v2/apps/${id}/web`)).json.app;
    expect(app.labels).toMatchObject({
      created_by: 'ab-12@https://iam.example.org/',
      origin: cluster.orchestrator,
      HAPROXY_GROUP: 'external',
    });
    const { servicePort: port } = (app.container.portMappings ?? app.container.docker.portMappings)[0];
    expect(done).toEqual({
      ...common,
      updateTime: expect.stringMatching(minute),
      physicalId: id,
      status: 'CREATE_COMPLETE',
      outputs: { endpoint: `http://127.0.0.1:${port}` },
      cloudProviderName: 'local',
      cloudProviderEndpoint: {
        cpEndpoint: cluster.marathon,
        cpComputeServiceId: 'local-marathon',
        deploymentType: 'MARATHON',
      },
      links,
    });
    const resources = await orchestrator('GET', `/deployments/${id}/resources?sort=toscaNodeName`);
    expect(resources.json.page).toEqual({ size: 10, totalElements: 2, totalPages: 1, number: 0 });
    const [web, runtime] = resources.json.content;
    expect(web).toEqual({
      uuid: expect.stringMatching(uuid),
      creationTime: expect.stringMatching(minute),
      updateTime: expect.stringMatching(minute),
      physicalId: 'web',
      state: 'STARTED',
      toscaNodeType: 'tosca.nodes.indigo.Container.Application.Docker.Marathon',
      toscaNodeName: 'web',
      requiredBy: [],
      metadata: {},
      links: [
        { rel: 'deployment', href: self },
        { rel: 'self', href: `${self}/resources/${web.uuid}` },
      ],
    });
    expect(runtime).not.toHaveProperty('physicalId');
    const ofType = (type: string) => orchestrator('GET', `/deployments/${id}/resources/filter?type=${type}`);
    expect((await ofType('tosca.nodes.indigo.Container.Application.Docker')).json).toEqual([web]);
    expect((await ofType('tosca.nodes.Root')).json).toHaveLength(2);
    expect((await orchestrator('GET', `/deployments/${id}/template`)).text).toBe(template);
    expect(await orchestrator('GET', `/deployments/${id}/log`)).toMatchObject({ status: 200, text: '' });
    expect(await orchestrator('GET', `/deployments/${id}/extrainfo`)).toMatchObject({ status: 200, text: '[]' });
    expect((await orchestrator('PUT', `/deployments/${id}`, { template })).json).toEqual({
      code: 400,
      title: 'Bad Request',
      message: 'MARATHON deployments cannot be updated.',
    });
    expect((await orchestrator('DELETE', `/deployments/${id}`)).status).toBe(204);
    await gone(orchestrator, id);
    expect((await marathon('GET', `/v2/groups/${id}`)).status).toBe(404);
    await eventually(async () => bodies.length === 2);
    expect(bodies).toEqual([
      expect.objectContaining({ uuid: id, status: 'CREATE_IN_PROGRESS', links: [] }),
      { ...done, links: [] },
    ]);
  },
);

test.for(['indigo_1', 'deep_1'] as const)('jobs run one after the other (%s)', async release => {
  const { orchestrator, chronos } = await openCluster({ release, executor: 'stand-in' });
  const { json } = await orchestrator('POST', '/deployments', { template: example('pipeline') });
  const done = await settled(orchestrator, json.uuid);
  expect(done).toMatchObject({
    status: 'CREATE_COMPLETE',
    task: 'NONE',
    physicalId: '<NO_ENDPOINT>',
    outputs: { dataset: 'measurements' },
    cloudProviderEndpoint: { deploymentType: 'CHRONOS' },
  });
  const { content } = (await orchestrator('GET', `/deployments/${json.uuid}/resources`)).json;
  const idOf = (node: string) => content.find((each: { toscaNodeName: string }) => each.toscaNodeName === node).uuid;
  const jobs = (await chronos('GET', '/jobs')).json;
  expect(
    Object.fromEntries(jobs.map(({ name, parents }: { name: string; parents: unknown }) => [name, parents])),
  ).toEqual({
    [idOf('fetch')]: undefined,
    [idOf('process')]: [idOf('fetch')],
    [idOf('publish')]: [idOf('process')],
  });
  await orchestrator('DELETE', `/deployments/${json.uuid}`);
  await gone(orchestrator, json.uuid);
  expect((await chronos('GET', '/jobs')).json).toEqual([]);
});

test.for(['builtin', 'none'] as const)(
  'the outputs say where an app answers (load balancer: %s)',
  async loadBalancer => {
    const { orchestrator } = await openCluster({ executor: 'stand-in', loadBalancer });
    const { json } = await orchestrator('POST', '/deployments', { template: example('web') });
    const { outputs } = await settled(orchestrator, json.uuid);
    await eventually(() =>
      fetch(outputs.endpoint).then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
  },
);

test('a deployment that was under way goes on after a restart', async () => {
  const stateDir = mkdtempSync(path.join(os.tmpdir(), 'orchestrator-'));
  const start = (cpus: number) => startTestCluster({ executor: 'stand-in', stateDir, cpus });
  let { cluster, orchestrator, marathon } = await start(0.01);
  onTestFinished(async () => {
    await cluster.stop();
    rmSync(stateDir, { recursive: true, force: true });
  });
  const { json } = await orchestrator('POST', '/deployments', { template: example('web') });
  await eventually(async () => (await marathon('GET', '/v2/queue')).json.queue.length === 1);
  const before = (await orchestrator('GET', `/deployments/${json.uuid}/resources`)).json.content;
  await cluster.stop();
  ({ cluster, orchestrator, marathon } = await start(8));
  expect(await settled(orchestrator, json.uuid)).toMatchObject({ status: 'CREATE_COMPLETE', uuid: json.uuid });
  const after = (await orchestrator('GET', `/deployments/${json.uuid}/resources`)).json.content;
  const ids = (all: readonly { uuid: string }[]) => all.map(({ uuid: id }) => id);
  expect(ids(after)).toEqual(ids(before));
});

test('a job that fails makes its deployment fail, and nothing is left', async () => {
  const { orchestrator, chronos } = await openCluster();
  const template = example('pipeline')
    .replace(/command: .*Fetching.*/, 'command: exit 3')
    .replace(/retries: 2/, 'retries: 0');
  const { json } = await orchestrator('POST', '/deployments', { template });
  const failed = await settled(orchestrator, json.uuid);
  expect(failed).toMatchObject({ status: 'CREATE_FAILED', task: 'DEPLOYER' });
  expect(failed.statusReason).toMatch(/\n\nChronos job [\da-f-]{36} failed to execute$/);
  expect((await chronos('GET', '/jobs')).json).toEqual([]);
});

test('pages of deployments, by owner and group', async () => {
  const { orchestrator, cluster } = await openCluster({ executor: 'stand-in' });
  const template = example('scheduled');
  const ids: string[] = [];
  for (const [owner, userGroup] of [
    ['a', 'x'],
    ['b', 'x'],
    ['a', 'y'],
  ] as const) {
    const headers = { Authorization: `Bearer ${token(owner)}` };
    ids.push((await orchestrator('POST', '/deployments', { template, userGroup }, headers)).json.uuid);
  }
  const { json } = await orchestrator('GET', '/deployments/?size=1&page=1&sort=userGroup,desc&sort=createdAt,asc');
  const at = (page: number) =>
    `${cluster.orchestrator}/deployments?page=${page}&size=1&sort=userGroup,desc&sort=createdAt,asc`;
  expect(json.links).toEqual([
    { rel: 'first', href: at(0) },
    { rel: 'prev', href: at(0) },
    { rel: 'self', href: at(1) },
    { rel: 'next', href: at(2) },
    { rel: 'last', href: at(2) },
  ]);
  expect(json.page).toEqual({ size: 1, totalElements: 3, totalPages: 3, number: 1 });
  expect(json.content.map((each: { uuid: string }) => each.uuid)).toEqual([ids[0]]);
  const found = async (query: string, headers = {}) => {
    const { content } = (await orchestrator('GET', `/deployments?sort=createdAt,asc&${query}`, undefined, headers))
      .json;
    return content.map((each: { uuid: string }) => ids.indexOf(each.uuid)).sort();
  };
  expect(await found('userGroup=x')).toEqual([0, 1]);
  expect(await found('createdBy=me', { Authorization: `Bearer ${token('b')}` })).toEqual([1]);
  expect(await found('createdBy=a@https://iam.example.org/')).toEqual([0, 2]);
  expect((await orchestrator('GET', '/deployments?createdBy=nobody')).json).toEqual({
    code: 400,
    title: 'Bad Request',
    message: 'Value nobody for param createdBy is illegal',
  });
  expect((await orchestrator('GET', '/deployments?sort=nothing')).status).toBe(500);
});

test('addresses are those that a proxy says', async () => {
  const { orchestrator } = await openCluster({ executor: 'stand-in' });
  const headers = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'paas.example.org', 'X-Forwarded-Prefix': '/o' };
  const { json } = await orchestrator('GET', '/deployments', undefined, headers);
  expect(json.links).toEqual([
    { rel: 'self', href: 'https://paas.example.org/o/deployments?page=0&size=10&sort=createdAt,desc' },
  ]);
});

test('without the language it says so, and all else answers', async () => {
  const { cluster } = await openCluster({ executor: 'stand-in', language: undefined as never });
  const answer = await fetch(`${cluster.orchestrator}/deployments`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"template":"a: b"}',
  });
  expect([answer.status, await answer.json()]).toEqual([
    503,
    {
      code: 503,
      title: 'Service Unavailable',
      message:
        'This local cluster was started by a program that cannot read TOSCA: start it with `tosca-mesos local` to deploy templates.',
    },
  ]);
  expect((await fetch(`${cluster.orchestrator}/deployments`)).status).toBe(200);
});

/** A clock in the test's hand. */
function clockInHand(): Clock & { pass(milliseconds: number): Promise<void> } {
  let now = Date.parse('2026-01-01T00:00:00Z');
  const waiting = new Map<() => void, number>();
  const at = (time: number, callback: () => void) => {
    waiting.set(callback, time);
    return () => void waiting.delete(callback);
  };
  return {
    now: () => now,
    at,
    after: (milliseconds, callback) => at(now + milliseconds, callback),
    stop: () => waiting.clear(),
    async pass(milliseconds) {
      now += milliseconds;
      for (const [callback, time] of [...waiting]) {
        if (time > now) continue;
        waiting.delete(callback);
        callback();
      }
      await new Promise(resolve => setImmediate(resolve));
    },
  };
}

test.for([
  [{ timeoutMins: 2 }, 'Timeout: Maximum execution time exceeded.'],
  [{ timeoutMins: 3, providerTimeoutMins: 2 }, /\n\nDeployment timeout: It is broken\n$/],
] as const)('a deployment has its time: %o', async ([limits, reason]) => {
  const clock = clockInHand();
  const app = {
    id: '/d/web',
    instances: 1,
    tasksRunning: 0,
    deployments: [{ id: '1' }],
    lastTaskFailure: { state: 'TASK_FAILED', message: 'It is broken' },
  };
  const there = new Set<string>();
  const marathon: Service = {
    problem: status => ({ status }),
    routes: [
      { method: 'GET', pattern: /^\/v2\/groups\/d$/, handle: () => ({ status: there.has('d') ? 200 : 404, json: {} }) },
      { method: 'POST', pattern: /^\/v2\/groups$/, handle: () => ({ status: 201, json: there.add('d') }) },
      {
        method: 'DELETE',
        pattern: /^\/v2\/groups\/d$/,
        handle: () => ({ status: 200, json: there.delete('d') }),
      },
      { method: 'GET', pattern: /^\/v2\/apps\/d\/web$/, handle: () => ({ status: 200, json: { app } }) },
    ],
  };
  const place = () => ({ url: '', service: marathon });
  const { store, workflows } = createOrchestrator({
    ...{ release: releases.deep_1, clock, language: undefined, marathon: place, chronos: place, origin: () => '' },
    ...{ hasGpus: false, loadBalancerIps: [], localVolumesHostBasePath: '/', journal: noJournal, log: () => {} },
  });
  store.add({
    ...{ id: 'd', createdAt: clock.now(), status: 'CREATE_IN_PROGRESS', task: 'NONE', outputs: {}, resources: [] },
    ...{ template: '', parameters: {}, ...limits },
  });
  const group = { id: '/d', apps: [{ id: 'web' }] } as never;
  const plan = {
    name: 'd',
    release: 'deep_1',
    marathon: group,
    chronos: [],
    outputs: {},
    diagnostics: [],
    hosts: {},
  } as const;
  workflows.create('d', { plan, findings: [], nodes: [], loops: [], kind: 'Marathon' });
  await clock.pass(0);
  await clock.pass(119_000);
  expect(store.deployments.get('d')).toMatchObject({ status: 'CREATE_IN_PROGRESS', provider: 'MARATHON' });
  await clock.pass(1_000);
  await clock.pass(1_000);
  const { status, statusReason } = store.deployments.get('d') ?? {};
  expect(status).toBe('CREATE_FAILED');
  expect(statusReason).toEqual(typeof reason === 'string' ? reason : expect.stringMatching(reason));
});
