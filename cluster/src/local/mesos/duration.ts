// How Mesos writes durations: `10secs`, `1.5hrs` (3rdparty/stout/include/stout/duration.hpp).

const units: Readonly<Record<string, number>> = {
  ...{ ns: 1e-6, us: 1e-3, ms: 1, secs: 1000, mins: 60_000, hrs: 3_600_000, days: 86_400_000, weeks: 604_800_000 },
};

/** In milliseconds; undefined where the text is none. */
export function duration(text: string): number | undefined {
  const [, value, unit = ''] = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(text) ?? [];
  const factor = units[unit];
  return value === undefined || factor === undefined ? undefined : Number(value) * factor;
}
