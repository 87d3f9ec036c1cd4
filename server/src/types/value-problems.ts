// What can be wrong with a value, and the words that say so.
import type { FunctionCall } from '../grammar/functions.ts';
import type { Entry, Mapping, Node } from '../syntax/nodes.ts';
import type { Catalog, ResolvedType } from './catalog.ts';
import type { Constraint } from './constraints.ts';
import type { PropertyDefinition, Schema } from './definitions.ts';
import type { Dialect } from './dialect.ts';

export type ValueProblem =
  | {
      readonly kind: 'wrong-type';
      readonly at: Node;
      readonly message: string;
      /** What was surely meant: this text, or this as the one item of a list. */
      readonly mend?: { readonly text: string } | 'item';
    }
  /** A function whose result does not fit. */
  | { readonly kind: 'wrong-result'; readonly at: Node; readonly message: string }
  | { readonly kind: 'boolean-text'; readonly at: Node; readonly message: string }
  /** Text without quotes that a reader of YAML takes for something else. */
  /** `refused`: it is of another type then, and not only another text. */
  | { readonly kind: 'unquoted-text'; readonly at: Node; readonly message: string; readonly refused: boolean }
  | {
      readonly kind: 'constraint-violation';
      readonly at: Node;
      readonly message: string;
      readonly constraint: Constraint;
    }
  | {
      readonly kind: 'unknown-property';
      readonly at: Entry;
      readonly within: Mapping;
      readonly name: string;
      readonly owner: ResolvedType;
    }
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
  /** What a function gives; undefined where that is not known. */
  readonly result: ((call: FunctionCall) => Schema | undefined) | undefined;
}

const articles: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  list: 'a list',
  map: 'a map',
  float: 'a number',
  boolean: '`true` or `false`',
  string: 'a text',
};
export const withArticle = (type: string) => articles[type] ?? `a ${type}`;

/** Types for which nothing is a value: in production, no text is a text. */
export const takesNothing: Readonly<Record<Dialect, ReadonlySet<string>>> = {
  orchestrator: new Set(['string', 'boolean', 'null']),
  strict: new Set(['null']),
};

export const kinds: Readonly<Record<Node['kind'], string>> = {
  scalar: 'a single value',
  mapping: 'a map',
  sequence: 'a list',
  alias: 'an alias',
};

/** What a reader of YAML makes of a plain scalar, where that is not the text that is wanted. */
export function misread(type: string, written: string): string | undefined {
  if (type === 'version')
    return /^\d+\.\d*0$/.test(written)
      ? `YAML reads this as the number ${Number(written)}, so the version is ${Number(written)}: put it in quotes.`
      : undefined;
  if (type !== 'string') return undefined;
  const read = /^[-+]?(\d+|\d*\.\d+|\d+\.\d*)(e[-+]?\d+)?$|^0x[\da-f]+$/i.test(written)
    ? 'a number'
    : /^(true|false)$/i.test(written)
      ? 'a boolean'
      : /^(null|~)$/i.test(written)
        ? 'nothing'
        : undefined;
  return read === undefined ? undefined : `YAML reads this as ${read}, where a text is expected: put it in quotes.`;
}
