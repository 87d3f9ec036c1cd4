// A map with one key that is nearly a function, where only a function makes sense.
import { functions } from '../grammar/functions.ts';
import { type Node, name } from '../syntax/nodes.ts';
import { nearest, suggest } from './nearest.ts';
import type { Rule } from './rule.ts';

export const unknownFunction: Rule = {
  code: 'unknown-function',
  severity: 'error',
  check({ output, calls }, report) {
    visit(output?.value, false);
    for (const call of calls) {
      if (call.name !== 'concat' || call.argument?.kind !== 'sequence') continue;
      for (const part of call.argument.items) visit(part, true);
    }

    function visit(node: Node | undefined, textWanted: boolean): void {
      const [entry, second] = node?.kind === 'mapping' ? node.entries : [];
      if (entry === undefined || second !== undefined || Object.hasOwn(functions, name(entry))) return;
      const meant = nearest(name(entry), Object.keys(functions));
      if (meant === undefined && !textWanted) return;
      const { text, fixes } = suggest(entry.key, meant);
      report({ at: entry.key, message: `"${name(entry)}" is no function of TOSCA.${text}`, fixes });
    }
  },
};
