// The rows of Marathon apps: groups, apps, tasks.
import type { LiveApp, LiveTask } from '../../../cluster/src/live/state.ts';
import { compare, green, grey, type Icon, type Row, red, when, yellow } from './row.ts';

export function applicationRows(cluster: string, apps: readonly LiveApp[]): Row {
  return {
    id: `${cluster}\napps`,
    label: 'Applications',
    description: apps.length === 0 ? 'none' : String(apps.length),
    tooltip: 'Long-running apps of Marathon',
    icon: { name: 'layers' },
    context: 'applications',
    open: true,
    children: membersOf(cluster, '/', apps),
    target: { kind: 'heading', cluster },
  };
}

/** The groups and apps right in a group, by name, groups first. `group` ends in a slash. */
function membersOf(cluster: string, group: string, apps: readonly LiveApp[]): readonly Row[] {
  const own: LiveApp[] = [];
  const groups = new Map<string, LiveApp[]>();
  for (const app of apps) {
    const slash = app.id.indexOf('/', group.length);
    if (slash < 0) {
      own.push(app);
      continue;
    }
    const name = app.id.slice(0, slash);
    const members = groups.get(name);
    if (members === undefined) groups.set(name, [app]);
    else members.push(app);
  }
  return [
    ...[...groups].sort(([a], [b]) => compare(a, b)).map(([name, members]) => groupRow(cluster, name, members)),
    ...own.sort((a, b) => compare(a.id, b.id)).map(app => appRow(cluster, app, group)),
  ];
}

function groupRow(cluster: string, group: string, apps: readonly LiveApp[]): Row {
  const isDeployment = group.lastIndexOf('/') === 0;
  const name = group.slice(group.lastIndexOf('/') + 1);
  const running = apps.reduce((sum, app) => sum + app.running, 0);
  const wanted = apps.reduce((sum, app) => sum + app.wanted, 0);
  const description = `${running}/${wanted}`;
  return {
    id: `${cluster}\ngroup\n${group}`,
    label: name,
    description,
    tooltip: `Group ${group}: ${apps.length === 1 ? '1 app' : `${apps.length} apps`}, ${running} of ${wanted} tasks running`,
    icon: { name: 'folder', ...colored(worst(apps.map(statusOf))) },
    context: isDeployment ? 'deployment' : 'group',
    open: true,
    children: membersOf(cluster, `${group}/`, apps),
    target: isDeployment ? { kind: 'deployment', cluster, deployment: name } : { kind: 'group', cluster, group },
  };
}

function appRow(cluster: string, app: LiveApp, group: string): Row {
  const status = statusOf(app);
  return {
    id: `${cluster}\napp\n${app.id}`,
    label: app.id.slice(group.length),
    description: describe(app, status),
    tooltip: appTooltip(app, status),
    icon: status === 'failing' && app.deployments.length > 0 ? { name: 'sync~spin', color: red } : appIcons[status],
    context: status === 'stopped' ? 'app.stopped' : 'app',
    open: false,
    children: app.tasks.toSorted(byStart).map(task => taskRow(cluster, app, task)),
    target: { kind: 'app', cluster, app: app.id },
  };
}

type AppStatus = 'stopped' | 'deploying' | 'failing' | 'unhealthy' | 'waiting' | 'running';

function statusOf(app: LiveApp): AppStatus {
  if (app.deployments.length > 0)
    return app.running < app.wanted && app.lastFailure !== undefined ? 'failing' : 'deploying';
  if (app.wanted === 0 && app.running === 0) return 'stopped';
  if (app.unhealthy > 0) return 'unhealthy';
  if (app.running < app.wanted) return app.lastFailure === undefined ? 'waiting' : 'failing';
  return 'running';
}

const appIcons: Readonly<Record<AppStatus, Icon>> = {
  stopped: { name: 'circle-outline', color: grey },
  deploying: { name: 'sync~spin' },
  failing: { name: 'error', color: red },
  unhealthy: { name: 'error', color: red },
  waiting: { name: 'watch', color: yellow },
  running: { name: 'pass-filled', color: green },
};

const severity: readonly AppStatus[] = ['failing', 'unhealthy', 'waiting', 'deploying', 'running', 'stopped'];
const worst = (statuses: readonly AppStatus[]): AppStatus =>
  severity.find(status => statuses.includes(status)) ?? 'stopped';

const colored = (status: AppStatus): { color?: string } => {
  const { color } = appIcons[status];
  return color === undefined ? {} : { color };
};

function describe(app: LiveApp, status: AppStatus): string {
  const count = `${app.running}/${app.wanted}`;
  switch (status) {
    case 'stopped':
      return 'stopped';
    case 'running':
      return count;
    case 'failing':
      return `${count} ${app.deployments.length > 0 ? 'deploying, last task failed' : 'last task failed'}`;
    case 'unhealthy':
      return `${count} ${app.unhealthy} unhealthy`;
    default:
      return `${count} ${status}`;
  }
}

function appTooltip(app: LiveApp, status: AppStatus): string {
  const lines = [
    `${app.id}: ${describe(app, status)}`,
    app.hasHealthChecks ? `Healthy: ${app.healthy} of ${app.running}` : undefined,
    app.image === undefined ? undefined : `Image: ${app.image}`,
    app.command === undefined ? undefined : `Command: ${app.command}`,
    app.servicePorts.length === 0 ? undefined : `Service ports: ${app.servicePorts.join(', ')}`,
    app.lastFailure === undefined
      ? undefined
      : `Last failure: ${app.lastFailure.message} (${app.lastFailure.state}, ${when(app.lastFailure.at)})`,
    status === 'waiting' || (status === 'deploying' && app.staged === 0 && app.running < app.wanted)
      ? 'Waits for an offer of enough cpus, memory and ports.'
      : undefined,
  ];
  return lines.filter(line => line !== undefined).join('\n');
}

function taskRow(cluster: string, app: LiveApp, task: LiveTask): Row {
  const [first, ...others] = task.ports;
  const place = first === undefined ? task.host : [`${task.host}:${first}`, ...others].join(', ');
  const health = task.healthy === undefined ? '' : task.healthy ? ', healthy' : ', unhealthy';
  const state = stateWord(task.state);
  return {
    id: `${cluster}\ntask\n${task.id}`,
    label: place,
    description: `${state}${health}`,
    tooltip: [
      `Task ${task.id}`,
      `${state}${health}${task.startedAt === undefined ? '' : ` since ${when(task.startedAt)}`}`,
      `Agent: ${task.agentId}`,
    ].join('\n'),
    icon: taskIcon(task),
    context: 'task',
    open: false,
    children: [],
    target: { kind: 'task', cluster, app: app.id, task: task.id },
  };
}

function taskIcon({ state, healthy }: LiveTask): Icon {
  if (healthy === false) return { name: 'error', color: red };
  switch (state) {
    case 'TASK_RUNNING':
      return { name: 'play', color: green };
    case 'TASK_STAGING':
    case 'TASK_STARTING':
    case 'TASK_KILLING':
      return { name: 'loading~spin' };
    case 'TASK_FINISHED':
    case 'TASK_KILLED':
      return { name: 'circle-outline', color: grey };
    default:
      return { name: 'error', color: red };
  }
}

/** `TASK_RUNNING` is said as `running`. */
const stateWord = (state: string) =>
  state
    .replace(/^TASK_/, '')
    .toLowerCase()
    .replaceAll('_', ' ');

/** Oldest first, those that have not started last. */
const byStart = (a: LiveTask, b: LiveTask) => compare(a.startedAt ?? '~', b.startedAt ?? '~') || compare(a.id, b.id);
