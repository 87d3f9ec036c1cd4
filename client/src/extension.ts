// The extension: makes its parts and wires them. What a part does is in its own folder.
import path from 'node:path';
import * as vscode from 'vscode';
import { openLiveStore } from '../../cluster/src/index.ts';
import { registerDeploy } from './deploy/commands.ts';
import { openMemory } from './deploy/memory.ts';
import { registerActions } from './explorer/actions.ts';
import { registerFirstLook } from './explorer/first-look.ts';
import type { Row } from './explorer/row.ts';
import { ClusterTree } from './explorer/view.ts';
import { showArchiveFiles } from './language/archives.ts';
import { followLanguages } from './language/follow.ts';
import { type LanguageServer, startLanguageServer } from './language/server.ts';
import { registerTemplates } from './language/templates.ts';
import { registerLocal } from './local/actions.ts';
import { LocalCluster } from './local/cluster.ts';
import type { LocalSettings } from './local/command.ts';
import { Outputs } from './logs/outputs.ts';
import { PlanPreviews } from './plan/preview.ts';
import { Clusters } from './profiles/clusters.ts';

/** What other extensions may use. */
export interface Api {
  /** The rows of the view "Clusters", as they are shown now. */
  readonly rows: () => readonly Row[];
}

let server: LanguageServer | undefined;
let local: LocalCluster | undefined;

export function activate(context: vscode.ExtensionContext): Api {
  const program = (name: string) => path.join(context.extensionPath, 'bin', name);
  const keep = <T extends vscode.Disposable>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const log = keep(vscode.window.createOutputChannel('TOSCA for Mesos', { log: true }));
  const serverLog = keep(vscode.window.createOutputChannel('TOSCA language server', { log: true }));

  server = startLanguageServer(program('tosca-mesos-language-server'), context.globalStorageUri, serverLog);
  keep(showArchiveFiles(server.ask));
  keep(followLanguages());
  keep(registerTemplates(context.extensionUri));

  local = keep(new LocalCluster(program('tosca-mesos'), log, localSettings));
  const clusters = keep(new Clusters(local, openLiveStore, log));
  keep(registerLocal(clusters, log));

  const outputs = keep(new Outputs(clusters));
  const tree = keep(new ClusterTree(clusters));
  keep(registerActions(tree, clusters, outputs));
  keep(registerFirstLook(local, context.workspaceState));

  const { ask } = server;
  const memory = openMemory(context.workspaceState);
  const previews = keep(new PlanPreviews(ask, memory, clusters));
  keep(registerDeploy({ ask, clusters, memory, previews }, tree));

  keep(
    vscode.commands.registerCommand('toscaMesos.addCluster', () =>
      vscode.commands.executeCommand('workbench.action.openSettingsJson', {
        revealSetting: { key: 'toscaMesos.clusters', edit: true },
      }),
    ),
  );
  return { rows: () => tree.rows };
}

export async function deactivate(): Promise<void> {
  await Promise.all([server?.dispose(), local?.end()]);
}

function localSettings(): LocalSettings {
  const settings = vscode.workspace.getConfiguration('toscaMesos.local');
  return {
    release: settings.get('release', 'deep_1'),
    agents: settings.get('agents', 1),
    cpus: settings.get('cpus', 0),
    memory: settings.get('memory', 0),
    gpus: settings.get('gpus', 0),
    attributes: settings.get('attributes', []),
    executor: settings.get('executor', 'auto'),
    loadBalancer: settings.get('loadBalancer', 'builtin'),
  };
}
