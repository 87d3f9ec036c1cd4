// Diagnostics for clients that ask for them: of a document, as soon as it has been looked at, and of the workspace, as far as it is known.
import {
  type Connection,
  type DocumentDiagnosticReport,
  LSPErrorCodes,
  ResponseError,
  type WorkspaceDocumentDiagnosticReport,
} from 'vscode-languageserver/node';
import type { Diagnosed, Diagnosing } from './diagnosing.ts';

export interface Pulling {
  /** What was found in a file; kept for those that are not open. */
  note(result: Diagnosed): void;
  drop(uri: string): void;
  /** URIs of the files that are not open and have been looked at. */
  closed(): readonly string[];
}

export interface PullingOptions extends Pick<Diagnosing, 'result'> {
  /** Settled when the whole workspace has been looked at. */
  readonly idle: () => Promise<void>;
  readonly isOpen: (uri: string) => boolean;
}

export function servePulls(connection: Connection, { result: resultOf, idle, isOpen }: PullingOptions): Pulling {
  const known = new Map<string, Diagnosed>();

  connection.languages.diagnostics.on(async ({ textDocument: { uri }, previousResultId }, token) => {
    const result = await resultOf(uri);
    if (result === undefined || token.isCancellationRequested)
      throw new ResponseError(LSPErrorCodes.ServerCancelled, 'The document has changed.', { retriggerRequest: false });
    const { id, diagnostics } = result;
    const report: DocumentDiagnosticReport =
      id === previousResultId
        ? { kind: 'unchanged', resultId: id }
        : { kind: 'full', resultId: id, items: [...diagnostics] };
    return report;
  });

  connection.languages.diagnostics.onWorkspace(async ({ previousResultIds }) => {
    await idle();
    const before = new Map(previousResultIds.map(({ uri, value }) => [uri, value]));
    const closed = [...known.values()].filter(({ uri }) => !isOpen(uri));
    const items = closed.map(
      ({ uri, id, diagnostics }): WorkspaceDocumentDiagnosticReport =>
        before.get(uri) === id
          ? { kind: 'unchanged', uri, version: null, resultId: id }
          : { kind: 'full', uri, version: null, resultId: id, items: [...diagnostics] },
    );
    const gone = [...before.keys()].filter(uri => !known.has(uri) && !isOpen(uri));
    return {
      items: [
        ...items,
        ...gone.map((uri): WorkspaceDocumentDiagnosticReport => ({ kind: 'full', uri, version: null, items: [] })),
      ],
    };
  });

  return {
    note(result) {
      known.set(result.uri, result);
    },
    drop(uri) {
      known.delete(uri);
    },
    closed: () => [...known.keys()].filter(uri => !isOpen(uri)),
  };
}
