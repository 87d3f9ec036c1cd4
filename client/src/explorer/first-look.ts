// The first time that a window opens on templates beside a local cluster that runs already, both are brought to the front:
// the tree, and a template where no editor is open.
import * as vscode from 'vscode';
import type { LocalCluster } from '../local/cluster.ts';

const seen = 'firstLook';

export function registerFirstLook(local: LocalCluster, workspaceState: vscode.Memento): vscode.Disposable {
  const look = () => {
    const { status } = local;
    if (status.status !== 'running' || workspaceState.get(seen) === true) return;
    void workspaceState.update(seen, true);
    if (!status.own && vscode.workspace.isTrusted) void show();
  };
  look();
  return local.onDidChange(look);
}

async function show(): Promise<void> {
  const [template] = (await vscode.workspace.findFiles('**/*.tosca.{yaml,yml}', undefined, 20)).sort((one, other) =>
    one.path.localeCompare(other.path),
  );
  if (template !== undefined && vscode.window.tabGroups.all.every(group => group.tabs.length === 0)) {
    await vscode.window.showTextDocument(template, { preview: true });
  }
  await vscode.commands.executeCommand('toscaMesos.clusters.focus');
}
