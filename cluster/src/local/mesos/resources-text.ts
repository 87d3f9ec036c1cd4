// Resources and attributes of an agent as its flags --resources and --attributes have them. Syntax: mesos docs/attributes-resources.md;
// src/common/{resources,attributes,values}.cpp.
import type { Resources } from '../../live/state.ts';
import { type Attributes, nothing, type PortRange, type Share } from './agents.ts';

const scalars = ['cpus', 'mem', 'disk', 'gpus'] as const;

interface Resource {
  readonly name: string;
  readonly role: string;
  readonly value: number | readonly PortRange[];
}

/**
 * The shares that a text describes; where it says nothing of a resource, whatever the role, `*` has it as in `usual`. Throws one
 * sentence when the text makes no sense.
 */
export function parseResources(text: string, usual: Share): readonly Share[] {
  const resources = text.trimStart().startsWith('[') ? fromJson(text) : fromText(text);
  const named = new Set(resources.map(({ name }) => name));
  const amounts = new Map<string, Record<keyof Resources, number>>();
  const ranges = new Map<string, PortRange[]>();
  const amountOf = (role: string) => {
    const amount = amounts.get(role) ?? { ...nothing };
    amounts.set(role, amount);
    return amount;
  };
  for (const name of scalars) if (!named.has(name)) amountOf('*')[name] = usual.amount[name];
  if (!named.has('ports')) ranges.set('*', [...usual.portRanges]);
  for (const { name, role, value } of resources) {
    const scalar = scalars.find(each => each === name);
    if (typeof value !== 'number') ranges.set(role, [...(ranges.get(role) ?? []), ...value]);
    else if (scalar !== undefined) amountOf(role)[scalar] += value;
  }
  const roles = [...new Set(['*', ...amounts.keys(), ...ranges.keys()])];
  return roles.map(role => ({ role, amount: amounts.get(role) ?? nothing, portRanges: ranges.get(role) ?? [] }));
}

/** `name:value;name:value`. Throws one sentence when the text makes no sense. */
export function parseAttributes(text: string): Attributes {
  const attributes: Record<string, string | number> = {};
  for (const part of parts(text)) {
    const at = part.indexOf(':');
    const name = part.slice(0, at).trim();
    const value = part.slice(at + 1).trim();
    if (at < 1 || value === '') throw wrong('attribute', part, 'write name:value, and ";" between two');
    if (value.startsWith('['))
      attributes[name] = `[${rangesOf(value, part, Number.POSITIVE_INFINITY)
        .map(range => range.join('-'))
        .join(', ')}]`;
    else if (/^\{[^{}[\]]*\}$/.test(value)) {
      attributes[name] = `{${value
        .slice(1, -1)
        .split(',')
        .map(each => each.trim())
        .join(', ')}}`;
    } else if (/^\d+(\.\d+)?$/.test(value)) attributes[name] = Number(value);
    else if (/^[\w/.-]+$/.test(value)) attributes[name] = value;
    else
      throw wrong(
        'attribute',
        part,
        'a value is a number, [1-10,20-30], {a,b}, or a text of letters, digits and _ / . -',
      );
  }
  return attributes;
}

function fromText(text: string): Resource[] {
  return parts(text).map(part => {
    const [, name = '', role = '*', value = ''] = /^(\w+)(?:\(([^()\s]+)\))?\s*:\s*(.+)$/.exec(part) ?? [];
    if (name === '') throw wrong('resource', part, 'write name:value or name(role):value, and ";" between two');
    return { name, role, value: name === 'ports' ? rangesOf(value, part) : scalarOf(name, value, part) };
  });
}

/** The array of Resource messages that the flag takes as well. */
function fromJson(text: string): Resource[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    throw wrong('resources', text, `the JSON does not parse: ${error instanceof Error ? error.message : error}`);
  }
  return (list as unknown[]).map(entry => {
    const part = JSON.stringify(entry);
    const {
      name,
      role = '*',
      scalar,
      ranges,
    } = (entry ?? {}) as {
      name?: unknown;
      role?: unknown;
      scalar?: { value?: unknown };
      ranges?: { range?: { begin?: unknown; end?: unknown }[] };
    };
    if (typeof name !== 'string' || typeof role !== 'string')
      throw wrong('resource', part, 'it wants a name and a role');
    const written = (ranges?.range ?? []).map(({ begin, end }) => `${begin}-${end}`).join(',');
    return {
      name,
      role,
      value: name === 'ports' ? rangesOf(`[${written}]`, part) : scalarOf(name, String(scalar?.value), part),
    };
  });
}

const parts = (text: string): string[] =>
  text
    .split(/[;\n]/)
    .map(part => part.trim())
    .filter(part => part !== '');

function scalarOf(name: string, value: string, part: string): number {
  if (!scalars.some(each => each === name)) throw wrong('resource', part, `there are ${scalars.join(', ')} and ports`);
  if (!/^\d+(\.\d+)?$/.test(value)) throw wrong('resource', part, 'the value is a number');
  return Number(value);
}

function rangesOf(value: string, part: string, most = 65_535): PortRange[] {
  const ranges = /^\[(.*)\]$/
    .exec(value)?.[1]
    ?.split(',')
    .map(range => /^\s*(\d+)\s*-\s*(\d+)\s*$/.exec(range)?.slice(1).map(Number) ?? []);
  return (ranges ?? [[]]).map(([first, last]) => {
    if (first === undefined || last === undefined || first > last || last > most)
      throw wrong('range', part, 'ranges are written as [31000-31999,32100-32199]');
    return [first, last];
  });
}

const wrong = (what: string, text: string, why: string): Error =>
  new Error(`The ${what} "${text.length > 80 ? `${text.slice(0, 80)}…` : text}" makes no sense: ${why}.`);
