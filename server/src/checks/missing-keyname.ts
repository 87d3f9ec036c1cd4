// A keyname that a construct cannot do without.

import type { Path } from '../grammar/facts.ts';
import { type Construct, grammar, type Keyname } from '../grammar/keynames.ts';
import { entryShape, isIn } from '../grammar/read.ts';
import { entryOf, get, type Mapping, type Node, name, text } from '../syntax/nodes.ts';
import type { Part } from '../template/part.ts';
import type { TemplateView } from '../template/template.ts';
import { dockerImageType } from '../types/indigo.ts';
import { above, addition, change, type Fix, fix, flowText } from './fix.ts';
import { meantBy } from './nearest.ts';
import type { Report, Rule } from './rule.ts';

const required: ReadonlyMap<string, readonly (readonly [key: string, keyname: Keyname])[]> = new Map(
  Object.entries(grammar).map(([construct, { keynames }]) => [
    construct,
    Object.entries(keynames).filter(([, keyname]) => keyname.required === true),
  ]),
);

export const missingKeyname: Rule = {
  code: 'missing-keyname',
  severity: 'error',
  check(part, report) {
    if (part.template.dialect === 'orchestrator') artifactsInShort(part, report);
    else nothingAtAll(part, report);
    const { template } = part;
    for (const { construct, node, path } of part.grammar.constructs) {
      const { title, keynames } = grammar[construct];
      for (const [key, keyname] of required.get(construct) ?? []) {
        if (!isRequired(keyname, template)) continue;
        if (keyname.or !== undefined && entryOf(node, keyname.or) !== undefined) continue;
        const entry = entryOf(node, key);
        if (entry?.value !== undefined || (entry !== undefined && keyname.shape === 'any')) continue;
        if (entry !== undefined) {
          report({ at: entry.key, message: `\`${key}\` has no value.` });
          continue;
        }
        const subject = path.length > 0 ? `"${path.at(-1)}"` : 'The file';
        const meant = meantBy(key, node.entries, each => Object.hasOwn(keynames, each));
        report({
          at: headOf(node),
          message: `${subject} has no \`${key}\`: ${title} needs one.${meant?.text ?? ''}`,
          fixes: meant?.fixes ?? added(template, construct, key, node, path),
        });
      }
    }
  },
};

function isRequired(keyname: Keyname, { dialect, version = '1.3' }: TemplateView): boolean {
  return isIn(keyname, version) && !(keyname.production === 'optional' && dialect === 'orchestrator');
}

/** INDIGO's parser guesses the type from the extension among the types of the same file, and a template has none. */
function artifactsInShort({ template, grammar: { shorts } }: Part, report: Report): void {
  for (const { construct, node, path } of shorts) {
    if (construct !== 'artifact' || path[1] !== 'node_templates') continue;
    const type = artifactType(template, path);
    report({
      at: node,
      message: `"${path.at(-1)}" has no \`type\`: the Orchestrator cannot tell what kind of artifact it is.`,
      ...(type && { fixes: [change(node, `{ file: ${flowText(node)}, type: ${type} }`, `Add \`type: ${type}\``)] }),
    });
  }
}

/** A name with nothing under it. Of production, rules of their own tell what it makes of that. */
function nothingAtAll({ template, entry, path }: Part, report: Report): void {
  const shape = entry !== undefined && entry.value === undefined ? entryShape(path) : undefined;
  if (entry === undefined || typeof shape !== 'object' || !('construct' in shape)) return;
  const missing = required.get(shape.construct)?.find(([, keyname]) => isRequired(keyname, template));
  if (missing === undefined) return;
  const { title } = grammar[shape.construct];
  report({ at: entry.key, message: `There is nothing under "${name(entry)}": ${title} needs \`${missing[0]}\`.` });
}

/** The first key stands for the whole: a squiggle under a hundred lines helps nobody. */
function headOf(node: Node): Node {
  return node.kind === 'mapping' ? (node.entries[0]?.key ?? node) : node;
}

/** What to begin with; undefined where only the author can say. */
function initial(
  template: TemplateView,
  construct: Construct,
  key: string,
  node: Mapping,
  path: Path,
): string | undefined {
  if (key === 'tosca_definitions_version') return 'tosca_simple_yaml_1_0';
  if (key !== 'type') return undefined;
  if (construct === 'artifact') return artifactType(template, path);
  return construct === 'input' || construct === 'property definition' || construct === 'attribute definition'
    ? typeOf(get(node, 'default'))
    : undefined;
}

/** The type that the node's type gives an artifact of that name. */
function artifactType(template: TemplateView, path: Path): string | undefined {
  const type = template.nodes.get(path.at(-3) ?? '')?.type;
  const isImage = type?.ancestry.includes('tosca.nodes.indigo.Container.Application.Docker') ?? false;
  return type?.artifacts.get(path.at(-1) ?? '')?.type ?? (isImage ? dockerImageType : undefined);
}

function typeOf(value: Node | undefined): string {
  if (value?.kind === 'sequence') return 'list';
  if (value?.kind === 'mapping') return 'map';
  const written = text(value) ?? '';
  const quoted = value?.kind === 'scalar' && value.style !== 'plain';
  if (quoted) return 'string';
  if (/^[+-]?\d+$/.test(written)) return 'integer';
  if (/^[+-]?\d+\.\d+$/.test(written)) return 'float';
  return /^(true|false)$/i.test(written) ? 'boolean' : 'string';
}

function added(template: TemplateView, construct: Construct, key: string, node: Mapping, path: Path): readonly Fix[] {
  const value = initial(template, construct, key, node, path);
  if (value === undefined) return [];
  const [first] = node.entries;
  const line = `${key}: ${value}`;
  const edit = construct !== 'service template' ? addition(node, [line]) : first && above(first, [line]);
  return edit === undefined ? [] : [fix(`Add \`${line}\``, edit)];
}
