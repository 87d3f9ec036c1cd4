// The constraint clauses of TOSCA: their operators, what stands behind each, what they are for, and since when.
// Source: TOSCA Simple Profile, section on constraint clauses.
import type { Version } from './versions.ts';

export interface Operator {
  readonly doc: string;
  readonly since?: Version;
  /** A value of the constrained type; two of them; a list of them; a count; a text. */
  readonly argument: 'value' | 'range' | 'values' | 'count' | 'text';
  /** What can be constrained so: anything, what has an order, what has a length, texts. */
  readonly of: 'any' | 'ordered' | 'long' | 'text';
}

export const operators: Readonly<Record<string, Operator>> = {
  equal: { doc: 'The value is this one.', argument: 'value', of: 'any' },
  greater_than: { doc: 'The value is greater.', argument: 'value', of: 'ordered' },
  greater_or_equal: { doc: 'The value is this or greater.', argument: 'value', of: 'ordered' },
  less_than: { doc: 'The value is less.', argument: 'value', of: 'ordered' },
  less_or_equal: { doc: 'The value is this or less.', argument: 'value', of: 'ordered' },
  in_range: { doc: 'The value lies between two, these included.', argument: 'range', of: 'ordered' },
  valid_values: { doc: 'The value is one of a list.', argument: 'values', of: 'any' },
  length: { doc: 'The length of a text, list or map.', argument: 'count', of: 'long' },
  min_length: { doc: 'The least length of a text, list or map.', argument: 'count', of: 'long' },
  max_length: { doc: 'The greatest length of a text, list or map.', argument: 'count', of: 'long' },
  pattern: { doc: 'A regular expression that the whole text matches.', argument: 'text', of: 'text' },
  schema: { doc: 'A schema that the content meets.', since: '1.2', argument: 'text', of: 'text' },
};
