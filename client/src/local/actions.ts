// The commands that start, stop, reset and show the local cluster, and the status bar's word on it.
import * as vscode from 'vscode';
import { resetLocal } from '../../../cluster/src/index.ts';
import { confirm, requireTrust, sentenceOf, telling } from '../message.ts';
import type { Clusters } from '../profiles/clusters.ts';
import { localClusterName } from '../profiles/settings.ts';
import { count } from '../words.ts';
import type { LocalStatus } from './cluster.ts';

export function registerLocal(clusters: Clusters, log: vscode.LogOutputChannel): vscode.Disposable {
  const { local } = clusters;
  const start = () =>
    telling(async () => {
      requireTrust();
      const progress = { location: vscode.ProgressLocation.Window, title: 'Starting the local cluster' };
      try {
        await vscode.window.withProgress(progress, () => local.start());
      } catch (error) {
        const show = 'Show Log';
        if ((await vscode.window.showErrorMessage(sentenceOf(error), show)) === show) log.show();
      }
    });
  const stop = (argument?: unknown) =>
    telling(async () => {
      requireTrust();
      if (!isConfirmed(argument) && !(await mayStop(clusters))) return;
      await local.stop();
    });
  const reset = (argument?: unknown) =>
    telling(async () => {
      requireTrust();
      const { address } = running(local.status);
      if (!isConfirmed(argument) && !(await mayReset(clusters))) return;
      const progress = { location: vscode.ProgressLocation.Window, title: 'Resetting the local cluster' };
      await vscode.window.withProgress(progress, () => resetLocal(address));
      await clusters.refresh(localClusterName);
    });
  const openPage = () =>
    telling(async () => {
      const { address } = running(local.status);
      await vscode.env.openExternal(await vscode.env.asExternalUri(vscode.Uri.parse(`${address.mesos}/`)));
    });
  const menu = async () => {
    const { status } = local;
    const items: (vscode.QuickPickItem & { readonly run: () => unknown })[] = [
      ...(status.status === 'stopped' || status.status === 'failed'
        ? [{ label: '$(play) Start the local cluster', run: start }]
        : [{ label: '$(debug-stop) Stop the local cluster', run: () => stop() }]),
      ...(status.status === 'running'
        ? [
            { label: '$(clear-all) Reset the local cluster', run: () => reset() },
            { label: '$(globe) Open its page in a browser', run: openPage },
          ]
        : []),
      { label: '$(list-tree) Show what runs', run: () => vscode.commands.executeCommand('toscaMesos.clusters.focus') },
      { label: '$(output) Show its log', run: () => log.show() },
    ];
    await (await vscode.window.showQuickPick(items, { title: describe(status).tooltip }))?.run();
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand('toscaMesos.startLocal', start),
    vscode.commands.registerCommand('toscaMesos.stopLocal', stop),
    vscode.commands.registerCommand('toscaMesos.resetLocalCluster', reset),
    vscode.commands.registerCommand('toscaMesos.openLocalPage', openPage),
    vscode.commands.registerCommand('toscaMesos.showLocalLog', () => log.show()),
    vscode.commands.registerCommand('toscaMesos.localMenu', menu),
    statusBar(clusters),
  );
}

function running(status: LocalStatus): LocalStatus & { status: 'running' } {
  if (status.status !== 'running') throw new Error('The local cluster does not run: start it first.');
  return status;
}

/** As commands are called by other extensions. */
const isConfirmed = (argument: unknown): boolean =>
  typeof argument === 'object' && argument !== null && 'confirm' in argument && argument.confirm === true;

/** Asks only where something would end with the cluster. */
async function mayStop(clusters: Clusters): Promise<boolean> {
  const { status } = clusters.local;
  if (status.status !== 'running') return true;
  const { tasks, jobs } = whatRuns(clusters);
  if (tasks === 0 && jobs === 0 && status.own) return true;
  const what = `${count(tasks, 'running task')} and ${count(jobs, 'job')} end with it.`;
  return confirm('Stop the local cluster?', `${what}${startedElsewhere(status)}`, 'Stop');
}

function mayReset(clusters: Clusters): Promise<boolean> {
  const { tasks, apps, jobs } = whatRuns(clusters);
  const what = `${count(tasks, 'running task')} will be killed. ${count(apps, 'app')}, ${count(jobs, 'job')}, all deployments, and the output of all tasks are lost.`;
  return confirm('Reset the local cluster?', `${what}${startedElsewhere(clusters.local.status)}`, 'Reset');
}

function whatRuns(clusters: Clusters): { readonly tasks: number; readonly apps: number; readonly jobs: number } {
  const { apps = [], jobs = [] } = clusters.find(localClusterName)?.state ?? {};
  return { tasks: apps.reduce((sum, app) => sum + app.running, 0), apps: apps.length, jobs: jobs.length };
}

const startedElsewhere = (status: LocalStatus): string =>
  status.status === 'running' && !status.own ? ` It was started elsewhere, by process ${status.address.pid}.` : '';

/** Shown where it matters: beside a template, and while the cluster does anything. */
function statusBar({ local }: Clusters): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('toscaMesos.local', vscode.StatusBarAlignment.Left, 10);
  const draw = () => {
    const { text, tooltip, failed } = describe(local.status);
    item.name = 'Local Mesos cluster';
    item.text = text;
    item.tooltip = tooltip;
    item.command = local.status.status === 'stopped' ? 'toscaMesos.startLocal' : 'toscaMesos.localMenu';
    item.backgroundColor = failed ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    const beside = vscode.window.activeTextEditor?.document.languageId === 'tosca';
    if (vscode.workspace.isTrusted && (beside || local.status.status !== 'stopped')) item.show();
    else item.hide();
  };
  draw();
  return vscode.Disposable.from(
    item,
    local.onDidChange(draw),
    vscode.window.onDidChangeActiveTextEditor(draw),
    vscode.workspace.onDidOpenTextDocument(draw),
    vscode.workspace.onDidGrantWorkspaceTrust(draw),
  );
}

function describe(status: LocalStatus): { readonly text: string; readonly tooltip: string; readonly failed: boolean } {
  switch (status.status) {
    case 'stopped':
      return {
        text: '$(circle-outline) Mesos',
        tooltip: 'The local cluster is stopped: click to start it',
        failed: false,
      };
    case 'starting':
      return { text: '$(loading~spin) Mesos', tooltip: 'The local cluster starts', failed: false };
    case 'stopping':
      return { text: '$(loading~spin) Mesos', tooltip: 'The local cluster stops', failed: false };
    case 'running':
      return {
        text: '$(pass-filled) Mesos',
        tooltip: `The local cluster runs (${status.address.release})`,
        failed: false,
      };
    case 'failed':
      return { text: '$(error) Mesos', tooltip: status.reason, failed: true };
  }
}
