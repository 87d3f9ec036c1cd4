// A value held against the type that it should have. Functions are not looked into: what they give is not known here.
import { functionCall } from '../grammar/functions.ts';
import { type Entry, type Mapping, type Node, name } from '../syntax/nodes.ts';
import type { Catalog, ResolvedType } from './catalog.ts';
import { type Constraint, describe, meets } from './constraints.ts';
import type { PropertyDefinition, Schema } from './definitions.ts';
import type { Dialect } from './dialect.ts';
import { builtIn, parseScalar } from './scalars.ts';

export type ValueProblem =
  | { readonly kind: 'wrong-type'; readonly at: Node; readonly message: string }
  | { readonly kind: 'boolean-text'; readonly at: Node; readonly message: string }
  | {
      readonly kind: 'constraint-violation';
      readonly at: Node;
      readonly message: string;
      readonly constraint: Constraint;
    }
  | { readonly kind: 'unknown-property'; readonly at: Entry; readonly name: string; readonly owner: ResolvedType }
  | {
      readonly kind: 'missing-property';
      readonly at: Node;
      readonly missing: PropertyDefinition;
      readonly owner: ResolvedType;
    };

export interface ValueContext {
  readonly catalog: Catalog;
  readonly dialect: Dialect;
  /** The node that an alias stands for. */
  readonly anchor: (name: string) => Node | undefined;
}

const articles: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  float: 'a number',
  boolean: '`true` or `false`',
  string: 'a text',
};
const kinds: Readonly<Record<Node['kind'], string>> = {
  scalar: 'a single value',
  mapping: 'a map',
  sequence: 'a list',
  alias: 'an alias',
};

export function checkValue(node: Node, schema: Schema, context: ValueContext): readonly ValueProblem[] {
  const problems: ValueProblem[] = [];
  check(node, schema, 0);
  return problems;

  function check(value: Node, expected: Schema, depth: number): void {
    if (value.kind === 'alias') {
      const target = context.anchor(value.name);
      if (target !== undefined && depth < 50) check(target, expected, depth + 1);
      return;
    }
    if (functionCall(value) !== undefined) return;
    const type = Object.hasOwn(builtIn, expected.type) ? undefined : context.catalog.find('data', expected.type);
    const primitive = type === undefined ? expected.type : type.primitive;
    if (primitive === undefined) {
      if (type !== undefined) complex(value, type, depth);
      return;
    }
    if (!Object.hasOwn(builtIn, primitive)) return; // an unknown type is reported where it is named
    const constraints = [...(type?.constraints ?? []), ...expected.constraints];
    if (primitive === 'list') list(value, expected, depth, constraints);
    else if (primitive === 'map') map(value, expected, depth, constraints);
    else if (primitive === 'range') range(value, constraints);
    else scalar(value, primitive, constraints);
  }

  function wrong(at: Node, expected: string): void {
    problems.push({ kind: 'wrong-type', at, message: `${capital(expected)} is expected here, not ${kinds[at.kind]}.` });
  }

  function scalar(value: Node, type: string, constraints: readonly Constraint[]): void {
    if (value.kind !== 'scalar') {
      wrong(value, articles[type] ?? `a ${type}`);
      return;
    }
    const result = parseScalar(type, value.value, context.dialect);
    if ('problem' in result) problems.push({ kind: 'wrong-type', at: value, message: result.problem });
    else {
      if (result.doubt !== undefined) problems.push({ kind: 'boolean-text', at: value, message: result.doubt });
      constrain(value, type, { text: value.value }, constraints);
    }
  }

  function list(value: Node, expected: Schema, depth: number, constraints: readonly Constraint[]): void {
    if (value.kind !== 'sequence') {
      wrong(value, 'a list');
      return;
    }
    constrain(value, 'list', { size: value.items.length }, constraints);
    if (expected.entry !== undefined) for (const item of value.items) check(item, expected.entry, depth + 1);
  }

  function map(value: Node, expected: Schema, depth: number, constraints: readonly Constraint[]): void {
    if (value.kind !== 'mapping') {
      wrong(value, 'a map');
      return;
    }
    constrain(value, 'map', { size: value.entries.length }, constraints);
    for (const entry of value.entries)
      if (expected.entry !== undefined && entry.value !== undefined) check(entry.value, expected.entry, depth + 1);
  }

  function range(value: Node, constraints: readonly Constraint[]): void {
    const bounds = value.kind === 'sequence' ? value.items : [];
    const [low, high] = bounds.map(item => (item.kind === 'scalar' ? item.value : ''));
    const open = context.dialect === 'strict' && /^unbounded$/i.test(high ?? '');
    if (
      bounds.length !== 2 ||
      low === undefined ||
      high === undefined ||
      !/^-?\d+$/.test(low) ||
      !(open || /^-?\d+$/.test(high))
    ) {
      wrongRange(value, 'A range is two whole numbers: `[lower, upper]`.');
    } else if (!open && Number(low) > Number(high)) {
      wrongRange(value, `The lower end of a range comes first: ${low} is greater than ${high}.`);
    } else {
      for (const bound of bounds)
        if (bound.kind === 'scalar') constrain(bound, 'integer', { text: bound.value }, constraints);
    }
  }

  function wrongRange(at: Node, message: string): void {
    problems.push({ kind: 'wrong-type', at, message });
  }

  function constrain(
    at: Node,
    type: string,
    value: { readonly text: string } | { readonly size: number },
    constraints: readonly Constraint[],
  ): void {
    for (const constraint of constraints) {
      if (meets(constraint, type, value, context.dialect)) continue;
      const subject = 'text' in value ? `\`${value.text}\`` : `This ${type}`;
      const message = `${subject} must be ${describe(constraint)}.`;
      problems.push({ kind: 'constraint-violation', at, message, constraint });
    }
  }

  function complex(value: Node, type: ResolvedType, depth: number): void {
    if (value.kind !== 'mapping') {
      wrong(value, `a map (${type.name})`);
      return;
    }
    members(value, type, depth);
    const written = new Set(value.entries.map(name));
    for (const property of type.properties.values()) {
      const excused = context.dialect === 'strict' && property.default !== undefined;
      if (property.required && !excused && !written.has(property.name)) {
        problems.push({ kind: 'missing-property', at: value, missing: property, owner: type });
      }
    }
  }

  function members(value: Mapping, type: ResolvedType, depth: number): void {
    for (const entry of value.entries) {
      const property = type.properties.get(name(entry));
      if (property === undefined) {
        if (type.missingParent === undefined)
          problems.push({ kind: 'unknown-property', at: entry, name: name(entry), owner: type });
      } else if (entry.value !== undefined) check(entry.value, property.schema, depth + 1);
    }
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
