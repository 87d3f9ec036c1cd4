// From a template to what runs: the plan beside it, deploying to the local cluster, what the tree shows, undeploying. As
// another extension would do it: through commands with arguments, so that nothing is asked.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Row } from '../../../client/src/explorer/row.ts';
import type { Api } from '../../../client/src/extension.ts';
import type { DeployOutcome, UndeployOutcome } from '../../../cluster/src/index.ts';
import { eventually, folder, open, replace } from './editor.ts';
import { test } from './runner.ts';

test('the plan opens beside the template and follows it', async () => {
  const document = await open('web.tosca.yaml');
  await vscode.commands.executeCommand('toscaMesos.previewPlan');
  const shown = () => vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'tosca-plan')?.getText() ?? '';
  await eventually(shown, text => text.includes('"id": "/web"') && text.includes('Hello from Mesos'));
  await replace(document, 'default: Hello from Mesos', 'default: Good morning');
  await eventually(shown, text => text.includes('Good morning'));
  await replace(document, 'default: Good morning', 'default: Hello from Mesos');
  await document.save();
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
});

test('deploying two services starts the local cluster and both run; undeploying leaves nothing', async () => {
  const outcome = await deploy('two-services.tosca.yaml', 'services', {
    greeting: 'Hello from a command',
    interval: 3,
  });
  assert.equal(outcome.status, 'deployed', outcome.failure);
  assert.deepEqual(outcome.apps.map(({ id }) => id).sort(), ['/services/api', '/services/worker']);
  // at the load balancer: a service port, not one of a task
  assert.match(String(outcome.outputs.api_endpoint), /^http:\/\/127\.0\.0\.1:1\d{4}$/);

  const running = await eventually(
    () => ['api', 'worker'].map(name => rowOf(target => target.kind === 'app' && target.app === `/services/${name}`)),
    rows => rows.every(row => row?.description === '1/1'),
  );
  assert.deepEqual(
    running.map(row => row?.children.length),
    [1, 1],
  );
  await vscode.commands.executeCommand('toscaMesos.openAppOutput', { cluster: 'local', app: '/services/api' });
  await eventually(output, text => text.includes('request 2: Hello from a command'));

  await vscode.commands.executeCommand('toscaMesos.scaleApp', {
    cluster: 'local',
    app: '/services/worker',
    instances: 3,
  });
  await eventually(
    () => rowOf(target => target.kind === 'app' && target.app === '/services/worker'),
    row => row?.description === '3/3' && row.children.length === 3,
  );

  await undeploy('services');
  await eventually(
    () => rowOf(target => target.kind === 'app'),
    row => row === undefined,
  );
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
});

test('the jobs of a pipeline run one after the other, and their output can be read', async () => {
  const outcome = await deploy('pipeline.tosca.yaml', 'nightly', { dataset: 'rainfall' });
  assert.equal(outcome.status, 'deployed', outcome.failure);
  const jobs = ['fetch', 'process', 'publish'];
  const rows = await eventually(
    () => jobs.map(name => rowOf(target => target.kind === 'job' && target.job === `nightly--${name}`)),
    list => list.every(row => row?.description === 'succeeded'),
  );
  assert.deepEqual(
    rows.map(row => row?.label),
    jobs,
  );
  await vscode.commands.executeCommand('toscaMesos.openJobOutput', { cluster: 'local', job: 'nightly--process' });
  await eventually(output, text => text.includes('Processing rainfall, step 3 of 3'));

  await undeploy('nightly');
  await eventually(
    () => rowOf(target => target.kind === 'job'),
    row => row === undefined,
  );
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
});

test('a template with an error is not deployed', async () => {
  const document = await open('web.tosca.yaml');
  await replace(document, 'host: web_runtime', 'host: web_runtim');
  const outcome = await vscode.commands.executeCommand<DeployOutcome | undefined>('toscaMesos.deploy', {
    uri: document.uri,
    cluster: 'local',
    name: 'broken',
    inputs: {},
    confirm: true,
  });
  assert.equal(outcome, undefined);
  await replace(document, 'host: web_runtim', 'host: web_runtime');
  await document.save();
});

test('a reset takes everything from the local cluster, which goes on', async () => {
  const outcome = await deploy('web.tosca.yaml', 'kept', {});
  assert.equal(outcome.status, 'deployed', outcome.failure);
  const app = () => rowOf(target => target.kind === 'app' && target.app === '/kept/web');
  await eventually(app, row => row?.description === '1/1');
  await vscode.commands.executeCommand('toscaMesos.resetLocalCluster', { confirm: true });
  await eventually(app, row => row === undefined);
  assert.match(rowOf(target => target.kind === 'cluster')?.description ?? '', /^running/);
  // and takes what comes
  const again = await deploy('web.tosca.yaml', 'kept', {});
  assert.equal(again.status, 'deployed', again.failure);
  await undeploy('kept');
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
});

test('the local cluster stops when told to', async () => {
  await vscode.commands.executeCommand('toscaMesos.stopLocal', { confirm: true });
  await eventually(
    () => rowOf(target => target.kind === 'cluster'),
    row => row === undefined,
  );
});

async function deploy(file: string, name: string, inputs: Readonly<Record<string, string | number>>) {
  // The view is what keeps the rows up to date.
  await vscode.commands.executeCommand('toscaMesos.clusters.focus');
  const uri = vscode.Uri.joinPath(folder(), file);
  const argument = { uri, cluster: 'local', name, inputs, confirm: true };
  const outcome = await vscode.commands.executeCommand<DeployOutcome | undefined>('toscaMesos.deploy', argument);
  assert.ok(outcome, 'the command tells the outcome');
  return outcome;
}

async function undeploy(deployment: string): Promise<void> {
  const argument = { cluster: 'local', deployment, confirm: true };
  const outcome = await vscode.commands.executeCommand<UndeployOutcome | undefined>('toscaMesos.undeploy', argument);
  assert.equal(outcome?.status, 'removed', outcome?.failure);
}

/** The first row of the view "Clusters" that stands for such a thing. */
function rowOf(wanted: (target: Row['target']) => boolean): Row | undefined {
  const api = vscode.extensions.getExtension<Api>('tosca-mesos.tosca-mesos')?.exports;
  const find = (rows: readonly Row[]): Row | undefined => {
    for (const row of rows) {
      const found = wanted(row.target) ? row : find(row.children);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return find(api?.rows() ?? []);
}

/** The text of the task output that is shown. */
function output(): string {
  const document = vscode.window.activeTextEditor?.document;
  return document?.uri.scheme === 'mesos-sandbox' ? document.getText() : '';
}
