// A name that should be a node template's and is none: targets of requirements, functions, groups and policies.
import { entries, get, items, type Node, text, valueAt } from '../syntax/nodes.ts';
import type { TemplateView } from '../template/template.ts';
import { nearest, suggest } from './nearest.ts';
import type { Finding, Rule } from './rule.ts';

const special = new Set(['SELF', 'HOST', 'SOURCE', 'TARGET', 'R_TARGET']);

export const unknownNode: Rule = {
  code: 'unknown-node',
  severity: 'error',
  check({ template, entry, file, path, node, calls }, report) {
    const { nodes, catalog, dialect, relationships, groups } = template;
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
      if (first === undefined || wanted === undefined || special.has(wanted)) continue;
      if (!nodes.has(wanted) && !relationships.has(wanted)) report(unknown(template, first, wanted, ''));
    }
    if (path[0] === 'topology_template' && path[1] === 'groups') {
      for (const member of items(get(entry?.value, 'members'))) {
        const wanted = text(member) ?? '';
        if (!nodes.has(wanted)) report(unknown(template, member, wanted, ''));
      }
    }
    for (const policy of items(valueAt(file?.root, 'topology_template', 'policies')).flatMap(entries)) {
      for (const target of items(get(policy.value, 'targets'))) {
        const wanted = text(target) ?? '';
        const isGroup = groups.has(wanted);
        if (nodes.has(wanted) || (isGroup && dialect === 'strict')) continue;
        report(unknown(template, target, wanted, isGroup ? ' The Orchestrator takes no groups here.' : ''));
      }
    }
  },
};

function unknown({ nodes }: TemplateView, at: Node, wanted: string, hint: string): Finding {
  const { text: meant, fixes } = suggest(at, nearest(wanted, nodes.keys()));
  return { at, message: `There is no node template "${wanted}".${hint || meant}`, fixes };
}
