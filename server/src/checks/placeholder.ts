// A value to begin with, of the right type: what a fix puts in where one is missing.
import { items, text } from '../syntax/nodes.ts';
import type { Catalog } from '../types/catalog.ts';
import type { PropertyDefinition, Schema } from '../types/definitions.ts';
import { builtIn } from '../types/scalars.ts';
import { flowText } from './fix.ts';

const plain: Readonly<Record<string, string>> = {
  string: '""',
  integer: '1',
  float: '1.0',
  boolean: 'false',
  timestamp: '2030-01-01T00:00:00Z',
  version: '"1.0"',
  range: '[ 1, 1 ]',
  list: '[]',
  map: '{}',
  null: 'null',
  'scalar-unit.size': '1 GB',
  'scalar-unit.time': '1 s',
  'scalar-unit.frequency': '1 GHz',
  'scalar-unit.bitrate': '1 Mbps',
};

/** On one line, in flow style. */
export function placeholder(schema: Schema, catalog: Catalog, depth = 0): string {
  const type = Object.hasOwn(builtIn, schema.type) ? undefined : catalog.find('data', schema.type);
  const constraints = [...schema.constraints, ...(type?.constraints ?? [])];
  for (const { operator, argument } of constraints) {
    const [first] = items(argument);
    if (
      (operator === 'valid_values' || operator === 'in_range') &&
      first?.kind === 'scalar' &&
      !/unbounded/i.test(first.value)
    )
      return flowText(first);
    if (
      (operator === 'equal' || operator === 'greater_or_equal') &&
      text(argument) !== undefined &&
      argument !== undefined
    )
      return flowText(argument);
  }
  if (type !== undefined && type.primitive === undefined) {
    if (depth > 4) return '{}';
    const members = [...type.properties.values()].filter(({ required }) => required);
    const written = members.map(member => `${member.name}: ${initial(member, catalog, depth + 1)}`);
    return written.length === 0 ? '{}' : `{ ${written.join(', ')} }`;
  }
  return plain[type?.primitive ?? schema.type] ?? '""';
}

/** The default of a property where it fits on a line, else a placeholder. */
export function initial(property: PropertyDefinition, catalog: Catalog, depth = 0): string {
  const written =
    property.default?.kind === 'scalar' && property.default.value !== '' ? flowText(property.default) : undefined;
  return written === undefined || written.includes('\n') ? placeholder(property.schema, catalog, depth) : written;
}
