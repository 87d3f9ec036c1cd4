// What TOSCA's grammar says as a JSON Schema, so that a server that knows only schemas has the same keynames, shapes and type names.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { type Construct, grammar, type Shape, type TypeKind } from '../server/src/grammar/keynames.ts';
import { isIn } from '../server/src/grammar/read.ts';

type Json = { readonly [key: string]: unknown };

/** Schema of a TOSCA 1.0 file with the types of `schemas`. It says nothing of a type's properties: that would take a branch for each type. */
export function toscaSchema(schemas: string): Json {
  const types = typeNames(schemas);
  const definitions = Object.fromEntries(
    (Object.keys(grammar) as Construct[]).map(construct => [id(construct), ofConstruct(construct, types)]),
  );
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    ...ofConstruct('service template', types),
    definitions,
  };
}

type Types = Readonly<Record<TypeKind, readonly string[]>>;

const scalar = { type: ['string', 'number', 'boolean', 'null'] } as const;
const id = (construct: Construct): string => construct.replaceAll(' ', '-');
const reference = (construct: Construct): Json => ({ $ref: `#/definitions/${id(construct)}` });

function ofConstruct(construct: Construct, types: Types): Json {
  const { title, keynames, others } = grammar[construct];
  const here = Object.entries(keynames).filter(([, keyname]) => isIn(keyname, '1.0'));
  return {
    title,
    type: 'object',
    properties: Object.fromEntries(
      here.map(([name, { shape, doc }]) => [name, { description: doc, ...ofShape(shape, types) }]),
    ),
    required: here.filter(([, { required }]) => required === true).map(([name]) => name),
    additionalProperties: others === undefined ? false : ofShape(others, types),
  };
}

function ofShape(shape: Shape, types: Types): Json {
  if (shape === 'text') return scalar;
  if (shape === 'boolean') return { enum: [true, false, 'yes', 'no', 'on', 'off', 'True', 'False', 'Yes', 'No'] };
  if (shape === 'integer') return { type: 'integer' };
  if (shape === 'occurrences') return { type: 'array' };
  if (shape === 'constraints' || shape === 'condition') return { type: ['array', 'object'] };
  if (shape === 'any' || shape === 'expression') return {};
  if (shape === 'values') return { type: ['object', 'null'] };
  if (shape === 'texts') return { type: ['array', 'string', 'null'] };
  if ('oneOf' in shape) return { enum: shape.oneOf };
  if ('type' in shape) return { enum: types[shape.type] };
  if ('types' in shape) return { type: ['array', 'string'] };
  if ('expected' in shape) return {};
  if ('construct' in shape)
    return shape.short === true ? { anyOf: [reference(shape.construct), scalar] } : reference(shape.construct);
  if ('mapOf' in shape) return { type: ['object', 'null'], additionalProperties: ofShape(shape.mapOf, types) };
  if ('listOf' in shape) return { type: ['array', 'null'], items: ofShape(shape.listOf, types) };
  return {
    type: ['array', 'null'],
    items: { type: 'object', maxProperties: 1, additionalProperties: ofShape(shape.pairsOf, types) },
  };
}

const builtIn = [
  ...['string', 'integer', 'float', 'boolean', 'timestamp', 'null', 'version', 'range', 'list', 'map', 'json', 'xml'],
  ...['scalar-unit.size', 'scalar-unit.time', 'scalar-unit.frequency', 'scalar-unit.bitrate'],
];

/** The names of the types that the type files below a folder declare, by kind. */
function typeNames(schemas: string): Types {
  const files = readdirSync(schemas, { recursive: true, encoding: 'utf8' }).filter(file => /\.ya?ml$/.test(file));
  const declared = files.map(file => parse(readFileSync(path.join(schemas, file), 'utf8')) as Record<string, object>);
  const of = (kind: TypeKind, more: readonly string[] = []) => [
    ...new Set([...more, ...declared.flatMap(each => Object.keys(each[`${kind}_types`] ?? {})).sort()]),
  ];
  return {
    node: of('node'),
    capability: of('capability'),
    relationship: of('relationship'),
    data: of('data', builtIn),
    artifact: of('artifact'),
    interface: of('interface'),
    policy: of('policy'),
    group: of('group'),
  };
}
