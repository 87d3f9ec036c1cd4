// A shape as the JSON Schema that Marathon publishes under /v2/schemas.
import type { Shape } from './shape.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Groups hold groups: below this depth any will do. */
const deepest = 6;

export const schemaOf = (shape: Shape): Schema => ({
  $schema: 'http://json-schema.org/draft-04/schema#',
  ...convert(shape, 0),
});

function convert(shape: Shape, depth: number): Schema {
  if (shape === 'any' || depth > deepest) return {};
  if (typeof shape === 'string') return { type: shape };
  switch (shape.is) {
    case 'number':
    case 'integer':
      return { type: shape.is, ...limits({ minimum: shape.min, maximum: shape.max }) };
    case 'text':
      return { type: 'string', ...limits({ minLength: shape.minLength, maxLength: shape.maxLength }) };
    case 'enum':
      return { enum: shape.values };
    case 'list':
      return { type: 'array', items: convert(shape.of, depth + 1), ...limits({ minItems: shape.minItems }) };
    case 'map':
      return { type: 'object', additionalProperties: convert(shape.of, depth + 1) };
    case 'either':
      return { anyOf: shape.of.map(each => convert(each, depth + 1)) };
    case 'fields':
      return {
        type: 'object',
        properties: Object.fromEntries(
          Object.entries(shape.fields).map(([name, each]) => [name, convert(each, depth + 1)]),
        ),
        ...(shape.required === undefined || shape.required.length === 0 ? {} : { required: shape.required }),
      };
  }
}

const limits = (values: Readonly<Record<string, number | undefined>>): Schema =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
