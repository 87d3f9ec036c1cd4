// The commands on templates and deployments, as the palette, the menus and other extensions call them.
import * as vscode from 'vscode';
import { type Argument, targetOf } from '../explorer/ask.ts';
import type { ClusterTree } from '../explorer/view.ts';
import { telling } from '../message.ts';
import { localClusterName } from '../profiles/settings.ts';
import { type DeployArgument, deployTemplate, type Parts } from './deploy.ts';
import { tellOutcome } from './outcome.ts';
import { namesOn } from './questions.ts';
import { templateOf } from './template.ts';
import { undeployNamed } from './undeploy.ts';

export function registerDeploy(parts: Omit<Parts, 'tell'>, tree: ClusterTree): vscode.Disposable {
  const { clusters, previews } = parts;
  const undeploy = (argument: Argument) =>
    telling(async () => {
      const target = await targetOf(['deployment'], ['cluster', 'deployment'], argument, tree, clusters, {
        title: 'Undeploy what?',
        nothing: 'Nothing is deployed on a cluster that answers.',
        choices: cluster =>
          [...namesOn(cluster)].sort().map(deployment => ({
            label: deployment,
            description: cluster.name,
            target: { kind: 'deployment', cluster: cluster.name, deployment } as const,
          })),
      });
      const isConfirmed = typeof argument === 'object' && argument.confirm === true;
      return target === undefined ? undefined : undeployNamed({ ...target, confirm: isConfirmed }, clusters);
    });
  const tell: Parts['tell'] = (outcome, profile) => {
    // with the local cluster ends all that ran there: nothing is left to be taken away
    const ended = profile.name === localClusterName && parts.clusters.local.status.status !== 'running';
    tellOutcome(ended ? { ...outcome, left: { jobs: [] } } : outcome, profile, {
      showInTree: (cluster, deployment) =>
        tree.show(
          target => target.kind === 'deployment' && target.cluster === cluster && target.deployment === deployment,
        ),
      undeploy: (cluster, deployment) => undeploy({ cluster, deployment, confirm: true }),
    });
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand('toscaMesos.deploy', (argument: unknown) =>
      telling(() => deployTemplate(readArgument(argument), { ...parts, tell })),
    ),
    vscode.commands.registerCommand('toscaMesos.previewPlan', (argument: unknown) =>
      telling(async () => previews.show((await templateOf(readArgument(argument).uri)).uri)),
    ),
    vscode.commands.registerCommand('toscaMesos.undeploy', undeploy),
  );
}

/** Menus hand in the document's address; programs hand in what they want. */
function readArgument(argument: unknown): DeployArgument {
  if (argument instanceof vscode.Uri || typeof argument === 'string') return { uri: argument };
  return typeof argument === 'object' && argument !== null ? (argument as DeployArgument) : {};
}
