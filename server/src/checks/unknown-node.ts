// A name that should be a node template's and is none: targets of requirements, functions, groups and policies.
import { entries, entryOf, get, items, type Node, text } from '../syntax/nodes.ts';
import type { Template } from '../template/template.ts';
import { nearest, suggest } from './nearest.ts';
import type { Finding, Rule } from './rule.ts';

const special = new Set(['SELF', 'HOST', 'SOURCE', 'TARGET', 'R_TARGET']);

export const unknownNode: Rule = {
  code: 'unknown-node',
  severity: 'error',
  check({ template, entry, path, node, calls }, report) {
    const { nodes, catalog, dialect } = template;
    const topology = get(template.document.root, 'topology_template');
    for (const { target } of node?.requirements ?? []) {
      const wanted = text(target);
      if (target === undefined || wanted === undefined || nodes.has(wanted)) continue;
      const isType = catalog.find('node', wanted) !== undefined;
      if (isType && dialect === 'strict') continue; // the orchestrator is free to choose a node of that type
      const hint = isType ? ' That is a type: the Orchestrator wants the name of a node template.' : '';
      report(unknown(template, target, wanted, hint));
    }
    for (const call of calls) {
      if (call.name !== 'get_property' && call.name !== 'get_attribute') continue;
      const first = items(call.argument)[0];
      const wanted = text(first);
      if (first === undefined || wanted === undefined || nodes.has(wanted) || special.has(wanted)) continue;
      const isRelationship = entryOf(get(topology, 'relationship_templates'), wanted) !== undefined;
      if (!isRelationship) report(unknown(template, first, wanted, ''));
    }
    if (path[0] === 'topology_template' && path[1] === 'groups') {
      for (const member of items(get(entry?.value, 'members'))) {
        const wanted = text(member) ?? '';
        if (!nodes.has(wanted)) report(unknown(template, member, wanted, ''));
      }
    }
    if (entry !== undefined) return;
    for (const policy of items(get(topology, 'policies')).flatMap(entries)) {
      for (const target of items(get(policy.value, 'targets'))) {
        const wanted = text(target) ?? '';
        const isGroup = entryOf(get(topology, 'groups'), wanted) !== undefined;
        if (nodes.has(wanted) || (isGroup && dialect === 'strict')) continue;
        report(unknown(template, target, wanted, isGroup ? ' The Orchestrator takes no groups here.' : ''));
      }
    }
  },
};

function unknown({ nodes }: Template, at: Node, wanted: string, hint: string): Finding {
  const { text: meant, fix } = suggest(nearest(wanted, nodes.keys()));
  return { at, message: `There is no node template "${wanted}".${hint || meant}`, ...(fix && { fix }) };
}
