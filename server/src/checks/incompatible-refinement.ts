// A definition that contradicts the one of the parent type that it takes the place of. Production lets the nearer one win.
import type { TypeKind } from '../grammar/keynames.ts';
import { entries, get, items, name, text } from '../syntax/nodes.ts';
import type { Catalog, ResolvedType } from '../types/catalog.ts';
import { builtIn } from '../types/scalars.ts';
import type { Report, Rule } from './rule.ts';

export const incompatibleRefinement: Rule = {
  code: 'incompatible-refinement',
  severity: 'warning',
  of: 'typeKind',
  check({ entry, typeKind, path, template }, report) {
    if (typeKind === undefined || template.dialect !== 'strict') return;
    const parent = template.catalog.find(typeKind, path.at(-1) ?? '')?.parent;
    const body = entry?.value;
    if (parent === undefined) return;
    const { catalog } = template;
    for (const section of ['properties', 'attributes'] as const)
      for (const own of entries(get(body, section)))
        compare(catalog, 'data', own, parent[section].get(name(own))?.schema.type, parent, report);
    for (const own of entries(get(body, 'capabilities')))
      compare(catalog, 'capability', own, parent.capabilities.get(name(own))?.type, parent, report);
    for (const own of items(get(body, 'requirements')).flatMap(entries))
      compare(catalog, 'capability', own, parent.requirements.get(name(own))?.capability, parent, report, 'capability');
  },
};

function compare(
  catalog: Catalog,
  kind: TypeKind,
  own: ReturnType<typeof entries>[number],
  before: string | undefined,
  parent: ResolvedType,
  report: Report,
  keyname = 'type',
): void {
  const at = own.value?.kind === 'scalar' ? own.value : get(own.value, keyname);
  const now = text(at);
  if (at === undefined || now === undefined || before === undefined || now === before) return;
  const exists = (type: string) =>
    catalog.find(kind, type) !== undefined || (kind === 'data' && Object.hasOwn(builtIn, type));
  if (!exists(now) || !exists(before) || catalog.isA(kind, now, before)) return;
  if (kind === 'data' && catalog.find('data', now)?.primitive === before) return;
  report({
    at,
    message: `"${name(own)}" is of type ${before} in ${parent.name}: a type that derives from it may narrow that, but not make it ${now}.`,
  });
}
