// What Chronos tells of the runs of its jobs, and of itself.
// Facts: chronos 2.4.0 and v3.0.2 api/{JobManagementResource,StatsResource,LeaderRestModule}.scala.
import type { Route } from '../http.ts';
import { below, type Chronos } from './chronos.ts';
import { refusals } from './errors.ts';
import { isPercentile } from './metrics.ts';

export function statsRoutes(chronos: Chronos): Route[] {
  const { release, store, metrics, address } = chronos;
  const newer = release.chronos === '3.0.2';

  /** Single runs are kept by Cassandra alone, which is not here. */
  function statistics(name: string) {
    if (store.get(name) === undefined) throw refusals(newer).required(`Job '${name}' not found`);
    return { histogram: metrics.histogram(name), taskStatHistory: [] };
  }

  /** Of all jobs, in seconds, the slowest first. */
  function percentiles(asked: string) {
    if (!isPercentile(asked)) return [];
    return store
      .visible()
      .map(({ name }) => ({ jobNameLabel: name, time: metrics.histogram(name)[asked] / 1000 }))
      .sort((a, b) => b.time - a.time);
  }

  return [
    {
      method: 'GET',
      pattern: below(chronos, 'job/stat/(?<name>[^/]+)'),
      handle: ({ params }) => ({ status: 200, json: statistics(params.name ?? '') }),
    },
    {
      method: 'GET',
      pattern: below(chronos, 'stats/(?<percentile>[^/]+)'),
      handle: ({ params }) => ({ status: 200, json: percentiles(params.percentile ?? '') }),
    },
    { method: 'GET', pattern: /^\/ping$/, handle: () => ({ status: 200, text: 'pong\n', type: 'text/plain' }) },
    { method: 'GET', pattern: /^\/metrics$/, handle: () => ({ status: 200, json: metrics.answer() }) },
    ...(newer
      ? [
          {
            method: 'GET',
            pattern: below(chronos, 'leader'),
            handle: () => ({ status: 200, json: { leader: `${address().host}:${address().port}` } }),
          },
        ]
      : []),
  ];
}
