// The tree of clusters as data: a row for each cluster, with what runs there below. No editor here; see view.ts.
import type { Cluster } from '../profiles/clusters.ts';
import { agentRows } from './agents.ts';
import { applicationRows } from './apps.ts';
import { jobRows } from './jobs.ts';
import { green, grey, type Icon, type Row, red, yellow } from './row.ts';

/** No rows where nothing is configured and nothing runs: the welcome text stands there then. */
export function clusterRows(clusters: readonly Cluster[]): readonly Row[] {
  if (clusters.every(({ local }) => local?.status === 'stopped')) return [];
  return clusters.map(clusterRow);
}

function clusterRow(cluster: Cluster): Row {
  const { name, profile, state } = cluster;
  const { description, icon, reason } = connectionOf(cluster);
  const headings = profile === undefined || state === undefined ? [] : headingsOf(cluster);
  const problems = reason === undefined ? (state?.problems ?? []) : [reason];
  const shown = reason === undefined ? headings : headings.map(fade);
  const children = [...problems.map((problem, index) => problemRow(name, problem, index)), ...shown];
  const isStopped = cluster.local?.status === 'stopped';
  return {
    // A row that comes to have children later would stay closed, were it the same one.
    id: isStopped ? `${name}\nstopped` : name,
    label: name,
    description,
    tooltip: [`${name}: ${description}`, ...problems, ...addressesOf(cluster)].join('\n'),
    icon,
    context: cluster.local === undefined ? 'cluster.remote' : `cluster.local.${cluster.local.status}`,
    open: !isStopped,
    children,
    target: { kind: 'cluster', cluster: name },
  };
}

function headingsOf({ name, profile, state }: Cluster): readonly Row[] {
  if (profile === undefined || state === undefined || state.connection.status === 'connecting') return [];
  return [
    ...(profile.marathon === undefined ? [] : [applicationRows(name, state.apps)]),
    ...(profile.chronos === undefined ? [] : [jobRows(name, state.jobs)]),
    ...(profile.mesos === undefined ? [] : [agentRows(name, state.agents)]),
  ];
}

interface ConnectionText {
  readonly description: string;
  readonly icon: Icon;
  readonly reason?: string;
}

function connectionOf({ local, profile, state }: Cluster): ConnectionText {
  switch (local?.status) {
    case 'stopped':
      return { description: 'stopped', icon: { name: 'server-environment', color: grey } };
    case 'starting':
      return { description: 'starting…', icon: { name: 'loading~spin' } };
    case 'stopping':
      return { description: 'stopping…', icon: { name: 'loading~spin' } };
    case 'failed':
      return { description: 'not running', icon: { name: 'error', color: red }, reason: local.reason };
  }
  const release = profile === undefined ? '' : ` · ${profile.release}`;
  switch (state?.connection.status) {
    case 'online':
      return {
        description: `${local === undefined ? 'online' : 'running'}${release}`,
        icon: { name: 'server-environment', color: green },
      };
    case 'offline':
      return {
        description: 'offline',
        icon: { name: 'debug-disconnect', color: red },
        reason: state.connection.reason,
      };
    default:
      return { description: `connecting…${release}`, icon: { name: 'loading~spin' } };
  }
}

function addressesOf({ profile }: Cluster): readonly string[] {
  if (profile === undefined) return [];
  const { marathon, chronos, mesos } = profile;
  const parts = { Marathon: marathon, Chronos: chronos, Mesos: mesos };
  return Object.entries(parts).flatMap(([part, url]) => (url === undefined ? [] : [`${part}: ${url}`]));
}

function problemRow(cluster: string, problem: string, index: number): Row {
  return {
    id: `${cluster}\nproblem\n${index}`,
    label: problem,
    description: '',
    tooltip: problem,
    icon: { name: 'warning', color: yellow },
    context: 'problem',
    open: false,
    children: [],
    target: { kind: 'heading', cluster },
  };
}

/** What was known before the cluster fell silent: still there, so that nothing folds up, but not as if it were so now. */
function fade(row: Row): Row {
  const name = row.icon.name.replace(/^(loading|sync)~spin$/, 'circle-outline');
  return { ...row, icon: { name, color: grey }, children: row.children.map(fade) };
}
