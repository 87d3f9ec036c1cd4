// Deployments: from one group tree to the next, in steps, one at a time for each app. The only place where the tree is replaced.
import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { type Clock, timestamp } from '../clock.ts';
import { HttpError } from '../http.ts';
import type { Journal } from '../journal.ts';
import type { MarathonVersion } from '../release.ts';
import { answerGroup } from './answer-group.ts';
import { portsOf } from './app.ts';
import type { EventBus } from './events.ts';
import { isViable } from './instance.ts';
import {
  forgetDeployment,
  noteDeployment,
  noteRoot,
  noteVersions,
  recallDeployments,
  recallRoots,
  recallVersions,
} from './memory.ts';
import { type Action, answerActions, answerSteps, planSteps, type Step } from './plan.ts';
import {
  emptyRoot,
  type Root,
  specOf,
  specsOf,
  succeed,
  validateRoot,
  withApp,
  withGroup,
  without,
  withoutGroup,
  withPod,
} from './root.ts';
import { counted, isOutdated } from './run.ts';
import type { RunSpec } from './run-spec.ts';
import type { Runs } from './runs.ts';
import { notValid } from './validate.ts';

export interface Deployment {
  readonly id: string;
  readonly version: string;
  readonly original: Root;
  readonly target: Root;
  readonly steps: readonly Step[];
  readonly affectedApps: readonly string[];
  readonly affectedPods: readonly string[];
  /** From 0. */
  currentStep: number;
  readonly cancelled: AbortController;
}

export interface Change {
  /** The tree that is wanted; `version` is that of everything new in it. */
  readonly next: (root: Root, version: string) => Root;
  readonly force: boolean;
  /** Ids of apps and pods that start anew though nothing in them changes. */
  readonly restarted?: ReadonlySet<string>;
  /** What the event names: the group that is said to change. */
  readonly groupId: string;
}

export interface Deployments {
  readonly root: Root;
  /** Running ones, the oldest first. */
  readonly running: ReadonlyMap<string, Deployment>;
  /** Definitions that an app or a pod had, the newest first. */
  versionsOf(id: string): readonly RunSpec[];
  /** Trees that were, the newest first. */
  readonly history: readonly Root[];
  /** Starts what is needed; throws Marathon's refusal when an app is locked or the tree is not valid. */
  start(change: Change): Deployment;
  /** What `start` would do. */
  preview(change: Change): readonly Step[];
  /** Ends a deployment where it stands. */
  cancel(deployment: Deployment): void;
  /** Ends a deployment and starts one that takes back what it changed. */
  revert(deployment: Deployment): Deployment;
}

/** How many definitions of an app or a pod, and how many trees, are kept (--zk_max_versions). */
const keptVersions = 50;

interface DeploymentsOptions {
  readonly marathon: MarathonVersion;
  readonly clock: Clock;
  readonly events: EventBus;
  readonly runs: Runs;
  /** Ports on which programs of this machine listen; nothing where nobody answers on service ports anyhow. */
  readonly listening: () => ReadonlySet<number>;
  readonly journal: Journal;
  readonly log: (line: string) => void;
}

export function createDeployments({
  marathon,
  clock,
  events,
  runs,
  listening,
  journal,
  log,
}: DeploymentsOptions): Deployments {
  let history: readonly [Root, ...Root[]] = recallRoots(journal) ?? [emptyRoot(timestamp(clock.now()))];
  let [root] = history;
  const versions = recallVersions(journal);
  const running = new Map<string, Deployment>();
  let lastVersion = Date.parse(root.version);

  /** Service ports that apps have or had: who listens there is the load balancer. */
  const given = new Set<number>();
  noteServicePorts(root);

  /** Versions are times, and no two are the same. */
  function newVersion(): string {
    lastVersion = Math.max(clock.now(), lastVersion + 1);
    return timestamp(lastVersion);
  }

  function planned({ next, restarted }: Change, version: string) {
    let found: ReadonlySet<number> | undefined;
    const held = (port: number): boolean => {
      found ??= listening();
      return found.has(port) && !given.has(port);
    };
    const target = succeed(root, next(root, version), version, marathon, restarted ?? new Set(), held);
    const details = validateRoot(target, marathon);
    if (details.length > 0) throw notValid(details);
    return { target, steps: planSteps(root, target, marathon) };
  }

  function start(change: Change): Deployment {
    const version = newVersion();
    try {
      const { target, steps } = planned(change, version);
      const affected = (kind: Action['of']) => [
        ...new Set(steps.flatMap(step => step.filter(({ of }) => of === kind).map(({ id }) => id))),
      ];
      const [affectedApps, affectedPods] = [affected('app'), affected('pod')];
      const inTheWay = [...running.values()].filter(
        each =>
          each.affectedApps.some(app => affectedApps.includes(app)) ||
          each.affectedPods.some(pod => affectedPods.includes(pod)),
      );
      if (inTheWay.length > 0 && !change.force) throw locked(inTheWay);
      for (const deployment of inTheWay) cancel(deployment);
      const deployment: Deployment = {
        id: randomUUID(),
        version,
        original: root,
        target,
        steps,
        affectedApps,
        affectedPods,
        currentStep: 0,
        cancelled: new AbortController(),
      };
      replaceRoot(target);
      running.set(deployment.id, deployment);
      noteDeployment(journal, deployment);
      events.publish('group_change_success', { groupId: change.groupId, version });
      setImmediate(() => void execute(deployment));
      return deployment;
    } catch (error) {
      if (error instanceof HttpError) {
        const reason = (error.answer.json as { message?: string } | undefined)?.message ?? error.message;
        events.publish('group_change_failed', { groupId: change.groupId, version, reason });
      }
      throw error;
    }
  }

  /** Of the apps that are others than before. */
  function noteServicePorts({ apps }: Root, before?: Root): void {
    for (const [id, app] of apps) {
      if (before?.apps.get(id) === app) continue;
      for (const { servicePort } of portsOf(app)) given.add(servicePort);
    }
  }

  function replaceRoot(target: Root): void {
    for (const spec of specsOf(target)) {
      const known = versions.get(spec.id) ?? [];
      if (known[0] !== spec) replaceVersions(spec.id, [spec, ...known].slice(0, keptVersions));
    }
    for (const { id } of specsOf(root)) if (specOf(target, id) === undefined) replaceVersions(id, []);
    noteServicePorts(target, root);
    noteRoot(journal, root, target, keptVersions);
    root = target;
    history = [root, ...history.slice(0, keptVersions - 1)];
  }

  function replaceVersions(id: string, specs: readonly RunSpec[]): void {
    noteVersions(journal, id, versions.get(id) ?? [], specs);
    if (specs.length > 0) versions.set(id, specs);
    else versions.delete(id);
  }

  /** Goes on where the cluster was when it ended. */
  function resume(): void {
    for (const deployment of recallDeployments(journal, history)) running.set(deployment.id, deployment);
    for (const spec of specsOf(root)) {
      const changing = [...running.values()].find(
        ({ affectedApps, affectedPods }) => affectedApps.includes(spec.id) || affectedPods.includes(spec.id),
      );
      const before = changing === undefined ? spec : specOf(changing.original, spec.id);
      if (before !== undefined) runs.want(before, before.instances);
    }
    for (const deployment of running.values()) setImmediate(() => void execute(deployment));
  }
  resume();

  async function execute(deployment: Deployment): Promise<void> {
    const { id, steps, cancelled } = deployment;
    // Each action of a step listens, and a step may have thousands.
    setMaxListeners(0, cancelled.signal);
    const info = () => ({
      plan: planAnswer(deployment),
      currentStep: { actions: answerActions(steps[deployment.currentStep] ?? [], marathon) },
    });
    try {
      for (; deployment.currentStep < steps.length; deployment.currentStep++) {
        cancelled.signal.throwIfAborted();
        events.publish('deployment_info', info);
        await Promise.all((steps[deployment.currentStep] ?? []).map(action => perform(action, deployment)));
        cancelled.signal.throwIfAborted();
        events.publish('deployment_step_success', info);
      }
      forget(deployment);
      events.publish('deployment_success', () => ({ id, plan: planAnswer(deployment) }));
    } catch (error) {
      // Only a cancelled deployment should end early: a failing app keeps it waiting.
      if (!cancelled.signal.aborted)
        log(`deployment ${id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      forget(deployment);
      events.publish('deployment_step_failure', info);
      events.publish('deployment_failed', () => ({ id, plan: planAnswer(deployment) }));
    }
  }

  async function perform({ kind, id }: Action, { target, cancelled }: Deployment): Promise<void> {
    if (kind === 'Stop') return runs.stop(id);
    const spec = specOf(target, id);
    if (spec === undefined) return;
    const run = runs.want(spec, kind === 'Start' ? 0 : spec.instances);
    if (kind === 'Start') return;
    await runs.until(
      run,
      () => {
        const all = counted(run);
        return (
          all.length <= run.target &&
          all.filter(isViable).length >= run.target &&
          (kind === 'Scale' || !all.some(instance => isOutdated(run, instance)))
        );
      },
      cancelled.signal,
    );
  }

  function forget({ id }: Deployment): void {
    running.delete(id);
    forgetDeployment(journal, id);
  }

  function cancel(deployment: Deployment): void {
    forget(deployment);
    deployment.cancelled.abort(new Error('The deployment was cancelled'));
  }

  function locked(inTheWay: readonly Deployment[]): HttpError {
    return new HttpError({
      status: 409,
      type: 'application/json',
      json: {
        message:
          "App is locked by one or more deployments. Override with the option '?force=true'. View details at '/v2/deployments/<DEPLOYMENT_ID>'.",
        deployments: inTheWay.map(({ id }) => ({ id })),
      },
    });
  }

  const planAnswer = ({ id, version, original, target, steps }: Deployment) => ({
    id,
    original: answerGroup(original, '/', marathon),
    target: answerGroup(target, '/', marathon),
    steps: answerSteps(steps, marathon),
    version,
  });

  return {
    get root() {
      return root;
    },
    running,
    versionsOf: id => versions.get(id) ?? [],
    get history() {
      return history;
    },
    start,
    preview: change => planned(change, newVersion()).steps,
    cancel,
    revert(deployment) {
      cancel(deployment);
      return start({ force: true, groupId: '/', next: tree => takeBack(tree, deployment) });
    },
  };
}

/** The tree with what a deployment changed put back as it was before, and nothing else touched. */
function takeBack(tree: Root, { original, target, affectedApps, affectedPods }: Deployment): Root {
  let back = tree;
  for (const id of affectedApps) {
    const app = original.apps.get(id);
    back = app === undefined ? without(back, id) : withApp(back, app);
  }
  for (const id of affectedPods) {
    const pod = original.pods.get(id);
    back = pod === undefined ? without(back, id) : withPod(back, pod);
  }
  for (const [id, group] of original.groups) if (!back.groups.has(id)) back = withGroup(back, group);
  for (const id of target.groups.keys()) {
    const isEmpty = !specsOf(back).some(spec => spec.id.startsWith(`${id}/`));
    if (!original.groups.has(id) && isEmpty) back = withoutGroup(back, id);
  }
  return back;
}
