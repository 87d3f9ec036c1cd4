// Evaluated values in the types that Marathon and Chronos want. A value that does not fit is reported, and left out.
import type { Json } from '../../../protocol/src/plan.ts';
import { type Entry, entryNamed, entryOf, name, type Span } from '../syntax/nodes.ts';
import { itemsOf } from '../template/literal.ts';
import type { NodeTemplate } from '../template/template.ts';
import type { PropertyDefinition } from '../types/definitions.ts';
import { parseScalar } from '../types/scalars.ts';
import { parseUnit } from '../types/units.ts';
import { isPending, propertyValue, type Scope } from './evaluate.ts';

/** Properties of one node or capability, read in the types that a body needs. */
export interface Reader {
  string(property: string): string | undefined;
  boolean(property: string): boolean | undefined;
  integer(property: string): number | undefined;
  number(property: string): number | undefined;
  /** In MB of 10^6 bytes. */
  megabytes(property: string): number | undefined;
  strings(property: string): readonly string[];
  stringMap(property: string): Readonly<Record<string, string>>;
  /** As evaluated, for values with a shape of their own. */
  raw(property: string): Json | undefined;
  /** Where the property is written, else the node. */
  at(property: string): Span;
  /** Where an item of a list, or a member of a map, is written, else the property. */
  itemAt(property: string, index: number): Span;
  memberAt(property: string, member: string): Span;
  isSet(property: string): boolean;
}

export function readProperties(
  assigned: readonly Entry[],
  definitions: ReadonlyMap<string, PropertyDefinition>,
  node: NodeTemplate,
  scope: Scope,
): Reader {
  const { report } = scope;
  const at = (property: string): Span => {
    const entry = entryNamed(assigned, property);
    return entry?.value ?? entry?.key ?? node.entry.key;
  };
  /** Where a member of a map is written, else the property. */
  const memberAt = (property: string, member: string): Span => {
    const entry = entryOf(entryNamed(assigned, property)?.value, member);
    return entry?.value ?? entry?.key ?? at(property);
  };
  const itemAt = (property: string, index: number): Span =>
    itemsOf(entryNamed(assigned, property)?.value, scope.template)[index] ?? at(property);
  const raw = (property: string) => propertyValue(assigned, definitions.get(property), property, scope);
  const scalar = (property: string, type: string): string | undefined => {
    const value = raw(property);
    return value === undefined ? undefined : plainText(value, property, at(property), type, scope);
  };
  const parsed = (property: string, type: string): string | number | boolean | undefined => {
    const value = scalar(property, type);
    if (value === undefined) return undefined;
    const result = parseScalar(type, value, 'orchestrator');
    if ('value' in result) return result.value;
    report('wrong-type', at(property), `"${property}": ${result.problem}`);
    return undefined;
  };
  const number = (property: string, type: string) => {
    const value = parsed(property, type);
    return typeof value === 'number' ? value : undefined;
  };
  return {
    at,
    itemAt,
    memberAt,
    raw,
    isSet: property =>
      assigned.some(each => name(each) === property) || definitions.get(property)?.default !== undefined,
    string: property => scalar(property, 'string'),
    boolean: property => {
      const value = parsed(property, 'boolean');
      return typeof value === 'boolean' ? value : undefined;
    },
    integer: property => number(property, 'integer'),
    number: property => number(property, 'float'),
    megabytes: property => {
      const value = scalar(property, 'scalar-unit.size');
      if (value === undefined) return undefined;
      const result = parseUnit('scalar-unit.size', value, 'orchestrator');
      if ('value' in result) return result.value / 1e6;
      report('wrong-type', at(property), `"${property}": ${result.problem}`);
      return undefined;
    },
    strings: property => {
      const value = raw(property);
      if (value === undefined || value === '') return [];
      if (!Array.isArray(value)) {
        report('wrong-type', at(property), `"${property}" must be a list.`);
        return [];
      }
      return value.flatMap(
        (item: Json, index) => plainText(item, `${property}[${index}]`, itemAt(property, index), 'string', scope) ?? [],
      );
    },
    stringMap: property => {
      const value = raw(property);
      if (value === undefined || value === '') return {};
      if (typeof value !== 'object' || value === null || Array.isArray(value) || isPending(value)) {
        report('wrong-type', at(property), `"${property}" must be a map.`);
        return {};
      }
      return Object.fromEntries(
        Object.entries(value).map(([key, member]) => [
          key,
          plainText(member, key, memberAt(property, key), 'string', scope) ?? '',
        ]),
      );
    },
  };
}

/** A scalar as text. What the running deployment would have to tell is the empty text, and said so. */
export function plainText(value: Json, what: string, at: Span, type: string, { report }: Scope): string | undefined {
  if (value === null) return 'null';
  if (typeof value !== 'object') return String(value);
  if (isPending(value)) {
    const source = JSON.stringify(value).replaceAll('"', '').replaceAll(',', ', ').replaceAll(':', ': ');
    report(
      'value-at-run-time',
      at,
      `"${what}" gets its value ${source} only from the Orchestrator, at run time; without it, it is empty.`,
      'warning',
    );
    return '';
  }
  report(
    'wrong-type',
    at,
    `"${what}" must be a single value (${type}), not ${Array.isArray(value) ? 'a list' : 'a map'}.`,
  );
  return undefined;
}
