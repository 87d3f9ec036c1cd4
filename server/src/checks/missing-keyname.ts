// A keyname that a construct cannot do without.
import { grammar } from '../grammar/keynames.ts';
import { isIn } from '../grammar/read.ts';
import { entryOf, type Node } from '../syntax/nodes.ts';
import type { Rule } from './rule.ts';

export const missingKeyname: Rule = {
  code: 'missing-keyname',
  severity: 'error',
  check({ template, grammar: { constructs } }, report) {
    const version = template.version ?? '1.3';
    for (const { construct, node, path } of constructs) {
      const { title, keynames } = grammar[construct];
      for (const [key, keyname] of Object.entries(keynames)) {
        if (keyname.required !== true || !isIn(keyname, version)) continue;
        const entry = entryOf(node, key);
        if (entry?.value !== undefined || (entry !== undefined && keyname.shape === 'any')) continue;
        if (construct === 'node template' && key === 'type' && entryOf(node, 'copy') !== undefined) continue;
        const subject = path.length > 0 ? `"${path.at(-1)}"` : 'The file';
        const message =
          entry === undefined ? `${subject} has no \`${key}\`: ${title} needs one.` : `\`${key}\` has no value.`;
        report({ at: entry?.key ?? headOf(node), message });
      }
    }
  },
};

/** The first key stands for the whole: a squiggle under a hundred lines helps nobody. */
function headOf(node: Node): Node {
  return node.kind === 'mapping' ? (node.entries[0]?.key ?? node) : node;
}
