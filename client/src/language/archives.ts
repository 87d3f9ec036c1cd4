// Files in archives (.csar), opened from the problems that are found in them: read-only, their text comes from the language server.
import * as vscode from 'vscode';
import type { Ask } from './server.ts';

/** As in the server's URIs of such files. */
const scheme = 'tosca-csar';

export function showArchiveFiles(ask: Ask): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const watcher = vscode.workspace.createFileSystemWatcher('**/*.{csar,zip}', true, false, true);
  return vscode.Disposable.from(
    changed,
    watcher,
    watcher.onDidChange(({ path }) => {
      for (const { uri } of vscode.workspace.textDocuments) {
        if (uri.scheme === scheme && uri.path.startsWith(`${path}/`)) changed.fire(uri);
      }
    }),
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changed.event,
      async provideTextDocumentContent(uri) {
        const text = await ask('tosca/archiveFile', { uri: uri.toString() });
        if (text === null) throw new Error(`There is no ${uri.path}.`);
        return text;
      },
    }),
  );
}
