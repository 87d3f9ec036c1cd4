import { describe, expect, test } from 'vitest';
import { changedRows, everyRow } from '../../client/src/explorer/diff.ts';
import type { Row } from '../../client/src/explorer/row.ts';
import { clusterRows } from '../../client/src/explorer/rows.ts';
import { agent, app, job, local, remote, state, task } from './live.ts';

/** The tree as a reader sees it, two blanks a level. */
function drawn(rows: readonly Row[], indent = ''): string {
  return rows
    .map(row => `${indent}${[row.label, row.description].join(' | ')}\n${drawn(row.children, `${indent}  `)}`)
    .join('');
}

const find = (rows: readonly Row[], label: string): Row => {
  const found = [...everyRow(rows)].find(({ row }) => row.label === label)?.row;
  if (found === undefined) throw new Error(`There is no row "${label}".`);
  return found;
};

describe('the tree of clusters', () => {
  test('is empty while nothing is configured and nothing runs', () => {
    expect(clusterRows([local({ status: 'stopped' })])).toEqual([]);
  });

  test('shows the stopped local cluster beside others', () => {
    expect(drawn(clusterRows([local({ status: 'stopped' }), remote(undefined)]))).toBe(
      'Local cluster | stopped\nproduction | connecting… · indigo_2\n',
    );
  });

  test('shows apps by group, their tasks, jobs by deployment, and agents', () => {
    const live = state({
      apps: [
        app({ id: '/demo/web', wanted: 3, running: 1, deployments: ['d'], tasks: [task({ ports: [31000, 31001] })] }),
        app({ id: '/demo/db/main', tasks: [] }),
        app({ id: '/single', wanted: 0, running: 0, tasks: [] }),
      ],
      jobs: [
        job({ name: 'demo--process', parents: ['demo--fetch'], current: 'queued' }),
        job({ name: 'demo--fetch', last: 'success', successCount: 1 }),
        job({ name: 'nightly', last: 'failure', errorCount: 2 }),
      ],
      agents: [agent()],
    });
    expect(drawn(clusterRows([remote(live)]))).toBe(`production | online · indigo_2
  Applications | 3
    demo | 2/4
      db | 1/1
        main | 1/1
      web | 1/3 deploying
        10.0.0.1:31000, 31001 | running
    single | stopped
  Jobs | 3
    demo | 1/2 succeeded
      fetch | succeeded
      process | queued
    nightly | failed
  Agents | 1
    10.0.0.1 | 0.5/4 cpus, 512 MiB/8 GiB
`);
  });

  test('has no heading for a part that the cluster does not have', () => {
    const cluster = remote(state());
    const alone = { ...cluster, profile: { name: 'm', release: 'indigo_2', marathon: 'http://m:8080' } as const };
    expect(drawn(clusterRows([alone]))).toBe('production | online · indigo_2\n  Applications | none\n');
  });

  test('says why a cluster is not there, and greys what was known of it', () => {
    const live = state({
      connection: { status: 'offline', reason: 'It is gone.' },
      apps: [app({ deployments: ['d'] })],
    });
    const rows = clusterRows([remote(live)]);
    expect(find(rows, 'production').description).toBe('offline');
    expect(find(rows, 'It is gone.').context).toBe('problem');
    expect(find(rows, 'web').icon).toEqual({ name: 'circle-outline', color: 'disabledForeground' });
  });

  test('says which part does not answer while others do', () => {
    const rows = clusterRows([remote(state({ problems: ['Chronos is gone.'] }))]);
    expect(find(rows, 'production').description).toBe('online · indigo_2');
    expect(find(rows, 'Chronos is gone.').tooltip).toBe('Chronos is gone.');
  });

  test('says why the local cluster does not run', () => {
    const rows = clusterRows([local({ status: 'failed', reason: 'It ended by SIGKILL.' })]);
    expect(drawn(rows)).toBe('Local cluster | not running\n  It ended by SIGKILL. | \n');
    expect(rows[0]?.context).toBe('cluster.local.failed');
  });

  test('tells failing, unhealthy and waiting apps apart', () => {
    const lastFailure = {
      message: 'Command exited with status 1',
      state: 'TASK_FAILED',
      at: '',
      taskId: 't',
      host: 'h',
    };
    const rows = clusterRows([
      remote(
        state({
          apps: [
            app({ id: '/a', running: 0, lastFailure }),
            app({ id: '/b', running: 0, lastFailure, deployments: ['d'] }),
            app({ id: '/c', unhealthy: 1, hasHealthChecks: true }),
            app({ id: '/d', running: 0, tasks: [] }),
          ],
        }),
      ),
    ]);
    expect(['a', 'b', 'c', 'd'].map(label => find(rows, label).description)).toEqual([
      '0/1 last task failed',
      '0/1 deploying, last task failed',
      '1/1 1 unhealthy',
      '0/1 waiting',
    ]);
    expect(find(rows, 'a').tooltip).toContain('Command exited with status 1');
    expect(find(rows, 'd').tooltip).toContain('Waits for an offer');
  });

  test('names the runs of a job by when they were due', () => {
    const due = Date.UTC(2026, 0, 2, 3, 4, 5);
    const rows = clusterRows([remote(state({ jobs: [job({ taskIds: [`ct:${due}:1:demo--fetch:`] })] }))]);
    const run = find(rows, new Date(due).toLocaleString());
    expect(run).toMatchObject({ description: 'retry 1', context: 'run', target: { kind: 'run', job: 'demo--fetch' } });
    expect(find(rows, 'fetch').context).toBe('job.ran');
  });

  test('stands jobs whose parents go round in a circle', () => {
    const jobs = [
      job({ name: 'a', parents: ['b'] }),
      job({ name: 'b', parents: ['a'] }),
      job({ name: 'c', parents: ['gone'] }),
    ];
    expect(find(clusterRows([remote(state({ jobs }))]), 'Jobs').children).toHaveLength(3);
  });

  test('gives every row an id of its own, the same at every moment', () => {
    const live = state({
      apps: [app({ id: '/demo', tasks: [] }), app()],
      jobs: [job(), job({ name: 'demo' })],
      agents: [agent()],
    });
    const ids = (rows: readonly Row[]) => [...everyRow(rows)].map(({ row }) => row.id);
    const own = ids(clusterRows([remote(live), remote(live, 'other')]));
    expect(new Set(own).size).toBe(own.length);
    expect(ids(clusterRows([remote(structuredClone(live)), remote(live, 'other')]))).toEqual(own);
  });
});

describe('what is drawn anew', () => {
  const before = clusterRows([remote(state({ apps: [app(), app({ id: '/demo/db', tasks: [] })] }))]);
  const later = (more: Parameters<typeof app>[0]) =>
    clusterRows([remote(state({ apps: [app(more), app({ id: '/demo/db', tasks: [] })] }))]);
  const idOf = (label: string) => find(before, label).id;

  test('is nothing when nothing changed', () => {
    expect(changedRows(before, later({}))).toEqual([]);
  });

  test('is the row that says something else', () => {
    expect(changedRows(before, later({ tasks: [task({ healthy: false })] }))).toEqual([idOf('10.0.0.1:31000')]);
  });

  test('is everything when rows came or went', () => {
    expect(changedRows(before, later({ tasks: [task(), task({ id: 'demo_web.2' })] }))).toBe('all');
  });

  test('is each row that says something else', () => {
    expect(changedRows(before, later({ wanted: 2 }))).toEqual([idOf('demo'), idOf('web')]);
  });

  test('is everything when clusters came or went', () => {
    expect(changedRows(before, [])).toBe('all');
    expect(changedRows(before, clusterRows([remote(state(), 'other')]))).toBe('all');
  });
});
