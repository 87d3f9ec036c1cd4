// Functions that name a node whose name INDIGO's parser changes: it changes the name, and not the functions.
// Source: alien4cloud TopologyUtils.normalizeAllNodeTemplateName.
import { parsedName } from '../mesos/names.ts';
import { items, text } from '../syntax/nodes.ts';
import { frameworkOf } from '../template/workload.ts';
import { dockerRuntimeType, onedataTypes } from '../types/indigo.ts';
import type { Rule } from './rule.ts';

export const renamedNode: Rule = {
  code: 'renamed-node',
  severity: 'warning',
  check({ template, calls, node }, report) {
    if (template.dialect !== 'orchestrator') return;
    for (const call of calls) {
      if (call.name !== 'get_attribute' && call.name !== 'get_property') continue;
      const at = items(call.argument)[0];
      const named = template.nodes.get(text(at) ?? '');
      if (at === undefined || named === undefined || /^\w+$/.test(named.name)) continue;
      const type = named.typeName ?? '';
      if (frameworkOf(named) === undefined && type !== dockerRuntimeType && !onedataTypes.has(type)) continue;
      report({
        at,
        message: `The parser renames the node "${named.name}" to "${parsedName(named.name)}" and leaves this as it is: no value is found. Give the node a name of letters, digits and underscores.`,
        related: { at: { entry: named.entry, uri: template.uri }, message: 'It is renamed here.' },
      });
    }
    if (node === undefined || /^\w+$/.test(node.name)) return;
    const other = template.nodes.get(parsedName(node.name));
    if (other === undefined) return;
    report({
      at: node.entry.key,
      message: `The parser would rename this node to "${other.name}", which is there already, and so gives it a number: choose a name of letters, digits and underscores.`,
      related: { at: { entry: other.entry, uri: template.uri }, message: 'It has that name.' },
    });
  },
};
