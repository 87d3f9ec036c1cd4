// Constraint clauses: what they are, and whether a value meets them.
import { type Entry, entries, items, type Node, name, text } from '../syntax/nodes.ts';
import type { Dialect } from './dialect.ts';
import { readPattern } from './patterns.ts';
import { compare } from './scalars.ts';

export interface Constraint {
  readonly operator: string;
  readonly argument: Node | undefined;
  readonly node: Node;
  readonly entry: Entry;
}

/** Reads the value of a `constraints` keyname: a list of one-entry maps, or one such map. */
export function readConstraints(node: Node | undefined): readonly Constraint[] {
  const clauses = node?.kind === 'sequence' ? node.items : node === undefined ? [] : [node];
  return clauses.flatMap(clause =>
    entries(clause).map(entry => ({ operator: name(entry), argument: entry.value, node: clause, entry })),
  );
}

const bound = (node: Node | undefined) => text(node) ?? '';
const unbounded = (value: string) => /^unbounded$/i.test(value);

/** What a value of that type must be, as the end of a sentence: `at least 1`. Undefined for an operator that is not known. */
export function describe({ operator, argument }: Constraint): string | undefined {
  const value = bound(argument);
  const [low, high] = items(argument).map(item => text(item) ?? '');
  switch (operator) {
    case 'equal':
      return `equal to ${value}`;
    case 'greater_than':
      return `greater than ${value}`;
    case 'greater_or_equal':
      return `at least ${value}`;
    case 'less_than':
      return `less than ${value}`;
    case 'less_or_equal':
      return `at most ${value}`;
    case 'in_range':
      return `between ${low} and ${high}`;
    case 'valid_values':
      return `one of ${validValues({ argument }).join(', ')}`;
    case 'length':
      return `exactly ${value} long`;
    case 'min_length':
      return `at least ${value} long`;
    case 'max_length':
      return `at most ${value} long`;
    case 'pattern':
      return `a match of ${value}`;
    default:
      return undefined;
  }
}

export function validValues({ argument }: { readonly argument: Node | undefined }): readonly string[] {
  const values = argument?.kind === 'sequence' ? argument.items : argument === undefined ? [] : [argument];
  return values.map(value => text(value) ?? '');
}

/** Whether a value meets a constraint. `size` is the length of a list or map; what cannot be said for sure, such as unknown operators, is met. */
export function meets(
  constraint: Constraint,
  type: string,
  value: { readonly text: string } | { readonly size: number },
  dialect: Dialect,
): boolean {
  const { operator, argument } = constraint;
  if (operator === 'length' || operator === 'min_length' || operator === 'max_length') {
    if (!/^\d+$/.test(bound(argument))) return true; // that is reported where it is written
    const length = 'size' in value ? value.size : [...value.text].length;
    const limit = Number(bound(argument));
    return operator === 'length' ? length === limit : operator === 'min_length' ? length >= limit : length <= limit;
  }
  if ('size' in value) return true;
  const order = (other: string) => compare(type, value.text, other, dialect);
  const holds = (other: string, test: (order: number) => boolean) => {
    const result = order(other);
    return result === undefined || test(result);
  };
  switch (operator) {
    case 'equal':
      return holds(bound(argument), result => result === 0);
    case 'greater_than':
      return holds(bound(argument), result => result > 0);
    case 'greater_or_equal':
      return holds(bound(argument), result => result >= 0);
    case 'less_than':
      return holds(bound(argument), result => result < 0);
    case 'less_or_equal':
      return holds(bound(argument), result => result <= 0);
    case 'in_range': {
      const [low, high] = items(argument).map(item => text(item) ?? '');
      // a range that holds nothing is reported where it is written
      if (low === undefined || high === undefined || (compare(type, low, high, 'strict') ?? 0) > 0) return true;
      return (
        (unbounded(low) || holds(low, result => result >= 0)) && (unbounded(high) || holds(high, result => result <= 0))
      );
    }
    case 'valid_values':
      return validValues(constraint).some(valid => holds(valid, result => result === 0));
    case 'pattern': {
      if (argument === undefined) return true;
      const pattern = readPattern(bound(argument));
      return !('matches' in pattern) || pattern.matches(value.text);
    }
    default:
      return true;
  }
}
