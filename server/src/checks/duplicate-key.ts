// The same key twice in a map. The parsers of the field keep the last and say nothing.

import type { Path } from '../grammar/facts.ts';
import { isEntryMap } from '../grammar/read.ts';
import { type Entry, entries, type Mapping, type Node, name } from '../syntax/nodes.ts';
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
    else tellIn(own?.value);

    /** Around the entries that are parts of their own. */
    function visit(node: Node | undefined, path: Path): void {
      if (node?.kind !== 'mapping') {
        tellIn(node);
        return;
      }
      if (path[0] === 'topology_template' && path[1] !== undefined && sizeOf(path[1]) === node.entries.length) return;
      for (const duplicate of duplicates(node.entries)) tell(duplicate, node);
      if (isEntryMap(path)) return;
      for (const entry of entries(node)) visit(entry.value, [...path, name(entry)]);
    }

    /** What stands in other sections, and is brought in, is told there. */
    function tellIn(node: Node | undefined): void {
      if (node === undefined) return;
      for (const mapping of node.section.composed.repeats) {
        if (mapping.start < node.start || mapping.end > node.end) continue;
        for (const duplicate of duplicates(mapping.entries)) tell(duplicate, mapping);
      }
    }

    function tell({ entry, winner }: Duplicate, mapping: Mapping): void {
      report({
        at: entry.key,
        message: `"${name(entry)}" is there twice in this map: only the last one counts.`,
        severity: dialect === 'orchestrator' ? 'warning' : 'error',
        fixes: [fix(`Remove the "${name(entry)}" that does not count`, removal(entry, mapping))],
        unnecessary: true,
        related: { at: { entry: winner, uri }, message: 'This one counts.' },
      });
    }
  },
};

interface Duplicate {
  readonly entry: Entry;
  readonly winner: Entry;
}

/** By the entries of a map, which are the same object as long as nothing in it was changed. */
const known = new WeakMap<readonly Entry[], readonly Duplicate[]>();

function duplicates(all: readonly Entry[]): readonly Duplicate[] {
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
