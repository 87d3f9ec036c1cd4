// What the cases share: documents of the open folder, and waiting for what VS Code comes to know of them.
import path from 'node:path';
import * as vscode from 'vscode';

/** The open folder: a copy of `examples/`. */
export function folder(): vscode.Uri {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  if (first === undefined) throw new Error('No folder is open.');
  return first.uri;
}

/** Opens a file of the folder in an editor. */
export async function open(name: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder(), name));
  await vscode.window.showTextDocument(document);
  return document;
}

/** Writes a file into the folder, as another program would, and opens it. */
export async function openNew(name: string, text: string): Promise<vscode.TextDocument> {
  const uri = vscode.Uri.joinPath(folder(), name);
  await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(uri, '..'));
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return open(path.posix.relative(folder().path, uri.path));
}

/** The text of a file of the folder. */
export async function textOf(name: string): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder(), name)));
}

/** Replaces the first occurrence of a text in a document, as a keystroke would. */
export async function replace(document: vscode.TextDocument, text: string, by: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  const start = document.getText().indexOf(text);
  if (start < 0) throw new Error(`"${text}" is not in ${document.uri.path}.`);
  const range = new vscode.Range(document.positionAt(start), document.positionAt(start + text.length));
  edit.replace(document.uri, range, by);
  await vscode.workspace.applyEdit(edit);
}

/** The place behind the first occurrence of a text. */
export function behind(document: vscode.TextDocument, text: string): vscode.Position {
  const start = document.getText().indexOf(text);
  if (start < 0) throw new Error(`"${text}" is not in ${document.uri.path}.`);
  return document.positionAt(start + text.length);
}

/** The diagnostics of a document, as soon as they are as wanted. */
export function diagnosticsOf(
  { uri }: vscode.TextDocument,
  wanted: (diagnostics: readonly vscode.Diagnostic[]) => boolean,
): Promise<readonly vscode.Diagnostic[]> {
  return when(
    vscode.languages.onDidChangeDiagnostics,
    () => vscode.languages.getDiagnostics(uri),
    wanted,
    list => `Its diagnostics are: ${list.map(({ message }) => message).join(' / ') || 'none'}`,
  );
}

/** Looks now and after each event, until what is seen is as wanted; rejects after 20 s with what was seen last. */
export async function when<T>(
  event: vscode.Event<unknown>,
  look: () => T,
  wanted: (seen: T) => boolean,
  describe: (seen: T) => string,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const check = () => {
      const seen = look();
      if (!wanted(seen)) return;
      clearTimeout(timer);
      subscription.dispose();
      resolve(seen);
    };
    const subscription = event(check);
    const timer = setTimeout(() => {
      subscription.dispose();
      reject(new Error(`It has not come about within 20 s. ${describe(look())}`));
    }, 20_000);
    check();
  });
}

/** Looks ten times a second, where no event tells of a change, until what is seen is as wanted; rejects after 30 s. */
export async function eventually<T>(look: () => T, wanted: (seen: T) => boolean): Promise<T> {
  for (let left = 300; ; left--) {
    const seen = look();
    if (wanted(seen)) return seen;
    if (left === 0)
      throw new Error(`It has not come about within 30 s. What is there: ${JSON.stringify(seen, null, 2)}`);
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}
