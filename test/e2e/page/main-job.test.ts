// The main job through the page, as a user does it: mend a template, deploy it to the local cluster, watch it, read its output,
// scale it, take it away.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { countProcesses, newMark } from '../harness/processes.ts';
import { startVSCode, type VSCode } from '../harness/vscode.ts';
import * as workbench from '../harness/workbench.ts';

let code: VSCode;
let page: Page;

const mark = newMark();

beforeAll(async () => {
  code = await startVSCode({ name: 'main-job' });
  const file = path.join(code.folder, 'web.tosca.yaml');
  const text = readFileSync(file, 'utf8').replace("; done'", `; done # ${mark}'`);
  writeFileSync(file, text.replace(/required: no\n *default: Hello from Mesos/, 'required: yes'));
  page = await code.open();
  await workbench.ready(page);
});
afterAll(() => code?.stop());

const step = workbench.session('main-job', () => page);

// How deep the rows of the tree stand.
const cluster = 1;
const heading = 2;
const deployment = 3;
const app = 4;
const task = 5;

step('an example opens and nothing is wrong with it', async () => {
  await workbench.openFile(page, 'web.tosca.yaml');
  await page.locator('.statusbar-item', { hasText: /^TOSCA$/ }).waitFor();
  await expect.poll(() => workbench.errors(page).count()).toBe(0);
});

step('a mistake is underlined', async () => {
  await workbench.goTo(page, ...workbench.place(code, 'web.tosca.yaml', '        command'));
  for (let key = 0; key < 5; key++) await page.keyboard.press('Backspace');
  await page.keyboard.type('mand', { delay: 30 });
  await page.keyboard.press('Escape');
  await workbench.line(page, 'comand:').waitFor();
  await workbench.errors(page).first().waitFor();
});

step('the list of problems has it as it is now, not as it was half-typed', async () => {
  await page.keyboard.press('Control+Shift+M');
  const problems = page.locator('.markers-panel');
  await problems.locator('.monaco-list-row', { hasText: '"comand" is no property' }).first().waitFor();
  await page.keyboard.press('Control+Shift+M');
  await problems.waitFor({ state: 'hidden' });
});

step('hovering over it tells what is wrong', async () => {
  await workbench
    .editor(page)
    .locator('.view-line span', { hasText: /^comand$/ })
    .last()
    .hover();
  await page.locator('.monaco-hover:visible', { hasText: 'command' }).first().waitFor();
});

step('a completion mends it', async () => {
  for (let key = 0; key < 4; key++) await page.keyboard.press('Backspace');
  await page.keyboard.press('Control+Space');
  await page.locator('.suggest-widget.visible .monaco-list-row', { hasText: 'command' }).first().waitFor();
});

step('the completion is taken', async () => {
  // by the keyboard: the list may still move under a click
  await page.locator('.suggest-widget.visible .monaco-list-row.focused', { hasText: 'command' }).waitFor();
  await page.keyboard.press('Enter');
  await workbench.line(page, /command:\s'while/).waitFor();
  await expect.poll(() => workbench.errors(page).count()).toBe(0);
  await page.keyboard.press('Control+S');
});

step('deploying asks for the cluster', async () => {
  await workbench.pressTitle(page, 'Deploy');
  await workbench.asked(page, 'Deploy to which cluster?');
});

step('then for a name', async () => {
  await workbench.choose(page, 'Local cluster');
  await workbench.asked(page, 'Name of the deployment');
});

step('then for the input that has no value', async () => {
  await workbench.answer(page, 'hello');
  await workbench.asked(page, 'What the service says');
});

step('then offers to change the others, and refuses what is no number', async () => {
  await workbench.answer(page, 'Hello from the page');
  await workbench.asked(page, 'default values');
  await workbench.choose(page, 'Change the Defaults');
  await workbench.asked(page, 'Change which value?');
  await workbench.choose(page, 'cpus');
  await workbench.asked(page, 'CPUs for each instance');
  await workbench.answer(page, 'many');
  await workbench.asked(page, /many.? is no number/);
});

step('then shows the plan and asks', async () => {
  await workbench.answer(page, '0.2');
  await workbench.choose(page, 'Continue');
  await workbench.asked(page, 'Deploy hello to Local cluster: 1 app');
  await page.locator('.tab', { hasText: 'web.tosca.yaml plan.md' }).waitFor();
  await workbench.line(page, '"cpus": 0.2').waitFor();
});

step('it is deployed, and its address told', async () => {
  await workbench.choose(page, 'Deploy');
  await workbench.message(page, /hello runs on Local cluster: http:\/\//).waitFor({ timeout: 60_000 });
});

step('the tree shows the app running', async () => {
  await workbench.openContainer(page, 'Mesos');
  await workbench.row(page, cluster, 'Local cluster', 'running').waitFor();
  await workbench.row(page, deployment, 'hello', '1/1').waitFor();
  await workbench.row(page, app, 'web', '1/1').waitFor();
});

step('its output opens and grows', async () => {
  await workbench.expand(workbench.row(page, app, 'web'));
  await workbench.rows(page, task).first().click();
  await page.locator('.tab.active', { hasText: 'web stdout' }).waitFor();
  const lines = () => workbench.editor(page).locator('.view-line', { hasText: 'Hello from the page' }).count();
  await expect.poll(lines, { timeout: 20_000 }).toBeGreaterThan(0);
  const before = await lines();
  await expect.poll(lines, { timeout: 20_000 }).toBeGreaterThan(before);
});

step('it is scaled to 3', async () => {
  await workbench.menu(page, workbench.row(page, app, 'web'), 'Scale');
  await workbench.asked(page, 'How many instances?');
  await workbench.answer(page, '3');
  await workbench.row(page, app, 'web', '3/3').waitFor({ timeout: 60_000 });
  await expect.poll(() => workbench.rows(page, task).count(), { timeout: 20_000 }).toBe(3);
  await expect.poll(() => countProcesses(mark)).toBeGreaterThanOrEqual(3);
});

step('undeploying says what is lost and asks', async () => {
  await workbench.menu(page, workbench.row(page, deployment, 'hello'), 'Undeploy');
  await page.locator('.monaco-dialog-box', { hasText: 'Undeploy hello from Local cluster?' }).waitFor();
});

step('and leaves nothing', async () => {
  await workbench.press(page, 'Undeploy');
  await workbench.message(page, 'hello is gone from Local cluster').waitFor({ timeout: 60_000 });
  await workbench.row(page, heading, 'Applications', 'none').waitFor();
  await expect.poll(() => workbench.rows(page, deployment).count()).toBe(0);
  expect(countProcesses(mark)).toBe(0);
});
