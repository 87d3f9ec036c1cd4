// The steps of the conversation before a deployment: the cluster, the name, the inputs, the plan.
import * as vscode from 'vscode';
import { deploymentOfJob } from '../../../cluster/src/deploy/undeploy.ts';
import type { TemplateInput } from '../../../protocol/src/plan.ts';
import type { Ask } from '../language/server.ts';
import type { Cluster, Clusters } from '../profiles/clusters.ts';
import { askChoice, askText, type Step } from './ask.ts';
import { askInput } from './ask-input.ts';
import { defaultsStep } from './defaults.ts';
import { lackingValue, proposed, withDefault } from './inputs.ts';
import type { Remembered } from './memory.ts';

/** What the conversation fills in. */
export interface Draft {
  cluster: string;
  name: string;
  answers: Record<string, string>;
}

export function clusterStep(
  draft: Draft,
  clusters: Clusters,
  remembered: Remembered,
  chosen: (name: string) => void,
): Step {
  return async place => {
    const items = clusters.list.map(({ name, ...cluster }) => ({
      label: `$(server-environment) ${name}`,
      description: describe(cluster),
      name,
    }));
    const add = { label: '$(add) Add a Cluster…', description: 'in the settings', name: undefined };
    const active = items.find(({ name }) => name === (draft.cluster || remembered.cluster));
    const outcome = await askChoice(place, { placeholder: 'Deploy to which cluster?', items: [...items, add], active });
    if (typeof outcome === 'string') return outcome;
    if (outcome.value.name === undefined) {
      void vscode.commands.executeCommand('toscaMesos.addCluster');
      return 'cancelled';
    }
    draft.cluster = outcome.value.name;
    chosen(draft.cluster);
    return 'next';
  };
}

function describe({ local, state, profile }: Omit<Cluster, 'name'>): string {
  if (local?.status === 'stopped' || local?.status === 'failed') return 'starts when chosen';
  const connection = state === undefined || state.connection.status === 'online' ? '' : `, ${state.connection.status}`;
  return `${profile?.release ?? local?.status ?? ''}${connection}`;
}

export function nameStep(draft: Draft, clusters: Clusters): Step {
  return async place => {
    const outcome = await askText(place, {
      prompt: 'Name of the deployment: it becomes the Marathon group, and the first part of the names of Chronos jobs.',
      value: draft.name,
      check: name => nameProblem(name, namesOn(clusters.find(draft.cluster)), draft.cluster),
    });
    if (typeof outcome === 'string') return outcome;
    draft.name = outcome.value;
    return 'next';
  };
}

function nameProblem(name: string, taken: ReadonlySet<string>, cluster: string): string | null {
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name))
    return 'Lower-case letters, digits and dashes, with none at either end.';
  return taken.has(name)
    ? `${cluster} has a deployment "${name}" already: undeploy it first, or choose another name.`
    : null;
}

/** Names of what is deployed there, as far as it is known now. */
export function namesOn(cluster: Cluster | undefined): ReadonlySet<string> {
  const apps = (cluster?.state?.apps ?? []).flatMap(({ id }) => id.split('/').slice(1, -1).slice(0, 1));
  const jobs = (cluster?.state?.jobs ?? []).flatMap(({ name }) => deploymentOfJob(name) ?? []);
  return new Set([...apps, ...jobs]);
}

/** `name`, or with the first number that makes it one of its own. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let number = 2, free = name; ; number++) {
    if (!taken.has(free)) return free;
    free = `${name}-${number}`;
  }
}

/** One step for each input without a value, and one for all that have a default. */
export function inputSteps(
  uri: string,
  inputs: readonly TemplateInput[],
  draft: Draft,
  remembered: Remembered,
  ask: Ask,
): readonly Step[] {
  const one =
    (input: TemplateInput): Step =>
    async place => {
      const outcome = await askInput(
        place,
        uri,
        input,
        draft.answers[input.name] ?? proposed(input, remembered.answers),
        ask,
      );
      if (typeof outcome === 'string') return outcome;
      draft.answers[input.name] = outcome.value;
      return 'next';
    };
  const changeable = withDefault(inputs);
  return [
    ...lackingValue(inputs).map(one),
    ...(changeable.length === 0 ? [] : [defaultsStep(uri, changeable, draft.answers, ask)]),
  ];
}
