// Runs test/e2e/host inside the extension host of a real VS Code, with the packaged extension, and shows each of its cases as a
// test here. They run while this file is loaded, because only then their names are known.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';
import { build } from 'esbuild';
import { test } from 'vitest';
import { root } from '../../scripts/step.mjs';
import { startVSCode } from './harness/vscode.ts';
import type { Result } from './host/runner.ts';

for (const { name, error } of await runInHost()) {
  test(name, () => {
    if (error !== undefined) throw new Error(error);
  });
}

async function runInHost(): Promise<readonly Result[]> {
  const entry = path.join(root, 'build/e2e/host.cjs');
  await build({
    entryPoints: [path.join(root, 'test/e2e/host/index.ts')],
    outfile: entry,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode'],
    sourcemap: 'inline',
  });
  const results = path.join(root, 'build/results/in-host.json');
  mkdirSync(path.dirname(results), { recursive: true });
  rmSync(results, { force: true });
  const code = await startVSCode({ name: 'host', testDriver: true, env: { TOSCA_E2E_RESULTS: results } });
  try {
    const lines: string[] = [];
    let finish: (outcome: string) => void = () => {};
    const finished = new Promise<string>(resolve => {
      finish = resolve;
    });
    const timer = setTimeout(finish, 300_000, 'they had not ended after 5 minutes');
    const page = await code.open(
      [
        ['extensionDevelopmentPath', code.uri(code.extension)],
        ['extensionTestsPath', code.uri(entry)],
      ],
      async page => {
        await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
          lines.push(`${type}: ${format(...args)}`);
        });
        await page.exposeFunction('codeAutomationExit', (status: number) =>
          finish(status === 0 ? '' : `exit code ${status}`),
        );
        page.on('crash', () => finish('the page crashed'));
      },
    );
    const outcome = await finished;
    clearTimeout(timer);
    await page.screenshot({ path: path.join(root, 'build/screenshots/host.png') }).catch(() => {});
    if (outcome !== '')
      throw new Error(`The tests inside the extension host failed: ${outcome}.\n${lines.slice(-40).join('\n')}`);
    return JSON.parse(readFileSync(results, 'utf8')) as Result[];
  } finally {
    await code.stop();
  }
}
