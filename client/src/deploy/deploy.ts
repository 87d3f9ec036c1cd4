// The command that deploys a template: asks what is missing, shows the plan, deploys, tells the outcome.
import * as vscode from 'vscode';
import { type DeployOutcome, deploy, type Profile } from '../../../cluster/src/index.ts';
import type { Json, Plan } from '../../../protocol/src/plan.ts';
import type { Ask } from '../language/server.ts';
import { requireTrust, sentenceOf } from '../message.ts';
import { errorsOf, summary } from '../plan/describe.ts';
import { type PlanPreviews, placeOf } from '../plan/preview.ts';
import type { Clusters } from '../profiles/clusters.ts';
import { localClusterName } from '../profiles/settings.ts';
import { askChoice, askInTurn, type Step } from './ask.ts';
import { lastAnswers, remember, valuesOf } from './inputs.ts';
import type { Memory } from './memory.ts';
import { openProgress } from './progress.ts';
import { clusterStep, type Draft, freeName, inputSteps, nameStep, namesOn } from './questions.ts';
import { isFit, nameOf, templateOf, underlined } from './template.ts';

/** What a caller may give, so that it is not asked. With `confirm` nothing is asked at all. */
export interface DeployArgument {
  readonly uri?: vscode.Uri | string;
  readonly cluster?: string;
  readonly name?: string;
  readonly inputs?: Readonly<Record<string, Json>>;
  readonly confirm?: boolean;
}

export interface Parts {
  readonly ask: Ask;
  readonly clusters: Clusters;
  readonly memory: Memory;
  readonly previews: PlanPreviews;
  /** Tells the outcome. */
  readonly tell: (outcome: DeployOutcome, profile: Profile) => void;
}

/** Undefined when the template has errors or the user gave up. Rejects with one sentence. */
export async function deployTemplate(given: DeployArgument, parts: Parts): Promise<DeployOutcome | undefined> {
  requireTrust();
  const { ask, clusters, memory } = parts;
  const document = await templateOf(given.uri);
  const uri = document.uri.toString();
  const inputs = await ask('tosca/inputs', { uri });
  if (!(await isFit(document, underlined(document.uri)))) return undefined;

  const remembered = memory.read(document.uri);
  const watching = clusters.watch();
  try {
    const { name } = given.name === undefined ? await ask('tosca/plan', { uri, inputs: {} }) : { name: given.name };
    const draft: Draft = {
      cluster: given.cluster ?? '',
      name: given.name ?? remembered.name ?? name,
      answers: lastAnswers(inputs, remembered.answers),
    };
    // A cluster that starts does so while the questions are answered.
    const starts = new Map<string, Promise<Profile>>();
    const use = (cluster: string): Promise<Profile> => {
      const start = starts.get(cluster) ?? clusters.use(cluster);
      start.catch(() => starts.delete(cluster));
      starts.set(cluster, start);
      return start;
    };
    let ready: { readonly plan: Plan; readonly profile: Profile } | undefined;
    const plan = async () => {
      const profile = await use(draft.cluster);
      const values = given.inputs ?? valuesOf(inputs, draft.answers);
      const made = await ask('tosca/plan', { uri, inputs: values, name: draft.name, ...placeOf(profile) });
      return { plan: made, profile, values };
    };
    const planStep: Step = async place => {
      const { plan: made, profile, values } = await plan();
      if (!(await isFit(document, errorsOf(made)))) return 'cancelled';
      ready = { plan: made, profile };
      await parts.previews.show(document.uri, { name: draft.name, values, profile });
      const question = `Deploy ${made.name} to ${profile.name}: ${summary(made)}?`;
      const items = [
        {
          label: '$(rocket) Deploy',
          description: `${summary(made)} to ${profile.name}`,
          detail: 'The plan beside tells all that is sent.',
        },
        { label: '$(close) Cancel', description: 'nothing is sent' },
      ];
      const outcome = await askChoice(
        { ...place, title: question },
        { placeholder: 'Enter deploys, Escape sends nothing', items },
      );
      if (typeof outcome === 'string') return outcome;
      return outcome.value === items[0] ? 'next' : 'cancelled';
    };

    if (given.confirm === true) {
      const { plan: made, profile } = await plan();
      if (!(await isFit(document, errorsOf(made)))) return undefined;
      ready = { plan: made, profile };
    } else {
      const chosen = (cluster: string) => {
        use(cluster).catch(() => undefined);
        draft.name = given.name ?? freeName(draft.name, namesOn(clusters.find(cluster)));
      };
      if (given.cluster !== undefined) chosen(given.cluster);
      const steps = [
        ...(given.cluster === undefined ? [clusterStep(draft, clusters, remembered, chosen)] : []),
        ...(given.name === undefined ? [nameStep(draft, clusters)] : []),
        ...(given.inputs === undefined ? inputSteps(uri, inputs, draft, remembered, ask) : []),
        planStep,
      ];
      if (!(await askInTurn(`Deploy ${nameOf(document.uri)}`, steps))) return undefined;
      await memory.write(document.uri, {
        answers: given.inputs === undefined ? remember(inputs, draft.answers) : remembered.answers,
        name: draft.name,
        cluster: draft.cluster,
      });
    }
    if (ready === undefined) return undefined;
    const outcome = await carryOut(ready.plan, ready.profile, document.uri, clusters);
    parts.tell(outcome, ready.profile);
    void clusters.refresh(ready.profile.name);
    return outcome;
  } finally {
    watching.dispose();
  }
}

async function carryOut(
  plan: Plan,
  profile: Profile,
  template: vscode.Uri,
  clusters: Clusters,
): Promise<DeployOutcome> {
  const seconds = vscode.workspace.getConfiguration('toscaMesos.deploy', template).get('timeout', 600);
  const title = `Deploying ${plan.name} to ${profile.name}`;
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const cancel = new AbortController();
      token.onCancellationRequested(() => cancel.abort());
      const line = openProgress((plan.marathon === null ? 0 : 1 + plan.marathon.apps.length) + plan.chronos.length);
      try {
        return await deploy(plan, profile, {
          signal: cancel.signal,
          timeoutMs: seconds * 1000,
          rollback: 'never',
          // a process of this machine that does not answer is gone, no leader that changes
          ...(profile.name === localClusterName && { awayMs: 2_000 }),
          onProgress: step => {
            progress.report({ message: line(step) });
            void clusters.refresh(profile.name);
          },
        });
      } catch (error) {
        throw new Error(`The deployment of ${plan.name} broke off: ${sentenceOf(error)}`);
      }
    },
  );
}
