// The same key twice in a map. The parsers of the field keep the last and say nothing.

import type { Path } from '../grammar/facts.ts';
import { isEntryMap } from '../grammar/read.ts';
import { type Entry, entries, type Node, name } from '../syntax/nodes.ts';
import { fix, removal } from './fix.ts';
import type { Rule } from './rule.ts';

export const duplicateKey: Rule = {
  code: 'duplicate-key',
  severity: 'error',
  check({ template, file, entry: own }, report) {
    const { dialect, uri } = template;
    /** How many names a map of the topology has, where that is known anyhow. */
    const sizeOf = (section: string): number | undefined => {
      if (section === 'node_templates') return template.nodes.size;
      if (section === 'inputs') return template.inputs.size;
      return section === 'outputs' ? template.outputs.size : undefined;
    };
    if (file !== undefined) visit(file.root, []);
    else visit(own?.value, undefined);

    /** With the path of keys as long as it may lead to entries that are parts of their own. */
    function visit(node: Node | undefined, path: Path | undefined): void {
      if (node === undefined || node.kind === 'scalar') return;
      if (node.kind === 'sequence') for (const item of node.items) visit(item, undefined);
      if (node.kind !== 'mapping') return;
      if (path?.[0] === 'topology_template' && path[1] !== undefined && sizeOf(path[1]) === node.entries.length) return;
      for (const { entry, winner } of duplicates(node.entries)) {
        report({
          at: entry.key,
          message: `"${name(entry)}" is there twice in this map: only the last one counts.`,
          severity: dialect === 'orchestrator' ? 'warning' : 'error',
          fixes: [fix(`Remove the "${name(entry)}" that does not count`, removal(entry, node))],
          unnecessary: true,
          related: { at: { entry: winner, uri }, message: 'This one counts.' },
        });
      }
      if (path !== undefined && isEntryMap(path)) return;
      for (const entry of entries(node)) visit(entry.value, path && [...path, name(entry)]);
    }
  },
};

interface Duplicate {
  readonly entry: Entry;
  readonly winner: Entry;
}

/** By the entries of a long map, which are the same object as long as nothing in it was changed. */
const known = new WeakMap<readonly Entry[], readonly Duplicate[]>();

function isFirst(all: readonly Entry[], entry: Entry, at: number): boolean {
  const own = name(entry);
  for (let other = 0; other < at; other++) if (name(all[other] as Entry) === own) return false;
  return true;
}

function duplicates(all: readonly Entry[]): readonly Duplicate[] {
  if (all.length < 10 && all.every((entry, at) => isFirst(all, entry, at))) return [];
  const before = known.get(all);
  if (before !== undefined) return before;
  const last = new Map<string, Entry>();
  for (const entry of all) last.set(name(entry), entry);
  const found =
    last.size === all.length
      ? []
      : all.flatMap(entry => {
          const winner = last.get(name(entry));
          return winner === undefined || winner === entry ? [] : [{ entry, winner }];
        });
  known.set(all, found);
  return found;
}
