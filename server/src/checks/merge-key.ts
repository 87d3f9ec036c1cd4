// Merge keys. INDIGO's parser does not expand them (alien4cloud works on the composed nodes of SnakeYAML): `<<` is a key like any other.
import { type Entry, entries, items, type Mapping, type Node, name, type Span } from '../syntax/nodes.ts';
import type { Template } from '../template/template.ts';
import { column, type Fix, linesOf } from './fix.ts';
import type { Rule } from './rule.ts';

export const mergeKey: Rule = {
  code: 'merge-key',
  severity: 'error',
  whole({ dialect, document }, report) {
    if (dialect !== 'orchestrator') return;
    for (const merge of document.merges)
      report({
        at: merge.key,
        message:
          'The Orchestrator does not expand merge keys: to it, this is an entry of the name `<<`. Write the entries out.',
        fixes: [writtenOut(merge)],
      });
  },
};

/** The entries of the anchor in place of the merge key; those that the map has itself stay as they are there. */
function writtenOut(merge: Entry): Fix {
  return {
    title: 'Write the merged entries out',
    edits: ({ document }: Template) => {
      const { value, section, start, end } = merge;
      const own = new Set(
        holder(document.root, merge)
          .entries.filter(each => each.merged !== true)
          .map(name),
      );
      const sources = value?.kind === 'sequence' ? items(value) : [value];
      const merged = sources.flatMap(source =>
        entries(source?.kind === 'alias' ? document.anchor(source.name) : source),
      );
      const lines = merged.filter(each => !own.has(name(each))).flatMap(linesOf);
      const text = lines.map((line, index) => (index === 0 ? line : `${' '.repeat(column(merge))}${line}`)).join('\n');
      return [{ section, start, end, text }];
    },
  };
}

const begin = ({ section, start }: Span) => section.place.offset + start;
const finish = ({ section, end }: Span) => section.place.offset + end;

/** The innermost map around a place. */
function holder(root: Mapping, at: Span): Mapping {
  const inner = (node: Node | undefined): Mapping | undefined => {
    if (node?.kind === 'sequence') return node.items.map(inner).find(each => each !== undefined);
    if (node?.kind !== 'mapping' || begin(node) > begin(at) || finish(node) < finish(at)) return undefined;
    const deeper = node.entries.filter(each => each.merged !== true).map(each => inner(each.value));
    return deeper.find(each => each !== undefined) ?? node;
  };
  return inner(root) ?? root;
}
