// The page that shows what runs: whole without a script, safe whatever things are called, and fed with what has changed.
import { createHash } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { eventually, openCluster, sender } from './local.ts';

test('the page is at the root of each server and asks nothing of others', async () => {
  const { cluster, mesos, marathon, chronos } = await openCluster();
  const page = await mesos('GET', '/');
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.text).toContain('Marathon 1.5.6');
  expect(page.text).not.toMatch(/(?:src|href)="(?!http:\/\/127\.0\.0\.|data:,|local\/)/);
  const policy = page.headers.get('content-security-policy') ?? '';
  for (const tag of ['script', 'style']) {
    const [, text = ''] = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(page.text) ?? [];
    expect(policy).toContain(`${tag}-src 'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  }
  for (const path of ['/', '/ui']) {
    const redirect = await marathon('GET', path);
    expect([redirect.status, redirect.headers.get('location')]).toEqual([302, 'ui/']);
  }
  expect((await marathon('GET', '/ui/')).text).toContain('data-up="../"');
  expect((await sender(cluster.chronos)('GET', '/')).text).toContain('<h1>Local Mesos cluster</h1>');
  expect((await chronos('GET', '/jobs')).status).toBe(200);
});

test('it tells what runs, what waits and why, and what has failed', async () => {
  const { deploy, marathon, chronos, mesos } = await openCluster({ cpus: 4 });
  await deploy({ id: '/a/web', cmd: 'sleep 1001', cpus: 0.5, mem: 32, labels: { HAPROXY_0_VHOST: '<b>"x' } });
  await marathon('POST', '/v2/apps', { id: '/huge', cmd: 'sleep 1001', cpus: 64, mem: 32 });
  await chronos('POST', '/iso8601', { name: 'fetch', command: 'exit 3', schedule: 'R1//PT24H' });
  await chronos('POST', '/dependency', { name: 'process', command: 'true', parents: ['fetch'] });
  const state = await eventually(async () => {
    const { json } = await mesos('GET', '/local/state');
    return json.apps[1]?.reasons.length > 0 && json.tasks.some(({ ended }: { ended: boolean }) => ended) && json;
  });
  expect(state.apps).toMatchObject([
    { id: '/a/web', instances: 1, running: 1, checks: 0, waiting: 0 },
    { id: '/huge', instances: 1, running: 0, waiting: 1, reasons: ['InsufficientCpus'] },
  ]);
  expect(state.agents).toMatchObject([{ tasks: 1, used: { cpus: 0.5 }, total: { cpus: 4 } }]);
  expect(state.jobs).toMatchObject([{ name: 'fetch' }, { name: 'process', parents: ['fetch'] }]);
  expect(state.deployments).toMatchObject([{ apps: ['/huge'] }]);
  const { text } = await mesos('GET', '/');
  expect(text).toContain('No agent takes it: InsufficientCpus');
  expect(text).toContain('Command exited with status 3');
  expect(text).toContain('&#60;b&#62;&#34;x');
  expect(text).not.toContain('<b>');
});

test('a viewer is sent what has changed, and nothing else', async () => {
  const { cluster, deploy } = await openCluster();
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const response = await fetch(`${cluster.mesos}/local/events`, { signal: stop.signal });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const events: Record<string, string>[] = [];
  void (async () => {
    let rest = '';
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      const parts = (rest + Buffer.from(chunk).toString('utf8')).split('\n\n');
      rest = parts.pop() ?? '';
      for (const part of parts) events.push(JSON.parse(part.replace(/^data: /, '')));
    }
  })().catch(() => {});
  await eventually(async () => events.length === 1);
  expect(events[0]?.apps).toContain('No application runs');
  await deploy({ id: '/web', cmd: 'sleep 1001', cpus: 0.1, mem: 32 });
  await eventually(async () => events.some(({ apps }) => apps?.includes('1 of 1')));
  for (const later of events.slice(1)) expect(Object.keys(later)).not.toContain('cluster');
  expect(events.every((event, n) => JSON.stringify(event) !== JSON.stringify(events[n - 1]))).toBe(true);
});

test('the output of a task is shown as text, and nothing else of this machine is', async () => {
  const { deploy, marathon, mesos } = await openCluster();
  const cmd = 'ln -sf /etc/passwd stderr; echo "<b>hello</b>"; sleep 1001';
  await deploy({ id: '/talk', cmd, cpus: 0.1, mem: 32 });
  const [{ id }] = (await marathon('GET', '/v2/apps/talk/tasks')).json.tasks;
  const output = (file: string, task = id) =>
    mesos('GET', `/local/output?${new URLSearchParams({ task, file }).toString()}`);
  await eventually(async () => (await output('stdout')).text.includes('<b>hello</b>'));
  const { headers } = await output('stdout');
  expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  for (const [file, task] of [['stderr'], ['/etc/passwd'], ['../stdout'], ['stdout', 'other']] as const) {
    const refused = await output(file, task);
    expect(refused.status, file).toBe(404);
    expect(refused.text).not.toContain('root:');
  }
});
