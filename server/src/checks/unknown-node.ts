// A name that should be a node template's and is none: targets of requirements, functions, groups and policies.
import { entries, get, items, type Node, name, text, valueAt } from '../syntax/nodes.ts';
import type { Template } from '../template/template.ts';
import { nearest, suggest } from './nearest.ts';
import type { Finding, Rule } from './rule.ts';

const special = new Set(['SELF', 'HOST', 'SOURCE', 'TARGET', 'R_TARGET']);

export const unknownNode: Rule = {
  code: 'unknown-node',
  severity: 'error',
  check(template, report) {
    const { nodes, calls, catalog, dialect } = template;
    for (const { requirements } of nodes.values()) {
      for (const { target } of requirements) {
        const wanted = text(target);
        if (target === undefined || wanted === undefined || nodes.has(wanted)) continue;
        const isType = catalog.find('node', wanted) !== undefined;
        if (isType && dialect === 'strict') continue; // the orchestrator is free to choose a node of that type
        const hint = isType ? ' That is a type: the Orchestrator wants the name of a node template.' : '';
        report(unknown(template, target, wanted, hint));
      }
    }
    const relationships = new Set(
      entries(valueAt(template.document.root, 'topology_template', 'relationship_templates')).map(name),
    );
    for (const { call } of calls) {
      if (call.name !== 'get_property' && call.name !== 'get_attribute') continue;
      const node = items(call.argument)[0];
      const wanted = text(node);
      if (
        node === undefined ||
        wanted === undefined ||
        nodes.has(wanted) ||
        special.has(wanted) ||
        relationships.has(wanted)
      )
        continue;
      report(unknown(template, node, wanted, ''));
    }
    const topology = get(template.document.root, 'topology_template');
    const groups = new Set(entries(get(topology, 'groups')).map(name));
    for (const policy of items(get(topology, 'policies')).flatMap(entries)) {
      for (const target of items(get(policy.value, 'targets'))) {
        const wanted = text(target) ?? '';
        if (nodes.has(wanted) || (groups.has(wanted) && dialect === 'strict')) continue;
        report(unknown(template, target, wanted, groups.has(wanted) ? ' The Orchestrator takes no groups here.' : ''));
      }
    }
    for (const group of entries(get(topology, 'groups'))) {
      for (const member of items(get(group.value, 'members'))) {
        const wanted = text(member) ?? '';
        if (!nodes.has(wanted)) report(unknown(template, member, wanted, ''));
      }
    }
  },
};

function unknown({ nodes }: Template, at: Node, wanted: string, hint: string): Finding {
  const { text: meant, fix } = suggest(nearest(wanted, nodes.keys()));
  return { at, message: `There is no node template "${wanted}".${hint || meant}`, ...(fix && { fix }) };
}
