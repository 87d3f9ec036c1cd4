// A type that is declared nowhere.
import type { TypeKind } from '../grammar/keynames.ts';
import { get, text } from '../syntax/nodes.ts';
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
    for (const { kind, node } of grammar.types) {
      const wanted = text(node) ?? '';
      if (catalog.find(kind, wanted) !== undefined || (kind === 'data' && Object.hasOwn(builtIn, wanted))) continue;
      const known = kind === 'data' ? [...Object.keys(builtIn), ...catalog.names(kind)] : catalog.names(kind);
      const { text: hint, fixes } = suggestType(node, wanted, known);
      report({ at: node, message: `There is no ${titles[kind]} "${wanted}".${hint}`, fixes });
    }
    for (const { construct, node } of grammar.constructs) {
      const kind = parentKinds[construct];
      const parent = kind === undefined ? undefined : get(node, 'derived_from');
      const wanted = text(parent);
      if (
        kind === undefined ||
        parent === undefined ||
        wanted === undefined ||
        catalog.find(kind, wanted) !== undefined
      )
        continue;
      if (kind === 'data' && Object.hasOwn(builtIn, wanted)) continue;
      const { text: hint, fixes } = suggestType(parent, wanted, catalog.names(kind));
      report({
        at: parent,
        message: `There is no ${titles[kind]} "${wanted}" to derive from.${hint}`,
        fixes,
      });
    }
  },
};

const parentKinds: Readonly<Record<string, TypeKind>> = Object.fromEntries(
  (Object.keys(titles) as TypeKind[]).map(kind => [`${kind} type`, kind]),
);
