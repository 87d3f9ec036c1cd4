// The forms of arguments that each function takes, and what is wrong in a call of it.
import { type FunctionCall, functionCall } from '../grammar/functions.ts';
import { isBefore, type Version } from '../grammar/versions.ts';
import { items, type Node, text } from '../syntax/nodes.ts';
import type { Dialect } from '../types/dialect.ts';
import { change, type Fix, flowText } from './fix.ts';
import type { Finding } from './rule.ts';

const forms: Readonly<Record<string, string>> = {
  get_input: 'write `get_input: name`',
  get_property: 'write `get_property: [ node, property ]`',
  get_attribute: 'write `get_attribute: [ node, attribute ]`',
  get_operation_output: 'write `get_operation_output: [ node, interface, operation, output ]`',
  get_nodes_of_type: 'write `get_nodes_of_type: type`',
  get_artifact: 'write `get_artifact: [ node, artifact ]`',
  concat: 'write `concat: [ text, text ]`',
  token: 'write `token: [ text, separator, index ]`',
  join: "write `join: [ [ text, text ], ',' ]`",
};

/** How many arguments those take that take names only. */
const counts: Readonly<Record<string, readonly [least: number, most: number]>> = {
  get_input: [1, Number.POSITIVE_INFINITY],
  get_property: [2, Number.POSITIVE_INFINITY],
  get_attribute: [2, Number.POSITIVE_INFINITY],
  get_operation_output: [4, 4],
  get_artifact: [2, 4],
  get_nodes_of_type: [1, 1],
};

export function argumentProblems(
  call: FunctionCall,
  dialect: Dialect,
  version: Version | undefined,
): readonly Finding[] {
  const { name, argument, entry } = call;
  const form = forms[name] ?? '';
  if (argument === undefined) return [{ at: entry.key, message: `\`${name}\` has no argument: ${form}.` }];
  if (argument.kind === 'alias') return [];
  const problems = problemsOf(name, argument, dialect).map(({ at, message, fixes }) => ({
    at,
    message: `${message}: ${form}.`,
    ...(fixes !== undefined && { fixes }),
  }));
  const [, second] = items(argument);
  return name === 'get_input' && second?.kind === 'scalar' && problems.length === 0
    ? nested(second, dialect, version)
    : problems;
}

interface Problem {
  readonly at: Node;
  readonly message: string;
  readonly fixes?: readonly Fix[];
}

function problemsOf(name: string, argument: Node, dialect: Dialect): readonly Problem[] {
  if (counts[name] !== undefined) return names(name, argument, counts[name]);
  if (name === 'concat') return concat(argument, dialect);
  if (name === 'token') return token(argument);
  return name === 'join' && dialect === 'strict' ? join(argument) : [];
}

function names(name: string, argument: Node, [least, most]: readonly [number, number]): readonly Problem[] {
  if (argument.kind === 'mapping') return [{ at: argument, message: `\`${name}\` takes no map` }];
  const all = argument.kind === 'sequence' ? argument.items : [argument];
  const strange = all.find(each => each.kind === 'mapping' || each.kind === 'sequence');
  if (strange !== undefined) return [{ at: strange, message: `\`${name}\` takes names and numbers only` }];
  if (all.length < least || all.length > most)
    return [{ at: argument, message: `\`${name}\` takes ${said(least, most)}, not ${all.length}` }];
  const empty = all.find(each => text(each) === '');
  return empty === undefined ? [] : [{ at: empty, message: `\`${name}\` takes no empty name` }];
}

function said(least: number, most: number): string {
  if (least === most) return `${least} argument${least === 1 ? '' : 's'}`;
  return most === Number.POSITIVE_INFINITY
    ? `at least ${least} argument${least === 1 ? '' : 's'}`
    : `${least} to ${most} arguments`;
}

/** Production takes the first argument and stops there. */
function nested(second: Node, dialect: Dialect, version: Version | undefined): readonly Finding[] {
  if (dialect === 'orchestrator')
    return [
      {
        at: second,
        severity: 'warning',
        message: 'The Orchestrator takes the first argument only, and gives the whole input.',
      },
    ];
  return version !== undefined && isBefore(version, '1.3')
    ? [{ at: second, message: '`get_input` leads into an input only since TOSCA 1.3.' }]
    : [];
}

function concat(argument: Node, dialect: Dialect): readonly Problem[] {
  if (argument.kind === 'scalar' && dialect === 'orchestrator') return [];
  if (argument.kind !== 'sequence') {
    const mends = argument.kind === 'scalar' || (argument.kind === 'mapping' && argument.flow);
    const fixes = mends ? [change(argument, `[ ${flowText(argument)} ]`, 'Put it into a list')] : [];
    return [{ at: argument, message: '`concat` takes a list', fixes }];
  }
  if (argument.items.length === 0) return [{ at: argument, message: '`concat` takes one text at least' }];
  return argument.items
    .filter(({ kind }) => kind === 'sequence')
    .map(at => ({ at, message: '`concat` takes texts and functions' }));
}

function token(argument: Node): readonly Problem[] {
  const [value, separator, index, more] = items(argument);
  if (value === undefined || separator === undefined || index === undefined || more !== undefined) {
    const count = argument.kind === 'sequence' ? argument.items.length : 1;
    return [{ at: argument, message: `\`token\` takes 3 arguments, not ${count}` }];
  }
  const isExpression = (node: Node) => node.kind === 'alias' || functionCall(node) !== undefined;
  const problems: Problem[] = [];
  if (value.kind === 'sequence')
    problems.push({ at: value, message: '`token` splits a text or what a function gives' });
  if (!isExpression(separator) && (text(separator) ?? '') === '')
    problems.push({ at: separator, message: 'The second argument of `token` is the text between the parts' });
  if (!isExpression(index) && !/^\d+$/.test(text(index) ?? ''))
    problems.push({ at: index, message: 'The third argument of `token` is a whole number that is not negative' });
  return problems;
}

function join(argument: Node): readonly Problem[] {
  const [list, separator, more] = items(argument);
  if (list === undefined || more !== undefined)
    return [{ at: argument, message: '`join` takes a list and a separator' }];
  if (list.kind === 'scalar') return [{ at: list, message: 'The first argument of `join` is a list' }];
  return separator?.kind === 'sequence' ? [{ at: separator, message: 'The second argument of `join` is a text' }] : [];
}
