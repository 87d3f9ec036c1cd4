// Where a new template comes from: a snippet, or one of the examples that come with the extension.
import * as vscode from 'vscode';
import { telling } from '../message.ts';

export function registerTemplates(extension: vscode.Uri): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand('toscaMesos.newTemplate', () => telling(newTemplate)),
    vscode.commands.registerCommand('toscaMesos.openExample', () => telling(() => openExample(extension))),
  );
}

async function newTemplate(): Promise<void> {
  const kinds = [
    {
      label: 'Marathon app',
      detail: 'A long-running service, with a published port.',
      snippet: 'Template with a Marathon app',
    },
    { label: 'Chronos job', detail: 'A command that runs once, now.', snippet: 'Template with a Chronos job' },
  ];
  const kind = await vscode.window.showQuickPick(kinds, { title: 'What is the template to run?' });
  if (kind === undefined) return;
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'tosca' }));
  await vscode.commands.executeCommand('editor.action.insertSnippet', { langId: 'tosca', name: kind.snippet });
}

/** Opens a copy: the extension's own folder is no place to work in. */
async function openExample(extension: vscode.Uri): Promise<void> {
  const folder = vscode.Uri.joinPath(extension, 'examples');
  const files = await vscode.workspace.fs.readDirectory(folder);
  const examples = await Promise.all(
    files.map(async ([name]) => {
      const content = new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, name)));
      return { label: name.replace(/(\.tosca)?\.ya?ml$/, ''), detail: describe(content), content };
    }),
  );
  const example = await vscode.window.showQuickPick(examples, { title: 'Open which example?', matchOnDetail: true });
  if (example === undefined) return;
  await vscode.window.showTextDocument(
    await vscode.workspace.openTextDocument({ language: 'tosca', content: example.content }),
  );
}

/** The folded text under `description:` at the left margin. */
function describe(content: string): string {
  const lines = content.split('\n');
  const start = lines.findIndex(line => /^description:\s*>/.test(line)) + 1;
  if (start === 0) return '';
  const end = lines.findIndex((line, index) => index >= start && !/^\s+\S/.test(line));
  return lines
    .slice(start, end < 0 ? undefined : end)
    .map(line => line.trim())
    .join(' ');
}
