// A value held against the type that it should have. What functions give is told by the context, where it is known.
import { functionCall } from '../grammar/functions.ts';
import { type Entry, type Mapping, type Node, name, type Scalar } from '../syntax/nodes.ts';
import type { ResolvedType } from './catalog.ts';
import { type Constraint, describe, meets } from './constraints.ts';
import { contentProblem } from './content.ts';
import type { Schema } from './definitions.ts';
import { contradiction } from './results.ts';
import { builtIn, parseScalar } from './scalars.ts';
import { kinds, misread, takesNothing, type ValueContext, type ValueProblem, withArticle } from './value-problems.ts';

export function checkValue(node: Node, schema: Schema, context: ValueContext): readonly ValueProblem[] {
  return checkValues(context, ({ check }) => check(node, schema, 0));
}

interface Checker {
  check(value: Node, expected: Schema, depth: number): void;
  /** What stands under a key of that schema. */
  member(entry: Entry, schema: Schema, depth: number): void;
}

/** Many values in one go. */
export function checkValues(context: ValueContext, run: (checker: Checker) => void): readonly ValueProblem[] {
  const problems: ValueProblem[] = [];
  run({ check, member });
  return problems;

  function check(value: Node, expected: Schema, depth: number): void {
    if (value.kind === 'alias') {
      const target = context.anchor(value.name);
      if (target !== undefined && depth < 50) check(target, expected, depth + 1);
      return;
    }
    const call = functionCall(value);
    if (call !== undefined) {
      const given = context.result?.(call);
      const message = given && contradiction(given, expected, context.catalog);
      if (message !== undefined) problems.push({ kind: 'wrong-result', at: value, message });
      return;
    }
    const type = Object.hasOwn(builtIn, expected.type) ? undefined : context.catalog.find('data', expected.type);
    const primitive = type === undefined ? expected.type : type.primitive;
    if (primitive === undefined) {
      if (type !== undefined) complex(value, type, depth);
      return;
    }
    if (!Object.hasOwn(builtIn, primitive)) return; // an unknown type is reported where it is named
    const constraints = [...(type?.constraints ?? []), ...expected.constraints];
    const entry = expected.entry ?? type?.entrySchema;
    if (primitive === 'list') list(value, entry, depth, constraints);
    else if (primitive === 'map') map(value, entry, expected.key ?? type?.keySchema, depth, constraints);
    else if (primitive === 'range') range(value, constraints);
    else {
      scalar(value, primitive, constraints);
      if (value.kind === 'scalar') content(value, type);
    }
  }

  function wrong(at: Node, expected: string, mend?: 'item'): void {
    const message = `${capital(expected)} is expected here, not ${kinds[at.kind]}.`;
    problems.push({ kind: 'wrong-type', at, message, ...(mend !== undefined && { mend }) });
  }

  /** A key with nothing behind it: no text at all for production, null for the standard. */
  function nothing(entry: Entry, expected: Schema): void {
    const type = Object.hasOwn(builtIn, expected.type) ? undefined : context.catalog.find('data', expected.type);
    const wanted = type === undefined ? expected.type : (type.primitive ?? type.name);
    if (takesNothing[context.dialect].has(wanted) || (type === undefined && !Object.hasOwn(builtIn, wanted))) return;
    const message = `"${name(entry)}" has no value: ${withArticle(wanted)} is expected. Write one, or take the key away.`;
    problems.push({ kind: 'wrong-type', at: entry.key, message });
  }

  function content(value: Scalar, type: ResolvedType | undefined): void {
    for (const language of ['tosca.datatypes.json', 'tosca.datatypes.xml'] as const) {
      const message = type?.ancestry.includes(language) ? contentProblem(language, value.value) : undefined;
      if (message !== undefined) problems.push({ kind: 'wrong-type', at: value, message });
    }
  }

  function scalar(value: Node, type: string, constraints: readonly Constraint[]): void {
    if (value.kind !== 'scalar') {
      wrong(value, withArticle(type));
      return;
    }
    const result = parseScalar(type, value.value, context.dialect);
    if ('problem' in result) {
      const mend = result.mend === undefined ? {} : { mend: { text: result.mend } };
      problems.push({ kind: 'wrong-type', at: value, message: result.problem, ...mend });
    } else {
      const other = context.dialect === 'strict' && value.style === 'plain' ? misread(type, value.value) : undefined;
      if (other !== undefined)
        problems.push({ kind: 'unquoted-text', at: value, message: other, refused: type === 'string' });
      if (result.doubt !== undefined) problems.push({ kind: 'boolean-text', at: value, message: result.doubt });
      constrain(value, type, { text: value.value }, constraints);
    }
  }

  function list(value: Node, entry: Schema | undefined, depth: number, constraints: readonly Constraint[]): void {
    if (value.kind !== 'sequence') {
      wrong(value, 'a list', 'item');
      return;
    }
    constrain(value, 'list', { size: value.items.length }, constraints);
    if (entry !== undefined) for (const item of value.items) check(item, entry, depth + 1);
  }

  function map(
    value: Node,
    entry: Schema | undefined,
    key: Schema | undefined,
    depth: number,
    constraints: readonly Constraint[],
  ): void {
    if (value.kind !== 'mapping') {
      wrong(value, 'a map');
      return;
    }
    constrain(value, 'map', { size: value.entries.length }, constraints);
    for (const each of value.entries) {
      if (key !== undefined && context.dialect === 'strict') check(each.key, key, depth + 1);
      if (entry !== undefined) member(each, entry, depth);
    }
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
          problems.push({ kind: 'unknown-property', at: entry, within: value, name: name(entry), owner: type });
      } else member(entry, property.schema, depth);
    }
  }

  function member(entry: Entry, schema: Schema, depth: number): void {
    if (entry.value === undefined) nothing(entry, schema);
    else check(entry.value, schema, depth + 1);
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
