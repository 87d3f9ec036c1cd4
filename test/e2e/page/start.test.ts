// `npm start` as a newcomer meets it: it ends with an address, and a browser there shows the examples and the running cluster.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { root } from '../../../scripts/step.mjs';
import { countProcesses, isAlive, localClusterProcess } from '../harness/processes.ts';
import { launch } from '../harness/vscode.ts';
import * as workbench from '../harness/workbench.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'tosca-mesos-start-'));
let browser: Browser;
let page: Page;
let start: ChildProcess;
let address = '';

beforeAll(async () => {
  browser = await launch();
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
});
afterAll(async () => {
  await browser?.close();
  start?.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

const step = workbench.session('start', () => page);

step('it ends with an address, and the page there shows the examples', async () => {
  const args = ['scripts/start.mjs', '--port', '0', '--folder', folder, '--no-open'];
  const env = { ...process.env, XDG_RUNTIME_DIR: folder, TMPDIR: folder };
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  start = child;
  for await (const line of createInterface({ input: child.stdout })) {
    address = /^TOSCA for Mesos is ready: (http:\S+)$/.exec(line)?.[1] ?? '';
    if (address !== '') break;
  }
  expect(address, 'it has told its address').not.toBe('');
  for (const example of ['two-services', 'pipeline']) {
    const deploy = ['bin/tosca-mesos', 'deploy', `examples/${example}.tosca.yaml`, '--to', 'local'];
    execFileSync(process.execPath, deploy, { cwd: root, env, stdio: 'ignore' });
  }
  await page.goto(address);
  await workbench.ready(page);
  const shown = '.explorer-folders-view .monaco-list-row, .tab.active';
  await page.locator(shown, { hasText: 'pipeline.tosca.yaml' }).first().waitFor();
});

step('the local cluster runs, and all that was deployed before is in the tree', async () => {
  await workbench.openContainer(page, 'Mesos');
  await workbench.row(page, 1, 'Local cluster', 'running').waitFor();
  await workbench.row(page, 4, 'worker', '1/1').waitFor();
  await workbench.row(page, 4, 'publish', 'succeeded').waitFor();
});

step('nobody gets in without the token', async () => {
  expect((await fetch(new URL('/', address))).status).toBe(403);
});

step('when it is told to end, it leaves nothing running', async () => {
  const cluster = localClusterProcess(folder);
  expect(isAlive(cluster)).toBe(true);
  expect(countProcesses(folder)).toBeGreaterThan(0);
  const ended = new Promise(resolve => start.once('exit', resolve));
  start.kill('SIGINT');
  expect(await ended).toBe(0);
  await expect.poll(() => countProcesses(folder), { timeout: 20_000 }).toBe(0);
  expect(isAlive(cluster)).toBe(false);
});
