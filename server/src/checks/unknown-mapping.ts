// Substitution mappings that name what the node type does not have, or lead to what no node template has.
import { entries, get, items, type Node, name, text, valueAt } from '../syntax/nodes.ts';
import type { TemplateView } from '../template/template.ts';
import type { ResolvedType } from '../types/catalog.ts';
import { nearest, suggest } from './nearest.ts';
import type { Report, Rule } from './rule.ts';

const kinds = ['capabilities', 'requirements', 'properties', 'attributes'] as const;
const titles = {
  capabilities: 'capability',
  requirements: 'requirement',
  properties: 'property',
  attributes: 'attribute',
};

export const unknownMapping: Rule = {
  code: 'unknown-mapping',
  severity: 'error',
  of: 'file',
  check({ file, template }, report) {
    const mappings = valueAt(file?.root, 'topology_template', 'substitution_mappings');
    const type = template.catalog.find('node', text(get(mappings, 'node_type')) ?? '');
    if (mappings === undefined) return;
    for (const kind of kinds) {
      for (const entry of entries(get(mappings, kind))) {
        if (type !== undefined && type.missingParent === undefined && !type[kind].has(name(entry)))
          tell(report, entry.key, `${type.name} has no ${titles[kind]} "${name(entry)}"`, type[kind].keys());
        const { value } = entry;
        const target = value?.kind === 'mapping' ? get(value, 'mapping') : value;
        if (kind === 'properties') input(template, target, report);
        else if (target?.kind === 'sequence') node(template, target, kind, report);
      }
    }
  },
};

function input({ inputs }: TemplateView, target: Node | undefined, report: Report): void {
  const [first, second] = target?.kind === 'sequence' ? target.items : [];
  const wanted = text(first);
  if (first !== undefined && second === undefined && wanted !== undefined && !inputs.has(wanted))
    tell(report, first, `There is no input "${wanted}"`, inputs.keys());
}

function node({ nodes }: TemplateView, target: Node, kind: (typeof kinds)[number], report: Report): void {
  const [first, second, third] = items(target);
  const [wanted, inner] = [text(first), text(second)];
  if (first === undefined || second === undefined || third !== undefined) {
    report({ at: target, message: `Two names are expected here: \`[ node_template, ${titles[kind]} ]\`.` });
    return;
  }
  if (wanted === undefined) return;
  const mapped = nodes.get(wanted);
  if (mapped === undefined) {
    tell(report, first, `There is no node template "${wanted}"`, nodes.keys());
    return;
  }
  const type: ResolvedType | undefined = mapped.type;
  if (type === undefined || type.missingParent !== undefined || inner === undefined || type[kind].has(inner)) return;
  tell(report, second, `${type.name} has no ${titles[kind]} "${inner}"`, type[kind].keys());
}

function tell(report: Report, at: Node, message: string, known: Iterable<string>): void {
  const { text: hint, fixes } = suggest(at, nearest(text(at) ?? '', known));
  report({ at, message: `${message}.${hint}`, fixes });
}
