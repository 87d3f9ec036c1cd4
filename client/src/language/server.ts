// Starts the language server and asks it the requests that LSP does not have. What they mean is in protocol/src/requests.ts.
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import type { InitializationOptions, Requests } from '../../../protocol/src/requests.ts';

/** Asks the server. Rejects with one sentence when the server does not run. */
export type Ask = <Method extends keyof Requests>(
  method: Method,
  params: Requests[Method]['params'],
  token?: vscode.CancellationToken,
) => Promise<Requests[Method]['result']>;

export interface LanguageServer {
  readonly ask: Ask;
  dispose(): Promise<void>;
}

/** `module` is the server's program, `storage` a folder for what it keeps: copies of imports. Returns at once; requests wait until it is up. */
export function startLanguageServer(module: string, storage: vscode.Uri, log: vscode.LogOutputChannel): LanguageServer {
  const client = new LanguageClient(
    'toscaMesos',
    'TOSCA language server',
    {
      run: { module, transport: TransportKind.ipc },
      debug: { module, transport: TransportKind.ipc, options: { execArgv: ['--nolazy', '--inspect=0'] } },
    },
    {
      documentSelector: [{ language: 'tosca' }],
      outputChannel: log,
      initializationOptions: (): InitializationOptions => ({
        trusted: vscode.workspace.isTrusted,
        importCache: vscode.Uri.joinPath(storage, 'imports').fsPath,
        ...proxies(),
      }),
      // A template may import any of these, and archives are checked too.
      synchronize: {
        configurationSection: 'toscaMesos',
        fileEvents: vscode.workspace.createFileSystemWatcher('**/*.{yaml,yml,tosca,csar}'),
      },
    },
  );
  const started = existsSync(module)
    ? client.start()
    : Promise.reject(new Error(`The language server is missing: there is no ${module}.`));
  started.catch(error => log.error(error instanceof Error ? error.message : String(error)));
  const trust = vscode.workspace.onDidGrantWorkspaceTrust(async () => {
    await started;
    await client.sendNotification('tosca/trusted');
  });
  return {
    async ask(method, params, token) {
      await started;
      return client.sendRequest(method, params, token);
    },
    async dispose() {
      trust.dispose();
      await started.catch(() => undefined);
      await client.dispose();
    },
  };
}

/** Those of VS Code's settings; without any, the server asks the environment. */
function proxies(): Pick<InitializationOptions, 'proxies'> {
  const settings = vscode.workspace.getConfiguration('http');
  if (settings.get('proxySupport') === 'off') return { proxies: {} };
  const proxy = settings.get<string>('proxy', '');
  if (proxy === '') return {};
  return { proxies: { http: proxy, https: proxy, except: settings.get<string[]>('noProxy', []).join(',') } };
}
