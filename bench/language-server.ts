// A language server as an editor drives it: a process, spoken to over its standard input and output, and the moments at which it answers.
import { spawn } from 'node:child_process';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import type { Diagnostic } from 'vscode-languageserver-types';
import { ended, own } from './children.ts';

/** How to run a language server. */
export interface Program {
  readonly name: string;
  /** Arguments of Node. */
  readonly args: readonly string[];
  readonly languageId: string;
  /** What it gets when it asks for its configuration, by section. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Line and character, from 0. */
export type Position = readonly [line: number, character: number];

/** What stands between two positions becomes a text. */
export interface Edit {
  readonly from: Position;
  readonly to: Position;
  readonly text: string;
}

/** Whether diagnostics are the ones that are waited for. */
export type Accept = (diagnostics: readonly Diagnostic[]) => boolean;

/** Every wait ends: with the answer, or with an error that says what did not come. Times are in milliseconds. */
export interface LanguageServer {
  readonly name: string;
  readonly pid: number;
  /** From the start of the process to its answer to `initialize`. */
  readonly startTime: number;
  /** Closes the document that is open and opens another; the time until diagnostics come that are accepted. */
  open(uri: string, text: string, accept: Accept): Promise<number>;
  /** Edits the open document; the time until diagnostics come that are accepted. */
  edit(edits: readonly Edit[], accept: Accept): Promise<number>;
  /** Edits the open document and waits for nothing. */
  type(edits: readonly Edit[]): Promise<void>;
  /** Asks something about a position in the open document. */
  ask(method: 'textDocument/completion' | 'textDocument/hover', at: Position): Promise<Answer>;
  /** Diagnostics of the open document that came last. */
  readonly diagnostics: readonly Diagnostic[];
  stop(): Promise<void>;
}

export interface Answer {
  readonly milliseconds: number;
  readonly result: unknown;
}

const patience = 45_000;

interface Published {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: readonly Diagnostic[];
}

export async function startLanguageServer(program: Program): Promise<LanguageServer> {
  const began = performance.now();
  const child = own(spawn(process.execPath, [...program.args], { stdio: 'pipe' }));
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  let complaint = '';
  child.stderr.on('data', chunk => {
    complaint = `${complaint}${chunk}`.slice(-500);
  });
  const gone = new Promise<never>((_, reject) => {
    child.once('error', error => reject(new Error(`${program.name} could not be started: ${error.message}.`)));
    child.once('exit', (code, signal) =>
      reject(new Error(`${program.name} ended (${signal ?? `exit code ${code}`}). ${complaint.trim()}`.trim())),
    );
  });
  gone.catch(() => {}); // whoever waits is told; nobody need wait

  connection.onRequest('workspace/configuration', ({ items }: { items: readonly { section?: string }[] }) =>
    items.map(({ section }) => program.settings?.[section ?? ''] ?? null),
  );
  connection.onRequest('client/registerCapability', () => null);
  connection.onRequest('window/workDoneProgress/create', () => null);
  connection.onUnhandledNotification(() => {});
  connection.listen();

  let uri = '';
  let version = 0;
  let diagnostics: readonly Diagnostic[] = [];
  let published: (() => void) | undefined;
  connection.onNotification('textDocument/publishDiagnostics', (params: Published) => {
    // an answer to an older text does not count where a server says which text it speaks of
    if (params.uri !== uri || (params.version ?? version) < version) return;
    diagnostics = params.diagnostics;
    published?.();
  });

  /** The answer to `what`, or an error when it does not come in time or the server is gone. */
  async function within<T>(answer: Promise<T>, what: string): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`${program.name} did not ${what} within ${patience / 1000} s.`)),
        patience,
      );
    });
    try {
      return await Promise.race([answer, gone, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async function until(accept: Accept, send: () => Promise<void>, what: string): Promise<number> {
    const from = performance.now();
    const accepted = new Promise<number>(resolve => {
      published = () => {
        if (accept(diagnostics)) resolve(performance.now() - from);
      };
    });
    try {
      await send();
      return await within(accepted, what);
    } catch (error) {
      const [last] = diagnostics;
      const says = last === undefined ? '' : ` It says: ${JSON.stringify(last.message).slice(0, 200)}`;
      throw new Error(`${error instanceof Error ? error.message : String(error)}${says}`);
    } finally {
      published = undefined;
    }
  }

  async function type(edits: readonly Edit[]): Promise<void> {
    version += 1;
    await connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: edits.map(({ from: [line, character], to: [endLine, endCharacter], text }) => ({
        range: { start: { line, character }, end: { line: endLine, character: endCharacter } },
        text,
      })),
    });
  }

  await within(
    connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities }),
    'answer to initialize',
  );
  const startTime = performance.now() - began;
  await connection.sendNotification('initialized', {});

  return {
    name: program.name,
    pid: child.pid ?? 0,
    startTime,
    get diagnostics() {
      return diagnostics;
    },
    async open(next, text, accept) {
      if (uri !== '') await connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
      uri = next;
      version = 1;
      const { languageId } = program;
      const send = () =>
        connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId, version, text } });
      return await until(accept, send, 'report the mistake in the text that was opened');
    },
    edit: (edits, accept) => until(accept, () => type(edits), 'report what an edit changed'),
    type,
    async ask(method, [line, character]) {
      const from = performance.now();
      const asked = connection.sendRequest(method, { textDocument: { uri }, position: { line, character } });
      const result = await within(asked, `answer ${method}`);
      return { milliseconds: performance.now() - from, result };
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const polite = connection.sendRequest('shutdown').then(() => connection.sendNotification('exit'));
      polite.catch(() => {}); // it is killed below
      await ended(child, 5000);
      connection.dispose();
    },
  };
}

const capabilities = {
  workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } },
  textDocument: {
    synchronization: {},
    publishDiagnostics: { relatedInformation: true, versionSupport: true },
    completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown'] } },
    hover: { contentFormat: ['markdown'] },
  },
};
