// An output that asks for a port of a run time on which several apps run. Source: indigo-dc/orchestrator: the last one overwrites.
import { items, text } from '../syntax/nodes.ts';
import { byName } from '../template/by-name.ts';
import { concluded, hosted, summaryOf } from '../template/summary.ts';
import { callsIn } from '../template/template.ts';
import type { Rule } from './rule.ts';

/** By run time: the apps on it, where there are several. */
const shared = concluded(summary => {
  const found = new Map<string, readonly string[]>();
  if (summary.crowded.size === 0) return found;
  for (const [host, beside] of hosted(summary)) {
    const apps = beside.flatMap(({ name, kind }) => (kind === 'Marathon' ? [name] : []));
    if (apps.length > 1 && summary.nodes.get(host)?.isRuntime) found.set(host, apps);
  }
  return found;
});

export const sharedRuntime: Rule = {
  code: 'shared-runtime',
  severity: 'warning',
  whole(template, report) {
    if (template.dialect !== 'orchestrator') return;
    const apps = shared(summaryOf(template));
    if (apps.size === 0) return;
    const asking = byName(template, 'outputs', 'shared run times', apps, ({ value }) => {
      const calls = callsIn(value).filter(({ name, argument }) => {
        const [first, , third] = items(argument).map(text);
        return name === 'get_attribute' && third === 'publish_ports' && apps.has(first ?? '');
      });
      return calls.length === 0 ? undefined : calls;
    });
    for (const call of [...asking.values()].flat()) {
      const host = text(items(call.argument)[0]) ?? '';
      const on = apps.get(host) ?? [];
      const other = template.nodes.get(on[1] ?? '');
      report({
        at: call.node,
        message: `${on.map(name => `"${name}"`).join(', ')} all run on "${host}", and this is the port of only one of them. Give each app a run time of its own.`,
        ...(other && {
          related: { at: { entry: other.entry, uri: template.uri }, message: 'This app runs there too.' },
        }),
      });
    }
  },
};
