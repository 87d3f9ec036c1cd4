// How long the runs of each job took, and how they ended, since the cluster was started: in memory, as with the real one.
// Facts: chronos 2.4.0 and v3.0.2 scheduler/jobs/JobMetrics.scala, api/HistogramSerializer.scala; percentiles as in Dropwizard's UniformSnapshot.

export interface Metrics {
  /** Milliseconds from when the run was due to its end. */
  succeeded(job: string, duration: number): void;
  failed(job: string): void;
  histogram(job: string): Histogram;
  /** In the form of Dropwizard's servlet. */
  answer(): Readonly<Record<string, unknown>>;
}

const quantiles = {
  '75thPercentile': 0.75,
  '95thPercentile': 0.95,
  '98thPercentile': 0.98,
  '99thPercentile': 0.99,
  median: 0.5,
  // The real one has the median here too.
  mean: 0.5,
} as const;

export type Percentile = keyof typeof quantiles;
export type Histogram = Readonly<Record<Percentile | 'count', number>>;

export const isPercentile = (text: string): text is Percentile => Object.hasOwn(quantiles, text);

/** So many of the newest durations are kept; the real one keeps as many, by chance. */
const kept = 1028;

interface Runs {
  readonly durations: number[];
  count: number;
  failures: number;
}

export function createMetrics(): Metrics {
  const jobs = new Map<string, Runs>();

  function of(job: string): Runs {
    const known = jobs.get(job) ?? { durations: [], count: 0, failures: 0 };
    jobs.set(job, known);
    return known;
  }

  return {
    succeeded(job, duration) {
      const runs = of(job);
      runs.count++;
      runs.durations.push(duration);
      if (runs.durations.length > kept) runs.durations.shift();
    },
    failed(job) {
      of(job).failures++;
    },
    histogram(job) {
      const { durations = [], count = 0 } = jobs.get(job) ?? {};
      const sorted = durations.toSorted((a, b) => a - b);
      const values = Object.entries(quantiles).map(([name, part]) => [name, quantile(sorted, part)]);
      return { ...Object.fromEntries(values), count };
    },
    answer: () => ({
      version: '3.0.0',
      gauges: {},
      counters: Object.fromEntries(
        [...jobs].flatMap(([job, { count, failures }]) => [
          [`jobs.run.failure.${job}`, { count: failures }],
          [`jobs.run.success.${job}`, { count }],
        ]),
      ),
      histograms: Object.fromEntries([...jobs].map(([job, runs]) => [`jobs.run.time.${job}`, snapshot(runs)])),
      meters: {},
      timers: {},
    }),
  };
}

function quantile(sorted: readonly number[], part: number): number {
  const place = part * (sorted.length + 1);
  const index = Math.min(Math.max(Math.floor(place), 1), sorted.length);
  const [lower = 0, upper = lower] = sorted.slice(index - 1, index + 1);
  return place < 1 ? lower : lower + (place - index) * (upper - lower);
}

function snapshot({ durations, count }: Runs) {
  const sorted = durations.toSorted((a, b) => a - b);
  const mean = sorted.reduce((sum, each) => sum + each, 0) / Math.max(1, sorted.length);
  const variance = sorted.reduce((sum, each) => sum + (each - mean) ** 2, 0) / Math.max(1, sorted.length - 1);
  return {
    count,
    max: sorted.at(-1) ?? 0,
    mean,
    min: sorted[0] ?? 0,
    p50: quantile(sorted, 0.5),
    p75: quantile(sorted, 0.75),
    p95: quantile(sorted, 0.95),
    p98: quantile(sorted, 0.98),
    p99: quantile(sorted, 0.99),
    p999: quantile(sorted, 0.999),
    stddev: Math.sqrt(variance),
  };
}
