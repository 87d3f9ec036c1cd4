// Constraint clauses as they are written, held against what each operator wants: before any value is held against them.
import { type Operator, operators } from '../grammar/constraints.ts';
import { isBefore, type Version } from '../grammar/versions.ts';
import { items, type Node, text } from '../syntax/nodes.ts';
import type { Constraint } from './constraints.ts';
import type { Dialect } from './dialect.ts';
import { readPattern } from './patterns.ts';
import { builtIn, compare, parseScalar } from './scalars.ts';
import { units } from './units.ts';

export interface ClauseProblem {
  readonly at: Node;
  readonly message: string;
  /** `unknown`: the operator; `doubt`: production's parser has not been seen to refuse it; `unchecked`: nothing is wrong. */
  readonly kind: 'wrong' | 'unknown' | 'doubt' | 'unchecked';
  /** What surely was meant. */
  readonly mend?: string;
}

const unbounded = (value: string) => /^unbounded$/i.test(value);
const ordered = new Set(['integer', 'float', 'string', 'timestamp', 'version', 'range', ...Object.keys(units)]);
const long = new Set(['string', 'list', 'map']);

/** `type` is the built-in type of the value, `complex` for one with members, undefined where nobody knows. */
export function clauseProblems(
  clauses: readonly Constraint[],
  type: string | undefined,
  version: Version | undefined,
  dialect: Dialect,
): readonly ClauseProblem[] {
  const problems: ClauseProblem[] = [];
  const seen = new Map<string, Constraint>();
  for (const clause of clauses) {
    problems.push(...clauseProblem(clause, type, version, dialect));
    if (seen.has(clause.operator) && dialect === 'orchestrator')
      problems.push({
        at: clause.entry.key,
        kind: 'wrong',
        message: `The Orchestrator takes each kind of condition once: \`${clause.operator}\` is there twice.`,
      });
    seen.set(clause.operator, clause);
  }
  const bound = (operator: string) => Number(text(seen.get(operator)?.argument) ?? Number.NaN);
  const most = seen.get('max_length');
  if (most?.argument !== undefined && bound('min_length') > bound('max_length'))
    problems.push({
      at: most.argument,
      kind: dialect === 'strict' ? 'wrong' : 'doubt',
      message: `Nothing can be at least ${bound('min_length')} and at most ${bound('max_length')} long.`,
    });
  return problems;
}

function clauseProblem(
  clause: Constraint,
  type: string | undefined,
  version: Version | undefined,
  dialect: Dialect,
): readonly ClauseProblem[] {
  const { operator, argument, entry } = clause;
  const known = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
  if (known === undefined) {
    const ignored = dialect === 'orchestrator' ? ' The Orchestrator ignores it.' : '';
    return [{ at: entry.key, kind: 'unknown', message: `"${operator}" is no condition of TOSCA.${ignored}` }];
  }
  if (known.since !== undefined && version !== undefined && isBefore(version, known.since))
    return [
      { at: entry.key, kind: 'unknown', message: `\`${operator}\` is a condition only since TOSCA ${known.since}.` },
    ];
  const wrong = (at: Node, message: string): readonly ClauseProblem[] => [{ at, kind: 'wrong', message }];
  if (argument === undefined) return wrong(entry.key, `\`${operator}\` has no value.`);
  if (argument.kind === 'alias') return [];
  const fits = canConstrain(known, type);
  if (!fits) {
    const sure = dialect === 'strict' || type === 'list' || type === 'map' || type === 'complex';
    return [
      {
        at: entry.key,
        kind: sure ? 'wrong' : 'doubt',
        message: `\`${operator}\` says nothing about values of type ${type === 'complex' ? 'map' : type}.`,
      },
    ];
  }
  switch (known.argument) {
    case 'count':
      return /^\d+$/.test(text(argument) ?? '')
        ? []
        : wrong(argument, `\`${operator}\` wants a whole number that is not negative.`);
    case 'text':
      if (argument.kind !== 'scalar') return wrong(argument, `\`${operator}\` wants a text.`);
      return operator === 'pattern' ? pattern(argument, argument.value) : [];
    case 'values':
      if (argument.kind !== 'sequence')
        return dialect === 'orchestrator' && argument.kind === 'scalar'
          ? []
          : wrong(argument, '`valid_values` wants a list.');
      return argument.items.flatMap(item => value(item, type));
    case 'range':
      return range(argument, type, dialect);
    case 'value':
      if (argument.kind !== 'scalar' && (known.of === 'ordered' || scalarType(type)))
        return type === 'range' ? [] : wrong(argument, `\`${operator}\` wants a single value.`);
      return value(argument, type);
  }
}

const scalarType = (type: string | undefined) =>
  type !== undefined && !['list', 'map', 'range', 'complex'].includes(type) && Object.hasOwn(builtIn, type);

/** Whether values of a type can be constrained by an operator; any where the type is not known. */
export function canConstrain({ of }: Operator, type: string | undefined): boolean {
  if (type === undefined || of === 'any') return true;
  if (of === 'ordered') return ordered.has(type);
  return of === 'long' ? long.has(type) : type === 'string';
}

function pattern(at: Node, source: string): readonly ClauseProblem[] {
  const read = readPattern(source);
  if ('problem' in read) return [{ at, kind: 'wrong', message: `This is no regular expression: ${read.problem}.` }];
  if ('unsupported' in read)
    return [{ at, kind: 'unchecked', message: `Values are not held against this pattern here: ${read.unsupported}.` }];
  return [];
}

/** An argument must be a value of the constrained type itself. */
function value(at: Node, type: string | undefined): readonly ClauseProblem[] {
  const wanted = type === 'range' ? 'integer' : type;
  if (at.kind !== 'scalar' || wanted === undefined || !scalarType(wanted)) return [];
  const result = parseScalar(wanted, at.value, 'strict');
  return 'problem' in result ? [{ at, kind: 'wrong', message: result.problem }] : [];
}

function range(at: Node, type: string | undefined, dialect: Dialect): readonly ClauseProblem[] {
  const [low, high, more] = items(at);
  if (low?.kind !== 'scalar' || high?.kind !== 'scalar' || more !== undefined)
    return [{ at, kind: 'wrong', message: '`in_range` wants two values: `[ lowest, highest ]`.' }];
  const open = [low, high].filter(({ value: each }) => unbounded(each));
  const problems = [low, high].flatMap(each => (unbounded(each.value) ? [] : value(each, type)));
  const [first] = open;
  if (first !== undefined && dialect === 'orchestrator' && type !== undefined && type !== 'range')
    return [
      ...problems,
      {
        at: first,
        kind: 'wrong',
        message: 'The Orchestrator takes UNBOUNDED only for a range: use `greater_or_equal`.',
      },
    ];
  if (open.length > 0 || problems.length > 0) return problems;
  const order = compare(type === undefined || type === 'range' ? 'float' : type, low.value, high.value, 'strict');
  return order !== undefined && order > 0
    ? [
        {
          at,
          kind: 'wrong',
          message: `The lower end comes first: ${low.value} is greater than ${high.value}.`,
          mend: `[ ${high.value}, ${low.value} ]`,
        },
      ]
    : [];
}
