// What a Docker run time may say and nobody reads. Source: indigo-dc/orchestrator, MarathonServiceImpl and ChronosServiceImpl.
import { type Entry, entries, entryNamed, get, name } from '../syntax/nodes.ts';
import { itemsOf, literal, literalNumber } from '../template/literal.ts';
import { resourcesOf } from '../template/workload.ts';
import { dockerRuntimeType } from '../types/indigo.ts';
import { fix, removal } from './fix.ts';
import type { Rule } from './rule.ts';

export const ignoredResource: Rule = {
  code: 'ignored-resource',
  severity: 'warning',
  of: 'node',
  check({ template, node }, report) {
    if (node?.typeName !== dockerRuntimeType || template.dialect !== 'orchestrator') return;
    const holder = get(entryNamed(node.capabilities, 'host')?.value, 'properties');
    const resources = resourcesOf(node);
    const tell = (entry: Entry | undefined, message: string, within = holder) => {
      if (entry === undefined) return;
      const fixes = [fix(`Remove "${name(entry)}"`, removal(entry, within?.kind === 'mapping' ? within : undefined))];
      report({ at: entry.key, message, unnecessary: true, fixes });
    };
    tell(
      entryNamed(resources, 'disk_size'),
      'No disk is ever asked for: neither Marathon nor Chronos gets `disk_size`.',
    );
    tell(entryNamed(resources, 'cpu_frequency'), 'Nobody looks at `cpu_frequency`: Mesos offers CPUs of any speed.');
    tell(entryNamed(resources, 'expose_ports'), 'Ports are not exposed: only `publish_ports` are read.');
    const all = entryNamed(resources, 'publish_all');
    if (/^true$/i.test(literal(all?.value, template) ?? ''))
      tell(all, 'Nothing is published by `publish_all`: list the ports under `publish_ports`.');
    for (const port of itemsOf(entryNamed(resources, 'publish_ports')?.value, template)) {
      for (const range of ['source_range', 'target_range']) {
        tell(entryNamed(entries(port), range), `\`${range}\` is not read: publish each port on its own.`, port);
      }
    }
    const scalable = get(entryNamed(node.capabilities, 'scalable')?.value, 'properties');
    for (const key of ['min_instances', 'max_instances', 'default_instances']) {
      const count = literalNumber(entries(scalable), key, template);
      if (count !== undefined && count !== 1)
        tell(
          entryNamed(entries(scalable), key),
          `\`${key}\` changes nothing: the Orchestrator always asks for one instance of an app.`,
          scalable,
        );
    }
  },
};
