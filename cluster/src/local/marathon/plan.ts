// From one group tree to the next: the steps of a deployment. Facts: marathon v1.1.1 and v1.4.1 upgrade/DeploymentPlan.scala,
// v1.5.6 core/deployment/DeploymentPlan.scala.
import type { MarathonVersion } from '../release.ts';
import { isSameConfiguration } from './app.ts';
import { dependenciesOf, type Root } from './root.ts';

export type ActionKind = 'StartApplication' | 'StopApplication' | 'ScaleApplication' | 'RestartApplication';

export interface Action {
  readonly kind: ActionKind;
  readonly app: string;
}

export type Step = readonly Action[];

/** All stops, then all starts with no instances, then scaling and restarting, one step for each depth of dependency. */
export function planSteps(original: Root, target: Root, marathon: MarathonVersion): Step[] {
  const stops: Action[] = [...original.apps.keys()]
    .filter(id => !target.apps.has(id))
    .map(app => ({ kind: 'StopApplication', app }));
  const starts: Action[] = [];
  const levels = new Map<number, Action[]>();
  const depths = new Map<string, number>();
  const depth = (id: string): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    depths.set(id, 0);
    const app = target.apps.get(id);
    const found = app === undefined ? 0 : Math.max(0, ...[...dependenciesOf(target, app)].map(each => depth(each) + 1));
    depths.set(id, found);
    return found;
  };
  for (const [id, app] of target.apps) {
    const before = original.apps.get(id);
    if (before === app) continue;
    let kind: ActionKind;
    if (before === undefined) {
      starts.push({ kind: 'StartApplication', app: id });
      kind = 'ScaleApplication';
    } else if (
      before.versionInfo?.lastConfigChangeAt === app.versionInfo?.lastConfigChangeAt &&
      isSameConfiguration(before, app)
    ) {
      if (before.instances === app.instances) continue;
      kind = 'ScaleApplication';
    } else kind = marathon === '1.5.6' && app.instances === 0 ? 'ScaleApplication' : 'RestartApplication';
    const level = depth(id);
    levels.set(level, [...(levels.get(level) ?? []), { kind, app: id }]);
  }
  const changes = [...levels].sort(([a], [b]) => a - b).map(([, actions]) => actions);
  return [stops, starts, ...changes].filter(step => step.length > 0);
}

export const answerSteps = (steps: readonly Step[], marathon: MarathonVersion) =>
  steps.map(step => ({ actions: answerActions(step, marathon) }));

export const answerActions = (step: Step, marathon: MarathonVersion) =>
  step.map(({ kind, app }) => (marathon === '1.1.1' ? { type: kind, app } : { action: kind, app }));
