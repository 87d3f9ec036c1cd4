// The same key twice in a map. The parsers of the field keep the last and say nothing.
import { isEntryMap, type Path } from '../grammar/read.ts';
import { entries, type Node, name } from '../syntax/nodes.ts';
import { fix, removal } from './fix.ts';
import type { Rule } from './rule.ts';

export const duplicateKey: Rule = {
  code: 'duplicate-key',
  severity: 'error',
  check({ template: { dialect, uri }, file, entry: own }, report) {
    if (file !== undefined) visit(file.root, []);
    else visit(own?.value, undefined);

    /** With the path of keys as long as it may lead to entries that are parts of their own. */
    function visit(node: Node | undefined, path: Path | undefined): void {
      if (node?.kind === 'sequence') for (const item of node.items) visit(item, undefined);
      const last = new Map(entries(node).map(entry => [name(entry), entry]));
      for (const entry of entries(node)) {
        const winner = last.get(name(entry));
        if (winner !== undefined && winner !== entry) {
          report({
            at: entry.key,
            message: `"${name(entry)}" is there twice in this map: only the last one counts.`,
            severity: dialect === 'orchestrator' ? 'warning' : 'error',
            fixes: [
              fix(
                `Remove the "${name(entry)}" that does not count`,
                removal(entry, node?.kind === 'mapping' ? node : undefined),
              ),
            ],
            unnecessary: true,
            related: { at: { entry: winner, uri }, message: 'This one counts.' },
          });
        }
        if (path === undefined || !isEntryMap(path)) visit(entry.value, path && [...path, name(entry)]);
      }
    }
  },
};
