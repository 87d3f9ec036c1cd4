// The switchboard: one line a request, each naming the feature that answers. No rule and no reading of text is here.
import os from 'node:os';
import { type Connection, TextDocumentSyncKind, TextDocuments } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Plan } from '../../protocol/src/plan.ts';
import type { PlanParams, Requests } from '../../protocol/src/requests.ts';
import { codeActions } from './features/code-actions.ts';
import { complete } from './features/completion.ts';
import { hover } from './features/hover.ts';
import { openWorkspace } from './index.ts';
import { checkInput, templateInputs } from './plan/inputs.ts';
import { defaultVolumesBasePath, nameFrom, planTemplate } from './plan/plan.ts';
import type { Template } from './template/template.ts';

type Params<Method extends keyof Requests> = Requests[Method]['params'];
type Result<Method extends keyof Requests> = Requests[Method]['result'];

export function serve(connection: Connection, version: string): void {
  const documents = new TextDocuments(TextDocument);
  const workspace = openWorkspace(uri => documents.get(uri)?.getText());
  const waiting = new Set<string>();

  connection.onInitialize(() => ({
    capabilities: {
      textDocumentSync: TextDocumentSyncKind.Incremental,
      completionProvider: { triggerCharacters: [' ', ':', '[', '-', '.'] },
      hoverProvider: true,
      codeActionProvider: { codeActionKinds: ['quickfix'] },
    },
    serverInfo: { name: 'tosca-mesos', version },
  }));

  connection.onCompletion(
    ({ textDocument, position }) => at(textDocument.uri, template => complete(template, position)) ?? [],
  );
  connection.onHover(
    ({ textDocument, position }) => at(textDocument.uri, template => hover(template, position)) ?? null,
  );
  connection.onCodeAction(
    ({ textDocument, range }) => at(textDocument.uri, template => codeActions(template, range)) ?? [],
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
  connection.onRequest('tosca/plan', (params: Params<'tosca/plan'>): Plan => plan(params));

  documents.onDidChangeContent(({ document }) => publishSoon(document.uri));
  documents.onDidClose(({ document }) => connection.sendDiagnostics({ uri: document.uri, diagnostics: [] }));
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

  function publish(): void {
    const changed = [...waiting];
    waiting.clear();
    // a file may be another's import, so all that is open is looked at; what did not change is known already
    const others = documents.keys().filter(uri => !waiting.has(uri) && !changed.includes(uri));
    for (const uri of [...changed, ...others]) {
      const document = documents.get(uri);
      if (document === undefined) continue;
      connection.sendDiagnostics({ uri, version: document.version, diagnostics: workspace.diagnostics(uri) });
    }
  }

  function plan(params: PlanParams): Plan {
    const template = workspace.template(params.uri);
    if ('problem' in template) throw new Error(template.problem);
    return planTemplate(template, {
      name: params.name ?? nameFrom(params.uri),
      release: params.release ?? 'deep_1',
      inputs: params.inputs,
      localVolumesHostBasePath: params.localVolumesHostBasePath ?? defaultVolumesBasePath,
      createdBy: `${os.userInfo().username}@${os.hostname()}`,
      origin: 'tosca-mesos',
    });
  }
}
