// The switchboard: one line a request, each naming the feature that answers. No rule and no reading of text is here.
import { pathToFileURL } from 'node:url';
import { type Connection, TextDocumentSyncKind, TextDocuments } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Plan } from '../../protocol/src/plan.ts';
import type { InitializationOptions, Requests } from '../../protocol/src/requests.ts';
import { openDiagnosing } from './diagnosing.ts';
import { codeActions } from './features/code-actions.ts';
import { complete, documentType } from './features/completion.ts';
import { extractInput } from './features/extract-input.ts';
import { hover } from './features/hover.ts';
import type { TypeReference } from './features/offer.ts';
import { atOnce, openWorkspace } from './index.ts';
import { checkInput, templateInputs } from './plan/inputs.ts';
import { servePulls } from './pulling.ts';
import type { Template } from './template/template.ts';
import { isArchive, isInArchive } from './workspace/archive-uri.ts';
import { pathOf } from './workspace/disk.ts';
import { proxiesIn } from './workspace/proxies.ts';
import { templatesIn } from './workspace/scan.ts';
import { readSettings } from './workspace/settings.ts';

type Params<Method extends keyof Requests> = Requests[Method]['params'];
type Result<Method extends keyof Requests> = Requests[Method]['result'];

const untrusted = ({ trusted }: InitializationOptions) =>
  trusted === false
    ? 'this workspace is not trusted'
    : 'the editor does not say that this workspace is trusted (`initializationOptions.trusted`)';

export function serve(connection: Connection, version: string): void {
  const documents = new TextDocuments(TextDocument);
  let options: InitializationOptions = {};
  let folders: readonly string[] = [];
  const workspace = openWorkspace(uri => documents.get(uri)?.getText(), undefined, {
    cache: () => options.importCache,
    folder: () => pathOf(folders[0] ?? ''),
    proxies: () => options.proxies ?? proxiesIn(process.env),
    forbidden: () => (options.trusted === true ? undefined : untrusted(options)),
    delay: 500,
    changed: lookAgain,
  });
  /** A client that asks for diagnostics is not sent any. */
  let pulls = false;
  let canRefresh = false;
  const pushed = new Map<string, string>();
  const diagnosing = openDiagnosing({
    version: uri => documents.get(uri)?.version,
    diagnosing: workspace.diagnosing,
    done(result) {
      const { uri, version, diagnostics, id } = result;
      pulling.note(result);
      if (version === undefined) workspace.forget(uri);
      const told = version === undefined ? `${id}` : `${version} ${id}`;
      if (pulls || pushed.get(uri) === told || (version === undefined && !pushed.has(uri) && diagnostics.length === 0))
        return;
      pushed.set(uri, told);
      void connection.sendDiagnostics({
        uri,
        ...(version !== undefined && { version }),
        diagnostics: [...diagnostics],
      });
    },
  });
  /** Settled when the folders have been gone through. */
  let looking = Promise.resolve();
  const pulling = servePulls(connection, {
    result: diagnosing.result,
    idle: () => looking.then(diagnosing.idle),
    isOpen: uri => documents.get(uri) !== undefined,
  });

  connection.onInitialize(({ capabilities, workspaceFolders, rootUri, initializationOptions }) => {
    options = (initializationOptions as InitializationOptions | undefined) ?? {};
    pulls = capabilities.textDocument?.diagnostic !== undefined;
    canRefresh = capabilities.workspace?.diagnostics?.refreshSupport === true;
    folders = (workspaceFolders?.map(({ uri }) => uri) ?? (rootUri === null ? [] : [rootUri])).filter(uri =>
      uri.startsWith('file:'),
    );
    return {
      capabilities: {
        textDocumentSync: TextDocumentSyncKind.Incremental,
        completionProvider: { triggerCharacters: [' ', ':', '[', '-', '.'], resolveProvider: true },
        hoverProvider: true,
        codeActionProvider: { codeActionKinds: ['quickfix', 'refactor.extract'] },
        ...(pulls && {
          diagnosticProvider: { identifier: 'tosca', interFileDependencies: true, workspaceDiagnostics: true },
        }),
      },
      serverInfo: { name: 'tosca-mesos', version },
    };
  });
  connection.onInitialized(() => {
    looking = lookInFolders();
  });
  connection.onDidChangeConfiguration(({ settings }) => {
    if (workspace.configure(readSettings(settings))) lookEverywhere();
  });

  connection.onNotification('tosca/trusted', () => {
    options = { ...options, trusted: true };
    lookEverywhere();
  });

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
  connection.onCodeAction(async ({ textDocument: { uri }, range }) => {
    await diagnosing.result(uri);
    return (
      at(uri, template => [
        ...codeActions(template, atOnce(workspace.findings(template)), range),
        ...extractInput(template, range.start),
      ]) ?? []
    );
  });
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
  connection.onRequest(
    'tosca/archiveFile',
    async ({ uri }: Params<'tosca/archiveFile'>): Promise<Result<'tosca/archiveFile'>> =>
      (await workspace.text(uri)) ?? null,
  );

  documents.onDidChangeContent(({ document: { uri } }) => {
    diagnosing.look([uri, ...documents.keys()]);
    diagnosing.lookLater(
      workspace.importers(uri).filter(each => documents.get(each) === undefined && isInFolders(each)),
    );
  });
  documents.onDidClose(({ document: { uri } }) => {
    drop(uri);
    workspace.forget(uri);
    if (isInFolders(uri)) diagnosing.lookLater([uri]);
  });
  connection.onDidChangeWatchedFiles(() => {
    workspace.filesChanged();
    lookEverywhere();
  });
  documents.listen(connection);
  connection.listen();
  workspace.preload();

  function at<T>(uri: string, feature: (template: Template) => T): T | undefined {
    const template = workspace.template(uri);
    return 'problem' in template ? undefined : feature(template);
  }

  /** What changed may be imported anywhere. */
  function lookEverywhere(): void {
    diagnosing.look(documents.keys());
    if (canRefresh) connection.languages.diagnostics.refresh();
    looking = lookInFolders();
  }

  /** What was found may be found otherwise, though no file has changed. */
  function lookAgain(): void {
    diagnosing.look(documents.keys());
    diagnosing.lookLater(pulling.closed());
    if (canRefresh) connection.languages.diagnostics.refresh();
  }

  /** Templates that are not open are checked too, and those that are gone are found no longer. */
  async function lookInFolders(): Promise<void> {
    const before = pulling.closed();
    const found = new Set<string>();
    for (const folder of folders) {
      for await (const file of templatesIn(pathOf(folder) ?? '', { maxFiles: 20_000 })) {
        const own = pathToFileURL(file).href;
        for (const uri of isArchive(own) ? await workspace.inside(own) : [own]) {
          found.add(uri);
          if (documents.get(uri) === undefined) diagnosing.lookLater([uri]);
        }
      }
    }
    for (const uri of before) {
      if (found.has(uri) || documents.get(uri) !== undefined) continue;
      drop(uri);
    }
  }

  function drop(uri: string): void {
    diagnosing.drop(uri);
    pulling.drop(uri);
    workspace.gone(uri);
    if (pushed.delete(uri)) void connection.sendDiagnostics({ uri, diagnostics: [] });
  }

  function isInFolders(uri: string): boolean {
    const place = isInArchive(uri) ? uri.replace(/^tosca-csar:\/*/, 'file:///') : uri;
    return folders.some(folder => place.startsWith(`${folder}/`));
  }

  async function plan(params: Params<'tosca/plan'>): Promise<Plan> {
    await workspace.ready([params.uri]);
    const made = workspace.plan(params);
    if ('problem' in made) throw new Error(made.problem);
    return made;
  }
}
