// The same key twice in a map. The parsers of the field keep the last and say nothing.
import { entries, type Node, name } from '../syntax/nodes.ts';
import type { Rule } from './rule.ts';

export const duplicateKey: Rule = {
  code: 'duplicate-key',
  severity: 'error',
  check({ document, dialect, uri }, report) {
    visit(document.root);

    function visit(node: Node | undefined): void {
      if (node?.kind === 'sequence') for (const item of node.items) visit(item);
      const last = new Map(entries(node).map(entry => [name(entry), entry]));
      for (const entry of entries(node)) {
        const winner = last.get(name(entry));
        if (winner !== undefined && winner !== entry && name(entry) !== '<<') {
          report({
            at: entry.key,
            message: `"${name(entry)}" is there twice in this map: only the last one counts.`,
            severity: dialect === 'orchestrator' ? 'warning' : 'error',
            related: { at: { entry: winner, uri }, message: 'This one counts.' },
          });
        }
        visit(entry.value);
      }
    }
  },
};
