// Numbers of instances that contradict each other: the fewest, the most, and those to begin with.
// Source: TOSCA Simple Profile in YAML 1.0 to 1.3, "tosca.capabilities.Scalable"; openstack/tosca-parser, entity_template.py.
import { entryOf, text } from '../syntax/nodes.ts';
import type { Rule } from './rule.ts';

export const instanceRange: Rule = {
  code: 'instance-range',
  severity: 'error',
  of: 'assignments',
  check({ assignments, template: { dialect } }, report) {
    for (const { type, properties, values } of assignments) {
      if (!type.ancestry.includes('tosca.capabilities.Scalable')) continue;
      const read = (key: string) => {
        const entry = entryOf(values, key);
        // production does not use the defaults of a capability's type
        const standard = dialect === 'strict' && entry === undefined ? properties.get(key)?.default : undefined;
        const written = text(entry?.value ?? standard) ?? '';
        return /^-?\d+$/.test(written) ? { entry, key, count: Number(written) } : undefined;
      };
      const [fewest, first, most] = [read('min_instances'), read('default_instances'), read('max_instances')];
      for (const [low, high] of [
        [fewest, first],
        [first, most],
        [fewest, most],
      ]) {
        const at = high?.entry ?? low?.entry;
        if (low === undefined || high === undefined || at === undefined || low.count <= high.count) continue;
        report({
          at: at.value ?? at.key,
          ...(dialect === 'orchestrator' && { severity: 'warning' }),
          message: `\`${low.key}\` (${low.count}) is more than \`${high.key}\` (${high.count}).`,
        });
        break;
      }
    }
  },
};
