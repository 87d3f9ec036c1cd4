// Archives in the folder: what is wrong in them is told at the files inside, which open read-only.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { zip } from '../../server/workspace/zip.ts';
import { folder, textOf, when } from './editor.ts';
import { test } from './runner.ts';

test('an archive is checked as a whole, and its files are shown', async () => {
  const template = (await textOf('web.tosca.yaml')).replace('command:', 'comand:');
  const archive = vscode.Uri.joinPath(folder(), 'archive/app.csar');
  await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(folder(), 'archive'));
  await vscode.workspace.fs.writeFile(
    archive,
    zip([
      { name: 'TOSCA-Metadata/TOSCA.meta', content: metadata },
      { name: 'definitions/web.yaml', content: template },
    ]),
  );
  const inside = vscode.Uri.parse(`tosca-csar:${archive.path}/definitions/web.yaml`);
  const [found] = await when(
    vscode.languages.onDidChangeDiagnostics,
    () => vscode.languages.getDiagnostics(inside),
    list => list.length > 0,
    list => `Its diagnostics are: ${list.map(({ message }) => message).join(' / ') || 'none'}`,
  );
  assert.equal(typeof found?.code === 'object' ? found.code.value : found?.code, 'unknown-property');
  const document = await vscode.workspace.openTextDocument(inside);
  assert.equal(document.getText(), template);
});

const metadata = `TOSCA-Meta-File-Version: 1.0
CSAR-Version: 1.1
Created-By: somebody
Entry-Definitions: definitions/web.yaml
`;
