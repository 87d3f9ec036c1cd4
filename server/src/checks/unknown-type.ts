// A type that is declared nowhere.
import type { TypeKind } from '../grammar/keynames.ts';
import { text } from '../syntax/nodes.ts';
import { builtIn } from '../types/scalars.ts';
import type { Rule } from './rule.ts';
import { suggestType } from './suggest-type.ts';

const titles: Readonly<Record<TypeKind, string>> = {
  node: 'node type',
  capability: 'capability type',
  relationship: 'relationship type',
  data: 'data type',
  artifact: 'artifact type',
  interface: 'interface type',
  policy: 'policy type',
  group: 'group type',
};

export const unknownType: Rule = {
  code: 'unknown-type',
  severity: 'error',
  check({ template: { catalog }, grammar }, report) {
    if (!catalog.complete) return;
    for (const { kind, others, node, path } of grammar.types) {
      const wanted = text(node) ?? '';
      const kinds = [kind, ...others];
      const exists = (of: TypeKind) =>
        catalog.find(of, wanted) !== undefined || (of === 'data' && Object.hasOwn(builtIn, wanted));
      if (wanted === '' || kinds.some(exists)) continue;
      const known = kinds.flatMap(each => [...(each === 'data' ? Object.keys(builtIn) : []), ...catalog.names(each)]);
      const { text: hint, fixes } = suggestType(node, wanted, known);
      const of = (Object.keys(titles) as TypeKind[]).find(exists);
      const other = of === undefined ? hint : ` It is the name of a ${titles[of]}.${hint}`;
      const purpose = path.at(-1) === 'derived_from' ? ' to derive from' : '';
      const title = kinds.map(each => titles[each]).join(' or ');
      report({ at: node, message: `There is no ${title} "${wanted}"${purpose}.${other}`, fixes });
    }
  },
};
