// The built-in scalar types: what text each takes, and the value that the text stands for.
import type { Dialect } from './dialect.ts';
import { parseUnit, units } from './units.ts';

export type ScalarValue = string | number | boolean;

export type ScalarResult =
  | { readonly value: ScalarValue; readonly doubt?: string }
  /** One sentence; `mend`, what was surely meant. */
  | { readonly problem: string; readonly mend?: string };

/** Every data type that needs no definition, with what a hover says of it. */
export const builtIn: Readonly<Record<string, string>> = {
  string: 'Text.',
  integer: 'A whole number.',
  float: 'A number.',
  boolean: '`true` or `false`.',
  timestamp: 'A date, or a date and time: `2018-02-01T10:00:00Z`.',
  version: 'A version: `major.minor[.fix[.qualifier[-build]]]`. Quote it where it looks like a number: `"1.10"`.',
  range: 'Two whole numbers, the lower one first: `[1, 65535]`.',
  list: 'A list of values of one type.',
  map: 'Values of one type, by name.',
  null: 'Nothing.',
  'scalar-unit.size': 'An amount of memory or disk with its unit: `512 MB`. `MB` is 10^6 bytes, `MiB` 2^20.',
  'scalar-unit.time': 'A duration with its unit: `10 s`.',
  'scalar-unit.frequency': 'A frequency with its unit: `2.4 GHz`.',
  'scalar-unit.bitrate': 'A bit rate with its unit: `10 Mbps`.',
};

const timestamp = /^\d{4}-\d\d-\d\d$|^\d{4}-\d\d?-\d\d?([Tt]|\s+)\d\d?:\d\d:\d\d(\.\d*)?\s*(Z|[+-]\d\d?(:?\d\d)?)?$/;
const strictVersion = /^\d+\.\d+(\.\d+(\.\w+(-\d+)?)?)?$/;
const looseVersion = /^\d+(\.\d+)*([.-][A-Za-z0-9]+)*$/;

/** Reads a scalar's text as a built-in type. Types that are no scalars are not for this function. */
export function parseScalar(type: string, text: string, dialect: Dialect): ScalarResult {
  if (units[type] !== undefined) return parseUnit(type, text, dialect);
  const orchestrator = dialect === 'orchestrator';
  switch (type) {
    case 'integer': {
      if (/^[+-]?\d+$/.test(text)) return { value: Number(text) };
      if (!orchestrator && /^(0x[\da-f]+|0o[0-7]+)$/i.test(text)) return { value: Number(text) };
      return { problem: `\`${text}\` is no whole number.` };
    }
    case 'float':
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)
        ? { value: Number(text) }
        : { problem: `\`${text}\` is no number.` };
    case 'boolean':
      if (/^true$/i.test(text)) return { value: true };
      if (/^false$/i.test(text)) return { value: false };
      return orchestrator
        ? {
            value: false,
            ...(/^(no|off|n|0|)$/i.test(text)
              ? {}
              : {
                  doubt: `The Orchestrator reads every text but \`true\` as false, so \`${text}\` means false: write \`true\` or \`false\`.`,
                }),
          }
        : {
            problem: `\`${text}\` is neither \`true\` nor \`false\`.`,
            ...(/^(yes|y|on|no|n|off)$/i.test(text) && { mend: String(/^(yes|y|on)$/i.test(text)) }),
          };
    case 'timestamp':
      return timestamp.test(text)
        ? { value: text }
        : { problem: `\`${text}\` is no date or time such as \`2018-02-01T10:00:00Z\`.` };
    case 'version':
      return (orchestrator ? looseVersion : strictVersion).test(text)
        ? { value: text }
        : { problem: `\`${text}\` is no version such as \`1.2\` or \`1.2.3\`.` };
    default:
      return { value: text };
  }
}

/** Orders two texts of a type: negative, zero, positive; undefined where they cannot be compared. */
export function compare(type: string, left: string, right: string, dialect: Dialect): number | undefined {
  const one = parseScalar(type, left, dialect);
  const other = parseScalar(type, right, 'strict');
  if ('problem' in one || 'problem' in other) return undefined;
  if (typeof one.value === 'number' && typeof other.value === 'number') return one.value - other.value;
  if (type === 'version') return compareVersions(left, right);
  if (type === 'timestamp') return compareTimes(left, right);
  return one.value === other.value ? 0 : String(one.value) < String(other.value) ? -1 : 1;
}

/** Part by part; numbers as numbers, a missing one as 0, and a version without qualifier after those with one. */
function compareVersions(left: string, right: string): number {
  const parse = (version: string) => {
    const [, numbers = '', qualifier = ''] = /^(\d+(?:\.\d+)*)(.*)$/.exec(version) ?? [];
    return { numbers: numbers.split('.').map(Number), qualifier };
  };
  const [one, other] = [parse(left), parse(right)];
  for (let at = 0; at < Math.max(one.numbers.length, other.numbers.length); at++) {
    const order = (one.numbers[at] ?? 0) - (other.numbers[at] ?? 0);
    if (order !== 0) return order;
  }
  if ((one.qualifier === '') !== (other.qualifier === '')) return one.qualifier === '' ? 1 : -1;
  return one.qualifier.localeCompare(other.qualifier, 'en', { numeric: true });
}

/** Times without a zone are those of UTC, as in YAML. */
function compareTimes(left: string, right: string): number | undefined {
  const time = (written: string) => {
    const [, day = '', hour = '00:00:00', zone = 'Z'] =
      /^(\d{4}-\d\d?-\d\d?)(?:(?:[Tt]|\s+)([\d:.]+))?\s*(\S+)?$/.exec(written) ?? [];
    const pad = (text: string, by: string) =>
      text
        .split(by)
        .map(part => part.padStart(2, '0'))
        .join(by);
    return Date.parse(`${pad(day, '-')}T${pad(hour, ':')}${zone}`);
  };
  const order = time(left) - time(right);
  return Number.isNaN(order) ? undefined : order;
}
