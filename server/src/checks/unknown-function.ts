// A map with one key that is nearly a function, where only a function makes sense; and functions that the reader of the template has not.
import { functions } from '../grammar/functions.ts';
import { isBefore } from '../grammar/versions.ts';
import { entries, items, type Node, name } from '../syntax/nodes.ts';
import { placeOf } from '../template/places.ts';
import { functionLike } from './function-like.ts';
import { suggest } from './nearest.ts';
import type { Rule } from './rule.ts';

/** Not known to INDIGO's production parser, which reads them as plain maps (alien4cloud, ToscaFunctionConstants). */
const unknownToProduction = new Set(['get_nodes_of_type', 'join']);

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
      if (template.dialect === 'orchestrator' && unknownToProduction.has(call.name)) {
        const fails = placeOf(part, call).kind === 'property';
        report({
          at: call.entry.key,
          severity: fails ? 'error' : 'warning',
          message: `The Orchestrator does not know \`${call.name}\`: it reads a plain map${fails ? ', and the deployment fails' : ''}.`,
        });
      } else if (since !== undefined && template.version !== undefined && isBefore(template.version, since)) {
        report({ at: call.entry.key, message: `\`${call.name}\` is a function only since TOSCA ${since}.` });
      }
    }
    for (const problem of valueProblems) if (problem.kind === 'wrong-type') visit(problem.at, false);
    // what its type would take as a map, but is nearly a function
    for (const { values } of assignments) for (const entry of entries(values)) visit(entry.value, false);

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
