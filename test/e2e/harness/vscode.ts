// A VS Code for one test file: its server with the packaged extension, a folder of its own to open, and the Chromium that
// shows it. What a test does in it is in workbench.ts; how the server is started is in scripts/vscode.mjs.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { chromium as findChromium } from '../../../scripts/setup.mjs';
import { logs, root } from '../../../scripts/step.mjs';
import { installExtension, prepare, startServer } from '../../../scripts/vscode.mjs';

export interface VSCode {
  /** The folder that is open: a copy of `examples/`. */
  readonly folder: string;
  /** Where the packaged extension is installed. */
  readonly extension: string;
  /** The run-time directory of everything in it: a local cluster that it starts is its own. */
  readonly runtimeDirectory: string;
  /** Opens the workbench in a new page. `payload` are entries of VS Code's `payload` parameter. */
  open(payload?: readonly (readonly [string, string])[], prepare?: (page: Page) => Promise<void>): Promise<Page>;
  /** The address under which VS Code knows a file of this machine. */
  uri(file: string): string;
  stop(): Promise<void>;
}

export interface VSCodeOptions {
  /** Names the logs. */
  readonly name: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: NodeJS.ProcessEnv;
  /** Lets tests run inside the extension host; hides information messages. */
  readonly testDriver?: boolean;
}

/** Starts it all; whoever calls must `stop()` it. */
export async function startVSCode({ name, settings, env, testDriver = false }: VSCodeOptions): Promise<VSCode> {
  const home = mkdtempSync(path.join(tmpdir(), 'tosca-mesos-e2e-'));
  const remove = (): void => rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  process.once('exit', remove);
  const stops: (() => Promise<void>)[] = [async () => remove(), async () => void process.off('exit', remove)];
  const stop = async (): Promise<void> => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    const folder = path.join(home, 'examples');
    cpSync(path.join(root, 'examples'), folder, { recursive: true });
    const runtimeDirectory = path.join(home, 'run');
    mkdirSync(runtimeDirectory, { mode: 0o700 });
    const data = path.join(home, 'vscode');
    prepare(data, settings);
    installExtension(data, packagedExtension());
    const server = await startServer(data, {
      testDriver,
      env: { XDG_RUNTIME_DIR: runtimeDirectory, TMPDIR: runtimeDirectory, ...env },
      log: path.join(logs, `${name}-vscode.log`),
    });
    stops.push(server.stop, async () => keepLogs(data, name));
    const browser = await launch();
    stops.push(() => browser.close());
    const authority = `127.0.0.1:${server.port}`;
    return {
      folder,
      extension: installedExtension(data),
      runtimeDirectory,
      uri: file => `vscode-remote://${authority}${file}`,
      async open(payload = [], beforehand) {
        const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
        await beforehand?.(page);
        const query = {
          folder,
          payload: JSON.stringify([['skipWelcome', 'true'], ['skipReleaseNotes', 'true'], ...payload]),
        };
        await page.goto(`http://${authority}/?${new URLSearchParams(query)}`);
        return page;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

export function launch(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error('There is no Chromium: run "npm test" or "node scripts/setup.mjs" first.');
  const quiet = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
  const args = [...quiet, '--disable-component-update', '--disable-sync', '--no-sandbox'];
  return chromium.launch({ executablePath, headless: true, args });
}

function packagedExtension(): string {
  const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Record<string, string>;
  return path.join(root, `${name}-${version}.vsix`);
}

function installedExtension(data: string): string {
  const folder = path.join(data, 'extensions');
  const name = readdirSync(folder).find(entry => entry.startsWith('tosca-mesos.tosca-mesos-'));
  if (name === undefined) throw new Error(`The extension is not in ${folder}.`);
  return path.join(folder, name);
}

/** The logs of the extension host and of the extension's output channels. */
function keepLogs(data: string, name: string): void {
  const to = path.join(logs, `${name}-data`);
  rmSync(to, { recursive: true, force: true });
  cpSync(path.join(data, 'data/logs'), to, { recursive: true });
}
