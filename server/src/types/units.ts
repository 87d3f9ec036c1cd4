// Scalar units: sizes, times, frequencies, bitrates, and what a text of theirs comes to in the base unit.
// Sources: TOSCA Simple Profile, scalar-unit types; alien4cloud SizeUnit, ScalarType for INDIGO's production parser.
import type { Dialect } from './dialect.ts';

const size = { B: 1, kB: 1e3, KiB: 2 ** 10, MB: 1e6, MiB: 2 ** 20, GB: 1e9, GiB: 2 ** 30, TB: 1e12, TiB: 2 ** 40 };
const time = { d: 86_400, h: 3_600, m: 60, s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 };
const frequency = { Hz: 1, kHz: 1e3, MHz: 1e6, GHz: 1e9 };
const bits = {
  bps: 1,
  Kbps: 1e3,
  Kibps: 2 ** 10,
  Mbps: 1e6,
  Mibps: 2 ** 20,
  Gbps: 1e9,
  Gibps: 2 ** 30,
  Tbps: 1e12,
  Tibps: 2 ** 40,
};
const bytes = Object.fromEntries(
  Object.entries(bits).map(([unit, factor]) => [unit.replace('bps', 'Bps'), factor * 8]),
);

/** By type name: the units in their canonical spelling, with their factor to the base unit (B, s, Hz, bps). */
export const units: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'scalar-unit.size': size,
  'scalar-unit.time': time,
  'scalar-unit.frequency': frequency,
  'scalar-unit.bitrate': { ...bits, ...bytes },
};

export type UnitResult =
  | { readonly value: number }
  /** `mend`: what was surely meant. */
  | { readonly problem: string; readonly mend?: string };

/** A text such as `512 MB` in the base unit of its type. */
export function parseUnit(type: string, text: string, dialect: Dialect): UnitResult {
  const plain = plainSize.exec(text);
  if (plain !== null) {
    const factor = units[type]?.[plain[2] ?? ''];
    if (factor !== undefined) return { value: Number(plain[1]) * factor };
  }
  return parseAnyUnit(type, text, dialect);
}

/** What nearly all are: fine in each dialect. */
const plainSize = /^(\d+(?:\.\d+)?) ([A-Za-z]+)$/;

function parseAnyUnit(type: string, text: string, dialect: Dialect): UnitResult {
  const known = units[type] ?? {};
  const match = /^\s*([+-]?)(\d*\.?\d+)(e[-+]?\d+)?(\s*)([A-Za-z]+)?\s*$/i.exec(text);
  const example = `for example \`${type === 'scalar-unit.size' ? '512 MB' : type === 'scalar-unit.time' ? '10 s' : `1 ${Object.keys(known).at(-1)}`}\``;
  if (match === null) return { problem: `\`${text}\` is no ${type}: write a number, a blank and a unit, ${example}.` };
  const [, sign, number = '', exponent = '', blank, unit] = match;
  if (unit === undefined)
    return { problem: `\`${text}\` has no unit: write a number, a blank and a unit, ${example}.` };
  const exact = type === 'scalar-unit.bitrate';
  const canonical = Object.keys(known).find(each =>
    exact ? each === unit : each.toLowerCase() === unit.toLowerCase(),
  );
  if (canonical === undefined) {
    const alike = Object.keys(known).filter(each => each.toLowerCase() === unit.toLowerCase());
    return {
      problem: `\`${unit}\` is no unit of ${type}: use ${Object.keys(known).join(', ')}.`,
      ...(alike.length === 1 && { mend: `${sign}${number}${exponent} ${alike[0]}` }),
    };
  }
  if (sign !== '') return { problem: `\`${text}\` has a sign; a ${type} is never negative.` };
  if (dialect === 'orchestrator') {
    if (blank === '')
      return {
        problem: `The Orchestrator wants a blank between number and unit: \`${number}${exponent} ${unit}\`.`,
        mend: `${number}${exponent} ${unit}`,
      };
    if (exponent !== '' || number.startsWith('.'))
      return {
        problem: `The Orchestrator reads plain decimal numbers only, not \`${number}${exponent}\`.`,
        ...(Number.isInteger(Number(number + exponent)) && { mend: `${Number(number + exponent)} ${unit}` }),
      };
  }
  return { value: Number(number + exponent) * (known[canonical] ?? 1) };
}
