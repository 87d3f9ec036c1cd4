// From one group tree to the next: the steps of a deployment. Facts: marathon v1.1.1 and v1.4.1 upgrade/DeploymentPlan.scala,
// v1.5.6 core/deployment/DeploymentPlan.scala.
import type { MarathonVersion } from '../release.ts';
import { isPod } from './pod.ts';
import { dependenciesOf, type Root, specOf, specsOf } from './root.ts';
import { isSameConfiguration } from './run-spec.ts';

export type ActionKind = 'Start' | 'Stop' | 'Scale' | 'Restart';

export interface Action {
  readonly kind: ActionKind;
  readonly of: 'app' | 'pod';
  readonly id: string;
}

export type Step = readonly Action[];

/** All stops, then all starts with no instances, then scaling and restarting, one step for each depth of dependency. */
export function planSteps(original: Root, target: Root, marathon: MarathonVersion): Step[] {
  const stops: Action[] = specsOf(original)
    .filter(({ id }) => specOf(target, id) === undefined)
    .map(spec => ({ kind: 'Stop', of: isPod(spec) ? 'pod' : 'app', id: spec.id }));
  const starts: Action[] = [];
  const levels = new Map<number, Action[]>();
  const depths = new Map<string, number>();
  const depth = (id: string): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    depths.set(id, 0);
    const spec = specOf(target, id);
    const found =
      spec === undefined ? 0 : Math.max(0, ...[...dependenciesOf(target, spec)].map(each => depth(each) + 1));
    depths.set(id, found);
    return found;
  };
  for (const spec of specsOf(target)) {
    const { id } = spec;
    const of = isPod(spec) ? 'pod' : 'app';
    const before = specOf(original, id);
    if (before === spec) continue;
    let kind: ActionKind;
    if (before === undefined) {
      starts.push({ kind: 'Start', of, id });
      kind = 'Scale';
    } else if (
      before.versionInfo?.lastConfigChangeAt === spec.versionInfo?.lastConfigChangeAt &&
      isSameConfiguration(before, spec)
    ) {
      if (before.instances === spec.instances) continue;
      kind = 'Scale';
    } else kind = marathon === '1.5.6' && spec.instances === 0 ? 'Scale' : 'Restart';
    const level = depth(id);
    levels.set(level, [...(levels.get(level) ?? []), { kind, of, id }]);
  }
  const changes = [...levels].sort(([a], [b]) => a - b).map(([, actions]) => actions);
  return [stops, starts, ...changes].filter(step => step.length > 0);
}

export const answerSteps = (steps: readonly Step[], marathon: MarathonVersion) =>
  steps.map(step => ({ actions: answerActions(step, marathon) }));

export const answerActions = (step: Step, marathon: MarathonVersion) =>
  step.map(action => answerAction(action, marathon));

export const answerAction = ({ kind, of, id }: Action, marathon: MarathonVersion) => ({
  [marathon === '1.1.1' ? 'type' : 'action']: `${kind}${of === 'app' ? 'Application' : 'Pod'}`,
  [of]: id,
});
