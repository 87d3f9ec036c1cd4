// A keyname that TOSCA does not have there. INDIGO's parser drops it without a word.
import { type Construct, grammar } from '../grammar/keynames.ts';
import { isIn } from '../grammar/read.ts';
import { name } from '../syntax/nodes.ts';
import type { NodeTemplate, TemplateView } from '../template/template.ts';
import { fix, linesOf, removal, setIn } from './fix.ts';
import { nearest, suggest } from './nearest.ts';
import type { Rule } from './rule.ts';

export const unknownKeyname: Rule = {
  code: 'unknown-keyname',
  severity: 'error',
  check({ template, grammar: { unknownKeynames } }, report) {
    const version = template.version ?? '1.3';
    const production = template.dialect === 'orchestrator';
    const severity = production ? 'warning' : 'error';
    const dropped = production ? ' It is dropped without a word.' : '';
    for (const { construct, node, entry, known, path } of unknownKeynames) {
      if (production && construct === 'output') continue; // not dropped: the parser fails at it (parser-crash)
      const { title, keynames } = grammar[construct];
      const key = name(entry);
      if (known !== undefined) {
        const when =
          known.since !== undefined && known.since > version
            ? `since TOSCA ${known.since}`
            : `until TOSCA ${known.until}`;
        report({
          at: entry.key,
          severity,
          message: `"${key}" is a keyname of ${title} only ${when}.${dropped}`,
          fixes: [fix(`Remove "${key}"`, removal(entry, node))],
        });
        continue;
      }
      const home = misplaced(template, construct, key, path);
      if (home !== undefined) {
        const to = setIn(node, [home.under], linesOf(entry));
        report({
          at: entry.key,
          severity,
          message: `"${key}" is ${home.is}: it belongs under \`${home.under}\`.${dropped}`,
          ...(to && { fixes: [fix(`Move "${key}" under "${home.under}"`, removal(entry, node), to)] }),
        });
        continue;
      }
      const candidates = Object.keys(keynames).filter(
        each => keynames[each] !== undefined && isIn(keynames[each], version),
      );
      const { text, fixes } = suggest(entry.key, nearest(key, candidates));
      const remove = fix(`Remove "${key}"`, removal(entry, node));
      report({
        at: entry.key,
        severity,
        message: `"${key}" is no keyname of ${title}.${text}${dropped}`,
        fixes: entry.merged === true ? fixes : [...fixes, remove],
      });
    }
  },
};

/** A name that the node's type knows, one level too high. */
function misplaced(template: TemplateView, construct: Construct, key: string, path: readonly string[]) {
  if (construct === 'node template') {
    const node: NodeTemplate | undefined = template.nodes.get(path.at(-1) ?? '');
    if (node?.type?.capabilities.has(key)) return { is: 'a capability', under: 'capabilities' };
    if (node?.type?.properties.has(key)) return { is: 'a property', under: 'properties' };
    if (node?.type?.requirements.has(key)) return { is: 'a requirement', under: 'requirements' };
    if (node?.type?.artifacts.has(key)) return { is: 'an artifact', under: 'artifacts' };
  }
  if (construct === 'capability assignment') {
    const node = template.nodes.get(path.at(-3) ?? '');
    const type = node?.type?.capabilities.get(path.at(-1) ?? '')?.type;
    const known = type === undefined ? undefined : template.catalog.find('capability', type)?.properties.has(key);
    if (known) return { is: 'a property', under: 'properties' };
  }
  if (construct === 'service template' && Object.hasOwn(grammar['topology template'].keynames, key)) {
    return { is: 'a keyname of a topology template', under: 'topology_template' };
  }
  return undefined;
}
