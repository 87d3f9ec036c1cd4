// With which flags master and agents would have been started to be as they are here. Names by release: mesos src/master/flags.cpp and
// src/slave/flags.cpp at 0.28.0, 1.1.0, 1.5.0.
import path from 'node:path';
import type { MesosVersion } from '../release.ts';
import type { Agent, Share } from './agents.ts';
import { rangesText } from './port-ranges.ts';
import { since } from './since.ts';
import type { MasterAddress } from './state.ts';

type Flags = Readonly<Record<string, string>>;

/** The cluster name that INDIGO's roles give (`--cluster`). */
export const clusterName = 'IndigoCluster';

const ofBoth: Flags = { help: 'false', logbufsecs: '0', logging_level: 'INFO', quiet: 'false', version: 'false' };

export const masterFlags = (version: MesosVersion, { hostname, ip, logDir, port }: MasterAddress): Flags => ({
  ...ofBoth,
  ...(since(version, '1.1')
    ? { agent_ping_timeout: '15secs', max_agent_ping_timeouts: '5', authenticate_agents: 'false' }
    : { slave_ping_timeout: '15secs', max_slave_ping_timeouts: '5', authenticate_slaves: 'false' }),
  allocation_interval: '1secs',
  allocator: 'HierarchicalDRF',
  authenticate_frameworks: 'false',
  cluster: clusterName,
  framework_sorter: 'drf',
  hostname,
  ip,
  log_dir: logDir,
  max_completed_frameworks: '50',
  max_completed_tasks_per_framework: '1000',
  ...(since(version, '1.5') ? { max_unreachable_tasks_per_framework: '1000' } : {}),
  port: String(port),
  quorum: '1',
  registry: 'in_memory',
  root_submissions: 'true',
  user_sorter: 'drf',
  work_dir: path.dirname(logDir),
});

export const agentFlags = ({ attributes, hostname, port, shares, workDir }: Agent): Flags => ({
  ...ofBoth,
  attributes: Object.entries(attributes)
    .map(([name, value]) => `${name}:${value}`)
    .join(';'),
  containerizers: 'docker,mesos',
  fetcher_cache_dir: path.join(workDir, 'fetch'),
  fetcher_cache_size: '2GB',
  gc_delay: '1weeks',
  hostname,
  log_dir: logDirOf(workDir),
  port: String(port),
  resources: shares.flatMap(resourceTexts).join(';'),
  switch_user: 'false',
  work_dir: workDir,
});

export const logDirOf = (workDir: string): string => path.join(workDir, 'log');

function resourceTexts({ role, amount, portRanges }: Share): string[] {
  const suffix = role === '*' ? '' : `(${role})`;
  const ports = rangesText(portRanges)?.replaceAll(' ', '');
  return [
    ...Object.entries(amount).flatMap(([name, value]) => (value > 0 ? [`${name}${suffix}:${value}`] : [])),
    ...(ports === undefined ? [] : [`ports${suffix}:${ports}`]),
  ];
}
