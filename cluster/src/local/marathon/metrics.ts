// /metrics: the figures of Marathon that there are here, in the form of the release.
// Facts: marathon v1.1.1 and v1.4.1 metrics/Metrics.scala (Dropwizard), v1.5.6 raml/MetricsConversion.scala (Kamon).
import { timestamp } from '../clock.ts';
import { isRunning } from './instance.ts';
import type { Marathon } from './marathon.ts';

export function answerMetrics(marathon: Marathon) {
  const values = figures(marathon);
  if (marathon.version === '1.5.6') return kamon(values, marathon.startedAt, marathon.clock.now());
  return {
    version: '3.0.0',
    gauges: Object.fromEntries(values.map(([name, value]) => [name, { value }])),
    counters: {},
    histograms: {},
    meters: {},
    timers: {},
  };
}

function figures({ deployments, runs, clock, startedAt }: Marathon): [string, number][] {
  const { root } = deployments;
  const instances = [...runs.all.values()].flatMap(run => [...run.instances.values()]);
  const running = instances.filter(isRunning).length;
  return [
    ['service.mesosphere.marathon.app.count', root.apps.size],
    ['service.mesosphere.marathon.group.count', root.groups.size],
    ['service.mesosphere.marathon.task.running.count', running],
    ['service.mesosphere.marathon.task.staged.count', instances.length - running],
    ['service.mesosphere.marathon.uptime', clock.now() - startedAt],
    ['jvm.memory.total.used', process.memoryUsage.rss()],
  ];
}

function kamon(values: readonly [string, number][], start: number, end: number) {
  const gauge = (value: number) => ({
    ...{ count: 1, min: value, max: value, p50: value, p75: value, p98: value, p99: value, p999: value, mean: value },
    tags: {},
    unit: { name: 'unknown', label: 'unknown' },
  });
  return {
    start: timestamp(start),
    end: timestamp(end),
    counters: {},
    gauges: Object.fromEntries(values.map(([name, value]) => [name, gauge(value)])),
    histograms: {},
    'min-max-counters': {},
  };
}
