// A folder that is not trusted: templates are checked, nothing is fetched, nothing can be deployed. Once it is trusted, the imports are
// fetched and what they say counts.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { openWeb, says, type Web } from '../../server/workspace/web.ts';
import { startVSCode, type VSCode } from '../harness/vscode.ts';
import * as workbench from '../harness/workbench.ts';

let code: VSCode;
let page: Page;
let web: Web;

beforeAll(async () => {
  web = await openWeb();
  web.answers.set(
    '/types.yaml',
    says(`tosca_definitions_version: tosca_simple_yaml_1_0
node_types:
  example.Box:
    derived_from: tosca.nodes.Root
    properties:
      colour: { type: string }
`),
  );
  code = await startVSCode({
    name: 'trust',
    settings: { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' },
  });
  writeFileSync(
    path.join(code.folder, 'box.tosca.yaml'),
    `tosca_definitions_version: tosca_simple_yaml_1_0
imports:
  - box_types: ${web.address}/types.yaml
topology_template:
  node_templates:
    box:
      type: example.Box
      properties:
        colur: red
`,
  );
  page = await code.open();
  await workbench.ready(page);
});
afterAll(async () => {
  await code?.stop();
  await web?.close();
});

const step = workbench.session('trust', () => page);
const problem = (text: string | RegExp) => page.locator('.markers-panel .monaco-list-row', { hasText: text }).first();

step('in a folder that is not trusted the import is not fetched, and the editor says so', async () => {
  await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
  await workbench.openFile(page, 'box.tosca.yaml');
  await workbench.command(page, 'Problems: Focus on Problems View');
  await problem('this workspace is not trusted').waitFor();
  expect(web.requests).toEqual([]);
});

const deploys = () => workbench.titleButton(page, 'Deploy').getAttribute('aria-disabled');

step('nothing can be deployed from there', async () => {
  await workbench.openFile(page, 'web.tosca.yaml');
  await expect.poll(deploys).toBe('true');
});

step('once it is trusted, the import is fetched, and what it declares counts', async () => {
  await workbench.openFile(page, 'box.tosca.yaml');
  await workbench.command(page, 'Workspaces: Manage Workspace Trust');
  await page
    .locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ })
    .first()
    .click();
  await page.locator('.workspace-trust-editor .workspace-trust-trusted').waitFor();
  await page.locator('.monaco-modal-editor-block .action-label.codicon-close').first().click();
  await page.locator('.workspace-trust-editor').waitFor({ state: 'detached' });
  await workbench.command(page, 'Problems: Focus on Problems View');
  await problem('Did you mean "colour"?').waitFor();
  expect(web.requests.map(({ url }) => url)).toEqual(['/types.yaml']);
  await workbench.openFile(page, 'web.tosca.yaml');
  await expect.poll(deploys).not.toBe('true');
});
