// What a user does and sees in VS Code's page: files, the editor, the command palette, questions, trees, messages. Waits
// for conditions, never for a time. Knows nothing of TOSCA or Mesos.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { root } from '../../../scripts/step.mjs';
import type { VSCode } from './vscode.ts';

const screenshots = path.join(root, 'build/screenshots');

/**
 * Declares the steps of one user's session. Each is a test; a screenshot of its end, or of its failure, is kept. After a failed
 * step the rest is skipped, since nothing is where it should be.
 */
export function session(name: string, page: () => Page) {
  const folder = path.join(screenshots, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  let count = 0;
  let broken = false;
  return (title: string, body: () => Promise<void>): void => {
    const number = String(++count).padStart(2, '0');
    const file = path.join(folder, `${number}-${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.png`);
    test(title, async context => {
      if (broken) context.skip('an earlier step failed');
      try {
        await body();
        await page().screenshot({ path: file, animations: 'disabled' });
      } catch (error) {
        broken = true;
        await page()
          .screenshot({ path: file.replace(/\.png$/, '-FAILED.png') })
          .catch(() => {});
        throw error;
      }
    });
  };
}

/** Waits until the workbench shows the open folder. */
export async function ready(page: Page): Promise<void> {
  await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 60_000 });
}

/** Opens a file of the open folder from the Explorer. */
export async function openFile(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+Shift+E');
  const row = page.locator('.explorer-folders-view .monaco-list-row', { hasText: name });
  await row.dblclick();
  await page.locator('.tab.active', { hasText: name }).waitFor();
  const group = page.locator('.editor-group-container.active');
  // the bars above an editor follow it a little later than its tab
  await group.locator('.breadcrumbs-control .monaco-breadcrumb-item', { hasText: name }).waitFor();
  await group.locator('.editor-instance .view-lines .view-line').first().waitFor();
}

/** Runs a command from the palette by its full title, for example `View: Toggle Terminal`. */
export async function command(page: Page, title: string): Promise<void> {
  await page.keyboard.press('F1');
  await question(page).locator('input').fill(`>${title}`);
  await choose(page, title);
}

/** The box at the top in which VS Code asks: palette, pick lists, input boxes. */
export function question(page: Page): Locator {
  return page.locator('.quick-input-widget:visible');
}

/** Chooses the entry whose label is, or begins with, this text. */
export async function choose(page: Page, label: string): Promise<void> {
  // by the keyboard: the list may still move under a click
  const list = question(page);
  await list.locator('.monaco-list-row', { hasText: label }).first().waitFor();
  const focused = list.locator('.monaco-list-row.focused', { hasText: label });
  for (let key = 0; key < 40 && (await focused.count()) === 0; key++) await page.keyboard.press('ArrowDown');
  await focused.waitFor();
  await page.keyboard.press('Enter');
}

/** Waits until the box at the top asks this: its prompt, title or placeholder holds the text. */
export async function asked(page: Page, text: string | RegExp): Promise<void> {
  const words = async (): Promise<string> => {
    const box = question(page);
    if ((await box.count()) === 0) return '';
    const texts = await box.locator('.quick-input-title, .quick-input-message').allTextContents();
    return [...texts, await box.locator('input').first().getAttribute('placeholder')].join('\n');
  };
  await expect.poll(words, { timeout: 20_000 }).toMatch(text);
}

/** Types into the box at the top and presses Enter. */
export async function answer(page: Page, text: string): Promise<void> {
  const input = question(page).locator('input').first();
  await input.fill(text);
  await input.press('Enter');
}

/** Puts the cursor at a place in the active editor; both count from 1. */
export async function goTo(page: Page, line: number, column: number): Promise<void> {
  await page.keyboard.press('Control+G');
  await answer(page, `:${line}:${column}`);
  await page.locator('.statusbar-item', { hasText: `Ln ${line}, Col ${column}` }).waitFor();
}

/** Line and column, from 1, behind the first occurrence of a text in a file of the open folder. */
export function place({ folder }: VSCode, name: string, text: string): [line: number, column: number] {
  const lines = readFileSync(path.join(folder, name), 'utf8').split('\n');
  const index = lines.findIndex(line => line.includes(text));
  const start = lines[index]?.indexOf(text);
  if (start === undefined) throw new Error(`"${text}" is not in ${name}.`);
  return [index + 1, start + text.length + 1];
}

/** A line of any editor that holds this text. */
export function line(page: Page, text: string | RegExp): Locator {
  return page.locator('.editor-instance .view-line', { hasText: text }).first();
}

/** The active editor. */
export function editor(page: Page): Locator {
  return page.locator('.editor-group-container.active .editor-instance .monaco-editor').first();
}

/** The underlines of errors in the active editor. */
export function errors(page: Page): Locator {
  return editor(page).locator('.cdr.squiggly-error');
}

/** Opens a view container by its name in the activity bar. */
export async function openContainer(page: Page, name: string): Promise<void> {
  const tab = page.locator(`.activitybar .action-label[aria-label^="${name}"]`);
  if ((await tab.getAttribute('aria-expanded')) !== 'true') await tab.click();
  await page.locator('.sidebar .composite.title', { hasText: name }).waitFor();
}

/** The rows of the tree in the side bar; `level` counts from 1. */
export function rows(page: Page, level?: number): Locator {
  const which = level === undefined ? '' : `[aria-level="${level}"]`;
  return page.locator(`.sidebar .customview-tree [role=treeitem]${which}`);
}

/** The row with this label, and text anywhere in it. */
export function row(page: Page, level: number, label: string, text: string | RegExp = ''): Locator {
  return rows(page, level)
    .filter({ has: page.locator('.label-name', { hasText: new RegExp(`^${label}$`) }) })
    .filter({ hasText: text })
    .first();
}

/** Opens a row's twistie unless it is open. */
export async function expand(item: Locator): Promise<void> {
  if ((await item.getAttribute('aria-expanded')) !== 'true') await item.locator('.monaco-tl-twistie').click();
  await expect.poll(() => item.getAttribute('aria-expanded')).toBe('true');
}

/** Chooses an entry of a row's context menu. */
export async function menu(page: Page, item: Locator, entry: string): Promise<void> {
  await item.click({ button: 'right' });
  // Hover and Enter, because a menu takes no click in its first moments: the right button might still be going up.
  await page.locator('.context-view .action-item', { hasText: entry }).first().hover();
  await page.keyboard.press('Enter');
}

/** A message at the bottom right that holds this text. */
export function message(page: Page, text: string | RegExp): Locator {
  return page.locator('.notifications-toasts .notification-list-item', { hasText: text }).first();
}

/** Presses a button of the modal question that is shown. */
export async function press(page: Page, button: string): Promise<void> {
  await page.locator('.monaco-dialog-box .monaco-button', { hasText: button }).first().click();
}

/** A button in the editor's title bar. */
export function titleButton(page: Page, button: string): Locator {
  return page.locator(`.editor-group-container.active .editor-actions .action-label[aria-label^="${button}"]`);
}

/** Presses a button in the editor's title bar. */
export async function pressTitle(page: Page, button: string): Promise<void> {
  await titleButton(page, button).click();
}
