// get_property of a property that may be left out, and is: there is no value.
// Source: openstack/tosca-parser, functions.py (GetProperty), which refuses it; other orchestrators give nothing, or wait.
import { entryNamed, get, items, text } from '../syntax/nodes.ts';
import { entityOf } from '../template/entities.ts';
import { placeOf } from '../template/places.ts';
import type { Rule } from './rule.ts';

export const unsetProperty: Rule = {
  code: 'unset-property',
  severity: 'warning',
  of: 'calls',
  check(part, report) {
    const { calls, template, typeKind } = part;
    if (template.dialect === 'orchestrator' || typeKind !== undefined) return;
    for (const call of calls) {
      if (call.name !== 'get_property') continue;
      const [first, second] = items(call.argument);
      const wanted = text(second) ?? '';
      const { node, properties } = entityOf(template, text(first) ?? '', placeOf(part, call)) ?? {};
      const property = properties?.get(wanted);
      if (second === undefined || node === undefined || property === undefined) continue;
      // one that is required is missing at the node
      if (property.required || property.default !== undefined || entryNamed(node.properties, wanted) !== undefined)
        continue;
      if (get(node.entry.value, 'copy') !== undefined) continue;
      report({
        at: second,
        message: `"${node.name}" has no "${wanted}", and its type gives none: there is no value here. Set it there, or take another one.`,
        related: { at: property, message: 'It is declared here, without a default.' },
      });
    }
  },
};
