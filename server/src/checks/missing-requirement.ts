// A requirement that a node must have fulfilled, and that is not assigned. To the standard, an orchestrator is free to choose a target by
// itself; production does not count.
import { entryOf, get, type Mapping } from '../syntax/nodes.ts';
import type { NodeTemplate, Template } from '../template/template.ts';
import type { RequirementDefinition } from '../types/definitions.ts';
import { addition, type Edit } from './fix.ts';
import type { Rule } from './rule.ts';

export const missingRequirement: Rule = {
  code: 'missing-requirement',
  severity: 'warning',
  of: 'node',
  check({ node, template }, report) {
    if (node?.type === undefined || get(node.entry.value, 'copy') !== undefined) return;
    const production = template.dialect === 'orchestrator';
    for (const definition of node.type.requirements.values()) {
      const { name, atLeast, capability } = definition;
      if (!(atLeast > 0) || node.requirements.some(each => each.name === name)) continue;
      // INDIGO's front ends and portals stand on what another of their requirements leads to
      if (production && name === 'host' && node.requirements.length > 0) continue;
      if (production && isOthers(node)) continue;
      const body = node.entry.value;
      const at = node.entry.key;
      const mends = body?.kind === 'mapping' && !body.flow && entryOf(body, 'requirements') === undefined;
      report({
        at,
        message: `"${node.name}" has no requirement "${name}": its type needs a target with the capability ${capability}.${production ? '' : ' An orchestrator must choose one by itself, or refuses it.'}`,
        related: { at: definition, message: 'The requirement is declared here.' },
        ...(mends && {
          fixes: [{ title: `Add the requirement "${name}"`, edits: whole => added(whole, body, node, definition) }],
        }),
      });
    }
  },
};

/** Apps and jobs of Docker: a rule of their own speaks of their hosts. */
const isOthers = ({ type }: NodeTemplate) => type?.ancestry.includes('tosca.nodes.indigo.Container.Application.Docker');

/** To the first node that could be the target. */
function added(
  { nodes, catalog }: Template,
  body: Mapping,
  node: NodeTemplate,
  { name, capability }: RequirementDefinition,
): readonly Edit[] {
  const target = [...nodes.values()].find(
    each =>
      each.name !== node.name &&
      [...(each.type?.capabilities.values() ?? [])].some(({ type }) => catalog.isA('capability', type, capability)),
  );
  const edit = addition(body, ['requirements:', `  - ${name}: ${target?.name ?? ''}`.trimEnd()]);
  return edit === undefined ? [] : [edit];
}
