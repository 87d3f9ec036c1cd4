// The built language server as a child, for tests: what it publishes is kept, and can be waited for.
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import {
  createProtocolConnection,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import type { Diagnostic } from 'vscode-languageserver-types';

const program = path.join(__dirname, '../../bin/tosca-mesos-language-server');

export interface LanguageServer {
  readonly connection: ProtocolConnection;
  open(uri: string, text: string): Promise<void>;
  /** A new text in place of the old one. */
  change(uri: string, version: number, text: string): Promise<void>;
  /** `severity code` of each diagnostic of a file, as soon as they are these. */
  until(uri: string, ...expected: readonly string[]): Promise<readonly Diagnostic[]>;
  stop(): Promise<number | null>;
}

export async function startServer(rootUri: string | null, initializationOptions: object): Promise<LanguageServer> {
  const child: ChildProcess = spawn(process.execPath, [program, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  if (child.stdin === null || child.stdout === null) throw new Error('no pipes');
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const published = new Map<string, readonly Diagnostic[]>();
  const listeners = new Set<() => void>();
  connection.onNotification(
    'textDocument/publishDiagnostics',
    ({ uri, diagnostics }: { uri: string; diagnostics: Diagnostic[] }) => {
      published.set(uri, diagnostics);
      for (const tell of listeners) tell();
    },
  );
  connection.listen();
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri,
    capabilities: {},
    initializationOptions,
  });
  await connection.sendNotification('initialized', {});
  return {
    connection,
    open: (uri, text) =>
      connection.sendNotification('textDocument/didOpen', {
        textDocument: { uri, languageId: 'tosca', version: 1, text },
      }),
    change: (uri, version, text) =>
      connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [{ text }],
      }),
    until: (uri, ...expected) =>
      new Promise(resolve => {
        const look = () => {
          const found = published.get(uri);
          if (found?.map(({ severity, code }) => `${severity} ${code}`).join() !== expected.join()) return;
          listeners.delete(look);
          resolve(found);
        };
        listeners.add(look);
        look();
      }),
    async stop() {
      await connection.sendRequest('shutdown');
      const gone = new Promise<number | null>(resolve => child.once('exit', resolve));
      await connection.sendNotification('exit');
      const code = await gone;
      connection.dispose();
      return code;
    },
  };
}
