// Gives YAML documents that are TOSCA their language, when they open and when the key is typed. The rule is in detect.ts.
import * as vscode from 'vscode';
import { linesLookedAt, looksLikeTemplate } from './detect.ts';

/** A user who sets a template back to YAML means it: that document is left alone until its tab is closed. */
export function followLanguages(): vscode.Disposable {
  const justClosed = new Set<string>();
  const leftAlone = new Set<string>();
  const look = (document: vscode.TextDocument) => {
    if (document.languageId !== 'yaml' || leftAlone.has(document.uri.toString()) || !isTemplate(document)) return;
    void vscode.languages.setTextDocumentLanguage(document, 'tosca');
  };
  for (const document of vscode.workspace.textDocuments) look(document);
  return vscode.Disposable.from(
    vscode.workspace.onDidOpenTextDocument(document => {
      const uri = document.uri.toString();
      // A change of language is a close and an open in one go.
      if (document.languageId === 'yaml' && justClosed.delete(uri)) leftAlone.add(uri);
      else look(document);
    }),
    vscode.workspace.onDidCloseTextDocument(document => {
      const uri = document.uri.toString();
      if (document.languageId === 'yaml') setTimeout(() => isOpen(uri) || leftAlone.delete(uri));
      if (document.languageId !== 'tosca') return;
      justClosed.add(uri);
      setTimeout(() => justClosed.delete(uri));
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.some(change => change.range.start.line < linesLookedAt)) look(document);
    }),
  );
}

/** True for a document that is a template, whatever language the editor has given it so far. */
export function isTemplate(document: vscode.TextDocument): boolean {
  return document.languageId === 'tosca' || looksLikeTemplate(linesOf(document));
}

function* linesOf(document: vscode.TextDocument): Generator<string> {
  for (let line = 0; line < document.lineCount; line++) yield document.lineAt(line).text;
}

const isOpen = (uri: string) => vscode.workspace.textDocuments.some(document => document.uri.toString() === uri);
