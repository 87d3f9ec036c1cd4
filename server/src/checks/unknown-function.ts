// A map with one key that is nearly a function, where only a function makes sense, and functions of a later version.
import { functions } from '../grammar/functions.ts';
import { isBefore } from '../grammar/versions.ts';
import { entries, get, items, type Node, name } from '../syntax/nodes.ts';
import type { Part } from '../template/part.ts';
import { functionLike } from './function-like.ts';
import { suggest } from './nearest.ts';
import type { Rule } from './rule.ts';

export const unknownFunction: Rule = {
  code: 'unknown-function',
  severity: 'error',
  check(part, report) {
    const { output, calls, valueProblems, assignments, template } = part;
    const seen = new Set<Node>();
    if (output !== undefined) visit(output.value, false);
    for (const call of calls) {
      if (call.name === 'concat') for (const item of items(call.argument)) visit(item, true);
      if (call.name === 'join') for (const item of items(items(call.argument)[0])) visit(item, true);
      if (call.name === 'token') visit(items(call.argument)[0], true);
      const { since } = functions[call.name] ?? {};
      if (
        template.dialect === 'strict' &&
        since !== undefined &&
        template.version !== undefined &&
        isBefore(template.version, since)
      ) {
        report({ at: call.entry.key, message: `\`${call.name}\` is a function only since TOSCA ${since}.` });
      }
    }
    for (const problem of valueProblems) if (problem.kind === 'wrong-type') visit(problem.at, false);
    for (const value of expressions(part)) within(value);
    // what its type would take as a map, but is nearly a function
    for (const { values } of assignments) for (const entry of entries(values)) within(entry.value);

    function within(node: Node | undefined): void {
      if (node === undefined || node.kind === 'scalar') return;
      visit(node, false);
      for (const item of items(node)) within(item);
      for (const entry of entries(node)) within(entry.value);
    }

    function visit(node: Node | undefined, textWanted: boolean): void {
      const like = functionLike(node);
      if (like === undefined || node === undefined || seen.has(node) || (like.meant === undefined && !textWanted))
        return;
      seen.add(node);
      const { key } = like.entry;
      const { text, fixes } = suggest(key, like.meant);
      report({ at: key, message: `"${name(like.entry)}" is no function of TOSCA.${text}`, fixes });
    }
  },
};

/** Values that no property's type speaks of: inputs of operations, and files of artifacts. */
function expressions({ node, entry, typeKind }: Part): readonly (Node | undefined)[] {
  if (node === undefined && typeKind === undefined) return [];
  const body = entry?.value;
  const relationships = items(get(body, 'requirements'))
    .flatMap(entries)
    .map(each => get(each.value, 'relationship'));
  const interfaces = [body, ...relationships].flatMap(holder => entries(get(holder, 'interfaces')));
  const operations = interfaces.flatMap(each => [...entries(each.value), ...entries(get(each.value, 'operations'))]);
  return [
    // of a node whose type is not known, nobody knows the properties
    ...(typeKind === undefined && node?.type === undefined ? [get(body, 'properties')] : []),
    ...[...interfaces, ...operations].flatMap(each => entries(get(each.value, 'inputs')).map(input => input.value)),
    ...entries(get(body, 'artifacts')).map(artifact => get(artifact.value, 'file')),
  ];
}
