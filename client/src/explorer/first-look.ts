// The first time that a window opens on templates beside a local cluster that runs already, the tree is brought to the front.
import * as vscode from 'vscode';
import type { LocalCluster } from '../local/cluster.ts';

const seen = 'firstLook';

export function registerFirstLook(local: LocalCluster, workspaceState: vscode.Memento): vscode.Disposable {
  const look = () => {
    const { status } = local;
    if (status.status !== 'running' || workspaceState.get(seen) === true) return;
    void workspaceState.update(seen, true);
    if (!status.own && vscode.workspace.isTrusted) void vscode.commands.executeCommand('toscaMesos.clusters.focus');
  };
  look();
  return local.onDidChange(look);
}
