// The graph of Chronos jobs as CSV and as Graphviz text.
import type { Route } from '../http.ts';
import { below, type Chronos, currentStatus } from './chronos.ts';
import { lastState, parentsOf } from './job.ts';

export function graphRoutes(chronos: Chronos): Route[] {
  return [
    {
      method: 'GET',
      pattern: below(chronos, 'graph/csv'),
      handle: () => ({ status: 200, text: csv(chronos), type: 'text/plain' }),
    },
    {
      method: 'GET',
      pattern: below(chronos, 'graph/dot'),
      handle: () => ({ status: 200, text: dot(chronos), type: 'text/plain' }),
    },
  ];
}

function csv(chronos: Chronos): string {
  const jobs = chronos.store.visible();
  const nodes = jobs.map(job => `node,${job.name},${lastState(job)},${currentStatus(chronos, job.name)}`);
  const links = jobs.flatMap(job => (parentsOf(job) ?? []).map(parent => `link,${parent},${job.name}`));
  return [...nodes, ...links].map(line => `${line}\n`).join('');
}

function dot({ store }: Chronos): string {
  const jobs = store.visible();
  const ids = new Map(jobs.map(({ name }, n) => [name, n + 1]));
  const nodes = jobs.map(({ name }) => `  ${ids.get(name)} [ label="${name}" ];`);
  const links = jobs.flatMap(job =>
    (parentsOf(job) ?? []).map(parent => `  ${ids.get(parent)} -> ${ids.get(job.name)};`),
  );
  return ['digraph G {', ...nodes, ...links, '}', ''].join('\n');
}
