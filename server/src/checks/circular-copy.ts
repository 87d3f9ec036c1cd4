// A template that copies one that copies it in turn.
import { get, type Node, text } from '../syntax/nodes.ts';
import type { Rule } from './rule.ts';

export const circularCopy: Rule = {
  code: 'circular-copy',
  severity: 'error',
  check({ entry, path, template: { nodes, relationships } }, report) {
    const [, section, own] = path;
    if (entry === undefined || own === undefined) return;
    const bodyOf: ((name: string) => Node | undefined) | undefined =
      section === 'node_templates'
        ? name => nodes.get(name)?.entry.value
        : section === 'relationship_templates'
          ? name => relationships.get(name)?.value
          : undefined;
    const at = get(entry.value, 'copy');
    if (bodyOf === undefined || at === undefined) return;
    const seen = new Set<string>();
    let name = text(at);
    while (name !== undefined && name !== own && !seen.has(name)) {
      seen.add(name);
      name = text(get(bodyOf(name), 'copy'));
    }
    if (name === own)
      report({
        at,
        message: `"${own}" copies itself${seen.size === 0 ? '' : ` by way of "${[...seen].join('", "')}"`}: nothing says what it is.`,
      });
  },
};
