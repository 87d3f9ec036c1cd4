// An output that asks for a port of a run time on which several apps run. Source: indigo-dc/orchestrator: the last one overwrites.
import { items, text } from '../syntax/nodes.ts';
import { hosted } from '../template/summary.ts';
import { callsIn } from '../template/template.ts';
import { frameworkOf } from '../template/workload.ts';
import { dockerRuntimeType } from '../types/indigo.ts';
import type { Rule } from './rule.ts';

export const sharedRuntime: Rule = {
  code: 'shared-runtime',
  severity: 'warning',
  whole(template, report) {
    if (template.dialect !== 'orchestrator') return;
    for (const output of template.outputs.values()) {
      for (const call of callsIn(output.value)) {
        const [first, , third] = items(call.argument).map(text);
        const host = template.nodes.get(first ?? '');
        if (call.name !== 'get_attribute' || third !== 'publish_ports' || host?.typeName !== dockerRuntimeType)
          continue;
        const apps = (hosted(template).get(host.name) ?? []).filter(node => frameworkOf(node) === 'Marathon');
        const [one, other] = apps;
        if (one === undefined || other === undefined) continue;
        report({
          at: call.node,
          message: `${apps.map(({ name }) => `"${name}"`).join(', ')} all run on "${host.name}", and this is the port of only one of them. Give each app a run time of its own.`,
          related: { at: { entry: other.entry, uri: template.uri }, message: 'This app runs there too.' },
        });
      }
    }
  },
};
