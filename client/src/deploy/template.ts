// Which template a command is about, and whether it is fit to be deployed.
import * as vscode from 'vscode';
import { isTemplate } from '../language/follow.ts';
import { sentenceOf } from '../message.ts';
import { count } from '../words.ts';

/** The document that the argument names, else the one in the active editor, open and with the language of templates. */
export async function templateOf(argument: unknown): Promise<vscode.TextDocument> {
  const uri =
    argument instanceof vscode.Uri ? argument : typeof argument === 'string' ? vscode.Uri.parse(argument) : undefined;
  const document = uri === undefined ? vscode.window.activeTextEditor?.document : await open(uri);
  if (document === undefined) throw new Error('No template is open: open one, and try again.');
  if (!isTemplate(document))
    throw new Error(
      `${nameOf(document.uri)} is no TOSCA template: it has no tosca_definitions_version at its beginning.`,
    );
  return document.languageId === 'tosca' ? document : vscode.languages.setTextDocumentLanguage(document, 'tosca');
}

async function open(uri: vscode.Uri): Promise<vscode.TextDocument> {
  try {
    return await vscode.workspace.openTextDocument(uri);
  } catch (error) {
    throw new Error(`${nameOf(uri)} cannot be opened: ${sentenceOf(error)}`);
  }
}

export const nameOf = (uri: vscode.Uri): string => uri.path.slice(uri.path.lastIndexOf('/') + 1);

/** Tells errors and offers to show them; true where there are none. */
export async function isFit(document: vscode.TextDocument, errors: readonly string[]): Promise<boolean> {
  const [first] = errors;
  if (first === undefined) return true;
  const more = errors.length === 1 ? '' : ` (and ${count(errors.length - 1, 'more error')})`;
  const show = 'Show Problems';
  void vscode.window
    .showErrorMessage(`${nameOf(document.uri)} cannot be deployed. ${first}${more}`, show)
    .then(async pressed => {
      if (pressed !== show) return;
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand('workbench.actions.view.problems');
    });
  return false;
}

/** What the editor has underlined in red, as sentences. */
export const underlined = (uri: vscode.Uri): readonly string[] =>
  vscode.languages
    .getDiagnostics(uri)
    .filter(({ severity, source }) => source === 'tosca' && severity === vscode.DiagnosticSeverity.Error)
    .map(({ range, message }) => `Line ${range.start.line + 1}: ${message}`);
