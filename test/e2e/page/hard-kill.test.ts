// The local cluster's process is killed hard while a deployment is under way: the tree says so, nothing hangs, no task outlives
// it, and it starts again.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { countProcesses, localClusterProcess, newMark } from '../harness/processes.ts';
import { startVSCode, type VSCode } from '../harness/vscode.ts';
import * as workbench from '../harness/workbench.ts';

let code: VSCode;
let page: Page;

const mark = newMark();

beforeAll(async () => {
  code = await startVSCode({ name: 'hard-kill' });
  // The worker asks for more than the cluster has, so that its deployment waits for as long as it is left to.
  const text = readFileSync(path.join(code.folder, 'two-services.tosca.yaml'), 'utf8');
  const waiting = text.replace('num_cpus: { get_input: worker_cpus }', 'num_cpus: 10000').replace('request $n', mark);
  writeFileSync(path.join(code.folder, 'waiting.tosca.yaml'), waiting);
  page = await code.open();
  await workbench.ready(page);
});
afterAll(() => code?.stop());

const step = workbench.session('hard-kill', () => page);

step('a deployment waits for resources while its other app runs', async () => {
  await workbench.openFile(page, 'waiting.tosca.yaml');
  await workbench.pressTitle(page, 'Deploy');
  await workbench.asked(page, 'Deploy to which cluster?');
  await workbench.choose(page, 'Local cluster');
  await workbench.asked(page, 'Name of the deployment');
  await workbench.answer(page, 'waiting');
  await workbench.asked(page, 'default values');
  await workbench.choose(page, 'Continue');
  await workbench.asked(page, 'Deploy waiting to Local cluster');
  await workbench.choose(page, 'Deploy');
  await workbench.openContainer(page, 'Mesos');
  await workbench.row(page, 4, 'api', '1/1').waitFor({ timeout: 60_000 });
  await workbench.row(page, 4, 'worker', '0/1').waitFor();
  expect(countProcesses(mark)).toBeGreaterThan(0);
});

step('the cluster is killed hard and the tree says so', async () => {
  const killed = Date.now();
  process.kill(localClusterProcess(code.runtimeDirectory), 'SIGKILL');
  // Wanted within 2 s; the bound leaves room for a machine that is busy with other things.
  await workbench.row(page, 1, 'Local cluster', 'not running').waitFor({ timeout: 20_000 });
  const seen = Date.now() - killed;
  await expect.poll(() => countProcesses(mark), { timeout: 30_000 }).toBe(0);
  console.log(`The tree said so after ${seen} ms; the last task was gone after ${Date.now() - killed} ms.`);
});

step('the deployment ends with a sentence', async () => {
  await workbench.message(page, /waiting (was not deployed|on Local cluster)/).waitFor({ timeout: 60_000 });
});

step('the cluster starts again', async () => {
  await workbench.command(page, 'Mesos: Start the Local Cluster');
  await workbench.row(page, 1, 'Local cluster', 'running').waitFor({ timeout: 30_000 });
  await workbench.row(page, 2, 'Applications').waitFor({ timeout: 30_000 });
});

step('and takes the next deployment', async () => {
  await workbench.openFile(page, 'web.tosca.yaml');
  await workbench.command(page, 'TOSCA: Deploy Template…');
  await workbench.asked(page, 'Deploy to which cluster?');
  await workbench.choose(page, 'Local cluster');
  await workbench.asked(page, 'Name of the deployment');
  await workbench.answer(page, 'again');
  await workbench.asked(page, 'default values');
  await workbench.choose(page, 'Continue');
  await workbench.asked(page, 'Deploy again to Local cluster');
  await workbench.choose(page, 'Deploy');
  await workbench.openContainer(page, 'Mesos');
  await workbench.row(page, 3, 'again', '1/1').waitFor({ timeout: 60_000 });
});
