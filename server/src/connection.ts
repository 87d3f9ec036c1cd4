// The switchboard: one line a request, each naming the feature that answers. No rule and no reading of text is here.
import { type Connection, TextDocumentSyncKind, TextDocuments } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Diagnostic } from 'vscode-languageserver-types';
import type { Plan } from '../../protocol/src/plan.ts';
import type { Requests } from '../../protocol/src/requests.ts';
import { codeActions } from './features/code-actions.ts';
import { complete, documentType, type TypeReference } from './features/completion.ts';
import { hover } from './features/hover.ts';
import { atOnce, openWorkspace } from './index.ts';
import { checkInput, templateInputs } from './plan/inputs.ts';
import type { Template } from './template/template.ts';

type Params<Method extends keyof Requests> = Requests[Method]['params'];
type Result<Method extends keyof Requests> = Requests[Method]['result'];

export function serve(connection: Connection, version: string): void {
  const documents = new TextDocuments(TextDocument);
  const workspace = openWorkspace(uri => documents.get(uri)?.getText());
  const waiting = new Set<string>();
  const published = new Map<string, readonly Diagnostic[]>();

  connection.onInitialize(() => ({
    capabilities: {
      textDocumentSync: TextDocumentSyncKind.Incremental,
      completionProvider: { triggerCharacters: [' ', ':', '[', '-', '.'], resolveProvider: true },
      hoverProvider: true,
      codeActionProvider: { codeActionKinds: ['quickfix'] },
    },
    serverInfo: { name: 'tosca-mesos', version },
  }));

  connection.onCompletion(
    ({ textDocument, position }) => at(textDocument.uri, template => complete(template, position)) ?? [],
  );
  connection.onCompletionResolve(item => {
    const type = item.data as TypeReference | undefined;
    return (type && at(type.uri, template => documentType(item, template, type))) ?? item;
  });
  connection.onHover(
    ({ textDocument, position }) => at(textDocument.uri, template => hover(template, position)) ?? null,
  );
  connection.onCodeAction(
    ({ textDocument, range }) =>
      at(textDocument.uri, template => codeActions(template, atOnce(workspace.findings(template)), range)) ?? [],
  );
  connection.onRequest(
    'tosca/inputs',
    ({ uri }: Params<'tosca/inputs'>): Result<'tosca/inputs'> => at(uri, templateInputs) ?? [],
  );
  connection.onRequest(
    'tosca/checkInput',
    ({ uri, name, value }: Params<'tosca/checkInput'>): Result<'tosca/checkInput'> => {
      return at(uri, template => checkInput(template, name, value)) ?? null;
    },
  );
  connection.onRequest('tosca/plan', plan);

  documents.onDidChangeContent(({ document }) => publishSoon(document.uri));
  documents.onDidClose(({ document }) => {
    published.delete(document.uri);
    workspace.forget(document.uri);
    connection.sendDiagnostics({ uri: document.uri, diagnostics: [] });
  });
  connection.onDidChangeWatchedFiles(() => {
    for (const { uri } of documents.all()) publishSoon(uri);
  });
  documents.listen(connection);
  connection.listen();

  function at<T>(uri: string, feature: (template: Template) => T): T | undefined {
    const template = workspace.template(uri);
    return 'problem' in template ? undefined : feature(template);
  }

  /** After the changes that have come in already, and before anything else is read: no delay, no work for a text that is past. */
  function publishSoon(changed: string): void {
    if (waiting.size === 0) setImmediate(publish);
    waiting.add(changed);
  }

  /** All that is open is looked at, for what changed may be imported; what came out as before is not sent again. */
  function publish(): void {
    const changed = new Set(waiting);
    waiting.clear();
    for (const document of documents.all().sort((one, other) => rank(one.uri) - rank(other.uri))) {
      const { uri, version } = document;
      const diagnostics = workspace.diagnostics(uri);
      if (!changed.has(uri) && published.get(uri) === diagnostics) continue;
      published.set(uri, diagnostics);
      connection.sendDiagnostics({ uri, version, diagnostics });
    }

    function rank(uri: string): number {
      return changed.has(uri) ? 0 : 1;
    }
  }

  function plan(params: Params<'tosca/plan'>): Plan {
    const made = workspace.plan(params);
    if ('problem' in made) throw new Error(made.problem);
    return made;
  }
}
