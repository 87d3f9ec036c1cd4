// The page of the local cluster in a browser: it follows what runs, keeps the focus, asks nothing of others, and fits narrow screens.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalCluster, startLocalCluster } from '../../../cluster/src/local/start.ts';
import { root } from '../../../scripts/step.mjs';
import { launch } from '../harness/vscode.ts';

let cluster: LocalCluster;
let browser: Browser;
let page: Page;
/** What the browser complains of, a breach of the page's own policy among it, and what it asks others for. */
const complaints: string[] = [];

beforeAll(async () => {
  cluster = await startLocalCluster({ portBase: 0 });
  browser = await launch();
  page = await browser.newPage();
  page.on('console', message => complaints.push(message.text()));
  page.on('pageerror', error => complaints.push(error.message));
  page.on('request', request => {
    if (!request.url().startsWith(cluster.mesos)) complaints.push(request.url());
  });
  await page.goto(cluster.mesos);
  await page.getByRole('status').getByText('Live').waitFor();
});
afterAll(async () => {
  await browser?.close();
  await cluster?.stop();
});

const send = async (method: string, address: string, body?: unknown) => {
  const response = await fetch(address, {
    method,
    headers: { 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.ok).toBe(true);
};

test('what comes, changes and goes is shown without a reload', async () => {
  await page.getByText('No application runs.').waitFor();
  const app = { id: '/web', cmd: 'echo hello; sleep 1001', cpus: 0.1, mem: 32 };
  await send('POST', `${cluster.marathon}/v2/apps`, app);
  const row = page.getByRole('table', { name: 'Applications' }).getByRole('row', { name: '/web' });
  await row.getByText('1 of 1').waitFor();

  // by the keyboard, and the focus stays where it is while its section changes
  const output = page.getByRole('link', { name: /^stdout of web/ });
  await output.focus();
  await send('PUT', `${cluster.marathon}/v2/apps/web`, { instances: 2 });
  await row.getByText('2 of 2').waitFor();
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute('href')))
    .toBe(await output.last().getAttribute('href'));
  await send('DELETE', `${cluster.marathon}/v2/apps/web`);
  await page.getByText('No application runs.').waitFor();
  expect(complaints).toEqual([]);
  await page
    .getByRole('link', { name: /^stdout of web/ })
    .first()
    .press('Enter');
  await page.getByText('hello').waitFor();
  await page.goBack();
});

test.for(['light', 'dark'] as const)('it is readable on a narrow screen, %s', async colorScheme => {
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  const folder = path.join(root, 'build/screenshots/local-page');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `narrow-${colorScheme}.png`) });
});

test('without a script it is whole', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const plain = await context.newPage();
  await plain.goto(`${cluster.marathon}/`);
  expect(new URL(plain.url()).pathname).toBe('/ui/');
  await plain.getByRole('table', { name: 'Agents' }).getByRole('row', { name: '127.0.0.1' }).waitFor();
  await context.close();
});
