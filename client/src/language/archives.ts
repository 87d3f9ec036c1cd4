// Files in archives (.csar), opened from the problems that are found in them: read-only, their text comes from the language server.
import * as vscode from 'vscode';
import type { Ask } from './server.ts';

/** As in the server's URIs of such files. */
const scheme = 'tosca-csar';

export function showArchiveFiles(ask: Ask): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(scheme, {
    async provideTextDocumentContent(uri) {
      const text = await ask('tosca/archiveFile', { uri: uri.toString() });
      if (text === null) throw new Error(`There is no ${uri.path}.`);
      return text;
    },
  });
}
