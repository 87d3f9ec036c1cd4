// A target of a kind that its user does not want, or that does not want such users: node types, valid source and target types, members.
// The production parser looks at none of this.
import type { TypeKind } from '../grammar/keynames.ts';
import { entries, get, items, type Node, text, valueAt } from '../syntax/nodes.ts';
import { relationshipType } from '../template/entities.ts';
import { matchOf } from '../template/matches.ts';
import type { NodeTemplate, TemplateView } from '../template/template.ts';
import type { Catalog, ResolvedType } from '../types/catalog.ts';
import { texts } from '../types/definitions.ts';
import type { Report, Rule } from './rule.ts';

export const unfitTarget: Rule = {
  code: 'unfit-target',
  severity: 'error',
  check({ node, template, entry, path, file }, report) {
    if (template.dialect !== 'strict') return;
    if (node !== undefined) requirements(node, template, report);
    if (path[1] === 'groups') {
      const type = template.catalog.find('group', text(get(entry?.value, 'type')) ?? '');
      members(template, get(entry?.value, 'members'), inherited(type, 'members'), report);
    }
    for (const policy of items(valueAt(file?.root, 'topology_template', 'policies')).flatMap(entries)) {
      const type = template.catalog.find('policy', text(get(policy.value, 'type')) ?? '');
      members(template, get(policy.value, 'targets'), inherited(type, 'targets'), report);
    }
  },
};

function requirements(node: NodeTemplate, template: TemplateView, report: Report): void {
  const { catalog } = template;
  for (const requirement of node.requirements) {
    const match = matchOf(template, node, requirement);
    if (match?.capability === undefined || node.type === undefined) continue; // then another rule speaks
    const { definition, targetType, capability, target } = match;
    const at = requirement.target ?? requirement.entry.key;
    const owner = target === undefined ? targetType.name : `"${target.name}" (type ${targetType.name})`;
    if (
      definition.node !== undefined &&
      catalog.find('node', definition.node) !== undefined &&
      !catalog.isA('node', targetType.name, definition.node)
    ) {
      const message = `${owner} is no ${definition.node}, which "${requirement.name}" needs.`;
      report({ at, message, related: { at: definition, message: 'The requirement is declared here.' } });
      continue;
    }
    if (!catalog.isA('capability', capability.type, definition.capability)) continue;
    const type = catalog.find('capability', capability.type);
    const sources =
      capability.validSourceTypes.length > 0 ? capability.validSourceTypes : inherited(type, 'valid_source_types');
    const own = node.type.name;
    if (areKnown(catalog, 'node', sources) && !sources.some(source => catalog.isA('node', own, source))) {
      const message = `"${capability.name}" of ${owner} takes only ${sources.join(', ')}: "${node.name}" is of type ${own}.`;
      report({ at, message, related: { at: capability, message: 'The capability is declared here.' } });
    }
    const relationship = relationshipType(template, node, requirement);
    const targets = inherited(relationship, 'valid_target_types');
    if (
      relationship !== undefined &&
      areKnown(catalog, 'capability', targets) &&
      !targets.some(each => catalog.isA('capability', capability.type, each))
    ) {
      const message = `A ${relationship.name} leads only to ${targets.join(', ')}: "${capability.name}" of ${owner} is of type ${capability.type}.`;
      report({ at: requirement.relationship ?? at, severity: 'warning', message });
    }
  }
}

/** A list of names that a type has, or the nearest of its parents. */
function inherited(type: ResolvedType | undefined, keyname: string): readonly string[] {
  for (let at = type; at !== undefined; at = at.parent) {
    const own = get(at.entry.value, keyname);
    if (own !== undefined) return texts(own);
  }
  return [];
}

function members(
  { nodes, groups, catalog }: TemplateView,
  list: Node | undefined,
  wanted: readonly string[],
  report: Report,
): void {
  if (wanted.length === 0 || !wanted.every(each => exists(catalog, ['node', 'group'], each))) return;
  for (const member of items(list)) {
    const name = text(member) ?? '';
    const node = nodes.get(name)?.type;
    const group = catalog.find('group', text(get(groups.get(name)?.value, 'type')) ?? '');
    const fits = (type: ResolvedType | undefined, kind: 'node' | 'group') =>
      type === undefined || wanted.some(each => catalog.isA(kind, type.name, each));
    if ((node === undefined && group === undefined) || (node !== undefined ? fits(node, 'node') : fits(group, 'group')))
      continue;
    report({
      at: member,
      message: `"${name}" is of type ${(node ?? group)?.name}: only ${wanted.join(', ')} may stand here.`,
    });
  }
}

const exists = (catalog: Catalog, kinds: readonly TypeKind[], name: string) =>
  kinds.some(kind => catalog.find(kind, name) !== undefined);

/** A list with a name that is not known, or that another file means with a prefix of its own, says nothing. */
const areKnown = (catalog: Catalog, kind: TypeKind, names: readonly string[]) =>
  names.length > 0 && names.every(name => exists(catalog, [kind], name));
