// Live states for the tests of what is shown of them.

import type { Cluster } from '../../client/src/profiles/clusters.ts';
import type { LiveAgent, LiveApp, LiveJob, LiveState, LiveTask } from '../../cluster/src/live/state.ts';

export const task = (more: Partial<LiveTask> = {}): LiveTask => ({
  id: 'demo_web.1',
  state: 'TASK_RUNNING',
  host: '10.0.0.1',
  agentId: 'S0',
  ports: [31000],
  healthy: undefined,
  startedAt: '2026-01-01T00:00:00.000Z',
  ...more,
});

export const app = (more: Partial<LiveApp> = {}): LiveApp => ({
  id: '/demo/web',
  wanted: 1,
  running: 1,
  staged: 0,
  healthy: 0,
  unhealthy: 0,
  hasHealthChecks: false,
  deployments: [],
  servicePorts: [],
  tasks: [task()],
  lastFailure: undefined,
  labels: {},
  image: undefined,
  command: undefined,
  ...more,
});

export const job = (more: Partial<LiveJob> = {}): LiveJob => ({
  name: 'demo--fetch',
  schedule: undefined,
  parents: [],
  disabled: false,
  last: 'fresh',
  current: 'idle',
  successCount: 0,
  errorCount: 0,
  lastSuccess: undefined,
  lastError: undefined,
  image: undefined,
  command: undefined,
  taskIds: [],
  ...more,
});

export const agent = (more: Partial<LiveAgent> = {}): LiveAgent => ({
  id: 'S0',
  hostname: '10.0.0.1',
  active: true,
  total: { cpus: 4, mem: 8192, disk: 0, gpus: 0 },
  used: { cpus: 0.5, mem: 512, disk: 0, gpus: 0 },
  ...more,
});

export const state = (more: Partial<LiveState> = {}): LiveState => ({
  connection: { status: 'online' },
  problems: [],
  apps: [],
  jobs: [],
  agents: [],
  ...more,
});

export const remote = (live: LiveState | undefined, name = 'production'): Cluster => ({
  name,
  profile: { name, release: 'indigo_2', marathon: 'http://m:8080', chronos: 'http://c:4400', mesos: 'http://s:5050' },
  local: undefined,
  state: live,
});

export const local = (status: NonNullable<Cluster['local']>): Cluster => ({
  name: 'Local cluster',
  profile: undefined,
  local: status,
  state: undefined,
});
