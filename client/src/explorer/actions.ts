// The commands on apps, tasks and jobs. Each asks for what it acts on where it is not told, and before it takes anything away.
import * as vscode from 'vscode';
import { chronos, endpointOf, marathon, type Profile } from '../../../cluster/src/index.ts';
import type { LiveApp, LiveJob } from '../../../cluster/src/live/state.ts';
import type { Outputs } from '../logs/outputs.ts';
import { confirm, requireTrust, telling } from '../message.ts';
import type { Clusters } from '../profiles/clusters.ts';
import { count } from '../words.ts';
import { type Argument, type Picking, pickApp, pickJob, pickTask, type TargetOf, targetOf } from './ask.ts';
import type { Target } from './row.ts';
import type { ClusterTree } from './view.ts';

export function registerActions(tree: ClusterTree, clusters: Clusters, outputs: Outputs): vscode.Disposable {
  const profileOf = (cluster: string): Profile => {
    const found = clusters.find(cluster);
    if (found?.profile === undefined) throw new Error(`${cluster} does not run.`);
    return found.profile;
  };
  const liveApp = ({ cluster, app }: TargetOf<'app'>): LiveApp | undefined =>
    clusters.find(cluster)?.state?.apps.find(({ id }) => id === app);
  const liveJob = ({ cluster, job }: TargetOf<'job'>): LiveJob | undefined =>
    clusters.find(cluster)?.state?.jobs.find(({ name }) => name === job);

  const on =
    <Kind extends Target['kind']>(
      kinds: readonly Kind[],
      members: readonly string[],
      picking: Picking<TargetOf<Kind>>,
      act: (target: TargetOf<Kind>, given: Given) => Promise<unknown>,
    ) =>
    (argument: Argument) =>
      telling(async () => {
        const target = await targetOf(kinds, members, argument, tree, clusters, picking);
        if (target !== undefined) await act(target, typeof argument === 'object' ? (argument as Given) : {});
      });
  const onApp = (title: string, act: (target: TargetOf<'app'>, given: Given) => Promise<unknown>) =>
    on(['app'], ['cluster', 'app'], pickApp(title), act);
  const onJob = (title: string, act: (target: TargetOf<'job'>, given: Given) => Promise<unknown>) =>
    on(['job'], ['cluster', 'job'], pickJob(title), act);
  const onTask = (title: string, act: (target: TargetOf<'task' | 'run'>, given: Given) => Promise<unknown>) =>
    on(['task', 'run'], ['cluster', 'task'], pickTask(title), act);

  /** Sends a change of a cluster, shows that it is on its way, and reads the cluster anew. */
  const change = async (cluster: string, send: (profile: Profile) => Promise<unknown>) => {
    requireTrust();
    await vscode.window.withProgress({ location: { viewId: 'toscaMesos.clusters' } }, async () => {
      await send(profileOf(cluster));
      await clusters.refresh(cluster);
    });
  };
  const openOutput = (target: TargetOf<'task' | 'run'>, file: 'stdout' | 'stderr') => {
    const whole = target.kind === 'task' ? target.app : target.job;
    const name = whole?.split(target.kind === 'task' ? '/' : '--').at(-1) ?? target.task;
    return outputs.open({ cluster: target.cluster, task: target.task, file, name });
  };

  const commands: Readonly<Record<string, (argument: Argument) => Promise<unknown>>> = {
    'toscaMesos.refresh': argument => {
      const target = typeof argument === 'string' ? tree.target(argument) : argument;
      return clusters.refresh(typeof target?.cluster === 'string' ? target.cluster : undefined);
    },

    'toscaMesos.scaleApp': onApp('Scale which app?', async (target, given) => {
      const instances = given.instances ?? (await askInstances(target.app, liveApp(target)?.wanted));
      if (typeof instances !== 'number') return;
      await change(target.cluster, profile => marathon.scale(endpointOf(profile, 'marathon'), target.app, instances));
    }),

    'toscaMesos.restartApp': onApp('Restart which app?', target =>
      change(target.cluster, profile => marathon.restart(endpointOf(profile, 'marathon'), target.app)),
    ),

    'toscaMesos.stopApp': onApp('Stop which app?', async (target, given) => {
      const running = liveApp(target)?.running ?? 0;
      const detail = `${running === 0 ? 'No task of it runs now' : `Its ${count(running, 'task')} will be killed`}. The app keeps its definition: scale it to start it again.`;
      if (given.confirm !== true && !(await confirm(`Stop ${target.app} on ${target.cluster}?`, detail, 'Stop')))
        return;
      await change(target.cluster, profile => marathon.stop(endpointOf(profile, 'marathon'), target.app));
    }),

    'toscaMesos.openAppOutput': onApp('Output of which app?', async (target, given) => {
      const app = liveApp(target);
      const tasks = app?.tasks ?? [];
      const failed = app?.lastFailure?.taskId;
      if (tasks.length === 0 && failed === undefined)
        throw new Error(`${target.app} has no task yet, so there is no output.`);
      const task =
        tasks.length > 1
          ? (
              await vscode.window.showQuickPick(
                tasks.map(({ id, host, ports }) => ({ label: [host, ...ports].join(':'), description: id, id })),
                { title: `Output of which task of ${target.app}?` },
              )
            )?.id
          : (tasks[0]?.id ?? failed);
      // Of a task that failed, and has no row any more, the errors are what matters.
      const file = given.file ?? (tasks.length === 0 ? 'stderr' : 'stdout');
      if (task !== undefined) await openOutput({ ...target, kind: 'task', task }, file);
    }),

    'toscaMesos.openInBrowser': onApp('Open which app?', async target => {
      const addresses = (liveApp(target)?.tasks ?? []).flatMap(({ host, ports }) =>
        ports.map(port => `http://${host}:${port}`),
      );
      if (addresses.length === 0)
        throw new Error(`${target.app} has no running task with a port, so there is no address to open.`);
      const address =
        addresses.length === 1
          ? addresses[0]
          : await vscode.window.showQuickPick(addresses, { title: `Open which address of ${target.app}?` });
      if (address !== undefined) await vscode.env.openExternal(vscode.Uri.parse(address));
    }),

    'toscaMesos.openStdout': onTask('stdout of which task?', target => openOutput(target, 'stdout')),
    'toscaMesos.openStderr': onTask('stderr of which task?', target => openOutput(target, 'stderr')),

    'toscaMesos.killTask': onTask('Kill which task?', async (target, given) => {
      if (target.kind !== 'task') throw new Error('A run of a job ends with its job: delete the job.');
      const detail = `${target.task}\n\nMarathon starts another in its place.`;
      if (
        given.confirm !== true &&
        !(await confirm(`Kill this task of ${target.app} on ${target.cluster}?`, detail, 'Kill'))
      )
        return;
      await change(target.cluster, profile =>
        marathon.killTask(endpointOf(profile, 'marathon'), target.app, target.task),
      );
    }),

    'toscaMesos.runJob': onJob('Run which job now?', target =>
      change(target.cluster, profile => chronos.runNow(chronos.chronosOf(profile), target.job)),
    ),

    'toscaMesos.deleteJob': onJob('Delete which job?', async (target, given) => {
      const children =
        clusters.find(target.cluster)?.state?.jobs.filter(({ parents }) => parents.includes(target.job)) ?? [];
      const others =
        children.length === 0
          ? ''
          : ` Jobs that run after it stay and lose this parent: ${children.map(({ name }) => name).join(', ')}.`;
      const runs = liveJob(target)?.current === 'running' ? ' Its running task is killed.' : '';
      const detail = `Its definition and its counters are removed.${runs}${others}`;
      if (
        given.confirm !== true &&
        !(await confirm(`Delete the job ${target.job} from ${target.cluster}?`, detail, 'Delete'))
      )
        return;
      await change(target.cluster, profile => chronos.remove(chronos.chronosOf(profile), target.job));
    }),

    'toscaMesos.openJobOutput': onJob('Output of which job?', async (target, given) => {
      const [task] = liveJob(target)?.taskIds ?? [];
      if (task === undefined)
        throw new Error(`${target.job} has not run yet, or so long ago that Mesos has forgotten it.`);
      await openOutput({ ...target, kind: 'run', task }, given.file ?? 'stdout');
    }),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, handler]) => vscode.commands.registerCommand(id, handler)),
  );
}

/** What a caller gives besides the target, so that nothing is asked. */
interface Given {
  readonly instances?: number;
  readonly file?: 'stdout' | 'stderr';
  readonly confirm?: boolean;
}

async function askInstances(app: string, now: number | undefined): Promise<number | undefined> {
  const value = String(now ?? 1);
  const text = await vscode.window.showInputBox({
    title: `Scale ${app}`,
    prompt: `How many instances?${now === undefined ? '' : ` Now: ${now}.`} 0 stops the app and keeps its definition.`,
    value,
    valueSelection: [0, value.length],
    validateInput: text =>
      /^\s*\d{1,5}\s*$/.test(text) ? undefined : 'A whole number from 0 to 99999, for example 3.',
  });
  return text === undefined ? undefined : Number(text);
}
