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

export interface Published {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: readonly Diagnostic[];
}

export interface LanguageServer {
  readonly connection: ProtocolConnection;
  /** All that it has published; a test may empty it. */
  readonly published: Published[];
  open(uri: string, text: string): Promise<void>;
  /** A new text in place of the old one. */
  change(uri: string, version: number, text: string): Promise<void>;
  /** `severity code` of each diagnostic of a file, as soon as they are these. */
  until(uri: string, ...expected: readonly string[]): Promise<readonly Diagnostic[]>;
  /** What it publishes of a version of a file; undefined of one that is not open. */
  next(uri: string, version: number | undefined): Promise<Published>;
  /** Its exit code. */
  stop(): Promise<number | null>;
  /** The same where the client is gone without a word. */
  hangUp(): Promise<number | null>;
}

export async function startServer(
  rootUri: string | null,
  initializationOptions: object = {},
  capabilities: object = {},
): Promise<LanguageServer> {
  const child: ChildProcess = spawn(process.execPath, [program, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  if (child.stdin === null || child.stdout === null) throw new Error('no pipes');
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const { stdin } = child;
  const gone = new Promise<number | null>(resolve => child.once('exit', resolve));
  const published: Published[] = [];
  const listeners = new Set<() => void>();
  connection.onNotification('textDocument/publishDiagnostics', (params: Published) => {
    published.push(params);
    for (const tell of listeners) tell();
  });
  /** The first value that `look` finds in what is published. */
  const found = <T>(look: () => T | undefined): Promise<T> =>
    new Promise(resolve => {
      const tell = () => {
        const value = look();
        if (value === undefined) return;
        listeners.delete(tell);
        resolve(value);
      };
      listeners.add(tell);
      tell();
    });
  connection.listen();
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri,
    capabilities,
    initializationOptions,
  });
  await connection.sendNotification('initialized', {});
  return {
    connection,
    published,
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
      found(() => {
        const last = published.findLast(each => each.uri === uri)?.diagnostics;
        return last?.map(({ severity, code }) => `${severity} ${code}`).join() === expected.join() ? last : undefined;
      }),
    next: (uri, version) => found(() => published.find(each => each.uri === uri && each.version === version)),
    async stop() {
      await connection.sendRequest('shutdown');
      await connection.sendNotification('exit');
      const code = await gone;
      connection.dispose();
      return code;
    },
    hangUp() {
      stdin.end();
      return gone;
    },
  };
}
