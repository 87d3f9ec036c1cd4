// The command that takes a deployment away: says what will be gone, asks, removes.
import * as vscode from 'vscode';
import {
  type Profile,
  planUndeploy,
  type UndeployOutcome,
  type UndeployPlan,
  undeploy,
} from '../../../cluster/src/index.ts';
import { confirm, requireTrust } from '../message.ts';
import type { Clusters } from '../profiles/clusters.ts';
import { count, listed } from '../words.ts';
import { openProgress } from './progress.ts';

export interface UndeployArgument {
  readonly cluster: string;
  readonly deployment: string;
  /** Nothing is asked. */
  readonly confirm?: boolean;
}

/** Undefined when the user says no. Rejects with one sentence. */
export async function undeployNamed(given: UndeployArgument, clusters: Clusters): Promise<UndeployOutcome | undefined> {
  requireTrust();
  const { cluster, deployment } = given;
  const profile = clusters.find(cluster)?.profile;
  if (profile === undefined) throw new Error(`${cluster} does not run.`);
  const plan = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: `Looking at ${deployment}` },
    () => planUndeploy(deployment, profile),
  );
  if (plan.group === undefined && plan.jobs.length === 0) {
    void vscode.window.showInformationMessage(`${cluster} has no deployment "${deployment}" (any more).`);
    return { status: 'nothing-there', name: deployment, steps: [] };
  }
  if (given.confirm !== true && !(await confirm(`Undeploy ${deployment} from ${cluster}?`, losses(plan), 'Undeploy')))
    return undefined;
  const outcome = await carryOut(plan, profile);
  await clusters.refresh(cluster);
  tell(outcome, cluster);
  return outcome;
}

function losses({ group, apps, jobs }: UndeployPlan): string {
  const parts = [
    group === undefined
      ? undefined
      : apps.length === 0
        ? `The group ${group} is removed.`
        : `The group ${group} with ${count(apps.length, 'app')} is removed, and every task of it is killed: ${listed(apps)}.`,
    jobs.length === 0
      ? undefined
      : `${count(jobs.length, 'job')} and what is known of past runs are removed: ${listed(jobs)}.`,
  ];
  return parts.filter(part => part !== undefined).join('\n\n');
}

function carryOut(plan: UndeployPlan, profile: Profile): Thenable<UndeployOutcome> {
  const title = `Undeploying ${plan.name} from ${profile.name}`;
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (progress, token) => {
      const cancel = new AbortController();
      token.onCancellationRequested(() => cancel.abort());
      const line = openProgress(plan.jobs.length + (plan.group === undefined ? 0 : 1));
      return undeploy(plan.name, profile, {
        signal: cancel.signal,
        onProgress: step => progress.report({ message: line(step) }),
      });
    },
  );
}

function tell({ status, name, failure }: UndeployOutcome, cluster: string): void {
  if (status === 'removed') void vscode.window.showInformationMessage(`${name} is gone from ${cluster}.`);
  else if (status === 'nothing-there')
    void vscode.window.showInformationMessage(`${cluster} has no deployment "${name}" any more.`);
  else void vscode.window.showErrorMessage(`${name} was not wholly removed from ${cluster}. ${failure ?? ''}`);
}
