// A list where TOSCA wants a map, a map where it wants a text, and the like.
import type { WrongShape } from '../grammar/facts.ts';
import { name, text } from '../syntax/nodes.ts';
import { change, type Fix, fix, removal } from './fix.ts';
import { nearest } from './nearest.ts';
import type { Rule } from './rule.ts';
import { asItem, asItems } from './shape-fix.ts';

/** Definitions that only INDIGO's parser takes as a single text: the default of a string. */
const inLongOnly: ReadonlySet<string> = new Set(['input', 'property definition', 'attribute definition']);

export const wrongShape: Rule = {
  code: 'wrong-shape',
  severity: 'error',
  check({ grammar, node, template: { dialect } }, report) {
    for (const wrong of grammar.wrongShapes) {
      const { node, expected } = wrong;
      const fixes = mend(wrong);
      report({
        at: node,
        message: `${expected.charAt(0).toUpperCase()}${expected.slice(1)} is expected here.`,
        ...(fixes.length > 0 && { fixes }),
      });
    }
    for (const { node: holder, entry } of dialect === 'strict' ? grammar.valueless : []) {
      report({
        at: entry.key,
        message: `\`${name(entry)}\` has no value: write one, or take the key away.`,
        fixes: [fix(`Remove "${name(entry)}"`, removal(entry, holder))],
      });
    }
    for (const { entry } of dialect === 'strict' ? (node?.requirements ?? []) : []) {
      if (entry.value === undefined)
        report({ at: entry.key, message: `"${name(entry)}" has no target: the name of a node template is expected.` });
    }
    for (const { construct, node, path } of grammar.shorts) {
      const owner = path.at(-2);
      if (
        dialect !== 'strict' ||
        !inLongOnly.has(construct) ||
        owner === 'outputs' ||
        (path[0] === 'topology_template' && path.length > 3)
      )
        continue;
      if (construct === 'input' && path.includes('workflows')) continue;
      report({
        at: node,
        message: `A definition with a \`type\` is expected here, not a single value: \`{ type: string, default: ... }\`.`,
      });
    }
  },
};

function mend({ node, mend: how }: WrongShape): readonly Fix[] {
  if (how === undefined) return [];
  if (how === 'item' || how === 'items')
    return [how === 'item' ? asItem(node) : asItems(node)].flatMap(each => each ?? []);
  const written = text(node);
  const meant = written === undefined ? undefined : nearest(written, how.words);
  return meant === undefined ? [] : [change(node, meant)];
}
