// Tells how a deployment ended, and offers what one wants next: its address, its place in the tree, its output, the way back.
import * as vscode from 'vscode';
import type { DeployOutcome, Profile } from '../../../cluster/src/index.ts';
import { listed } from '../words.ts';

export interface OutcomeActions {
  readonly showInTree: (cluster: string, deployment: string) => Promise<void>;
  readonly undeploy: (cluster: string, deployment: string) => Promise<unknown>;
}

export function tellOutcome(outcome: DeployOutcome, profile: Profile, actions: OutcomeActions): void {
  void (outcome.status === 'deployed'
    ? tellSuccess(outcome, profile, actions)
    : tellFailure(outcome, profile, actions));
}

async function tellSuccess(
  { name, apps, steps }: DeployOutcome,
  profile: Profile,
  actions: OutcomeActions,
): Promise<void> {
  const addresses = apps.flatMap(({ address }) => (address === undefined ? [] : [address]));
  const where = addresses.length === 0 ? '' : `: ${listed(addresses.map(address => `http://${address}`))}`;
  const jobs = steps.filter(({ kind }) => kind === 'job');
  const verb = apps.length > 0 ? 'runs on' : 'is done on';
  const later = jobs.find(({ detail }) => !detail.startsWith('succeeded'));
  const what =
    apps.length === 0 && later !== undefined
      ? `${name} is deployed to ${profile.name}; ${later.id}: ${later.detail}`
      : `${name} ${verb} ${profile.name}${where}`;
  const buttons = [...(addresses.length > 0 ? ['Open in Browser'] : []), 'Show in Tree', 'Show Output'];
  switch (await vscode.window.showInformationMessage(what, ...buttons)) {
    case 'Open in Browser': {
      const address =
        addresses.length === 1
          ? addresses[0]
          : await vscode.window.showQuickPick(addresses, { title: `Open which address of ${name}?` });
      if (address !== undefined) await vscode.env.openExternal(vscode.Uri.parse(`http://${address}`));
      return;
    }
    case 'Show in Tree':
      return actions.showInTree(profile.name, name);
    case 'Show Output':
      return showOutput(
        apps.map(({ id }) => id),
        jobs.map(({ id }) => id),
        profile,
        'stdout',
      );
  }
}

async function tellFailure(
  { name, status, failure, left, steps }: DeployOutcome,
  profile: Profile,
  actions: OutcomeActions,
): Promise<void> {
  const isLeft = left.group !== undefined || left.jobs.length > 0;
  const words =
    status === 'cancelled'
      ? `${name} on ${profile.name}: ${sentence(failure)}`
      : `${name} was not deployed to ${profile.name}. ${sentence(failure)}`;
  const rest = isLeft
    ? ` Already created: ${listed([...(left.group === undefined ? [] : [left.group]), ...left.jobs])}.`
    : '';
  const buttons = isLeft ? ['Roll Back', 'Keep', 'Show Output'] : [];
  const show = status === 'cancelled' ? vscode.window.showWarningMessage : vscode.window.showErrorMessage;
  switch (await show(`${words}${rest}`, ...buttons)) {
    case 'Roll Back':
      await actions.undeploy(profile.name, name);
      return;
    case 'Show Output': {
      const bad = steps.filter(step => step.status !== 'done');
      const of = (kind: string) => [...bad, ...steps].filter(step => step.kind === kind).map(({ id }) => id);
      return showOutput(of('app'), of('job'), profile, 'stderr');
    }
  }
}

/** With a full stop, which what a task wrote does not have. */
const sentence = (text = '') => (text === '' || /[.!?]$/.test(text) ? text : `${text}.`);

/** Of the first app, else of the first job. */
async function showOutput(
  apps: readonly string[],
  jobs: readonly string[],
  { name: cluster }: Profile,
  file: 'stdout' | 'stderr',
): Promise<void> {
  const [app] = apps;
  const [job] = jobs;
  if (app !== undefined) await vscode.commands.executeCommand('toscaMesos.openAppOutput', { cluster, app, file });
  else if (job !== undefined) await vscode.commands.executeCommand('toscaMesos.openJobOutput', { cluster, job, file });
}
