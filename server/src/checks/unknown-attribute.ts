// get_attribute or get_property of something that the node does not have: the value is never there.
import { items, text } from '../syntax/nodes.ts';
import { entityOf, hasRelationshipInterfaces, namesBehind, namesOfNode } from '../template/entities.ts';
import { nearest, suggest } from './nearest.ts';
import type { Rule } from './rule.ts';

export const unknownAttribute: Rule = {
  code: 'unknown-attribute',
  severity: 'error',
  check({ template, node: within, calls }, report) {
    for (const call of calls) {
      if (call.name !== 'get_attribute' && call.name !== 'get_property') continue;
      const [first, second, third] = items(call.argument);
      const wanted = text(second);
      const node = entityOf(template, text(first) ?? '', within);
      if (second === undefined || wanted === undefined || node === undefined) continue;
      if (text(first) === 'SELF' && within !== undefined && hasRelationshipInterfaces(within)) continue;
      const own = namesOfNode(node);
      if (own === undefined) continue;
      const property = call.name === 'get_property';
      // properties are reflected as attributes
      const values = [...own.properties, ...(property ? [] : own.attributes)];
      if (values.includes(wanted)) continue;
      const holders = third === undefined ? [] : namesBehind(template, node, wanted);
      const through = [...own.capabilities, ...own.requirements];
      if (!through.includes(wanted) || third === undefined) {
        const what = property ? 'property' : 'attribute or property';
        const more = through.includes(wanted) ? ` Say which of its values: [ ${node.name}, ${wanted}, ... ].` : '';
        const { text: hint, fixes } = suggest(
          second,
          more === '' ? nearest(wanted, [...values, ...(third === undefined ? [] : through)]) : undefined,
        );
        report({
          at: second,
          message: `"${wanted}" is no ${what} of ${own.owner}.${more}${hint}`,
          related: { at: own.type, message: `${own.type.name} is declared here.` },
          fixes,
        });
        continue;
      }
      const last = text(third);
      const known = holders.flatMap(holder => [...holder.properties, ...(property ? [] : holder.attributes)]);
      const [holder] = holders;
      if (holder === undefined || last === undefined || known.includes(last)) continue;
      const { text: hint, fixes } = suggest(third, nearest(last, known));
      report({
        at: third,
        message: `"${last}" is no value of ${holder.owner}.${hint}`,
        related: { at: holder.type, message: `${holder.type.name} is declared here.` },
        fixes,
      });
    }
  },
};
